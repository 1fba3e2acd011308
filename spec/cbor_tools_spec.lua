-- The tools that other CBOR specs rest on: that they tell what is wrong.

local cddl = require "spec.tools.cddl"
local items = require "spec.tools.items"

local function from_hex(text)
  return (text:gsub("%s", ""):gsub("%x%x", function(digits) return string.char(tonumber(digits, 16)) end))
end

local function flaw_of(hex)
  local bytes = from_hex(hex)
  return items.flaw_of(items.read(bytes), bytes)
end

describe("items", function()
  local function flaws(expected)
    for hex, flaw in pairs(expected) do
      local bytes = from_hex(hex)
      assert.equal(flaw, items.flaw_of((items.read(bytes)), bytes) or "none", hex)
    end
  end

  it("keep types apart", function()
    local map = items.read(from_hex "a4 01 20 4101 6161 6161 f93e00 f5 c101")
    assert.equal(5, map.major)
    assert.same({ 0, 2, 3, 7 }, { map.keys[1].major, map.keys[2].major, map.keys[3].major, map.keys[4].major })
    assert.same({ 1, 3, 7, 6 }, { map.values[1].major, map.values[2].major, map.values[3].major, map.values[4].major })
    assert.equal(1.5, map.values[3].float)
    assert.equal(1, map.values[4].content.argument)
    assert.same({ 4, 5 }, { map.keys[2].first, map.keys[2].last })
  end)

  it("know what is not deterministic", function()
    flaws {
      ["00"] = "none", ["1801"] = "$: longer than needed", ["1818"] = "none", ["1900ff"] = "$: longer than needed",
      ["190100"] = "none", ["1a0000ffff"] = "$: longer than needed", ["1b00000000ffffffff"] = "$: longer than needed",
      ["1b0000000100000000"] = "none", ["780161"] = "$: longer than needed", ["6161"] = "none",
      ["4161"] = "$: UTF-8 in a byte string", ["41ff"] = "none", ["61ff"] = "$: not UTF-8",
      ["9fff"] = "$: indefinite", ["7fff"] = "$: indefinite", ["818101"] = "none",
      ["81811801"] = "$[1][1]: longer than needed",
      ["c000"] = "$: a tag", ["a2616101616202"] = "none", ["a2616201616102"] = "$: key 2 is out of order",
      ["a2616101616101"] = "$: key 2 is out of order", ["a262616101616202"] = "$: key 2 is out of order",
      ["a16161f93c00"] = "$.a: a whole number as float", ["a1180100"] = "$: key 1: longer than needed",
    }
  end)

  it("know the shortest float", function()
    flaws {
      ["f93e00"] = "none", ["fa3fc00000"] = "$: longer than needed", ["fb3ff8000000000000"] = "$: longer than needed",
      ["fb3ff199999999999a"] = "none", ["fa38800001"] = "none", ["fa33800000"] = "$: longer than needed",
      ["fa33000000"] = "none", ["fb36a0000000000000"] = "$: longer than needed", ["fb3690000000000000"] = "none",
      ["f97e00"] = "none", ["fb7ff8000000000000"] = "$: longer than needed", ["fa7f800000"] = "$: longer than needed",
      ["f98000"] = "none", ["f90000"] = "$: a whole number as float", ["fa5f800000"] = "none",
      ["fa5f000000"] = "$: a whole number as float",
    }
  end)

  it("know UTF-8", function()
    for _, text in ipairs { "", "a", "\194\128", "\223\191", "\224\160\128", "\237\159\191", "\238\128\128", "\239\191\191",
      "\240\144\128\128", "\244\143\191\191", "a\0b" } do
      assert.is_true(items.is_utf8(text), ("%q"):format(text))
    end
    for _, bytes in ipairs { "\128", "\192\128", "\193\191", "\194", "\194a", "\224\159\191", "\237\160\128", "\226\130",
      "\240\143\191\191", "\244\144\128\128", "\245\128\128\128", "\255", "a\226\130" } do
      assert.is_false(items.is_utf8(bytes), ("%q"):format(bytes))
    end
  end)

  it("compare bytes, not letters of a locale", function()
    assert.is_true(items.is_before("I", "i") and items.is_before("a", "aa") and items.is_before("a\0", "a\1"))
    assert.is_false(items.is_before("a", "a") or items.is_before("\195\167", "z") or items.is_before("b", "aa"))
  end)

  it("are not misled: what they call fine is fine for a reason", function()
    assert.is_nil(flaw_of "83010203")
    assert.same({ nil, "cut off", 4 }, { items.read(from_hex "830102") })
    assert.same({ nil, "a break by itself", 1 }, { items.read(from_hex "ff") })
    assert.same({ nil, "too deep", 302 }, { items.read(("\129"):rep(500)) })
  end)
end)

describe("a schema in CDDL", function()
  local schema = cddl.parse [[
    ; a comment with "text" and { marks
    shape = circle / square
    circle = { kind: "circle", radius: size, ? name: tstr / bstr, * tstr => any }
    square = { kind: "square", sides, ? 1 => bool }
    sides = (side: size, "other side": -5..5)
    size = 1..10
    list = [+ size]
    triple = [a: 2 / 4, b: uint, * int]
    rest = [2* tstr]
  ]]

  local function walked(rule, hex)
    local ok, message = schema:walk(items.read(from_hex(hex)), rule)
    return ok and "fits" or message
  end

  local kind, radius, square = "646b696e64", "66726164697573", "66737175617265"
  local circle = "66636972636c65"
  local sides = "6473696465 01 6a6f746865722073696465"

  it("takes what is as it says", function()
    assert.equal("fits", walked("circle", "a2" .. kind .. circle .. radius .. "05"))
    assert.equal("fits", walked("circle", "a4" .. kind .. circle .. radius .. "05 646e616d65 41ff 6178 80"))
    assert.equal("fits", walked("square", "a3" .. kind .. square .. sides .. "24"))
    assert.equal("fits", walked("square", "a4 01 f4" .. kind .. square .. sides .. "05"))
    assert.equal("fits", walked("shape", "a3" .. kind .. square .. sides .. "05"))
    assert.equal("fits", walked("list", "82010a"))
    assert.equal("fits", walked("triple", "8402192710 20 01"))
    assert.equal("fits", walked("rest", "8361616161 6161"))
  end)

  it("says what is not, and where", function()
    assert.equal("$: no key 'radius'", walked("circle", "a1" .. kind .. circle))
    assert.equal("$.radius: expected 1 to 10, found 11", walked("circle", "a2" .. kind .. circle .. radius .. "0b"))
    assert.equal("$.radius: expected 1 to 10, found 0", walked("circle", "a2" .. kind .. circle .. radius .. "00"))
    assert.equal('$.kind: expected circle, found "square"', walked("circle", "a2" .. kind .. square .. radius .. "05"))
    assert.equal("$.name: expected tstr, found 1", walked("circle", "a3" .. kind .. circle .. radius .. "05 646e616d65 01"))
    assert.equal("$: a key that may not be: 1", walked("circle", "a3" .. kind .. circle .. radius .. "05 0101"))
    assert.equal("$.1: expected bool, found 1", walked("square", "a4 01 01" .. kind .. square .. sides .. "05"))
    assert.equal('$: a key that may not be: "x"', walked("square", "a4" .. kind .. square .. sides .. "05 6178 05"))
    assert.equal("$.other side: expected -5 to 5, found -6", walked("square", "a3" .. kind .. square .. sides .. "25"))
    assert.equal("$: expected shape, found 5", walked("shape", "05"))
    assert.equal("$: 0 items are too few", walked("list", "80"))
    assert.equal("$[2]: expected 1 to 10, found -1", walked("list", "820120"))
    assert.equal("$: expected an array, found text", walked("list", "6161"):gsub('"a"', "text"))
    assert.equal("$[1]: expected 2, found 3", walked("triple", "820301"))
    assert.equal("$[2]: expected uint, found -1", walked("triple", "820220"))
    assert.equal("$: 1 items are too few", walked("triple", "8102"))
    assert.equal("$[3]: expected int, found a simple value or float", walked("triple", "830201f5"))
    assert.equal("$: 1 items are too few", walked("rest", "816161"))
  end)

  it("has the literals of a choice", function()
    local slugs = cddl.parse 'a = "x" / "y" / "z" b = "x" / c c = 1'
    assert.same({ "x", "y", "z" }, slugs:literals "a")
    assert.is_nil(slugs:literals "b")
  end)

  it("that it cannot read is refused with its line", function()
    local function message_of(source)
      local ok, message = pcall(cddl.parse, source)
      assert.is_false(ok)
      return message
    end
    assert.equal("line 2: no rule c", message_of "a = b\nb = { x: c }")
    assert.equal("line 2: expected a type, found )", message_of "a = tstr\nb = )")
    assert.equal("line 2: '~' is not known here", message_of("a = tstr\nb = ~a"):gsub('"', "'"))
    assert.equal("line last: expected a type, found the end", message_of "a = { ? x: tstr")
    assert.equal("a is there twice", message_of "a = 1 a = 2")
    assert.equal("line 1: expected a name, found 5", message_of "5 = 1")
  end)
end)
