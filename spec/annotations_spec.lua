-- lua/replycode.lua, the reference of the Lua interface, says what the module really has: slugs, functions, fields, options.

local replycode = require "replycode"
local examples = require "spec.tools.examples"

-- ---- The annotations -------------------------------------------------------------------------------------------------

local function read_lines(path)
  local lines = {}
  for line in assert(io.open(path, "rb")):lines() do lines[#lines + 1] = line end
  return lines
end

-- "a"|"b" on one line, or one `---| "a" # title` a line.
local function add_values(alias, text)
  for value in text:gmatch('"([^"]*)"') do alias[#alias + 1] = value end
end

-- The fields of a class in their order, by name the type, and the comment lines that stand before each.
local function add_field(class, text, comments)
  local name, kind = text:match("^([%w_]+)%s+(.+)$")
  class.names[#class.names + 1] = name
  class.types[name] = kind
  class.comments[name] = comments
end

local function parse(lines)
  local aliases, classes, comments, alias, class = {}, {}, {}, nil, nil
  for _, line in ipairs(lines) do
    local tag, rest = line:match("^%-%-%-@(%w+)%s+(.*)$")
    if tag == "alias" then
      local name, values = rest:match("^replycode%.([%w_]+)%s*(.*)$")
      alias = { titles = {} }
      aliases[name] = alias
      add_values(alias, values)
    elseif tag == "class" then
      class = { names = {}, types = {}, comments = {}, parent = rest:match(":%s*replycode%.([%w_]+)") }
      classes[rest:match("^replycode%.?([%w_]*)")] = class
    elseif tag == "field" then
      add_field(class, rest, comments)
    elseif line:match("^%-%-%-|") then
      add_values(alias, line:match('^%-%-%-| ("[^"]*")'))
      alias.titles[alias[#alias]] = line:match("# (.+)$")
    end
    if tag or line == "" then comments = {}
    elseif line:match("^%-%-%- ") then comments[#comments + 1] = line:sub(5) end
  end
  return aliases, classes
end

local aliases, classes = parse(read_lines("lua/replycode.lua"))

local function values_of(name)
  local values = {}
  for at, value in ipairs(aliases[name]) do values[at] = value end
  return values
end

local function sorted_keys(set)
  local keys = {}
  for key in pairs(set) do keys[#keys + 1] = key end
  table.sort(keys)
  return keys
end

-- Own fields and the parent's, sorted; a class may say more of a field that its parent has.
local function fields_of(name)
  local fields, class = {}, classes[name]
  while class do
    for _, field in ipairs(class.names) do fields[field] = true end
    class = classes[class.parent]
  end
  return sorted_keys(fields)
end

-- ---- The module ------------------------------------------------------------------------------------------------------

local kinds = { "code", "status", "command_reply", "cause", "provider", "blocklist", "rule", "stage", "class",
  "transience",
  "scope", "action", "basis", "malformed", "oddity", "situation", "finding" }

local function slugs_of(kind)
  local slugs = {}
  for entry in replycode.entries(kind) do slugs[#slugs + 1] = entry.slug end
  return slugs
end

-- A set of field names over many tables; `everywhere` counts how often each occurs.
local function collect(into, value)
  into.count = (into.count or 0) + 1
  into.fields = into.fields or {}
  for key in pairs(value or {}) do into.fields[key] = (into.fields[key] or 0) + 1 end
end

-- Replies whose words say all that words can.
local wordy = {
  "450 4.2.0 Greylisted, please try again in 5 minutes",
  "550 5.7.1 Client host blocked using zen.spamhaus.org",
  "550 5.1.1 No such user - gsmtp",
  "550 5.1.1 No such user, message contains a virus",
}

local mine = replycode.classifier { rules = {
  { text = "bad karma", cause = "ip_blocked" },
  { text = "full moon", cause = "service_unavailable" },
} }

local function all_verdicts(visit)
  local stages = slugs_of "stage"
  for at = 0, #stages do
    for code = 100, 999 do visit(replycode.classify(code .. " x", stages[at])) end
  end
  for _, slug in ipairs(slugs_of "status") do
    for _, class in ipairs { 2, 4, 5 } do
      visit(replycode.classify(("%d50 %s x"):format(class, (slug:gsub("^X", class))), "rcpt"))
    end
  end
  for _, bytes in ipairs(wordy) do visit(replycode.classify(bytes, "rcpt")) end
  visit(replycode.classify("2.0.0 sent", "local"))
  visit(replycode.classify("250OK", "content"))
end

-- One that the words decided, with a wait; one without; one that a rule of the caller decided.
local function all_explanations(visit)
  visit(replycode.explain(wordy[1], "rcpt"))
  visit(replycode.explain("550 x", "rcpt"))
  visit(mine:explain("550 Bad karma", "rcpt"))
end

local function all_findings(visit)
  local expected = { cause = "content_spam", provider = "google" }
  local found = mine:check { { reply = "550 Bad karma", expect = expected } }
  for _, finding in ipairs(found) do visit(finding) end
end

local function all_entries(visit)
  for _, kind in ipairs(kinds) do
    for entry in replycode.entries(kind) do visit(entry) end
  end
end

local replies = { "550 5.1.1 x", "250-a\n250 b", "no code", "450-x", "" }

-- Every field is annotated, every annotated one occurs, and "?" stands exactly where it can be absent.
local function check_fields(name, walk)
  local seen = {}
  walk(function(value) collect(seen, value) end)
  assert.same(fields_of(name), sorted_keys(seen.fields))
  local class = classes[name]
  for _, field in ipairs(class.names) do
    local absent = class.types[field]:match("^[^%s]+%?") ~= nil
    assert.equal(absent, seen.fields[field] < seen.count, name .. "." .. field)
  end
end

-- The names that the module says are right when it is asked for what it does not have.
local function expected_names(...)
  local ok, message = pcall(...)
  assert.is_false(ok)
  local names = {}
  local list = message:match("expected one of ([%w_, ]+)") or message:match("expected '([%w_]+)'")
  for name in list:gmatch("[%w_]+") do names[#names + 1] = name end
  return names
end

local function sorted(list)
  table.sort(list)
  return list
end

-- ---- What it says ----------------------------------------------------------------------------------------------------

describe("annotations", function()
  for _, kind in ipairs { "stage", "transience", "cause", "scope", "action", "basis", "malformed", "oddity" } do
    it("have every slug of kind " .. kind .. " and its title", function()
      assert.same(slugs_of(kind), values_of(kind))
      for _, slug in ipairs(values_of(kind)) do
        assert.equal(replycode.describe(slug, { kind = kind }).title, aliases[kind].titles[slug])
      end
    end)
  end

  it("have the classes that belong to SMTP and their titles", function()
    local classes_of_smtp = {}
    for entry in replycode.entries "class" do
      if not entry.slug:match("^%dyz$") then classes_of_smtp[#classes_of_smtp + 1] = entry.slug end
    end
    assert.same(classes_of_smtp, values_of "class")
    for _, slug in ipairs(classes_of_smtp) do
      assert.equal(replycode.describe(slug, { kind = "class" }).title, aliases.class.titles[slug])
    end
  end)

  it("have every kind, language and stage that the module takes", function()
    assert.same(kinds, values_of "kind")
    assert.same(values_of "kind", expected_names(replycode.entries, "?"))
    assert.same(values_of "lang", expected_names(replycode.describe, 421, { lang = "?" }))
    assert.same(values_of "stage", expected_names(replycode.classify, "250 ok", "?"))
  end)

  it("have every value of settles and waiting that a verdict has", function()
    local settles, waiting = {}, {}
    all_verdicts(function(verdict)
      settles[verdict.settles or ""] = true
      waiting[verdict.waiting or ""] = true
    end)
    assert.same({ "", "message", "recipient" }, sorted_keys(settles))
    assert.same({ "", "helps", "useless" }, sorted_keys(waiting))
    assert.same({ "recipient", "message" }, values_of "settles")
    assert.same({ "helps", "useless" }, values_of "waiting")
  end)

  it("have every standing of a code and every key of a comparison", function()
    local standings, keys = {}, {}
    for entry in replycode.entries "code" do standings[entry.standing] = true end
    for at, row in ipairs(replycode.compare(421, 502).rows) do keys[at] = row.key end
    assert.same(sorted_keys(standings), sorted(values_of "standing"))
    assert.same(keys, values_of "key")
  end)

  it("have the functions of the module, and no other", function()
    assert.same(sorted_keys(replycode), fields_of "")
    for name, value in pairs(replycode) do
      assert.equal(type(value) == "function", classes[""].types[name]:match("^fun%(") ~= nil, name)
    end
  end)

  it("have the methods of a stream and of a classifier, and no other", function()
    assert.same(sorted_keys(getmetatable(replycode.stream()).__index), fields_of "stream")
    assert.same(sorted_keys(getmetatable(mine).__index), fields_of "classifier")
  end)

  it("have the fields of a verdict over all stages, codes and statuses", function()
    check_fields("verdict", all_verdicts)
  end)

  it("have the fields of an entry over the whole catalogue", function()
    check_fields("entry", all_entries)
  end)

  it("have the fields of a reply", function()
    check_fields("reply", function(visit)
      for _, bytes in ipairs(replies) do visit((replycode.parse(bytes))) end
    end)
  end)

  it("have the fields of an explanation, a comparison and its rows", function()
    check_fields("explanation", all_explanations)
    check_fields("span", function(visit) visit(replycode.explain(wordy[1], "rcpt").waited) end)
    check_fields("comparison", function(visit)
      visit(replycode.compare(421, 502))
      visit(replycode.compare(101, 591))
    end)
    check_fields("row", function(visit)
      for _, row in ipairs(replycode.compare(421, 502).rows) do visit(row) end
    end)
  end)

  it("have the fields of a finding", function() check_fields("finding", all_findings) end)

  it("have the names that other programs give to causes", function()
    check_fields("labels", function(visit)
      for entry in replycode.entries "cause" do visit(entry.labels) end
    end)
  end)

  it("have what blocklists list", function()
    local listings = {}
    for entry in replycode.entries "blocklist" do
      for _, listing in ipairs(entry.lists) do listings[listing] = true end
    end
    assert.same(sorted_keys(listings), sorted(values_of "listing"))
  end)

  it("have the fields of a rule and of a sample", function()
    local wrong = { rules = { { ["?"] = 1 } } }
    assert.same(fields_of "rule", sorted(expected_names(replycode.classifier, wrong)))
    assert.same({ "accepted", "expect", "host", "reply", "stage" }, fields_of "sample")
  end)

  it("have the options that each function takes", function()
    assert.same({ "limit" }, fields_of "stream_options")
    assert.same(fields_of "stream_options", expected_names(replycode.stream, { ["?"] = 1 }))
    assert.same(fields_of "classifier_options", sorted(expected_names(replycode.classifier, { ["?"] = 1 })))
    assert.same(fields_of "context", sorted(expected_names(replycode.classify, "250 ok", { ["?"] = 1 })))
    assert.same(fields_of "entries_options", expected_names(replycode.entries, "cause", { ["?"] = 1 }))
    assert.same(fields_of "compare_options", sorted(expected_names(replycode.compare, 421, 502, { ["?"] = 1 })))
    assert.same(fields_of "describe_options", sorted(expected_names(replycode.describe, 421, { ["?"] = 1 })))
  end)

  it("take the parts of a reply that are judged, and no more", function()
    local parts = { code = 550, enhanced = "5.1.1", text = "Mailbox full", malformed = "separator" }
    assert.same(sorted_keys(parts), fields_of "parts")
    assert.equal("not_smtp", replycode.classify(parts, "rcpt").rule)
    parts.malformed = nil
    assert.equal("mailbox_full", replycode.classify(parts, "rcpt").cause)
    parts.text = nil
    assert.equal("recipient_unknown", replycode.classify(parts, "rcpt").cause)
  end)

  -- finish has no argument that could be wrong.
  local function check_function(class, name)
    it("tell what " .. name .. " raises, and give an example that holds", function()
      local comments = class.comments[name]
      local example, expected = examples.read(comments)
      assert.is_true(#expected > 0)
      assert.is_true(name == "finish" or table.concat(comments, " "):match("Raises") ~= nil)
      assert.same(expected, examples.run(example, { replycode = replycode }))
    end)
  end

  for _, class in ipairs { classes[""], classes.classifier, classes.stream } do
    for _, name in ipairs(class.names) do
      if class.types[name]:match("^fun%(") then check_function(class, name) end
    end
  end
end)
