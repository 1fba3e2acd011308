-- A Lua value as a line, the same that spec/cbor/peer.py and peer.js write for it: keys sorted, text quoted with what is not
-- printable ASCII as \xHH, byte strings as h'...', an enhanced status as the array that it is in CBOR.

local cbor = require "replycode.cbor"
local items = require "spec.tools.items"

local notation = {}

local function hexadecimal(format)
  return function(byte) return format:format(byte:byte()) end
end

local escaped, plain = hexadecimal "\\x%02x", hexadecimal "%02x"

local function string_line(value)
  if items.is_utf8(value) then return '"' .. value:gsub("[^ !#-[%]^-~]", escaped) .. '"' end
  return "h'" .. value:gsub(".", plain) .. "'"
end

local function number_line(value)
  if value ~= value then return "nan" end
  if value == 1 / 0 or value == -1 / 0 then return value > 0 and "inf" or "-inf" end
  if value == 0 and 1 / value < 0 then return "-0" end
  if value ~= math.floor(value) or value >= 2 ^ 64 or value < -2 ^ 64 then
    return (("%.16e"):format(value):gsub(",", "."))   -- the locale's point
  end
  if value < 2 ^ 63 and value >= -2 ^ 63 then return ("%d"):format(value) end
  return ("%.0f"):format(value)
end

local function is_list(value)
  local count = 0
  for _ in pairs(value) do count = count + 1 end
  return count == #value
end

local function list_line(value)
  local parts = {}
  for at, inside in ipairs(value) do parts[at] = notation.of(inside) end
  return "[" .. table.concat(parts, ", ") .. "]"
end

local status_keys = { enhanced = true, guess = true }

local function field_line(key, value)
  if status_keys[key] and type(value) == "string" and value:find("^[245]%.%d+%.%d+$") then
    return "[" .. value:gsub("%.", ", ") .. "]"
  end
  return notation.of(value)
end

local function map_line(value)
  local parts = {}
  for key, inside in pairs(value) do parts[#parts + 1] = notation.of(key) .. ": " .. field_line(key, inside) end
  table.sort(parts, items.is_before)
  return "{" .. table.concat(parts, ", ") .. "}"
end

function notation.of(value)
  if value == cbor.null then return "null" end
  if type(value) == "string" then return string_line(value) end
  if type(value) == "number" then return number_line(value) end
  if type(value) == "table" then return is_list(value) and list_line(value) or map_line(value) end
  return tostring(value)
end

return notation
