--- W2: the 4yz and 5yz replies of the files named. A file *.tsv is a table with a column "reply" in which \r and \n are
--- written out; all others hold replies as on the wire. As a program it writes them: the size on a line, then the bytes.
local replycode = require "replycode"

local w2 = {}

local function read(name)
  local file = assert(io.open(name, "rb"))
  local bytes = file:read("*a")
  file:close()
  return bytes
end

local function add_failures(replies, bytes)
  local first = 1
  while first <= #bytes do
    local reply, next_first = replycode.parse(bytes, first)
    if reply.code and reply.code >= 400 and reply.code < 600 then replies[#replies + 1] = reply.raw end
    first = next_first
  end
end

local function columns(line)
  local cells = {}
  for cell in (line .. "\t"):gmatch("([^\t]*)\t") do cells[#cells + 1] = cell end
  return cells
end

local function add_failures_of_table(replies, text)
  local at
  for line in text:gmatch("[^\n]+") do
    local cells = columns(line)
    if at then add_failures(replies, (cells[at]:gsub("\\r", "\r"):gsub("\\n", "\n"))) end
    for column, name in ipairs(at and {} or cells) do at = name == "reply" and column or at end
  end
end

function w2.load(names)
  local replies = {}
  for _, name in ipairs(names) do
    local add = name:find("%.tsv$") and add_failures_of_table or add_failures
    add(replies, read(name))
  end
  return replies
end

if arg and arg[0] and arg[0]:find("w2%.lua$") then
  for _, reply in ipairs(w2.load(arg)) do io.write(#reply, "\n", reply) end
end

return w2
