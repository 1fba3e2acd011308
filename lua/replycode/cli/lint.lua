--- `replycode lint`: what is wrong with the replies in files, from the point of view of the server that sends them.

local compose = require "replycode.compose"
local dkjson = require "dkjson"
local file = require "replycode.cli.file"
local recording = require "replycode.cli.recording"
local text = require "replycode.cli.text"

-- ---- Findings -------------------------------------------------------------------------------------------------------

-- { item =, finding =, file = } for each finding; what the session announced is known of recorded sessions.
local function add_findings(list, item, request, name)
  local found = compose.lint(item.reply, item.stage, { lang = request.lang, enhanced = item.enhanced, utf8 = item.utf8 })
  for _, finding in ipairs(found) do list[#list + 1] = { item = item, finding = finding, file = name } end
end

local function find(bytes, request, name)
  local items, list = recording.read(bytes, request.stage), {}
  for _, item in ipairs(items) do add_findings(list, item, request, name) end
  return list, #items
end

-- ---- Printing: each prints the findings of a file -------------------------------------------------------------------

local styles = { error = "red", warning = "yellow" }

-- The columns of a place on a page; the whole is in JSON.
local widest_place = 24

-- What stands at the place, without its line end; else the beginning of the reply.
local function place_of(entry)
  local reply, finding = entry.item.reply, entry.finding
  local bytes = finding.first and reply.raw:sub(finding.first, finding.last) or reply.raw
  local shown = text.wrap(text.printable(bytes:match("^[^\n]*"):gsub("\r$", ""), ""), widest_place)
  return #shown > 1 and shown[1] .. "..." or shown[1]
end

local function row_of(entry, request)
  local finding, item = entry.finding, entry.item
  return { item.stage or "-", tostring(item.reply.code or "-"), request.words["severity_" .. finding.severity],
    finding.slug, place_of(entry), style = styles[finding.severity] }
end

local function print_table(page, list, called, request)
  local words = request.words
  local rows = { { words.stage_column, words.code_column, words.severity_column, words.finding_column,
    words.place_column, style = "bold" } }
  for _, entry in ipairs(list) do rows[#rows + 1] = row_of(entry, request) end
  if #request.files > 1 then page:title(text.printable(called)) end
  page:table(rows, 0, true)
end

local keys = { "file", "stage", "code", "enhanced", "raw", "finding", "severity", "title", "problem", "remedy", "first",
  "last", "reference" }

local function print_json(page, list)
  for _, entry in ipairs(list) do
    local reply, finding = entry.item.reply, entry.finding
    page:line(dkjson.encode({ file = entry.file and text.valid(entry.file), stage = entry.item.stage, code = reply.code,
      enhanced = reply.enhanced, raw = text.valid(reply.raw), finding = finding.slug, severity = finding.severity,
      title = finding.title, problem = finding.problem, remedy = finding.remedy, first = finding.first,
      last = finding.last, reference = finding.reference }, { keyorder = keys }))
  end
end

-- ---- What the findings mean, once each -------------------------------------------------------------------------------

local function print_meanings(page, kinds)
  for _, finding in ipairs(kinds) do
    page:title(finding.title, finding.slug)
    page:paragraph(finding.problem, 2)
    page:paragraph(finding.remedy, 2)
    page:paragraph(finding.reference, 2)
  end
end

local function print_sum(page, sum, request)
  if not page.blank then page:gap() end
  page:paragraph(request.words.linted:format(sum.replies, sum.error, sum.warning, sum.note), 0)
end

-- ---- Command --------------------------------------------------------------------------------------------------------

local function count(sum, list, replies)
  sum.replies = sum.replies + replies
  for _, entry in ipairs(list) do
    local finding = entry.finding
    sum[finding.severity] = sum[finding.severity] + 1
    if not sum.seen[finding.slug] then sum.kinds[#sum.kinds + 1] = finding end
    sum.seen[finding.slug] = true
  end
end

-- Whether the file could be read.
local function lint_file(page, name, sum, request)
  local bytes, message = file.read(name, request.input)
  if not bytes then
    request.complain("unreadable", message)
    return false
  end
  local called = name == "-" and request.words.standard_input or name
  local list, replies = find(bytes, request, name ~= "-" and name or nil)
  if replies == 0 then request.complain("no_replies", called) end
  if request.json then print_json(page, list)
  elseif #list > 0 then print_table(page, list, called, request) end
  count(sum, list, replies)
  return true
end

--- Lints request.files, standard input when there are none. Gives the exit status: 1 when an error or a warning was
--- found, or a file could not be read.
return function(page, request)
  local sum, is_read = { replies = 0, error = 0, warning = 0, note = 0, kinds = {}, seen = {} }, true
  if #request.files == 0 then request.files = { "-" } end
  for _, name in ipairs(request.files) do is_read = lint_file(page, name, sum, request) and is_read end
  if not request.json then
    print_meanings(page, sum.kinds)
    print_sum(page, sum, request)
  end
  return is_read and sum.error + sum.warning == 0 and 0 or 1
end
