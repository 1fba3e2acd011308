--- Pairs what a server says with what the client asked, in SMTP and LMTP, and judges each reply with what a session
--- knows: the stage, the host, how many recipients were accepted, and the refusal that an echo repeats.
---
--- Feed it both directions in the order in which they were seen, in any cut. It sends nothing, changes nothing and keeps
--- neither message nor secret. Whatever the peers send, nothing raises; the caller's mistakes do.
---
--- Order. A reply has to be fed behind the command it answers. What the client may only send after a reply, such as a
--- message behind 354, is best fed behind that reply; when it comes before, it is held until the reply is there. So pairs
--- and verdicts are the same for every interleaving that is possible on a wire; only "early" may differ.
---
--- Bounds. Each is an option; at each something is defined:
---
--- - `limit`: a longer reply is "too_long", as a stream has it. It also bounds the bytes that are held (see Order) and
---   those behind a dot between bare line feeds: above that the session is lost (see "lost"), and no pair shifts.
--- - `line`: of a longer command line the first bytes are kept ("long_line"); a BDAT or BURL that long loses the session.
--- - `commands`: with more commands without a reply the session is lost from there on; the replies to those before come
---   as ever.
--- - `recipients`: of more accepted recipients only the number is known: their deliveries have no `recipient`.
---
--- Messages. CRLF.CRLF alone ends one (RFC 5321 section 4.1.1.4). Some servers also take a dot on a line of its own with
--- bare line feeds round it for the end, which is how a second message is smuggled in. So when a reply comes before
--- CRLF.CRLF and there was such a dot, that was the end and what follows it are commands; else it was a part of the
--- message. Both are reported as "bare_lf". Command lines may end with a bare LF.
---
--- TLS. After 220 to STARTTLS the bytes on the wire are TLS. The session ignores them, so who only looks on can feed on
--- or stop; who has the decrypted bytes calls `secured` when the handshake is done. Plain bytes behind the 220 are
--- injected: those of the client are dropped and noted at the exchange of STARTTLS, replies of the server come as
--- exchanges that answer nothing. Lines are taken to be decrypted always.
---
--- Secrets. The lines of an AUTH dialogue are counted and forgotten. `command` has the verb and the mechanism. Where the
--- server refused AUTH, unknown commands behind it have no `command`: they may be a password.

local replycode = require "replycode"
local capabilities = require "replycode.session.capabilities"
local client = require "replycode.session.client"
local open = require "replycode.session.open"
local pairing = require "replycode.session.pairing"
local transaction = require "replycode.session.transaction"

-- LuaJIT would make traces of every path through a dialogue, which end at each call into C and are hardly used again:
-- interpreted it is several times faster. So in each file of the session.
local jit = package.loaded.jit
if jit then jit.off(true, true) end

-- luacheck: no max comment line length
-- (an annotation of a function has to stand on one line)

--- What deserves a look. Each has its consequence in the pairing; none changes a verdict.
---@alias replycode.unusual
---| "early"       # the command was sent before its time: before the greeting, a message before 354, behind a command that ends a group (RFC 2920 section 3.1), or pipelined where PIPELINING was not offered
---| "unasked"     # no command waited for this reply: a 421 at a timeout. Inside a message it is at stage content
---| "missing"     # never answered; `reply` is nil
---| "out_of_step" # a 2yz or 3yz that this stage cannot have: 250 to DATA, 221 to anything but QUIT
---| "injected"    # plain bytes behind STARTTLS, of the client (at the exchange of STARTTLS) or this very reply; dropped
---| "merged"      # one reply for greeting and EHLO: "220-" of a greeting that was never finished, then the lines of EHLO
---| "bare_lf"     # the message held a dot on a line of its own with a bare LF, which ends it for some servers
---| "long_line"   # the line was longer than `line`; also further replies of a server that read it as several
---| "lost"        # a bound was passed or the roles have changed (TURN): what this reply answers is not known

--- A reply and what it answers, or a command that was never answered.
---@class replycode.exchange
---@field stage replycode.stage? nil when unasked, injected or lost. A dot outside a message is "other"
---@field command string? the command line without its end, "." for the end of a message, verb and mechanism for AUTH; nil at connect, unasked, and for what may be a secret
---@field recipient string? the address, without <> and source route: at rcpt, and at delivery in LMTP and PRDR
---@field reply replycode.reply? nil when missing
---@field verdict replycode.verdict of an echo that of the reply that caused it; of a missing and of an injected reply that of a broken connection: transient (RFC 5321 section 3.8)
---@field unusual replycode.unusual[]? nil when all is as usual
---@field in_doubt true? after the dot (or the last octet of BDAT LAST) nobody said what became of the message: no reply, 421, or none that makes sense. It may have been delivered; so never where every recipient was refused
---@field missing true? never answered
---@field echo_of replycode.exchange? whose verdict this reply repeats; what that verdict settles is settled there

---@class replycode.session_options
---@field protocol "smtp"|"lmtp"? default "smtp"; an LHLO that was accepted makes it LMTP
---@field classifier replycode.classifier? for rules of your own; anything that has its `classify`
---@field host string? the server, as you know it; default: what it calls itself in the greeting and at EHLO
---@field limit integer? 8 to 2^30, default 65536: bytes of a reply, and of what is held
---@field line integer? 64 to 2^20, default 2048: bytes of a command line
---@field commands integer? 1 to 2^20, default 4096: commands without a reply
---@field recipients integer? 0 to 2^20, default 4096: recipients whose address is kept, in a transaction

---@class replycode.session
---@field capabilities replycode.capabilities? of the last EHLO, LHLO or HELO; nil before, after STARTTLS and XCLIENT
---@field host string? the server: option `host`, or its own name for itself

local session = {}
local methods = {}

--- What a server offers, from its reply to EHLO or LHLO, or its bytes; nil when it did not agree. Unknown keywords are
--- kept, lines that are no keyword left out. Raises when `reply` is neither a reply nor a string.
--- ```lua
--- local found = session.capabilities("250-mx.example.org Hi\r\n250-SIZE 1000\r\n250 AUTH=LOGIN PLAIN\r\n")
--- found.domain, found.greeting, found.size  --> mx.example.org, Hi, 1000
--- found.keywords.AUTH[2]                    --> PLAIN
--- ```
---@type fun(reply: replycode.reply|string): replycode.capabilities?
session.capabilities = capabilities

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
  local is_indexed, classify = pcall(function() return value.classify end)
  return is_indexed and type(classify) == "function"
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

--- What the client sent, in any cut. Raises when `bytes` is no string, and when the session is closed.
---@param bytes string
function methods:client(bytes)
  check(self)
  check_string(bytes, "client")
  if not self.awaits_tls then self.asking:feed(bytes) end
end

--- The same for one line without its line end, decrypted, as OpenSMTPD reports it. One line is one line: a LF inside
--- counts as CR. Raises as `client`.
---@param line string
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

--- What the server sent, in any cut. Gives an iterator with an exchange for each reply that is whole; what you break off
--- from comes first next time. Raises as `client`.
--- ```lua
--- local s = session.new()
--- s:client("EHLO c.example.org\r\n")
--- local stages = {}
--- for exchange in s:server("220 mx.example.org\r\n250 mx.example.org\r\n") do stages[#stages + 1] = exchange.stage end
--- stages[1], stages[2]  --> connect, ehlo
--- ```
---@param bytes string
---@return fun(session: replycode.session): replycode.exchange?
---@return replycode.session
function methods:server(bytes)
  check(self)
  check_string(bytes, "server")
  if self.awaits_tls and begins_tls(bytes) then self.is_encrypted = true end
  if self.is_encrypted then return no_more end
  self.stream:feed(bytes)
  return next_exchange, self
end

--- The same for one line without its line end, decrypted: an exchange when the line completes a reply, else nil. Raises
--- as `client`.
---@param line string
---@return replycode.exchange?
function methods:server_line(line)
  check(self)
  check_string(line, "server_line")
  self:secured()
  local reply = self.stream:line(line)
  return reply and pairing.reply(self, reply)
end

--- The TLS handshake after STARTTLS is done: from here the bytes are decrypted. Without a STARTTLS that was accepted it
--- does nothing. Raises when the session is closed.
function methods:secured()
  check(self)
  if not self.awaits_tls then return end
  self.awaits_tls, self.is_encrypted = nil, nil
  new_stream(self)
end

--- The connection is gone. Gives one exchange a call: replies that a loop left behind, the unfinished one ("truncated"),
--- each command that was never answered, then nil. Raises when the session is closed.
--- ```lua
--- local s = session.new()
--- s:finish().missing, s:finish()  --> true, nil
--- ```
---@return replycode.exchange?
function methods:finish()
  check(self)
  local reply = not self.is_encrypted and self.stream:finish()
  if reply then return pairing.reply(self, reply) end
  self.asking:finish()
  return pairing.missing(self)
end

--- Gives up what is kept; from Lua 5.4 on the end of a `<close>` variable does it. Closing twice does no harm.
function methods:close()
  self.stream, self.next_reply = nil, nil
  self.asking, self.open, self.transaction = nil, nil, nil
end

local metatable = { __index = methods, __name = "replycode.session", __close = methods.close }

function metatable.__tostring(self)
  if not self.stream then return "replycode.session: closed" end
  return ("replycode.session: %d commands wait"):format(self.open:count())
end

-- ---- Module -----------------------------------------------------------------------------------------------------------

local function judge_with(classifier)
  if not classifier then return replycode.classify end
  return function(what, context) return classifier:classify(what, context) end
end

--- A session, before the greeting. Raises for an unknown option and for one of another type or outside its bounds.
---@param options replycode.session_options?
---@return replycode.session
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
