--- What `read` tells of a reply: its verdict and what is known beside it, in one flat table. It is a row of a table, a
--- line of JSON or a value of CBOR; `decode` has it from anywhere.

local text = require "replycode.cli.text"
local verdicts = require "replycode.cli.verdict"

local record = {}

--- The fields in the order of JSON.
record.keys = { "file", "stage", "code", "enhanced", "text", "malformed", "oddities", "transience", "cause", "also",
  "scope", "action", "settles", "closes", "waiting", "retry_after", "provider", "blocklist", "basis", "rule" }

--- The record of a reply from a recording. `name`: its file, nil for standard input.
function record.of(item, request, name)
  local verdict = request.classifier:classify(item.reply,
    { stage = item.stage, accepted = item.accepted, host = request.host })
  local object = { file = name, stage = item.stage, text = item.reply.text, malformed = item.reply.malformed,
    oddities = item.reply.oddities }
  for _, key in ipairs(record.keys) do object[key] = object[key] or verdict[key] end
  return object
end

-- ---- Values of others -----------------------------------------------------------------------------------------------

local function is_text(value) return type(value) == "string" end

local function is_count(value)
  return type(value) == "number" and value >= 0 and value < 2 ^ 31 and value % 1 == 0
end

-- What is printed of a record, and what has to be there.
local shown = { file = is_text, stage = is_text, code = is_count, enhanced = is_text, transience = is_text,
  cause = is_text, action = is_text, retry_after = is_count, settles = is_text, provider = is_text,
  blocklist = is_text }
local required = { "transience", "cause", "action" }

--- Whether a value can be printed as a record.
function record.is_one(value)
  if type(value) ~= "table" then return false end
  for _, key in ipairs(required) do
    if value[key] == nil then return false end
  end
  for key, fits in pairs(shown) do
    if value[key] ~= nil and not fits(value[key]) then return false end
  end
  return true
end

-- ---- Rows -----------------------------------------------------------------------------------------------------------

local styles = { transient = "yellow", permanent = "red" }

-- Who speaks and which list stand with the cause, seldom; how long to wait with the action.
local function cause_of(object)
  local names = { object.provider }
  names[#names + 1] = object.blocklist
  return #names > 0 and ("%s (%s)"):format(object.cause, table.concat(names, ", ")) or object.cause
end

local function action_of(object, words)
  if not object.retry_after then return object.action end
  return ("%s (%s)"):format(object.action, verdicts.duration(object.retry_after, words))
end

--- The heading of a table of records.
function record.head(words)
  return { words.stage_column, words.code_column, words.status_column, words.lasts_column, words.cause_column,
    words.action_column, words.settles_column, style = "bold" }
end

--- A row of that table.
function record.row(object, words)
  local row = { object.stage or "-", tostring(object.code or "-"), object.enhanced or "-", object.transience,
    cause_of(object), action_of(object, words), object.settles or "-", style = styles[object.transience] }
  for at, cell in ipairs(row) do row[at] = text.printable(cell) end
  return row
end

return record
