-- OpenSMTPD (any Lua): nobody writes to a dead address twice. What other servers refuse is read on the way out; an
-- address that they call dead (drop_recipient, never a full mailbox or a listing of ours) is refused on the way in
-- for a day, so that users and list programs hear it at once and we do not look like somebody who guesses
-- addresses. Each refusal goes to smtpd's log with what it means.
--
-- /etc/mail/smtpd.conf, the filter both where mail comes in and where it goes out:
--   filter "replycode" proc-exec "/usr/local/libexec/smtpd/replycode.lua"
--   listen on socket filter "replycode"
--   listen on 0.0.0.0 port 587 tls-require auth filter "replycode"
--   action "outbound" relay filter "replycode"
-- The file begins with #!/usr/bin/env lua5.4 and is executable.

local opensmtpd = require "replycode.opensmtpd"

local day, most = 24 * 60 * 60, 10000
local dead, known = {}, 0   -- address to the time until which it is refused

local function forget(now)
  for address, till in pairs(dead) do
    if till < now then dead[address], known = nil, known - 1 end
  end
end

local function remember(address, now)
  if known >= most then forget(now) end
  if known >= most or dead[address] then return end
  dead[address], known = now + day, known + 1
end

local filter = opensmtpd.new()

filter:on("smtp-out", "exchange", function(_, exchange)
  local verdict = exchange.verdict
  if not verdict then return end
  if verdict.action == "drop_recipient" and verdict.settles == "recipient" and exchange.recipient then
    remember(exchange.recipient, os.time())
  end
  if verdict.transience ~= "none" then print(exchange.recipient or exchange.stage, verdict) end   -- into smtpd's log
end)

filter:on("smtp-in", "rcpt-to", function(_, address)
  if (dead[address:match("^<?(.-)>?$")] or 0) > os.time() then
    return opensmtpd.reject(550, "5.1.1", "No such user, the server of this domain said so within the last day")
  end
end)

filter:run()
