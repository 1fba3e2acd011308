--- A value as a line of JSON: keys of records in their order, then all others by their bytes.

local dkjson = require "dkjson"
local record = require "replycode.cli.record"
local text = require "replycode.cli.text"

local json = {}

local is_known = {}
for _, key in ipairs(record.keys) do is_known[key] = true end

-- Strings compare by locale, bytes do not.
local function is_less(a, b)
  local at = 1
  while at <= #a and a:byte(at) == b:byte(at) do at = at + 1 end
  return (a:byte(at) or -1) < (b:byte(at) or -1)
end

local function order_of(object)
  local order, others = {}, {}
  for _, key in ipairs(record.keys) do
    if object[key] ~= nil then order[#order + 1] = key end
  end
  for key in pairs(object) do
    if not is_known[key] then others[#others + 1] = key end
  end
  table.sort(others, is_less)
  for _, key in ipairs(others) do order[#order + 1] = key end
  return order
end

local function is_list(value)
  local count = 0
  for _ in pairs(value) do count = count + 1 end
  for at = 1, count do
    if value[at] == nil then return false end
  end
  return true
end

local fit

local function fit_list(value, null)
  local list = {}
  for at, item in ipairs(value) do list[at] = fit(item, null) end
  return list
end

local function fit_object(value, null)
  local object = {}
  for key, item in pairs(value) do object[text.valid(tostring(key))] = fit(item, null) end
  return setmetatable(object, { __jsontype = "object", __jsonorder = order_of(object) })
end

-- A copy that JSON can hold: what is no UTF-8 as \xNN.
function fit(value, null)
  if null ~= nil and value == null then return dkjson.null end
  if type(value) == "string" then return text.valid(value) end
  if type(value) ~= "table" then return value end
  return is_list(value) and fit_list(value, null) or fit_object(value, null)
end

--- The line of a value, without its end. `null` stands for JSON's null, nothing does without it.
function json.line(value, null)
  return dkjson.encode(fit(value, null))
end

return json
