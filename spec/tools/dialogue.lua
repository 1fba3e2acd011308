-- Feeds lines of a dialogue, "C: ..." and "S: ...", to a session and gives its exchanges as text.
--
-- digest: "rcpt 550 [RCPT TO:<a@example.org>] <a@example.org> recipient_unknown {early} in doubt = mail 450".

local dialogue = {}

local function add(words, text)
  if text then words[#words + 1] = text end
end

function dialogue.digest(exchange)
  local words = { exchange.stage or "-" }
  add(words, exchange.reply and tostring(exchange.reply.code or exchange.reply.malformed) or "none")
  add(words, exchange.command and "[" .. exchange.command .. "]")
  add(words, exchange.recipient and "<" .. exchange.recipient .. ">")
  add(words, exchange.verdict.cause)
  add(words, exchange.unusual and "{" .. table.concat(exchange.unusual, ",") .. "}")
  add(words, exchange.in_doubt and "in doubt")
  add(words, exchange.echo_of and ("= %s %s"):format(exchange.echo_of.stage, exchange.echo_of.reply.code))
  return table.concat(words, " ")
end

local function take(found, exchange, see)
  found[#found + 1] = see and see(exchange) or dialogue.digest(exchange)
end

-- Events are { who =, bytes = }, who is "client", "server" or "secured".
function dialogue.play(session, events, see)
  local found = {}
  for _, event in ipairs(events) do
    if event.who == "server" then
      for exchange in session:server(event.bytes) do take(found, exchange, see) end
    else
      session[event.who](session, event.bytes)
    end
  end
  return found
end

function dialogue.finish(session, found, see)
  for exchange in function() return session:finish() end do take(found, exchange, see) end
  return found
end

local names = { C = "client", S = "server", T = "secured" }

-- "C: EHLO x" is a line, CRLF is added; "C> raw" are bytes with \r and \n written out; "T:" is the TLS handshake.
function dialogue.events(lines)
  local events = {}
  for at, line in ipairs(lines) do
    local who, form, bytes = line:match("^([CST])([:>]) ?(.*)$")
    bytes = form == ":" and bytes .. "\r\n" or bytes:gsub("\\r", "\r"):gsub("\\n", "\n"):gsub("\\t", "\t")
    events[at] = { who = names[who], bytes = bytes }
  end
  return events
end

-- All exchanges of the lines, those that are left at the end too.
function dialogue.talk(session, lines)
  return dialogue.finish(session, dialogue.play(session, dialogue.events(lines)))
end

return dialogue
