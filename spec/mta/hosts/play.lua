-- Plays one side of a recorded session ("C: " and "S: " lines) on 127.0.0.1:
--   play.lua server PORT FILE [TIMES]   what the server sent; for each line of the client it waits for one line
--   play.lua client PORT FILE           the other way round; prints what the server sent
local socket = require "socket"

local side, port, file, times = arg[1], tonumber(arg[2]), arg[3], tonumber(arg[4] or 1)
local mine = side == "server" and "S" or "C"

local function play(peer)
  peer:settimeout(10)
  for line in io.lines(file) do
    local who, text = line:match("^([CS]): ?([^\r]*)")
    if who == mine then
      assert(peer:send(text .. "\r\n"))
    elseif who then
      local got = assert(peer:receive("*l"))
      if side == "client" then print((got:gsub("\r$", ""))) end
    end
  end
  peer:close()
end

if side == "client" then
  play(assert(socket.connect("127.0.0.1", port)))
else
  local listener = assert(socket.bind("127.0.0.1", port))
  listener:settimeout(60)
  io.stdout:write("listening\n"):flush()
  for _ = 1, times do play(assert(listener:accept())) end
end
