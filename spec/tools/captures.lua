-- Recorded sessions: lines of a .txt marked "C: ", "S: " or "#: " (spec/replies/MANIFEST.md), as events for a dialogue.

local read_file = require "spec.tools.read_file"

local captures = {}

-- Names without ".txt" of the sessions below a folder that have the server's bytes beside them.
function captures.names(folder)
  local pipe, found = assert(io.popen("cd '" .. folder .. "' && find . -name '*.raw' | sort")), {}
  for path in pipe:lines() do found[#found + 1] = path:match("^%./(.*)%.raw$") end
  pipe:close()
  return found
end

function captures.raw(folder, name)
  return read_file(folder .. "/" .. name .. ".raw")
end

-- A message that the recorder left out: "client sends N bytes of message (left out here)".
local function left_out(note)
  local size = note:match("^client sends ([0-9]+) bytes of message")
  return size and (("z"):rep(70) .. "\r\n"):rep(math.floor(size / 72))
end

local function add_note(events, note)
  if note:find("^TLS handshake done") then events[#events + 1] = { who = "secured", bytes = "" } end
  if left_out(note) then events[#events + 1] = { who = "client", bytes = left_out(note) } end
end

local who = { C = "client", S = "server" }

-- What the recorder still wrote behind "connection closed" was never sent.
function captures.events(folder, name)
  local events = {}
  for line in read_file(folder .. "/" .. name .. ".txt"):gmatch("[^\n]*\n?") do
    local mark, bytes = line:match("^([CS#]): ?(.*)$")
    if mark == "#" then
      if bytes:find("^connection closed") then break end
      add_note(events, bytes)
    elseif mark then
      events[#events + 1] = { who = who[mark], bytes = bytes }
    end
  end
  return events
end

return captures
