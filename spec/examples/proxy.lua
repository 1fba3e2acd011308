-- An SMTP proxy that says what the server's failures mean, and can answer otherwise.
--
--     lua5.4 proxy.lua [HOST:]PORT UPSTREAM_HOST:PORT [--policy FILE] [--lmtp] [--timeout SECONDS]
--
-- Every byte passes unchanged, in order and at once, pipelined or not. Each reply that is no plain success is a line on
-- stdout. The timeout, 900 seconds when not said, ends a session in which nothing moves. Port 0 takes a free one.
--
-- A policy is a Lua file that returns a function. It gets the exchange of each whole reply (replycode.session) and
-- gives nil, or the reply that the client gets instead. With a policy, replies pass when they are whole. Replace like
-- by like: the server keeps to what it said, so a refusal in place of its 250 delivers the mail all the same.
--
-- After 220 to STARTTLS the bytes are encrypted: they pass, and nothing is judged or replaced any more. Bytes that came
-- with the 220 pass as well; a line says that they were injected. A server, or a policy, that does not offer STARTTLS
-- in its reply to EHLO keeps the session readable.

local cqueues = require "cqueues"
local errno = require "cqueues.errno"
local promise = require "cqueues.promise"
local signal = require "cqueues.signal"
local socket = require "cqueues.socket"
local replycode = require "replycode"
local sessions = require "replycode.session"

local CHUNK = 16384    -- bytes on their way in one direction; no more is read before the other side has taken them
local SESSIONS = 400   -- at once; whoever comes next waits in the kernel's queue. A session has two file descriptors
local CONNECTING = 30  -- seconds for the connection to the upstream
local LINGER = 10      -- seconds in which a client may still speak when the server has closed
local USAGE = "usage: proxy.lua [HOST:]PORT UPSTREAM_HOST:PORT [--policy FILE] [--lmtp] [--timeout SECONDS]\n"

local function log(...) io.stderr:write("proxy: ", string.format(...), "\n") end

-- ---- Verdicts -------------------------------------------------------------------------------------------------------

-- What came off the wire must not break the line it stands in.
local function word(text) return (text:gsub("[^\33-\126\128-\255]", "?")) end

local function is_plain(exchange)
  return exchange.reply and exchange.verdict.transience == "none" and not exchange.unusual and not exchange.in_doubt
end

local function verdict_line(id, exchange, instead)
  local reply, verdict = exchange.reply or {}, exchange.verdict or {}
  local line = { "session=" .. id }
  local function add(name, value) if value then line[#line + 1] = name .. "=" .. word(tostring(value)) end end
  add("stage", exchange.stage)
  add("recipient", exchange.recipient and "<" .. exchange.recipient .. ">")
  add("code", reply.code or exchange.missing and "missing" or reply.malformed)
  add("status", reply.enhanced)
  add("cause", verdict.cause)
  add("action", verdict.action)
  add("unusual", exchange.unusual and table.concat(exchange.unusual, ","))
  add("in_doubt", exchange.in_doubt)
  add("instead", instead and instead:sub(1, 3))
  return table.concat(line, " ")
end

-- The policy's reply with its line end, nil when it has none. Its mistakes must not reach the client.
local function ask(policy, exchange)
  local ok, text = pcall(policy, exchange)
  if not ok then return log("the policy failed: %s", tostring(text)) end
  if text == nil then return nil end
  if type(text) ~= "string" then return log("the policy gave a %s, expected a reply or nil", type(text)) end
  if text:sub(-2) ~= "\r\n" then text = text .. "\r\n" end
  local reply, after = replycode.parse(text)
  if reply.malformed or reply.oddities or after <= #text then return log("the policy's reply is none: %q", text) end
  return text
end

-- ---- Replies --------------------------------------------------------------------------------------------------------

-- What the server sends on its way to the client. `held` are the bytes of the reply that is not whole yet; only with a
-- policy do they wait.
local replies = {}
replies.__index = replies

function replies.new(id, policy, protocol)
  return setmetatable({ id = id, policy = policy, session = sessions.new{ protocol = protocol }, held = "" }, replies)
end

function replies:judge(exchange)
  local instead = self.policy and exchange.reply and ask(self.policy, exchange)
  if instead or not is_plain(exchange) then print(verdict_line(self.id, exchange, instead)) end
  return instead
end

-- The bytes for the client in place of the reply's own. Where these are not what is held first, as in a reply that is
-- too long to be judged whole, nothing is replaced from there on.
function replies:pass(exchange)
  local instead = self:judge(exchange)
  local raw = exchange.reply.raw
  if exchange.reply.malformed == "too_long" or self.held:sub(1, #raw) ~= raw then self.policy = nil end
  if not self.policy then return "" end
  self.held = self.held:sub(#raw + 1)
  return instead or raw
end

local function starts_tls(exchange)
  return exchange.stage == "starttls" and exchange.reply.code == 220
end

-- The bytes for the client of those that came from the server.
function replies:server(bytes)
  if self.opaque then return bytes end
  local passed = {}
  self.held = self.held .. bytes
  for exchange in self.session:server(bytes) do
    passed[#passed + 1] = self:pass(exchange)
    if starts_tls(exchange) then self.opaque, self.policy = true, nil end
  end
  if not self.policy then passed[#passed + 1], self.held = self.held, "" end
  return table.concat(passed)
end

function replies:client(bytes)
  if not self.opaque then self.session:client(bytes) end
end

-- The server is gone: judges what is left and gives the bytes that the client did not get yet.
function replies:finish()
  self.policy = nil
  if not self.opaque then
    for exchange in self.session.finish, self.session do self:judge(exchange) end
  end
  return self.held
end

-- ---- Connections ----------------------------------------------------------------------------------------------------

-- Two sockets, and the time at which something moved last on either: a server is silent while a message comes.
local connection = {}
connection.__index = connection

local function prepare(peer)
  peer:setmode("bn", "bn")
  peer:onerror(function(_, _, why) return why end)
  return peer
end

function connection.new(client, to, replying, patience)
  local upstream = socket.connect{ host = to.host, port = to.port, nodelay = true }
  return setmetatable({ client = prepare(client), upstream = prepare(upstream), to = to, replies = replying,
    patience = patience, last = cqueues.monotime() }, connection)
end

-- The next bytes, or nil at the end of the stream, for which cqueues also says EPIPE. An error or a timeout ends both
-- directions.
function connection:receive(peer)
  while true do
    local bytes, why = peer:recv(-CHUNK)
    if bytes then self.last = cqueues.monotime() return bytes end
    if not why or why == errno.EPIPE then return nil end
    local left = self.last + self.patience - cqueues.monotime()
    if why ~= errno.EAGAIN or left <= 0 then return self:hang_up() end
    cqueues.poll(peer, math.min(left, LINGER / 2))
  end
end

function connection:chunks(peer) return function() return self:receive(peer) end end

function connection:send(peer, bytes)
  if bytes == "" then return true end
  local sent = peer:xwrite(bytes, "bn", self.patience)
  if sent then self.last = cqueues.monotime() else self:hang_up() end
  return sent
end

-- Nothing more is read, so both directions come to their end; what is held can still go to the client.
function connection:hang_up()
  self.client:shutdown("r")
  self.upstream:shutdown("rw")
end

function connection:commands()
  for bytes in self:chunks(self.client) do
    self.replies:client(bytes)
    if not self:send(self.upstream, bytes) then return end
  end
  self.upstream:shutdown("w")
end

function connection:answers()
  local open = true
  for bytes in self:chunks(self.upstream) do
    open = self:send(self.client, self.replies:server(bytes))
    if not open then break end
  end
  local rest = self.replies:finish()
  if open then self:send(self.client, rest) end
  self.client:shutdown("w")
  self.patience = math.min(self.patience, LINGER)
end

-- RFC 5321 section 3.8. The client's bytes are read to their end: closing on unread ones could cost it the reply.
function connection:refuse()
  self.patience = math.min(self.patience, LINGER)
  self:send(self.client, "421 4.4.1 " .. self.to.host .. " Mail server not reached, try again later\r\n")
  self.client:shutdown("w")
  for _ in self:chunks(self.client) do end -- luacheck: ignore 542
end

function connection:run()
  local ok, why = self.upstream:connect(math.min(self.patience, CONNECTING))
  self.last = cqueues.monotime()
  if not ok then
    log("session=%d cannot reach %s:%d: %s", self.replies.id, self.to.host, self.to.port, errno.strerror(why))
    return self:refuse()
  end
  local commands = promise.new(self.commands, self)
  self:answers()
  commands:get()
end

function connection:close()
  self.client:close()
  self.upstream:close()
end

-- ---- Program --------------------------------------------------------------------------------------------------------

local function usage()
  io.stderr:write(USAGE)
  os.exit(2)
end

local function address(text)
  local host, port = text:match("^%[?(.-)%]?:(%d+)$")
  if not host then usage() end
  return { host = host, port = tonumber(port) }
end

local function options(arguments)
  local given, places, at = { patience = 900 }, {}, 1
  local function value()
    at = at + 1
    return arguments[at] or usage()
  end
  while arguments[at] do
    local argument = arguments[at]
    if argument == "--policy" then given.policy = assert(loadfile(value()))()
    elseif argument == "--lmtp" then given.protocol = "lmtp"
    elseif argument == "--timeout" then given.patience = tonumber(value()) or usage()
    elseif argument:sub(1, 1) == "-" then usage()
    else places[#places + 1] = argument end
    at = at + 1
  end
  if #places ~= 2 then usage() end
  given.from, given.to = address((places[1]:gsub("^%d+$", "127.0.0.1:%0"))), address(places[2])
  return given
end

-- Accepts for ever. When accepting fails, for want of descriptors say, it tries again.
local function serve(server, given)
  local loop, count, open = cqueues.running(), 0, 0
  local function run(client, id)
    local self = connection.new(client, given.to, replies.new(id, given.policy, given.protocol), given.patience)
    local ok, why = pcall(self.run, self)
    if not ok then log("session=%d broke: %s", id, tostring(why)) end
    self:close()
    open = open - 1
  end
  while true do
    local client = open < SESSIONS and server:accept{ nodelay = true }
    if client then
      count, open = count + 1, open + 1
      loop:wrap(run, client, count)
    else
      cqueues.sleep(0.1)
    end
  end
end

local function main(arguments)
  local given, loop, ended = options(arguments), cqueues.new(), false
  signal.ignore(signal.SIGPIPE)
  signal.block(signal.SIGTERM, signal.SIGINT)
  local signals = signal.listen(signal.SIGTERM, signal.SIGINT)
  io.stdout:setvbuf("line")
  local server = socket.listen{ host = given.from.host, port = given.from.port, reuseaddr = true }
  assert(server:listen())
  server:onerror(function(_, _, why) return why end)
  local _, host, port = server:localname()
  print("listening on " .. host .. ":" .. port)
  loop:wrap(serve, server, given)
  loop:wrap(function()
    signals:wait()
    ended = true
  end)
  while not ended do
    local ok, why = loop:step()
    if not ok then log("%s", tostring(why)) end
  end
end

main(arg)
