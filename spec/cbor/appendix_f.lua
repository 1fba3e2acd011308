-- The items of RFC 8949 appendix F that are not well-formed, under the message that refuses them: the bytes, and the
-- position of what is wrong. What is cut off is wrong behind its last byte.

return {
  { "the bytes end inside an item",
    -- End of input in a head
    { "18", 2 }, { "19", 2 }, { "1a", 2 }, { "1b", 2 }, { "1901", 3 }, { "1a0102", 4 }, { "1b01020304050607", 9 },
    { "38", 2 }, { "58", 2 }, { "78", 2 }, { "98", 2 }, { "9a01ff00", 5 }, { "b8", 2 }, { "d8", 2 }, { "f8", 2 },
    { "f900", 3 }, { "fa0000", 4 }, { "fb000000", 5 },
    -- Strings with short data
    { "41", 2 }, { "61", 2 },
    -- Arrays and maps not closed with enough items
    { "81", 2 }, { "818181818181818181", 10 }, { "8200", 3 }, { "a1", 2 }, { "a20102", 4 }, { "a100", 3 },
    { "a2000000", 5 },
    -- Tag without content
    { "c0", 2 },
    -- Indefinite strings, arrays and maps not closed by a break
    { "5f4100", 4 }, { "7f6100", 4 }, { "9f", 2 }, { "9f0102", 4 }, { "bf", 2 }, { "bf01020102", 6 }, { "819f", 3 },
    { "9f8000", 4 }, { "9f9f9f9f9fffffffff", 10 }, { "9f819f819f9fffffff", 10 },
  },
  -- Strings with short data, which are refused before it could come
  { "larger than 16777216 bytes",
    { "5affffffff00", 1 }, { "5bffffffffffffffff010203", 1 }, { "7affffffff00", 1 }, { "7b7fffffffffffffff010203", 1 },
  },
  { "a byte that begins no item",
    -- Reserved additional information
    { "1c", 1 }, { "1d", 1 }, { "1e", 1 }, { "3c", 1 }, { "3d", 1 }, { "3e", 1 }, { "5c", 1 }, { "5d", 1 }, { "5e", 1 },
    { "7c", 1 }, { "7d", 1 }, { "7e", 1 }, { "9c", 1 }, { "9d", 1 }, { "9e", 1 }, { "bc", 1 }, { "bd", 1 }, { "be", 1 },
    { "dc", 1 }, { "dd", 1 }, { "de", 1 }, { "fc", 1 }, { "fd", 1 }, { "fe", 1 },
    -- Reserved two-byte encodings of simple values
    { "f800", 1 }, { "f801", 1 }, { "f818", 1 }, { "f81f", 1 },
    -- Integers and tags of indefinite length
    { "1f", 1 }, { "3f", 1 }, { "df", 1 },
  },
  { "a chunk that is no string of the same type",
    { "5f00ff", 2 }, { "5f21ff", 2 }, { "5f6100ff", 2 }, { "5f80ff", 2 }, { "5fa0ff", 2 }, { "5fc000ff", 2 },
    { "7f4100ff", 2 },
    -- Not of definite length
    { "5f5f4100ffff", 2 }, { "7f7f6100ffff", 2 },
  },
  -- A chunk as well, but no simple value like it is read anywhere
  { "a simple value that means nothing here", { "5fe0ff", 2 } },
  { "a break outside an item", { "ff", 1 } },
  { "a break inside an item of known length",
    { "81ff", 2 }, { "8200ff", 3 }, { "a1ff", 2 }, { "a1ff00", 2 }, { "a100ff", 3 }, { "a20000ff", 4 }, { "9f81ff", 3 },
    { "9f829f819f9fffffffff", 10 },
  },
  { "a break between a key and its value", { "bf00ff", 3 }, { "bf000000ff", 5 } },
}
