--- The bytes of a file, or of standard input.

local file = {}

--- The bytes of the file of this name, those of `input` for "-". Nil and why not: a directory opens, but gives no bytes.
function file.read(name, input)
  if name == "-" then return input:read("*a") end
  local handle, message = io.open(name, "rb")
  if not handle then return nil, message end
  local bytes, why = handle:read("*a")
  handle:close()
  return bytes, why and name .. ": " .. why
end

-- Bytes of a part.
local part = 65536

local function each_of(handle, take)
  local bytes, message = handle:read(part)
  while bytes and not take(bytes) do bytes, message = handle:read(part) end
  return not message, message
end

--- Calls take(bytes) with part after part of the file of this name, of `input` for "-", until it gives true.
--- False and why when the file cannot be read.
function file.each_part(name, input, take)
  if name == "-" then return each_of(input, take) end
  local handle, message = io.open(name, "rb")
  if not handle then return false, message end
  local ok, why = each_of(handle, take)
  handle:close()
  return ok, why and name .. ": " .. why
end

--- Text without the mark that some editors put in front of UTF-8.
function file.without_mark(bytes)
  return (bytes:gsub("^\239\187\191", ""))
end

return file
