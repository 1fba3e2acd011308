-- replycode.cbor: what it writes, what it reads, and what it makes of hostile bytes.

local cbor = require "replycode.cbor"
local replycode = require "replycode"

local function bytes_of(hex)
  return (hex:gsub("%s", ""):gsub("%x%x", function(pair) return string.char(tonumber(pair, 16)) end))
end

local function hex_of(bytes)
  return (bytes:gsub(".", function(byte) return ("%02x"):format(byte:byte()) end))
end

describe("encode", function()
  it("writes a verdict with its keys in order and the status as three numbers", function()
    local verdict = replycode.classify("552 5.2.2 x", "rcpt")
    assert.equal(("aa 64636f6465 190228 6472756c65 6c7374617475732f582e322e32 656261736973 68656e68616e636564"
      .. " 656361757365 6c6d61696c626f785f66756c6c 6573636f7065 69726563697069656e74 66616374696f6e 67676976655f7570"
      .. " 67736574746c6573 69726563697069656e74 6777616974696e67 6568656c7073 68656e68616e636564 83050202"
      .. " 6a7472616e7369656e6365 697065726d616e656e74"):gsub(" ", ""), hex_of(cbor.encode(verdict)))
  end)

  it("writes text as text and what is no UTF-8 as a byte string; both come back", function()
    assert.equal("63c3a761", hex_of(cbor.encode("\195\167a")))
    assert.equal("42c361", hex_of(cbor.encode("\195a")))
    local reply = replycode.parse("550 caf\233 \0 ferm\233\r\n")
    local again = cbor.decode(cbor.encode(reply))
    assert.equal(reply.raw, again.raw)
    assert.equal(reply.text, again.text)
  end)

  it("writes whole numbers as integers, whatever the Lua calls them", function()
    assert.equal("182a", hex_of(cbor.encode(42)))
    assert.equal("182a", hex_of(cbor.encode(84 / 2)))
    assert.equal("29", hex_of(cbor.encode(-10)))
    assert.equal("f93e00", hex_of(cbor.encode(1.5)))
    assert.equal("fb3ff199999999999a", hex_of(cbor.encode(1.1)))
  end)

  it("keeps a field that is no status as text", function()
    for _, text in ipairs { "5.7", "5.07.1", "3.1.1", "5.7.1000", "5.7.26 ", "X.7.26", "", "5.7.26.1" } do
      assert.same({ enhanced = text }, cbor.decode(cbor.encode { enhanced = text }))
      assert.equal(cbor.encode(text), cbor.encode({ enhanced = text }):sub(11))
    end
  end)

  it("raises for what has no form, and says what has", function()
    assert.error_matches(function() cbor.encode(print) end,
      "expected a string, number, boolean, table or null, found function")
    assert.error_matches(function() cbor.encode { [{}] = 1 } end,
      "expected keys that are strings, numbers or booleans, found table")
    assert.error_matches(function() cbor.encode { enhanced = { 5, 7, 1 } } end, "field 'enhanced': expected a status")
    assert.error_matches(function() cbor.encode() end, "bad argument #1")
    local endless = {}
    endless[1] = endless
    assert.error_matches(function() cbor.encode(endless) end, "nested deeper than 64 levels: a table may hold itself")
  end)

  it("writes tables of any size in the order of their keys", function()
    local many = {}
    for at = 1, 500 do many[("key%d"):format(at * 7919 % 500)] = at end
    local bytes = cbor.encode(many)
    assert.same(many, cbor.decode(bytes))
    local before = ""
    for key in bytes:gmatch "[\100-\102]key%d+" do
      assert.truthy(before < key)
      before = key
    end
  end)
end)

describe("decode", function()
  it("gives the value and the position behind it", function()
    assert.same({ 1, 2 }, { cbor.decode "\1\98hi" })
    assert.same({ "hi", 5 }, { cbor.decode("\1\98hi", 2) })
  end)

  it("says what is wrong and where", function()
    local cases = {
      { "", "the bytes have ended", 1 },
      { "62 68", "the bytes end inside an item", 3 },
      { "82 01", "the bytes end inside an item", 3 },
      { "ff", "a break outside an item", 1 },
      { "82 01 ff", "a break inside an item of known length", 3 },
      { "bf 01 ff", "a break between a key and its value", 3 },
      { "7f 41 61 ff", "a chunk that is no string of the same type", 2 },
      { "1c", "a byte that begins no item", 1 },
      { "81 f0", "a simple value that means nothing here", 2 },
      { "81 61 ff", "text that is not UTF-8", 2 },
      { "a2 61 61 01 61 61 02", "a key that was there before", 5 },
      { "a2 01 01 f9 3c 00 02", "a key that was there before", 4 },
      { "a1 80 01", "a key that is no string, number or boolean", 2 },
      { "a1 f6 01", "a key that is no string, number or boolean", 2 },
      { "a1 f9 7e 00 01", "a key that is no number", 2 },
      { "1b ff ff ff ff ff ff ff ff", "an integer that a number of this Lua cannot hold", 1 },
      { "3b ff ff ff ff ff ff ff fe", "an integer that a number of this Lua cannot hold", 1 },
    }
    for _, case in ipairs(cases) do
      local value, message, position = cbor.decode(bytes_of(case[1]))
      assert.same({ false, case[2], case[3] }, { value == nil and false, message, position }, case[1])
    end
  end)

  it("keeps to its limits", function()
    local nested = ("\129"):rep(3) .. "\1"
    assert.same({ { { 1 } } }, (cbor.decode(nested, 1, { depth = 3 })))
    assert.same({ false, "nested deeper than 2 levels", 3 }, { cbor.decode(nested, 1, { depth = 2 }) or false,
      select(2, cbor.decode(nested, 1, { depth = 2 })) })
    assert.equal("larger than 3 bytes", select(2, cbor.decode("\99abc", 1, { size = 3 })))
    assert.equal("more than 3 items", select(2, cbor.decode("\131\1\2\3", 1, { count = 3 })))
    assert.same({ 1, 2 }, (cbor.decode("\130\1\2", 1, { count = 3, size = 3, depth = 1 })))
  end)

  it("makes nothing large of a claim", function()
    collectgarbage()
    local before = collectgarbage "count"
    for _, hex in ipairs { "9b0000ffffffffffff", "bb00000000ffffffff", "5bffffffffffffffff", "9a000f423f",
      "9affffffff01" } do
      assert.is_nil((cbor.decode(bytes_of(hex))))
    end
    assert.truthy(collectgarbage "count" - before < 64)
  end)

  it("raises for the caller's mistakes", function()
    assert.error_matches(function() cbor.decode(1) end, "string expected")
    assert.error_matches(function() cbor.decode("a", 3) end, "position from 1 to #bytes %+ 1")
    assert.error_matches(function() cbor.decode("a", 0) end, "position from 1 to #bytes %+ 1")
    assert.error_matches(function() cbor.decode("a", 1, { deep = 1 }) end,
      "unknown limit 'deep'; expected depth, size or count")
    assert.error_matches(function() cbor.decode("a", 1, { depth = 129 }) end,
      "limit 'depth': expected an integer from 1 to 128")
  end)

  it("knows null, undefined and tags", function()
    assert.same({ cbor.null, cbor.null, "http://x" }, (cbor.decode(bytes_of "83 f6 f7 d820 68687474703a2f2f78")))
    assert.equal("f6", hex_of(cbor.encode(cbor.null)))
  end)
end)

describe("sequence", function()
  local function all(sequence)
    local found = {}
    for value in sequence do found[#found + 1] = value end
    return found
  end

  it("gives the values of bytes that are all there", function()
    local sequence = cbor.sequence("\1\98hi\130\2\3")
    assert.same({ 1, "hi", { 2, 3 } }, all(sequence))
    assert.is_true(sequence:finish())
  end)

  it("waits for the rest of an item, in whatever parts it comes", function()
    local values = { { code = 550, enhanced = "5.1.1", text = "No such user" }, "a", { { 1, { 2 } }, "caf\233" }, 1.5 }
    local bytes = {}
    for at, value in ipairs(values) do bytes[at] = cbor.encode(value) end
    bytes = table.concat(bytes)
    for size = 1, #bytes do
      local sequence, found = cbor.sequence(), {}
      for first = 1, #bytes, size do
        for value in sequence:feed(bytes:sub(first, first + size - 1)) do found[#found + 1] = value end
      end
      assert.same(values, found)
      assert.is_true(sequence:finish())
    end
  end)

  it("says what is cut off, not read or no CBOR, by the position in all that was fed", function()
    local sequence = cbor.sequence "\1\98h"
    assert.same({ 1 }, all(sequence))
    assert.same({ false, "the bytes end inside an item", 4 }, { sequence:finish() or false, select(2, sequence:finish()) })
    sequence = cbor.sequence "\1"
    assert.equal("an item was not read", select(2, sequence:finish()))
    sequence = cbor.sequence()
    sequence:feed "\1\1"
    assert.same({ 1, 1 }, all(sequence))
    sequence:feed "\129\28\1"
    local _, message, position = sequence()
    assert.same({ "a byte that begins no item", 4 }, { message, position })
    sequence:feed(("\1"):rep(1000))
    assert.equal("replycode.cbor.sequence: 3 bytes waiting", tostring(sequence))
    assert.same({ false, "a byte that begins no item", 4 }, { sequence() or false, select(2, sequence()) })
    assert.same({ false, "a byte that begins no item", 4 }, { sequence:finish() or false, select(2, sequence:finish()) })
  end)

  it("takes a large item byte by byte in linear time", function()
    local bytes = cbor.encode { text = ("x"):rep(100000), list = { 1, 2, 3 } }
    local sequence, found = cbor.sequence(), 0
    for at = 1, #bytes do
      for value in sequence:feed(bytes:sub(at, at)) do found = found + #value.text end
    end
    assert.equal(100000, found)
  end)

  it("keeps to its limits", function()
    local sequence = cbor.sequence("\90\255\255\255\255", { size = 1000 })
    assert.equal("larger than 1000 bytes", select(2, sequence()))
    assert.error_matches(function() cbor.sequence(1) end, "bad argument #1")
    assert.error_matches(function() cbor.sequence("", { n = 1 }) end, "unknown limit 'n'")
  end)

  it("prints what waits", function()
    assert.equal("replycode.cbor.sequence: 2 bytes waiting", tostring(cbor.sequence "\98h"))
  end)
end)

describe("require", function()
  it("of replycode does not load libcbor", function()
    local lua = os.getenv "REPLYCODE_LUA" or "5.4"
    local program = lua == "jit" and "luajit" or "lua" .. lua
    local pipe = assert(io.popen(program .. [[ -e 'require "replycode" print(package.loaded["replycode.cbor.core"])']]))
    assert.equal("nil", pipe:read "*l")
    pipe:close()
  end)
end)

local has_ffi, ffi = pcall(require, "ffi")

if has_ffi and rawget(_G, "jit") then
  describe("the C library", function()
    it("gives the same bytes for verdicts and replies", function()
      assert.equal(0, os.execute "make -s library")
      ffi.cdef [[
        size_t replycode_encode_verdict(const void *classifier, const void *verdict, unsigned char *buffer, size_t capacity);
        size_t replycode_encode_reply(const void *reply, unsigned char *buffer, size_t capacity);
        size_t replycode_parse(const char *bytes, size_t size, int ended, void *reply);
        void replycode_classify(const void *reply, const void *context, void *verdict);
      ]]
      local core = ffi.load("./build/libreplycode.so.0", true)
      local library = ffi.load "./build/libreplycode-cbor.so.0"
      local buffer, reply, verdict = ffi.new("unsigned char[4096]"), ffi.new("uint64_t[16]"), ffi.new("uint64_t[32]")
      for _, bytes in ipairs { "250 ok\r\n", "550-5.1.1 No such\n550 5.1.1 us\233r\n", "x", "", "421 4.3.2 Bye\r\n",
        "450 4.7.1 Greylisted for 5 min\r\n", "250x", "999 a\0b\r\n", "554 5.7.1 [1.2.3.4] listed at zen.spamhaus.org" } do
        core.replycode_parse(bytes, #bytes, 1, reply)
        core.replycode_classify(reply, nil, verdict)
        local size = library.replycode_encode_verdict(nil, verdict, buffer, 4096)
        assert.equal(hex_of(cbor.encode(replycode.classify(bytes))), hex_of(ffi.string(buffer, size)))
        size = library.replycode_encode_reply(reply, buffer, 4096)
        assert.equal(hex_of(cbor.encode((replycode.parse(bytes)))), hex_of(ffi.string(buffer, size)))
      end
    end)
  end)
end
