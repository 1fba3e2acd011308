--- `replycode read`: the verdicts of the replies in files, as a table or as lines of JSON.

local json = require "dkjson"
local replycode = require "replycode"
local recording = require "replycode.cli.recording"
local text = require "replycode.cli.text"

local styles = { transient = "yellow", permanent = "red" }

local function judge(item)
  return replycode.classify(item.reply, { stage = item.stage, accepted = item.accepted })
end

local function print_table(page, found, words)
  local rows = { { words.stage_column, words.code_column, words.status_column, words.lasts_column, words.cause_column,
    words.action_column, words.settles_column, style = "bold" } }
  for _, item in ipairs(found) do
    local verdict = judge(item)
    rows[#rows + 1] = { item.stage or "-", tostring(verdict.code or "-"), verdict.enhanced or "-", verdict.transience,
      verdict.cause, verdict.action, verdict.settles or "-", style = styles[verdict.transience] }
  end
  page:table(rows, 0, true)
end

-- The keys of an object in their order.
local keys = { "file", "stage", "code", "enhanced", "text", "malformed", "oddities", "transience", "cause", "scope",
  "action", "settles", "closes", "waiting", "basis", "rule" }

local function print_json(page, found, name)
  for _, item in ipairs(found) do
    local verdict = judge(item)
    local object = { file = name and text.valid(name), stage = item.stage, text = text.valid(item.reply.text),
      malformed = item.reply.malformed, oddities = item.reply.oddities }
    for _, key in ipairs(keys) do object[key] = object[key] or verdict[key] end
    page:line(json.encode(object, { keyorder = keys }))
  end
end

-- The bytes of a file; nil and why not. A directory opens, but gives no bytes.
local function read_file(name, input)
  if name == "-" then return input:read("*a") end
  local file, message = io.open(name, "rb")
  if not file then return nil, message end
  local bytes, why = file:read("*a")
  file:close()
  return bytes, why and name .. ": " .. why
end

local function print_file(page, name, request)
  local bytes, message = read_file(name, request.input)
  if not bytes then
    request.complain("unreadable", message)
    return 1
  end
  local found = recording.read(bytes, request.stage)
  local called = name == "-" and request.words.standard_input or name
  if #found == 0 then request.complain("no_replies", called) return 0 end
  if request.json then print_json(page, found, name ~= "-" and name or nil) return 0 end
  if #request.files > 1 then page:title(text.printable(called)) end
  print_table(page, found, request.words)
  return 0
end

--- Reads request.files, standard input when there are none. Gives the exit status.
return function(page, request)
  local status = 0
  if #request.files == 0 then request.files = { "-" } end
  for _, name in ipairs(request.files) do status = math.max(status, print_file(page, name, request)) end
  return status
end
