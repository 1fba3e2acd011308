--- Pairs what a server says with what the client asked, in SMTP and LMTP, and judges each reply with what the session
--- knows: stage, host, recipients accepted, the refusal that an echo repeats.
---
--- ```lua
--- local session = require "replycode.session"
--- local s = session.new()
--- for exchange in s:server("220 mx.example.org ESMTP\r\n") do print(exchange.stage) end  --> connect
--- s:client("EHLO client.example.org\r\n")
--- ```

local replycode = require "replycode"
local capabilities = require "replycode.session.capabilities"
local client = require "replycode.session.client"
local open = require "replycode.session.open"
local pairing = require "replycode.session.pairing"
local transaction = require "replycode.session.transaction"

local session = { capabilities = capabilities }
local methods = {}

-- ---- The caller's mistakes --------------------------------------------------------------------------------------------

local function check(self)
  if not self.stream then error("the session is closed", 3) end
end

local function check_string(value, name)
  if type(value) == "string" then return end
  error(("bad argument #1 to '%s' (expected a string, found %s)"):format(name, type(value)), 3)
end

local function is_count(value, least, most)
  return type(value) == "number" and value >= least and value <= most and value % 1 == 0
end

local function count(least, most)
  return { ("an integer from %d to %d"):format(least, most), function(value) return is_count(value, least, most) end }
end

local function is_classifier(value)
  return type(value) == "userdata" and type(value.classify) == "function"
end

local checks = {
  protocol = { "'smtp' or 'lmtp'", function(value) return value == "smtp" or value == "lmtp" end },
  classifier = { "a classifier", is_classifier },
  host = { "a string", function(value) return type(value) == "string" end },
  limit = count(8, 2 ^ 30),
  line = count(64, 2 ^ 20),
  commands = count(1, 2 ^ 20),
  recipients = count(0, 2 ^ 20),
}

local function check_options(options)
  if type(options) ~= "table" then
    error(("bad argument #1 to 'new' (expected a table, found %s)"):format(type(options)), 3)
  end
  for name, value in pairs(options) do
    local known = checks[name]
    if not known then
      error(("unknown option '%s'; expected protocol, classifier, host, limit, line, commands or recipients")
        :format(tostring(name)), 3)
    end
    if not known[2](value) then
      error(("option '%s': expected %s, found %s"):format(name, known[1], tostring(value)), 3)
    end
  end
end

-- ---- The client's side ------------------------------------------------------------------------------------------------

function methods:client(bytes)
  check(self)
  check_string(bytes, "client")
  if not self.awaits_tls then self.asking:feed(bytes) end
end

function methods:client_line(line)
  check(self)
  check_string(line, "client_line")
  self:secured()
  self.asking:feed(line:gsub("\n", "\r") .. "\r\n")
end

-- ---- The server's side ------------------------------------------------------------------------------------------------

local function new_stream(self)
  self.stream = replycode.stream{ limit = self.limit }
  self.next_reply = self.stream:feed("")
end

-- The bytes from 20 to 23 begin a record of TLS (RFC 8446 section 5.1), and no reply.
local function begins_tls(bytes)
  local first = bytes:byte()
  return first ~= nil and first >= 20 and first <= 23
end

local function no_more() end

local function next_exchange(self)
  check(self)
  local reply = self.next_reply(self.stream)
  return reply and pairing.reply(self, reply)
end

function methods:server(bytes)
  check(self)
  check_string(bytes, "server")
  if self.awaits_tls and begins_tls(bytes) then self.is_encrypted = true end
  if self.is_encrypted then return no_more end
  self.stream:feed(bytes)
  return next_exchange, self
end

function methods:server_line(line)
  check(self)
  check_string(line, "server_line")
  self:secured()
  local reply = self.stream:line(line)
  return reply and pairing.reply(self, reply)
end

function methods:secured()
  check(self)
  if not self.awaits_tls then return end
  self.awaits_tls, self.is_encrypted = nil, nil
  new_stream(self)
end

function methods:finish()
  check(self)
  local reply = not self.is_encrypted and self.stream:finish()
  if reply then return pairing.reply(self, reply) end
  self.asking:finish()
  return pairing.missing(self)
end

function methods:close()
  self.stream, self.next_reply = nil, nil
end

local metatable = { __index = methods, __name = "replycode.session", __close = methods.close }

function metatable.__tostring(self)
  return ("replycode.session: %d open"):format(self.open:count())
end

-- ---- Module -----------------------------------------------------------------------------------------------------------

local function judge_with(classifier)
  if not classifier then return replycode.classify end
  return function(what, context) return classifier:classify(what, context) end
end

function session.new(options)
  options = options or {}
  check_options(options)
  local self = setmetatable({ limit = options.limit or 65536, host = options.host }, metatable)
  self.is_host_given = options.host ~= nil
  self.is_lmtp = options.protocol == "lmtp"
  self.judge = judge_with(options.classifier)
  self.open = open.new(options.commands or 4096)
  self.open:push{ stage = "connect" }
  self.transaction = transaction.new(options.recipients or 4096)
  self.asking = client.new(self.open, { held = self.limit, line = options.line or 2048 })
  new_stream(self)
  return self
end

return session
