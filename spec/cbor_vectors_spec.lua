-- The examples of RFC 8949: what is well-formed comes in and goes out again, what is not is refused, and so is what chance
-- makes of either.

local replycode = require "replycode"
local cbor = require "replycode.cbor"
local items = require "spec.tools.items"
local notation = require "spec.tools.notation"
local examples = require "spec.cbor.appendix_a"
local ill_formed = require "spec.cbor.appendix_f"

local function from_hex(text)
  return (text:gsub("%x%x", function(digits) return string.char(tonumber(digits, 16)) end))
end

local function to_hex(bytes)
  return (bytes:gsub(".", function(byte) return ("%02x"):format(byte:byte()) end))
end

-- The values of a sequence and how it ends, from calls of one that was fed in parts.
local function read_in_parts(bytes, size)
  local sequence, found = cbor.sequence(), {}
  for first = 1, #bytes, size do
    for value in sequence:feed(bytes:sub(first, first + size - 1)) do found[#found + 1] = notation.of(value) end
  end
  local _, message, position = sequence:finish()
  found[#found + 1] = message and ("%s at %d"):format(message, position)
  return found
end

-- The same by decode.
local function read_whole(bytes)
  local found, first = {}, 1
  while first <= #bytes do
    local value, behind, position = cbor.decode(bytes, first)
    if value == nil then
      found[#found + 1] = ("%s at %d"):format(behind, position)
      return found
    end
    found[#found + 1] = notation.of(value)
    first = behind
  end
  return found
end

describe("an example of RFC 8949 appendix A", function()
  for _, example in ipairs(examples) do
    local hex, expected, bytes = example[1], example[2], from_hex(example[1])

    if example.refused then
      it(("is refused: %s"):format(hex), function()
        assert.same({ nil, example.refused, 1 }, { cbor.decode(bytes) })
      end)
    else
      it(("is read: %s"):format(hex), function()
        local value, behind = cbor.decode(bytes)
        assert.equal(notation.of(expected), notation.of(value))
        assert.equal(type(expected), type(value))
        assert.equal(#bytes + 1, behind)
      end)

      it(("is %s: %s"):format(example[3] and "written the same" or "written otherwise", hex), function()
        local written = cbor.encode(expected)
        assert.equal(example[3] == "same", written == bytes, to_hex(written))
        assert.is_nil(items.flaw_of(items.read(written), written))
      end)
    end
  end

  it("is one of 81", function()
    assert.equal(81, #examples)
  end)

  it("is refused as cut off wherever it ends early, and waits in a sequence", function()
    for _, example in ipairs(examples) do
      local bytes = from_hex(example[1])
      for size = 1, #bytes - 1 do
        local part, what = bytes:sub(1, size), to_hex(bytes:sub(1, size))
        assert.same({ nil, "the bytes end inside an item", size + 1 }, { cbor.decode(part) }, what)
        local sequence = cbor.sequence(part)
        assert.same({ nil }, { sequence() }, what)
        assert.equal(1, select("#", sequence()), what)
        assert.same({ nil, "the bytes end inside an item", size + 1 }, { sequence:finish() }, what)
        sequence:feed(bytes:sub(size + 1))
        assert.equal(notation.of((cbor.decode(bytes))), notation.of((sequence())), what)
      end
    end
  end)

  it("is read behind others at any position", function()
    local value, behind = cbor.decode(from_hex "00826161a16162616300", 2)
    assert.same({ "a", { b = "c" } }, value)
    assert.equal(10, behind)
  end)
end)

describe("a float", function()
  local function bytes_of(number, size)
    local bytes = {}
    for at = size, 1, -1 do
      bytes[at] = string.char(number % 256)
      number = math.floor(number / 256)
    end
    return table.concat(bytes)
  end

  -- What comes back, and how it is written; nil when all is right.
  local function flaw_of(bytes)
    local expected, value = items.read(bytes).float, cbor.decode(bytes)
    local written = cbor.encode(expected)
    if notation.of(value) ~= notation.of(expected) then return "read as " .. notation.of(value) end
    if notation.of((cbor.decode(written))) ~= notation.of(expected) then return "written as " .. to_hex(written) end
    return items.flaw_of((items.read(written)), written)
  end

  it("of 16 bits is read and written as it is, each of them", function()
    local flaws = {}
    for number = 0, 65535 do
      local bytes = "\249" .. bytes_of(number, 2)
      local flaw = flaw_of(bytes)
      if flaw and #flaws < 8 then flaws[#flaws + 1] = ("%s: %s"):format(to_hex(bytes), flaw) end
    end
    assert.same({}, flaws)
  end)

  it("of 32 and 64 bits is read and written as it is, at each exponent", function()
    local flaws = {}
    local function check(bytes)
      local flaw = flaw_of(bytes)
      if flaw and #flaws < 8 then flaws[#flaws + 1] = ("%s: %s"):format(to_hex(bytes), flaw) end
    end
    for exponent = 0, 511 do
      for _, low in ipairs { 0, 1, 2 ^ 13, 2 ^ 22, 2 ^ 23 - 1, 2 ^ 12 + 2 ^ 13 } do
        check("\250" .. bytes_of(exponent * 2 ^ 23 + low, 4))
      end
    end
    for exponent = 0, 4095 do
      for _, low in ipairs { 0, 1, 2 ^ 3, 2 ^ 10, 2 ^ 19, 2 ^ 20 - 1 } do
        for _, rest in ipairs { 0, 1, 2 ^ 28, 2 ^ 29, 2 ^ 32 - 1 } do
          check("\251" .. bytes_of(exponent * 2 ^ 20 + low, 4) .. bytes_of(rest, 4))
        end
      end
    end
    assert.same({}, flaws)
  end)
end)

describe("an item of RFC 8949 appendix F", function()
  for _, group in ipairs(ill_formed) do
    local message = group[1]
    for at = 2, #group do
      local hex, position = group[at][1], group[at][2]

      it(("is refused, %s: %s"):format(message, hex), function()
        local bytes = from_hex(hex)
        assert.same({ nil, message, position }, { cbor.decode(bytes) })
        assert.same({ nil, message, position + 1 }, { cbor.decode("\0" .. bytes, 2) })
        assert.same({ message .. " at " .. position }, read_in_parts(bytes, 1))
        assert.is_nil((items.read(bytes)))
      end)
    end
  end
end)

describe("bytes that chance has changed", function()
  -- What is well-formed and has no place here all the same.
  local policy = {
    ["text that is not UTF-8"] = true, ["a key that was there before"] = true,
    ["a key that is no string, number or boolean"] = true, ["a key that is no number"] = true,
    ["an integer that a number of this Lua cannot hold"] = true, ["a simple value that means nothing here"] = true,
    ["larger than 16777216 bytes"] = true, ["more than 1000000 items"] = true, ["nested deeper than 64 levels"] = true,
  }
  -- Bytes that begin, end or break much.
  local heavy = from_hex "1b3b415f617f809f9ba0bfbbc0dbf8f9fafbff"

  local function randoms(seed)
    return function(most)
      seed = seed * 16807 % 2147483647
      return seed % most + 1
    end
  end

  local function seeds()
    local list = {}
    for _, example in ipairs(examples) do list[#list + 1] = from_hex(example[1]) end
    for _, group in ipairs(ill_formed) do
      for at = 2, #group do list[#list + 1] = from_hex(group[at][1]) end
    end
    for _, line in ipairs { "550 5.1.1 No such user", "450 4.7.1 Greylisted for 5 min", "421 \255\0" } do
      list[#list + 1] = cbor.encode(replycode.explain(line, "rcpt"))
      list[#list + 1] = cbor.encode(replycode.parse(line))
    end
    return list
  end

  local function change(bytes, random)
    local at, kind = random(#bytes), random(4)
    local byte = random(2) == 1 and string.char(random(256) - 1) or heavy:sub(random(#heavy)):sub(1, 1)
    if kind == 1 then return bytes:sub(1, at - 1) .. byte .. bytes:sub(at + 1) end
    if kind == 2 then return bytes:sub(1, at) .. byte .. bytes:sub(at + 1) end
    if kind == 3 then return bytes:sub(1, at - 1) .. bytes:sub(at + 1) .. byte end
    return bytes:sub(1, at) .. bytes
  end

  -- What is wrong with how they are read, nil when nothing is.
  local function flaw_of(bytes)
    local value, behind, position = cbor.decode(bytes)
    local item, refused, at = items.read(bytes)
    if value ~= nil then
      if not item then return "read, though " .. refused end
      return item.last + 1 ~= behind and "behind it is " .. behind or nil
    end
    if position < 1 or position > #bytes + 1 then return "position " .. position end
    if policy[behind] then return nil end
    if item then return "refused: " .. behind end
    return position ~= at and ("%s at %d, %s at %d"):format(behind, position, refused, at) or nil
  end

  local function each_changed(count, visit)
    local random, list, kinds = randoms(20260225), seeds(), { read = 0, refused = 0 }
    for round = 1, count do
      local bytes = list[random(#list)]
      for _ = 1, random(3) do bytes = change(bytes, random) end
      local kind = cbor.decode(bytes) ~= nil and "read" or "refused"
      kinds[kind] = kinds[kind] + 1
      visit(bytes, round)
    end
    return kinds
  end

  it("are read when they are well-formed, else refused at the same byte as by another decoder", function()
    local kinds = each_changed(6000, function(bytes)
      local flaw = flaw_of(bytes)
      assert(not flaw, ("%s: %s"):format(to_hex(bytes), tostring(flaw)))
    end)
    assert.is_true(kinds.read > 500 and kinds.refused > 500, ("%d read, %d refused"):format(kinds.read, kinds.refused))
  end)

  it("are read in parts as they are at once", function()
    each_changed(1500, function(bytes, round)
      assert.same(read_whole(bytes), read_in_parts(bytes, round % 7 + 1), to_hex(bytes))
    end)
  end)

  it("come back as they were read", function()
    each_changed(1500, function(bytes)
      local value = cbor.decode(bytes)
      if value == nil then return end
      local ok, written = pcall(cbor.encode, value)
      if not ok then assert.truthy(written:find("expected a status", 1, true), to_hex(bytes) .. ": " .. written) return end
      assert.equal(notation.of(value), notation.of((cbor.decode(written))), to_hex(bytes))
    end)
  end)
end)
