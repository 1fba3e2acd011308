--- Pairs each reply with the oldest command that waits for one, and keeps what the session learns from it.
---
--- Works on a session: open, asking (the client), transaction, judge (classify with the session's classifier),
--- capabilities, host.

local capabilities = require "replycode.session.capabilities"

-- Faster interpreted: see replycode.session.
local jit = package.loaded.jit
if jit then jit.off(true, true) end

local pairing = {}

-- ---- Verdict --------------------------------------------------------------------------------------------------------

-- What counts as the answer of a connection that broke (RFC 5321 section 3.8).
local no_reply = { malformed = "truncated" }

local function judge(self, what, stage)
  return self.judge(what, { stage = stage, accepted = self.transaction.accepted, host = self.host })
end

local function add(exchange, slug)
  exchange.unusual = exchange.unusual or {}
  exchange.unusual[#exchange.unusual + 1] = slug
end

local ends_message = { content = true, delivery = true }

-- After the dot only a 2yz, a 4yz but 421, or a 5yz tells what became of the message.
local function is_undecided(reply, verdict)
  if not reply or reply.malformed or reply.code == 421 then return true end
  return verdict.cause == "protocol_error" and verdict.transience == "transient"
end

local function is_out_of_step(reply, verdict)
  return verdict.transience ~= "none" and not reply.malformed
    and (reply.class == "success" or reply.class == "intermediate")
end

local function note_entry(exchange, entry)
  if entry.early then add(exchange, "early") end
  if entry.is_cut and entry.stage ~= "auth" then add(exchange, "long_line") end
  if entry.bare_lf then add(exchange, "bare_lf") end
end

-- ---- What a reply changes -------------------------------------------------------------------------------------------
-- Each gets the session, the reply, whether it agreed, the exchange and the entry of what was asked.

local learn = {}

local function host_in(text)
  return text:match("^[ \t]*([A-Za-z0-9-]+%.[A-Za-z0-9.-]+)")
end

local function learn_host(self, reply)
  if not self.is_host_given then self.host = host_in(reply.text) or self.host end
end

-- What was learned is worth nothing any more (RFC 3207 section 4.2).
local function forget(self)
  self.capabilities, self.asking.offered = nil, nil
  if not self.is_host_given then self.host = nil end
  self.transaction:reset()
  self.transaction.refused_session = nil
end

function learn.connect(self, reply, agreed, exchange)
  if agreed then learn_host(self, reply) else self.transaction:refuse_session(exchange) end
end

function learn.ehlo(self, reply, agreed)
  if not agreed then return end
  self.capabilities = capabilities(reply)
  self.asking.offered = self.capabilities.keywords
  self.transaction:reset()
  learn_host(self, reply)
end

learn.helo = learn.ehlo

function learn.lhlo(self, reply, agreed)
  learn.ehlo(self, reply, agreed)
  if agreed then self.is_lmtp = true end
end

function learn.starttls(self, _, agreed, exchange)
  if not agreed then return end
  forget(self)
  if self.asking:drop() then add(exchange, "injected") end
  self.awaits_tls = true
end

-- The server greets again.
function learn.xclient(self, reply, agreed)
  if not agreed or reply.code ~= 220 then return end
  forget(self)
  learn_host(self, reply)
end

function learn.rset(self, _, agreed)
  if agreed then self.transaction:reset() end
end

-- A second MAIL that is refused leaves the transaction as it is (RFC 5321 section 4.1.4).
function learn.mail(self, _, agreed, exchange)
  if agreed then
    self.transaction:begin()
  elseif not self.transaction.is_open then
    self.transaction:refuse(exchange, "mail")
  end
end

function learn.rcpt(self, _, agreed, exchange, entry)
  if agreed then self.transaction:accept(entry.recipient) else self.transaction:refuse_recipient(exchange) end
end

function learn.data(self, _, agreed, exchange, entry)
  if not agreed then self.transaction:refuse(exchange, entry.stage) end
end

-- A chunk that is refused ends the transaction, and those behind it are refused too (RFC 3030 section 2).
learn.bdat = learn.data
learn.burl = learn.data

function learn.content(self, _, agreed, exchange, entry)
  self.transaction:reset()
  if not agreed and entry.part then self.transaction:refuse(exchange, entry.part) end
end

-- The roles are swapped: what follows is another conversation.
function learn.turn(self, _, agreed)
  if agreed then self.asking:lose() end
end

learn.atrn = learn.turn

-- ---- The end of a message -------------------------------------------------------------------------------------------

-- A command that is refused as such gets one reply, whatever the protocol.
local function is_refused_command(entry, reply)
  return entry.part and reply and reply.code and reply.code >= 500 and reply.code <= 504
end

-- LMTP answers for each recipient, duplicates too (RFC 2033 section 4.2); PRDR after a 353 for each, then for the
-- message.
local function begin_deliveries(self, entry, reply)
  local accepted = self.transaction.accepted
  entry.index, entry.deliveries = 0, 0
  if self.is_lmtp then
    if not is_refused_command(entry, reply) then entry.deliveries = accepted end
  elseif reply and reply.code == 353 and not reply.malformed then
    entry.is_prdr, entry.deliveries = true, accepted
    return true
  end
end

-- Stage, recipient, and whether more replies are to come.
local function part_of_content(self, entry, reply)
  if not entry.deliveries and begin_deliveries(self, entry, reply) then return "content", nil, true end
  if entry.index >= entry.deliveries then return "content", nil, false end
  entry.index = entry.index + 1
  return "delivery", self.transaction.recipients[entry.index], entry.is_prdr or entry.index < entry.deliveries
end

-- ---- Pairing --------------------------------------------------------------------------------------------------------

-- The oldest entry, its stage and recipient; the entry leaves the queue with its last reply.
local function take(self, reply)
  local entry = self.open:oldest()
  local stage, recipient, more = entry.stage, entry.recipient, false
  if stage == "content" then stage, recipient, more = part_of_content(self, entry, reply) end
  if not more then self.open:pop() end
  return entry, stage, recipient, more
end

local function resolve_echo(self, exchange, entry)
  local cause
  local stage, verdict = entry.part or exchange.stage, exchange.verdict
  if exchange.stage ~= "delivery" then cause = self.transaction:echoed(stage, verdict) end
  if not cause then return end
  exchange.echo_of, exchange.verdict = cause, cause.verdict
end

-- Nothing can have been delivered before all octets were sent, or without a recipient.
local function note_doubt(self, exchange, entry)
  local may_deliver = self.transaction.accepted > 0 and not self.transaction.refused and self.asking:has_sent(entry)
  if may_deliver and is_undecided(exchange.reply, exchange.verdict) then exchange.in_doubt = true end
end

local function agrees(exchange)
  local reply = exchange.reply
  if reply.malformed or exchange.verdict.transience ~= "none" then return false end
  return reply.class == "success" or exchange.stage == "data" and reply.code == 354
end

local function answer(self, entry, exchange, reply, more)
  if is_out_of_step(reply, exchange.verdict) then add(exchange, "out_of_step") end
  resolve_echo(self, exchange, entry)
  if ends_message[exchange.stage] then note_doubt(self, exchange, entry) end
  local effect = learn[ends_message[exchange.stage] and "content" or exchange.stage]
  local agreed = agrees(exchange)
  if effect and not more then effect(self, reply, agreed, exchange, entry) end
  self.asking:answered(entry, reply)
end

-- postscreen ends a greeting that it began with the reply to a client that did not wait: "220-..." runs into "250-...".
local hello = { ehlo = true, helo = true, lhlo = true }

local function merges_greeting(self, reply)
  local first, second = self.open:oldest(), self.open:second()
  return first.stage == "connect" and second and hello[second.stage] and reply.class == "success"
    and reply.code ~= 220 and reply.raw:find("^220%-") ~= nil
end

-- Who bounds lines more tightly than the client reads one as several commands (Sendmail 2048 octets, Exim 16384) and
-- answers each part alike.
local function answers_same_line(self, reply)
  local line, oldest = self.long_line, self.open:oldest()
  return line and reply.code == 500 and reply.raw == line.reply.raw and not (oldest and oldest.stage == "other")
end

local function another_part(self, reply)
  local line = self.long_line
  return { stage = line.stage, command = line.command, recipient = line.recipient, reply = reply,
    verdict = judge(self, reply, line.stage), unusual = { "long_line" } }
end

local function paired(self, reply)
  local is_merged = merges_greeting(self, reply)
  if is_merged then self.open:pop() end
  local entry, stage, recipient, more = take(self, reply)
  local exchange = { stage = stage, command = entry.command, recipient = recipient, reply = reply,
    verdict = judge(self, reply, stage) }
  note_entry(exchange, entry)
  if is_merged then add(exchange, "merged") end
  answer(self, entry, exchange, reply, more)
  self.long_line = entry.is_cut and exchange or nil
  return exchange
end

-- A reply inside a message is about the message.
local function unasked(self, reply)
  local mode = self.asking.mode
  local stage = mode == "message" and "content" or nil
  return { stage = stage, reply = reply, verdict = judge(self, reply, stage),
    unusual = { mode == "lost" and "lost" or "unasked" } }
end

-- What somebody wrote behind the reply to STARTTLS decides nothing, whatever it says.
local function injected(self, reply)
  return { reply = reply, verdict = judge(self, no_reply), unusual = { "injected" } }
end

--- The exchange of a reply.
function pairing.reply(self, reply)
  if self.awaits_tls then return injected(self, reply) end
  if answers_same_line(self, reply) then return another_part(self, reply) end
  if self.open:count() == 0 and not self.asking:answered_inside() then return unasked(self, reply) end
  return paired(self, reply)
end

-- What may have been, when nobody says: a recipient was accepted.
local assume = {
  rcpt = function(transaction, recipient) transaction:accept(recipient) end,
  mail = function(transaction) transaction:reset() end,
}

--- The exchange of the oldest command, which is never answered; nil when none is open.
function pairing.missing(self)
  if self.open:count() == 0 then return nil end
  local entry, stage, recipient = take(self, nil)
  local exchange = { stage = stage, command = entry.command, recipient = recipient, missing = true,
    verdict = judge(self, no_reply, stage) }
  note_entry(exchange, entry)
  add(exchange, "missing")
  if ends_message[stage] then note_doubt(self, exchange, entry) end
  if assume[stage] then assume[stage](self.transaction, recipient) end
  return exchange
end

return pairing
