--- The mail transaction: recipients that were accepted, and the refusals that later replies only echo.

-- Faster interpreted: see replycode.session.
local jit = package.loaded.jit
if jit then jit.off(true, true) end

local transaction = {}
transaction.__index = transaction

--- Of more recipients than `limit` only the number is known, not the addresses.
function transaction.new(limit)
  return setmetatable({ limit = limit, recipients = {}, accepted = 0 }, transaction)
end

--- Recipients and refusals are forgotten; a refused greeting is not.
function transaction:reset()
  self.recipients, self.accepted = {}, 0
  self.is_open = false
  self.refused = nil              -- MAIL, DATA or a part of the message was refused: nothing can follow
  self.refused_recipient = nil
end

--- MAIL was accepted, so the session was too.
function transaction:begin()
  self:reset()
  self.is_open, self.refused_session = true, nil
end

function transaction:accept(recipient)
  self.accepted = self.accepted + 1
  if self.accepted <= self.limit then self.recipients[self.accepted] = recipient end
end

local function root(exchange)
  return exchange.echo_of or exchange
end

local echoing = { rcpt = true, data = true, bdat = true, burl = true }

local function is_echo(stage, verdict)
  if not echoing[stage] or verdict.cause == "too_many_recipients" then return false end
  return verdict.code == 503 or verdict.rule:find("^echo/") ~= nil
end

--- MAIL, DATA or a part of the message was refused. `stage` is that of the command, "bdat" for `BDAT n LAST` too.
--- An echo of nothing causes nothing.
function transaction:refuse(exchange, stage)
  if exchange.echo_of or not is_echo(stage, exchange.verdict) then self.refused = root(exchange) end
end

-- Of several refusals a transient one counts: mail that may pass later must not be lost.
function transaction:refuse_recipient(exchange)
  if not exchange.echo_of and is_echo("rcpt", exchange.verdict) then return end
  local known = self.refused_recipient
  if known and known.verdict.transience == "transient" and exchange.verdict.transience ~= "transient" then return end
  self.refused_recipient = root(exchange)
end

function transaction:refuse_session(exchange)
  self.refused_session = exchange
end

--- The exchange that a reply repeats, or nil. `stage` as in refuse.
--- After a refused greeting 503 answers everything but QUIT (RFC 5321 section 3.1).
function transaction:echoed(stage, verdict)
  if verdict.code == 503 and stage ~= "quit" and self.refused_session then return self.refused_session end
  if not is_echo(stage, verdict) then return nil end
  if self.refused or stage == "rcpt" or self.accepted > 0 then return self.refused end
  return self.refused_recipient
end

return transaction
