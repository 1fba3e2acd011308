--- What the filter writes about an exchange: which recipient, message or session was refused or deferred, and why.

local refusal = {}

-- What a stage decides about; at other stages nothing that anyone wants to send depends on the reply.
local concerns = {
  connect = "session", ehlo = "session", helo = "session", lhlo = "session", starttls = "session", auth = "session",
  mail = "message", data = "message", content = "message", bdat = "message", burl = "message",
  rcpt = "recipient", delivery = "recipient",
}

local results = { transient = "deferred", permanent = "refused" }

-- The reply without its lines and bytes, which say the same again.
local function parts_of(reply)
  if not reply then return nil end
  return { code = reply.code, enhanced = reply.enhanced, text = reply.text, malformed = reply.malformed,
    oddities = reply.oddities }
end

--- A refusal, from a session and one of its exchanges; nil when nothing was refused or deferred: an echo repeats what was
--- said before, and where smtpd goes on in another way (HELO, no TLS) nothing is lost.
---@class replycode.filter.refusal
---@field time number? seconds since 1970
---@field session string
---@field result "refused"|"deferred" by the verdict's transience
---@field concerns "recipient"|"message"|"session"
---@field stage replycode.stage
---@field recipient string? the address, for a recipient
---@field sender string? the address, "" for the null sender; nil before MAIL
---@field message string? smtpd's id of the message
---@field envelope string? smtpd's id of the envelope, for a recipient: evpid in its log
---@field relay string? address and port of the remote server
---@field host string? the name in its greeting
---@field reply replycode.parts? nil when none came
---@field verdict replycode.verdict
---@field missing true? the connection ended without a reply
---@field in_doubt true? the message may have been taken
---@field unusual string[]? see `replycode.session`
function refusal.of(session, exchange)
  local verdict, concern = exchange.verdict, concerns[exchange.stage or ""]
  local result = verdict and results[verdict.transience]
  if not concern or not result or exchange.echo_of or verdict.action == "fall_back" then return nil end
  local is_recipient = concern == "recipient"
  return { time = session.time, session = session.id, result = result, concerns = concern, stage = exchange.stage,
    recipient = exchange.recipient, sender = session.sender, message = session.message,
    envelope = is_recipient and session.envelope or nil, relay = session.relay, host = session.host,
    reply = parts_of(exchange.reply), verdict = verdict, missing = exchange.missing, in_doubt = exchange.in_doubt,
    unusual = exchange.unusual }
end

return refusal
