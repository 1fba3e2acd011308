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

--- Text without the mark that some editors put in front of UTF-8.
function file.without_mark(bytes)
  return (bytes:gsub("^\239\187\191", ""))
end

return file
