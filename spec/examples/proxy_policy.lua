-- A policy for proxy.lua. 552 to RCPT once meant too many recipients (RFC 821), and still does at some servers. Clients
-- that read it as a full mailbox give the recipient up; RFC 5321 section 4.5.3.1.10 has 452 for it.
return function(exchange)
  if exchange.stage == "rcpt" and exchange.reply.code == 552 and exchange.verdict.cause == "too_many_recipients" then
    return "452 4.5.3 Too many recipients, send the rest separately"
  end
end
