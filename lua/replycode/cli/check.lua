--- `replycode check`: samples that rules decide otherwise than they expect, and rules that decide none of them.

local json = require "dkjson"
local file = require "replycode.cli.file"
local samples = require "replycode.cli.samples"
local text = require "replycode.cli.text"

-- ---- Findings -------------------------------------------------------------------------------------------------------

-- What the classifier checks of a sample: not where it was read.
local function question_of(sample)
  return { reply = sample.reply, stage = sample.stage, host = sample.host, accepted = sample.accepted,
    expect = sample.expect }
end

local places = {}
for at, name in ipairs(samples.columns) do places[name] = at end

local function is_before(a, b)
  if a.sample ~= b.sample then return a.sample < b.sample end
  return places[a.field] < places[b.field]
end

-- What is decided otherwise, in the order of rows and columns, and the ids of rules that are not used.
local function find(classifier, list)
  local questions, otherwise, unused = {}, {}, {}
  for at, sample in ipairs(list) do questions[at] = question_of(sample) end
  for _, finding in ipairs(classifier:check(questions)) do
    if finding.kind == "unused" then unused[#unused + 1] = finding.rule
    else otherwise[#otherwise + 1] = finding end
    if finding.expected == false then finding.expected = nil end
  end
  table.sort(otherwise, is_before)
  return otherwise, unused
end

-- ---- Printing -------------------------------------------------------------------------------------------------------

local function print_json(page, list, otherwise, unused)
  local keys = { "kind", "row", "reply", "field", "expected", "got", "rule" }
  for _, finding in ipairs(otherwise) do
    local sample = list[finding.sample]
    page:line(json.encode({ kind = finding.kind, row = sample.row, reply = text.valid(sample.reply), field = finding.field,
      expected = finding.expected, got = finding.got, rule = finding.rule }, { keyorder = keys }))
  end
  for _, rule in ipairs(unused) do
    page:line(json.encode({ kind = "unused", rule = text.valid(rule) }, { keyorder = keys }))
  end
end

local function value_of(value)
  return value == nil and "-" or text.printable(tostring(value))
end

-- Returns how many samples they are.
local function print_otherwise(page, list, otherwise, words)
  local last, count = nil, 0
  for _, finding in ipairs(otherwise) do
    local sample = list[finding.sample]
    if sample ~= last then
      page:paragraph(words.row:format(sample.row, text.printable(sample.shown)), 0, nil, "bold")
      last, count = sample, count + 1
    end
    page:paragraph(words.otherwise:format(finding.field, value_of(finding.expected), value_of(finding.got),
      text.printable(finding.rule)), 2, nil, "red")
  end
  return count
end

local function print_unused(page, unused, words)
  if #unused == 0 then return end
  page:title(words.unused)
  for _, rule in ipairs(unused) do page:paragraph(text.printable(rule), 2, nil, "yellow") end
end

-- The built-in rules are not all to be in one file of samples.
local function print_findings(page, list, otherwise, unused, request)
  local words, checked = request.words, request.rules and "checked_rules" or "checked"
  local count = print_otherwise(page, list, otherwise, words)
  print_unused(page, unused, words)
  if count + #unused > 0 then page:gap() end
  page:paragraph(words[checked]:format(#list, count, #unused), 0)
end

-- ---- Command --------------------------------------------------------------------------------------------------------

local function read_samples(request)
  local name, words = request.samples, request.words
  local called = name == "-" and words.standard_input or name
  local bytes, message = file.read(name, request.input)
  if not bytes then return nil, words.unreadable:format(message) end
  local list, problem, row = samples.read(bytes, words)
  return list, problem and ("%s:%d: %s"):format(called, row, problem)
end

--- Checks request.samples with request.classifier. Gives the exit status: 1 when anything was found.
return function(page, request)
  local list, message = read_samples(request)
  if not list then
    request.complain("problem", message)
    return 2
  end
  local otherwise, unused = find(request.classifier, list)
  if request.json then print_json(page, list, otherwise, unused)
  else print_findings(page, list, otherwise, unused, request) end
  return #otherwise + #unused > 0 and 1 or 0
end
