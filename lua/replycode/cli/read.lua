--- `replycode read`: the verdicts of the replies in files, as a table or as lines of JSON.

local json = require "dkjson"
local file = require "replycode.cli.file"
local recording = require "replycode.cli.recording"
local text = require "replycode.cli.text"
local verdicts = require "replycode.cli.verdict"

local styles = { transient = "yellow", permanent = "red" }

local function judge(item, request)
  return request.classifier:classify(item.reply, { stage = item.stage, accepted = item.accepted, host = request.host })
end

-- Who speaks and which list stand with the cause, seldom; how long to wait with the action.
local function cause_of(verdict)
  local names = { verdict.provider }
  names[#names + 1] = verdict.blocklist
  return #names > 0 and ("%s (%s)"):format(verdict.cause, table.concat(names, ", ")) or verdict.cause
end

local function action_of(verdict, words)
  if not verdict.retry_after then return verdict.action end
  return ("%s (%s)"):format(verdict.action, verdicts.duration(verdict.retry_after, words))
end

local function print_table(page, found, request)
  local words = request.words
  local rows = { { words.stage_column, words.code_column, words.status_column, words.lasts_column, words.cause_column,
    words.action_column, words.settles_column, style = "bold" } }
  for _, item in ipairs(found) do
    local verdict = judge(item, request)
    rows[#rows + 1] = { item.stage or "-", tostring(verdict.code or "-"), verdict.enhanced or "-", verdict.transience,
      cause_of(verdict), action_of(verdict, words), verdict.settles or "-", style = styles[verdict.transience] }
  end
  page:table(rows, 0, true)
end

-- The keys of an object in their order.
local keys = { "file", "stage", "code", "enhanced", "text", "malformed", "oddities", "transience", "cause", "also",
  "scope", "action", "settles", "closes", "waiting", "retry_after", "provider", "blocklist", "basis", "rule" }

local function print_json(page, found, name, request)
  for _, item in ipairs(found) do
    local verdict = judge(item, request)
    local object = { file = name and text.valid(name), stage = item.stage, text = text.valid(item.reply.text),
      malformed = item.reply.malformed, oddities = item.reply.oddities }
    for _, key in ipairs(keys) do object[key] = object[key] or verdict[key] end
    if object.rule then object.rule = text.valid(object.rule) end
    page:line(json.encode(object, { keyorder = keys }))
  end
end

local function print_file(page, name, request)
  local bytes, message = file.read(name, request.input)
  if not bytes then
    request.complain("unreadable", message)
    return 1
  end
  local found = recording.read(bytes, request.stage)
  local called = name == "-" and request.words.standard_input or name
  if #found == 0 then request.complain("no_replies", called) return 0 end
  if request.json then print_json(page, found, name ~= "-" and name or nil, request) return 0 end
  if #request.files > 1 then page:title(text.printable(called)) end
  print_table(page, found, request)
  return 0
end

--- Reads request.files, standard input when there are none. Gives the exit status.
return function(page, request)
  local status = 0
  if #request.files == 0 then request.files = { "-" } end
  for _, name in ipairs(request.files) do status = math.max(status, print_file(page, name, request)) end
  return status
end
