-- All that the module can encode is as spec/replycode.cddl says, deterministic, and comes back the same.

local deepcompare = require "luassert.util".deepcompare
local compose = require "replycode.compose"
local replycode = require "replycode"
local cbor = require "replycode.cbor"
local cli = require "replycode.cli"
local record = require "replycode.cli.record"
local cddl = require "spec.tools.cddl"
local corpus = require "spec.tools.corpus"
local items = require "spec.tools.items"
local read_file = require "spec.tools.read_file"

local schema = cddl.parse(read_file "spec/replycode.cddl")
local kinds = schema:literals "kind"

-- ---- Values ---------------------------------------------------------------------------------------------------------

-- What is wrong with how a value is encoded, nil when nothing is.
local function flaw_of(value, rule)
  local bytes = cbor.encode(value)
  local item, behind = items.read(bytes)
  if not item or behind ~= #bytes + 1 then return "no item" end
  local flaw = items.flaw_of(item, bytes)
  if flaw then return flaw end
  local ok, message = schema:walk(item, rule)
  if not ok then return message end
  local decoded, next_first = cbor.decode(bytes)
  if next_first ~= #bytes + 1 then return "the next position is " .. tostring(next_first) end
  if not deepcompare(value, decoded, true) then return "it comes back otherwise" end
end

local function check(value, rule, what)
  local flaw = flaw_of(value, rule)
  assert(not flaw, ("%s, %s: %s"):format(rule, what, tostring(flaw)))
end

local builtin = replycode.classifier {}

-- As `replycode read --cbor` writes it.
local function record_of(found)
  local item = { reply = found.reply, stage = found.context.stage, accepted = found.context.accepted }
  return record.of(item, { classifier = builtin, host = found.context.host }, found.file)
end

local function plain(value)
  local copy = {}
  for key, inside in pairs(value) do copy[key] = inside end
  return copy
end

local mine = replycode.classifier { rules = {
  { id = "bytes \255", text = "bad karma", code = "5xx", cause = "ip_blocked" },
  { text = "full moon", cause = "service_unavailable" },
} }

local samples = {
  { reply = "550 5.7.26 Bad karma",
    expect = { cause = "content_spam", enhanced = "5.7.27", code = 551, provider = "google" } },
  { reply = "421 Bye", expect = { closes = false } },
}

-- One of each rule, with all the fields that values of it can have at once.
local function examples()
  local verdict = replycode.classify("450 4.2.1 Greylisted, try again in 5 minutes", "rcpt")
  local entry = replycode.describe(571)
  local item = plain(replycode.describe("mailbox_full", { lang = "tr" }))
  item.lang = "tr"
  return {
    header = { format = cbor.format, replycode = replycode._VERSION },
    verdict = verdict, reply = replycode.parse "550-5.1.1 No\n550 5.1.1 such\n", entry = entry, item = item,
    explanation = replycode.explain("450 4.2.1 Greylisted, try again in 5 minutes", "rcpt"),
    parts = { code = 550, enhanced = "5.1.1", text = "No", malformed = "too_long" },
    comparison = replycode.compare(421, 502),
    otherwise = mine:check(samples)[1], unused = { kind = "unused", rule = "x" }, span = { first = 1, last = 9 },
    record = record_of { file = "-", reply = replycode.parse "550 5.1.1 x\n", context = { stage = "rcpt" } },
  }
end

-- ---- Generated ------------------------------------------------------------------------------------------------------

local function randoms(seed)
  return function(most)
    seed = seed * 16807 % 2147483647
    return seed % most + 1
  end
end

local function any_string(random)
  local bytes, most = {}, random(3) == 1 and 256 or 127
  for at = 1, random(random(8) == 1 and 300 or 8) - 1 do bytes[at] = string.char(random(most) - 1) end
  return table.concat(bytes)
end

local function any_number(random)
  local sign = random(2) == 1 and 1 or -1
  if random(2) == 1 then return sign * (random(2 ^ random(30)) - 1 + (random(4) == 1 and random(2 ^ 20) * 2 ^ 32 or 0)) end
  return sign * random(2 ^ 30) * 2 ^ (random(40) - 60)
end

local any_value

local function any_list(random, depth)
  local list = {}
  for at = 1, random(6) - 1 do list[at] = any_value(random, depth + 1) end
  return list
end

local function any_map(random, depth)
  local map = {}
  for _ = 1, random(depth == 0 and 40 or 5) do
    local key = random(5) == 1 and any_number(random) or random(30) == 1 or any_string(random)
    map[key] = any_value(random, depth + 1)
  end
  return map
end

function any_value(random, depth)
  local kind = random(depth < 4 and 8 or 5)
  if kind <= 2 then return any_string(random) end
  if kind == 3 then return any_number(random) end
  if kind == 4 then return random(2) == 1 end
  if kind == 5 then return cbor.null end
  return (kind == 6 and any_list or any_map)(random, depth)
end

-- The same table, its keys set in another order.
local function rebuilt(value)
  if type(value) ~= "table" then return value end
  local keys, copy = {}, {}
  for key in pairs(value) do keys[#keys + 1] = key end
  for at = #keys, 1, -1 do copy[keys[at]] = rebuilt(value[keys[at]]) end
  return copy
end

-- Of bytes, to be compared between Luas.
local function sum_of(bytes, sum)
  for at = 1, #bytes do sum = (sum * 31 + bytes:byte(at)) % 2147483647 end
  return sum
end

-- ---- Specs ----------------------------------------------------------------------------------------------------------

describe("what is encoded is as the schema says, deterministic, and comes back:", function()
  local all = corpus()

  it("every reply of the captures and the labelled set", function()
    assert.is_true(#all > 700, #all .. " replies")
    for _, found in ipairs(all) do check(found.reply, "reply", found.file .. ": " .. tostring(found.reply)) end
  end)

  it("their verdicts, explanations and records", function()
    for _, found in ipairs(all) do
      local what = found.file .. ": " .. tostring(found.reply)
      check(replycode.classify(found.reply, found.context), "verdict", what)
      check(replycode.explain(found.reply.raw, found.context), "explanation", what)
      check(replycode.explain(found.reply, found.context), "explanation", what)
      check(record_of(found), "record", what)
    end
  end)

  it("the verdict of every code at every stage", function()
    local codes = { 100, 199, 299, 399, 499, 599, 600, 999 }
    for entry in replycode.entries "code" do codes[#codes + 1] = tonumber(entry.slug) end
    for _, stage in ipairs(schema:literals "stage") do
      for _, code in ipairs(codes) do
        check(replycode.classify({ code = code }, stage), "verdict", code .. " " .. stage)
      end
    end
  end)

  it("a reply of every shape that is not proper", function()
    local stream = replycode.stream { limit = 8 }
    for reply in stream:feed "550 too long\r\n" do check(reply, "reply", "too long") end
    for _, bytes in ipairs { "", "250", "25", "hm", "250-x", "250x", "2500 x\r\n", "550-a\n450 b\r\n", "\255\0\r\n",
      "550 \195\169\r\n", "550 \195\r\n", "999 5.1.1 x\r\n", "550 5.999.999 \27[m\r\n" } do
      check(replycode.parse(bytes), "reply", ("%q"):format(bytes))
    end
  end)

  it("every entry of the catalogue in both languages, alone and as an item", function()
    local count = 0
    for _, kind in ipairs(kinds) do
      for _, lang in ipairs(schema:literals "lang") do
        for entry in replycode.entries(kind, { lang = lang }) do
          check(entry, "entry", entry.slug)
          entry.lang = lang
          check(entry, "item", entry.slug)
          count = count + 1
        end
      end
    end
    assert.is_true(count > 4900, count .. " entries")
  end)

  it("comparisons", function()
    for _, pair in ipairs { { 421, 502 }, { 450, 550 }, { 550, 571 }, { 999, 250 }, { "5.7.26", "4.2.2" },
      { 552, "5.2.2" } } do
      for _, lang in ipairs(schema:literals "lang") do
        check(replycode.compare(pair[1], pair[2], { lang = lang }), "comparison", pair[1] .. " " .. pair[2])
      end
    end
  end)

  it("what the check of a classifier found", function()
    local found = mine:check(samples)
    assert.equal(6, #found)
    for at, finding in ipairs(found) do
      check(finding, "finding", "finding " .. at)
      check(finding, finding.kind, "finding " .. at)
    end
  end)

  it("what lint finds, and every advice", function()
    local found = compose.lint("550-Greylisted\n550 \195come back\r\n", "rcpt")
    assert.is_true(#found > 2)
    for at, fault in ipairs(found) do check(fault, "fault", "fault " .. at) end
    for entry in replycode.entries "situation" do check(compose.advise(entry.slug), "advice", entry.slug) end
  end)

  it("the verdict of a caller's rule whose id is no UTF-8", function()
    local verdict = mine:classify("550 bad karma", "rcpt")
    assert.equal("bytes \255", verdict.rule)
    check(verdict, "verdict", "caller")
  end)

  it("a list of them", function()
    local found = mine:check(samples)
    assert.same(found, (cbor.decode(cbor.encode(found))))
    local verdicts = { replycode.classify "550 x", replycode.classify "421 x" }
    assert.same(verdicts, (cbor.decode(cbor.encode(verdicts))))
  end)

  it("plain values, whatever chance puts into them", function()
    local random, sum = randoms(8949), 0
    for round = 1, 600 do
      local value = any_value(random, 0)
      local bytes = cbor.encode(value)
      assert.is_nil(items.flaw_of((items.read(bytes)), bytes), "round " .. round)
      assert(deepcompare(value, cbor.decode(bytes), true), "round " .. round)
      assert(cbor.encode(rebuilt(value)) == bytes, "round " .. round)
      sum = sum_of(bytes, sum)
    end
    assert.equal(1750522593, sum, "the bytes are not those of other Luas")
  end)
end)

describe("a sequence of the command line", function()
  -- The bytes that the command prints.
  local function output_of(arguments)
    local parts = {}
    local page = { write = function(self, ...)
      for at = 1, select("#", ...) do parts[#parts + 1] = (select(at, ...)) end
      return self
    end }
    assert.equal(0, cli.main(arguments, page, page))
    return table.concat(parts)
  end

  -- How many values follow the header, each as the rule says.
  local function count(bytes, rule)
    local item, first = items.read(bytes)
    assert(schema:walk(item, "header"))
    local found = 0
    while first <= #bytes do
      item, first = items.read(bytes, first)
      assert.is_nil(items.flaw_of(item, bytes))
      assert(schema:walk(item, rule))
      found = found + 1
    end
    return found
  end

  it("is a header and records: read --cbor", function()
    local files = { "read", "--cbor" }
    for path in io.popen("find spec/replies -name '*.txt' | LC_ALL=C sort"):lines() do files[#files + 1] = path end
    assert.is_true(count(output_of(files), "record") > 300)
  end)

  it("is a header and items, each entry in two languages: list --cbor", function()
    assert.equal(5174, count(output_of { "list", "--cbor" }, "item"))
  end)
end)

describe("the schema", function()
  -- The names of lua/replycode.lua: "a"|"b" on the line, or one on each of those that follow.
  local aliases, name = {}, nil
  for line in read_file("lua/replycode.lua"):gmatch "[^\n]+" do
    local begun = line:match "^%-%-%-@alias replycode%.([%l_]+)"
    name = begun or name
    if begun then aliases[name] = {} end
    if begun or line:find "^%-%-%-|" then
      for slug in line:gsub("#.*", ""):gmatch '"([^"]+)"' do table.insert(aliases[name], slug) end
    end
  end

  local function slugs_of(kind)
    local slugs = {}
    for entry in replycode.entries(kind) do
      if not entry.slug:find "^%dyz$" then slugs[#slugs + 1] = entry.slug end
    end
    return slugs
  end

  for _, kind in ipairs { "stage", "class", "transience", "cause", "scope", "action", "basis", "malformed", "oddity" } do
    it("has the slugs of the catalogue: " .. kind, function()
      assert.same(slugs_of(kind), schema:literals(kind))
    end)
  end

  for _, alias in ipairs { "kind", "lang", "waiting", "settles", "listing", "standing", "key" } do
    it("has the slugs of the reference: " .. alias, function()
      assert.same(aliases[alias], schema:literals(alias))
    end)
  end

  it("has the format that the module writes", function()
    assert(schema:walk(items.read(cbor.encode(cbor.format)), "format"))
    assert.same({ nil, "$: expected 1, found 2" }, { schema:walk(items.read(cbor.encode(cbor.format + 1)), "format") })
  end)

  it("knows each value by its own rule and as one of all", function()
    for rule, value in pairs(examples()) do
      check(value, rule, "example")
      if rule ~= "span" then check(value, "value", rule) end
    end
  end)

  it("takes keys that it does not know, in any map", function()
    for rule, value in pairs(examples()) do
      local newer = plain(value)
      newer.from_a_later_version = { { 1.5 }, "x" }
      check(newer, rule, "newer")
    end
  end)

  it("refuses a value of the wrong type under any key that it knows", function()
    local count = 0
    for rule, value in pairs(examples()) do
      for key in pairs(value) do
        local wrong = plain(value)
        wrong[key] = { { "wrong" } }
        local flaw = flaw_of(wrong, rule)
        assert(flaw and flaw:find("$", 1, true), ("%s.%s: %s"):format(rule, key, tostring(flaw)))
        count = count + 1
      end
    end
    assert.is_true(count > 70, count .. " keys")
  end)

  it("refuses values without a key that each has", function()
    local obliged = { header = "format replycode", verdict = "transience cause scope action basis rule",
      reply = "lines text raw", entry = "kind slug exact title meaning references",
      item = "kind slug exact title meaning references lang", explanation = "verdict reply without_text code_alone",
      comparison = "a b rows references", otherwise = "kind rule sample field expected", unused = "kind rule",
      span = "first last", record = "text transience cause scope action basis rule" }
    for rule, value in pairs(examples()) do
      for key in (obliged[rule] or ""):gmatch "%S+" do
        local less = plain(value)
        less[key] = nil
        assert.equal(("$: no key '%s'"):format(key), flaw_of(less, rule), rule)
      end
    end
  end)

  it("refuses what is out of range and slugs that are not there", function()
    local function with(rule, key, wrong)
      local value = plain(examples()[rule])
      value[key] = wrong
      return flaw_of(value, rule)
    end
    assert.equal("$.cause: expected cause, found \"mailbox_fool\"", with("verdict", "cause", "mailbox_fool"))
    assert.equal("$.code: expected 100 to 999, found 1000", with("verdict", "code", 1000))
    assert.equal("$.code: expected 100 to 999, found text", with("verdict", "code", "550"):gsub('"550"', "text"))
    assert.equal("$.retry_after: expected 1 to 432000, found 0", with("verdict", "retry_after", 0))
    assert.equal("$.closes: expected true, found a simple value or float", with("verdict", "closes", false))
    assert.equal("$.enhanced: expected an array, found \"5.7\"", with("verdict", "enhanced", "5.7"))
    assert.equal("$.enhanced: 2 items are too few", with("verdict", "enhanced", { 5, 7 }))
    assert.equal("$.oddities[1]: expected oddity, found \"bare_ff\"", with("reply", "oddities", { "bare_ff" }))
    assert.equal("$.oddities: 0 items are too few", with("reply", "oddities", {}))
    assert.equal("$.title: expected tstr, found bytes", with("entry", "title", "\255"))
    assert.equal("$.rows: 1 items are too few", with("comparison", "rows", { examples().comparison.rows[1] }))
  end)
end)
