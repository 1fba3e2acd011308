-- Clients and a server of a few lines, on loopback, with the proxy of spec/examples between them as a process.

local cqueues = require "cqueues"
local promise = require "cqueues.promise"
local socket = require "cqueues.socket"

local lua = os.getenv("REPLYCODE_LUA") or "5.4"
local program = lua == "jit" and "luajit" or "lua" .. lua
local SECONDS = 20

local function quiet(peer)
  peer:setmode("bn", "bn")
  peer:onerror(function(_, _, why) return why end)
  return peer
end

-- ---- The proxy as a process -----------------------------------------------------------------------------------------

local process = {}
process.__index = process

local running = {}

-- Waits until `condition` gives something, which it returns.
local function await(condition, seconds)
  local deadline = cqueues.monotime() + seconds
  while true do
    local value = condition()
    if value or cqueues.monotime() > deadline then return value end
    cqueues.sleep(0.01)
  end
end

-- The shell writes the proxy's process id for us, and its exit status behind all that the proxy said.
local LINE = "exec 3>&1; { %s spec/examples/proxy.lua 0 127.0.0.1:%d %s 3>&- & echo $! >&3; wait $!; " ..
  "echo exit $?; } > %s 2>&1 &"

local function start(upstream, options)
  local output = os.tmpname()
  local pipe = assert(io.popen(LINE:format(program, upstream, options or "", output)))
  local self = setmetatable({ output = output, pid = pipe:read("*l") }, process)
  pipe:close()
  running[self] = true
  self.port = await(function() return tonumber(self:said():match("^listening on 127%.0%.0%.1:(%d+)\n")) end, SECONDS)
  assert(self.port, self:said())
  return self
end

function process:said()
  local file = assert(io.open(self.output, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

function process:memory()
  local file = io.open("/proc/" .. self.pid .. "/status", "rb")
  local text = file and file:read("*a") or ""
  if file then file:close() end
  return tonumber(text:match("VmRSS:%s*(%d+)"))
end

-- Ends it; gives what it said after its first line.
function process:stop(name)
  running[self] = nil
  os.execute("kill -" .. (name or "TERM") .. " " .. self.pid)
  local said = await(function() return self:said():match("^[^\n]*\n(.*)exit 0\n$") end, 5)
  assert(said, "the proxy did not end well: " .. self:said())
  os.remove(self.output)
  return said
end

-- Ends what a failed spec left behind.
local function clean()
  for self in pairs(running) do os.execute("kill " .. self.pid) end
  running = {}
end

-- ---- Talking through it ---------------------------------------------------------------------------------------------

-- Runs functions side by side until all are through.
local function together(list)
  local loop = cqueues.new()
  for _, each in ipairs(list) do loop:wrap(each) end
  assert(loop:loop(SECONDS))
  assert(loop:empty(), "not through in time")
end

local function listen()
  local server = socket.listen{ host = "127.0.0.1", port = 0 }
  assert(server:listen())
  local _, _, port = server:localname()
  return quiet(server), port
end

local function connect(port)
  local peer = quiet(socket.connect{ host = "127.0.0.1", port = port, nodelay = true })
  assert(peer:connect(SECONDS))
  return peer
end

local function send(peer, bytes) return peer:xwrite(bytes, "bn", SECONDS) end

local function read_all(peer)
  local parts = {}
  for part in function() return peer:xread(-65536, "bn", SECONDS) end do parts[#parts + 1] = part end
  return table.concat(parts)
end

local function read(peer, count)
  local bytes = ""
  while #bytes < count do
    local part = peer:xread(-(count - #bytes), "bn", SECONDS)
    if not part then break end
    bytes = bytes .. part
  end
  return bytes
end

local function read_line(peer)
  local line = ""
  repeat
    local byte = read(peer, 1)
    line = line .. byte
  until byte == "" or byte == "\n"
  return line
end

-- ---- Whole conversations --------------------------------------------------------------------------------------------

-- The same numbers on every Lua.
local function random_numbers(seed)
  return function(limit)
    seed = (seed * 16807) % 2147483647
    return seed % limit + 1
  end
end

local function send_cut(peer, bytes, random)
  local at = 1
  while at <= #bytes do
    local size = random(4) == 1 and random(2000) or random(12)
    send(peer, bytes:sub(at, at + size - 1))
    at = at + size
    if random(8) == 1 then cqueues.sleep(0.001) end
  end
end

-- Sends and reads at the same time, to both ends; gives what came.
local function swap(peer, bytes, seed)
  local sending = promise.new(function()
    send_cut(peer, bytes, random_numbers(seed))
    peer:shutdown("w")
  end)
  local came = read_all(peer)
  sending:get()
  return came
end

-- A server that gives one reply after the other, a line read between them.
local function answer(peer, replies)
  for _, reply in ipairs(replies) do
    send(peer, reply)
    read_line(peer)
  end
  read_all(peer)
end

-- A client that waits for a line before each command; gives all that came.
local function ask(peer, commands)
  local came = ""
  for _, command in ipairs(commands) do
    came = came .. read_line(peer)
    send(peer, command)
  end
  peer:shutdown("w")
  return came .. read_all(peer)
end

-- A proxy before `serve(peer)`, with `talk(peer)` through it; gives what the proxy said.
local function through(options, serve, talk)
  local server, port = listen()
  local proxy = start(port, options)
  local ok, why = pcall(together, {
    function()
      local peer = quiet(server:accept{ nodelay = true })
      serve(peer, proxy)
      peer:close()
    end,
    function()
      local peer = connect(proxy.port)
      talk(peer, proxy)
      peer:close()
    end,
  })
  server:close()
  local said = proxy:stop()
  assert(ok, why)
  return said
end

-- The same with a policy: the body of a function of `exchange`.
local function through_policy(body, serve, talk, options)
  local name = os.tmpname()
  local file = assert(io.open(name, "wb"))
  file:write("return function(exchange) ", body, " end\n")
  file:close()
  local said = through("--policy " .. name .. " " .. (options or ""), serve, talk)
  os.remove(name)
  return said
end

return {
  await = await, start = start, clean = clean, together = together, listen = listen, quiet = quiet, connect = connect,
  send = send, read = read, read_line = read_line, read_all = read_all, send_cut = send_cut, swap = swap,
  answer = answer, ask = ask, through = through, through_policy = through_policy, random_numbers = random_numbers,
}
