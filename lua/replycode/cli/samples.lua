--- Samples from a table of tab-separated values: a header line that names columns, then a reply a line and what is expected.

local replycode = require "replycode"
local file = require "replycode.cli.file"
local text = require "replycode.cli.text"

local samples = {}

-- What is given beside the reply, what a verdict may be expected to have, and room for remarks.
local given = { "stage", "host", "accepted" }
local expected = { "code", "enhanced", "malformed", "transience", "cause", "also", "scope", "action", "settles", "closes",
  "waiting", "retry_after", "provider", "blocklist", "basis", "rule" }

local function set_of(...)
  local set = {}
  for _, list in ipairs { ... } do
    for _, name in ipairs(list) do set[name] = true end
  end
  return set
end

local is_given = set_of(given)
local is_column = set_of({ "reply", "note" }, given, expected)

local function fail(words, row, key, ...)
  error({ row = row, message = words[key]:format(...) }, 0)
end

-- ---- Cells ----------------------------------------------------------------------------------------------------------

-- Empty cells count.
local function split(line)
  local cells = {}
  for cell in (line .. "\t"):gmatch("([^\t]*)\t") do cells[#cells + 1] = cell end
  return cells
end

local function trim(cell)
  return (cell:gsub("^ +", ""):gsub(" +$", ""))
end

local escapes = { r = "\r", n = "\n", t = "\t", ["\\"] = "\\" }

-- \r \n \t \\ and \xNN, as `explain` shows a byte that is no text.
local function unescape(cell, row, words)
  return (cell:gsub("\\(x?)(.?)(%x?)", function(hex, first, second)
    if hex == "" and escapes[first] then return escapes[first] .. second end
    local byte = hex == "x" and tonumber(first .. second, 16)
    if not byte or second == "" then fail(words, row, "bad_escape", "\\" .. hex .. first) end
    return string.char(byte)
  end))
end

local function number(cell)
  return cell:find("^%d+$") and #cell < 10 and tonumber(cell) or cell
end

local booleans = { ["true"] = true, yes = true, ["false"] = false, no = false }

local convert = { code = number, retry_after = number, accepted = number }

function convert.closes(cell)
  local value = booleans[text.fold(cell)]
  if value == nil then return cell end
  return value
end

-- ---- Rows -----------------------------------------------------------------------------------------------------------

local function read_header(line, words)
  local columns, seen = {}, {}
  for at, cell in ipairs(split(line)) do
    local name = text.fold(trim(cell))
    if not is_column[name] then fail(words, 1, "bad_column", name, table.concat(samples.columns, ", ")) end
    if seen[name] then fail(words, 1, "twice", name) end
    columns[at], seen[name] = name, true
  end
  if not seen.reply then fail(words, 1, "no_reply_column") end
  return columns
end

local function check_stage(slug, row, words)
  local entry = replycode.describe(slug, { kind = "stage" })
  if not entry or entry.slug ~= slug then fail(words, row, "bad_stage", slug) end
end

-- "-" expects that the verdict has no such field; so does the "no" of `closes`.
local function expect(sample, name, value)
  sample.expect[name] = value ~= "-" and value
end

local function give(sample, name, value, words)
  if value == "-" then return end
  if name == "stage" then check_stage(value, sample.row, words) end
  if name == "accepted" and type(value) ~= "number" then fail(words, sample.row, "bad_count", value) end
  sample[name] = value
end

local function set_cell(sample, name, cell, words)
  if name == "reply" then
    sample.shown, sample.reply = cell, unescape(cell, sample.row, words)
    return
  end
  local value = trim(cell)
  if value == "" or name == "note" then return end
  if convert[name] then value = convert[name](value) end
  if name == "stage" then value = text.fold(value) end
  if is_given[name] then give(sample, name, value, words) else expect(sample, name, value) end
end

local function read_row(line, row, columns, words)
  local cells, sample = split(line), { row = row, expect = {} }
  if #cells > #columns then fail(words, row, "many_cells", #cells, #columns) end
  for at, cell in ipairs(cells) do set_cell(sample, columns[at], cell, words) end
  if not sample.reply or sample.reply == "" then fail(words, row, "no_reply") end
  return sample
end

local function read_rows(bytes, words)
  local list, columns, row = {}, nil, 0
  for line in (file.without_mark(bytes) .. "\n"):gmatch("([^\n]*)\n") do
    row, line = row + 1, line:gsub("\r$", "")
    if not columns then columns = read_header(line, words)
    elseif line:find("[^ \t]") then list[#list + 1] = read_row(line, row, columns, words) end
  end
  return list
end

-- ---- Module ---------------------------------------------------------------------------------------------------------

--- The columns a header may name.
samples.columns = { "reply", "stage", "host", "accepted", "note" }
for _, name in ipairs(expected) do samples.columns[#samples.columns + 1] = name end

--- Samples as `classifier:check` takes them, with `row`, the line of the file, and `shown`, the reply as it stands there.
--- Nil, what is wrong, and the row where it is.
function samples.read(bytes, words)
  local ok, result = pcall(read_rows, bytes, words)
  if ok then return result end
  if type(result) ~= "table" then error(result, 0) end
  return nil, result.message, result.row
end

return samples
