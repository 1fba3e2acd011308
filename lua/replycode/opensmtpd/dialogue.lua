--- The replies of a remote server, paired with what they answer: the event "exchange" of smtp-out.
---
--- smtpd reports every line of both sides and marks nothing; `replycode.session` pairs them.

local session = require "replycode.session"

local dialogue = {}

--- Reports that the event is made of.
dialogue.sources = { "link-connect", "link-disconnect", "protocol-client", "protocol-server" }

local takes = {}

takes["protocol-client"] = function(pairing, line)
  pairing:client_line(line or "")
end

takes["protocol-server"] = function(pairing, line, deliver)
  local exchange = pairing:server_line(line or "")
  if exchange then deliver(exchange) end
end

-- The connection is gone: what never came is an exchange too.
takes["link-disconnect"] = function(pairing, _, deliver)
  for exchange in function() return pairing:finish() end do deliver(exchange) end
  pairing:close()
end

--- Takes a report of a session whose record keeps the state; calls `deliver` with each exchange.
function dialogue.take(record, report, options, deliver)
  local take = takes[report.name]
  if not take then return end
  record.dialogue = record.dialogue or session.new(options)
  take(record.dialogue, report.fields[1], deliver)
end

return dialogue
