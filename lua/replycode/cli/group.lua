--- `replycode read --group`: how often replies came that say the same, but for whom they were said to.

local json = require "replycode.cli.json"
local log = require "replycode.log"
local text = require "replycode.cli.text"

local group = {}
group.__index = group

function group.new()
  return setmetatable({ by_key = {}, list = {} }, group)
end

--- Counts a record.
function group:add(record)
  local template, fingerprint = log.redact(record.text)
  local key = ("%s %s %s"):format(record.code or "-", record.cause, template)
  local found = self.by_key[key]
  if not found then
    found = { count = 0, code = record.code, cause = record.cause, template = text.valid(template),
      fingerprint = fingerprint }
    self.by_key[key], self.list[#self.list + 1] = found, found
  end
  found.count = found.count + 1
end

-- The most frequent first, then as they came.
local function sorted(list)
  local order = {}
  for at, found in ipairs(list) do order[found] = at end
  table.sort(list, function(a, b)
    if a.count ~= b.count then return a.count > b.count end
    return order[a] < order[b]
  end)
  return list
end

local function row_of(found)
  return { tostring(found.count), tostring(found.code or "-"), found.cause, text.printable(found.template) }
end

local function print_table(page, list, words)
  local rows = { { words.count_column, words.code_column, words.cause_column, words.template_column, style = "bold" } }
  for _, found in ipairs(list) do rows[#rows + 1] = row_of(found) end
  if #list > 0 then page:table(rows, 0, true) end
end

--- Prints the groups: `write` takes each, else they are lines of JSON or a table.
function group:print(page, request, write)
  local list = sorted(self.list)
  if not write and not request.json then return print_table(page, list, request.words) end
  for _, found in ipairs(list) do
    if write then write(found) else page:line(json.line(found)) end
  end
end

return group
