-- A session pairs each reply with what it answers, and never shifts a pair in silence.

local replycode = require "replycode"
local session = require "replycode.session"
local dialogue = require "spec.tools.dialogue"

local unpack = table.unpack or unpack -- luacheck: ignore 113 143

-- What most dialogues begin with, and what it gives.
local greeted = { "S: 220 mx.example.org ESMTP", "C: EHLO c.example.org", "S: 250-mx.example.org", "S: 250-CHUNKING",
  "S: 250 PIPELINING" }

local function with_greeting(lines)
  local all = {}
  for _, line in ipairs(greeted) do all[#all + 1] = line end
  for _, line in ipairs(lines) do all[#all + 1] = line end
  return all
end

-- The exchanges behind greeting and EHLO.
local function behind_greeting(lines, options)
  local found = dialogue.talk(session.new(options), with_greeting(lines))
  assert.equal("connect 220 accepted", table.remove(found, 1))
  assert.equal("ehlo 250 [EHLO c.example.org] accepted", table.remove(found, 1))
  return found
end

local function talk(lines, options)
  return dialogue.talk(session.new(options), lines)
end

describe("a session", function()
  it("pairs replies with commands in their order", function()
    assert.same({
      "mail 250 [MAIL FROM:<>] accepted",
      "rcpt 550 [RCPT TO:<a@example.org>] <a@example.org> recipient_unknown",
      "rset 250 [RSET] accepted",
      "other 500 [XYZZY] protocol_error",
      "quit 221 [QUIT] accepted",
    }, behind_greeting{
      "C: MAIL FROM:<>", "S: 250 2.1.0 Ok",
      "C: RCPT TO:<a@example.org>", "S: 550 5.1.1 No such user",
      "C: RSET", "S: 250 2.0.0 Ok",
      "C: XYZZY", "S: 500 5.5.2 What?",
      "C: QUIT", "S: 221 2.0.0 Bye",
    })
  end)

  it("pairs a pipeline by counting, however many replies come at once", function()
    assert.same({
      "mail 250 [MAIL FROM:<s@example.org>] accepted",
      "rcpt 250 [RCPT TO:<a@example.org>] <a@example.org> accepted",
      "rcpt 550 [rcpt to: <b@example.org> NOTIFY=NEVER] <b@example.org> recipient_unknown",
      "data 354 [DATA] accepted",
      "content 250 [.] accepted",
      "mail 250 [MAIL FROM:<>] accepted",
      "quit 221 [QUIT] accepted",
    }, behind_greeting{
      "C: MAIL FROM:<s@example.org>", "C: RCPT TO:<a@example.org>", "C: rcpt to: <b@example.org> NOTIFY=NEVER",
        "C: DATA",
      "S: 250 Ok", "S: 250 Ok", "S: 550 5.1.1 No such user", "S: 354 Go",
      "C: Subject: x", "C: ", "C: ..", "C: QUIT", "C: .", "C: MAIL FROM:<>", "C: QUIT",
      "S: 250 Queued", "S: 250 Ok", "S: 221 Bye",
    })
  end)

  it("gives each verdict what it knows: stage, host, recipients accepted", function()
    local seen = {}
    local recorder = { classify = function(_, what, context)
      seen[#seen + 1] = ("%s %s %d"):format(context.stage, tostring(context.host), context.accepted)
      return replycode.classify(what, context)
    end }
    talk({ "S: 220 mx1.example.org ESMTP", "C: EHLO c", "S: 250 mx2.example.org hi", "C: MAIL FROM:<>", "S: 250 Ok",
      "C: RCPT TO:<a@b.c>", "S: 250 Ok", "C: RCPT TO:<a@b.c>", "S: 452 Many" }, { classifier = recorder })
    assert.same({ "connect nil 0", "ehlo mx1.example.org 0", "mail mx2.example.org 0", "rcpt mx2.example.org 0",
      "rcpt mx2.example.org 1" }, seen)
  end)

  it("knows a provider by the host in the greeting", function()
    local s = session.new()
    dialogue.play(s, dialogue.events{ "S: 220 mx.google.com ESMTP", "C: RCPT TO:<a@b.c>" })
    for exchange in s:server("550 5.1.1 Too full\r\n") do assert.equal("google", exchange.verdict.provider) end
    assert.equal("mx.google.com", s.host)
    assert.is_nil(replycode.classify("550 5.1.1 Too full", "rcpt").provider)
  end)

  it("prefers the host of the caller to what the server calls itself", function()
    local s = session.new{ host = "mine.example.org" }
    dialogue.talk(s, greeted)
    assert.equal("mine.example.org", s.host)
  end)

  it("classifies with the rules of the caller", function()
    local mine = replycode.classifier{ rules = { { text = "bad karma", cause = "ip_blocked" } } }
    assert.same({ "connect 554 ip_blocked" }, talk({ "S: 554 bad karma" }, { classifier = mine }))
  end)

  it("keeps the capabilities of the last EHLO, and none that was refused", function()
    local s = session.new()
    assert.is_nil(s.capabilities)
    dialogue.talk(s, with_greeting{ "C: EHLO again", "S: 250-mx", "S: 250 SIZE 5", "C: EHLO", "S: 501 Syntax" })
    assert.same({ SIZE = { "5" } }, s.capabilities.keywords)
    dialogue.talk(s, { "C: HELO again", "S: 250 mx" })
    assert.same({}, s.capabilities.keywords)
  end)
end)

describe("a message", function()
  local function message(lines)
    local all = { "C: MAIL FROM:<>", "S: 250 Ok", "C: RCPT TO:<a@b.c>", "S: 250 Ok", "C: DATA", "S: 354 Go" }
    for _, line in ipairs(lines) do all[#all + 1] = line end
    local found = behind_greeting(all)
    for _ = 1, 3 do table.remove(found, 1) end
    return found
  end

  it("ends at a dot alone between CRLF, in whatever cut", function()
    assert.same({ "content 250 [.] accepted", "quit 221 [QUIT] accepted" }, message{
      "C> a\\r\\n.a\\r\\n..\\r\\n.", "C> a\\r\\n", "C> .", "C> \\r", "C> \\n", "C> QU", "C> IT\\r\\n", "S: 250 Ok",
        "S: 221 Bye" })
  end)

  it("may be empty", function()
    assert.same({ "content 550 [.] content_spam" }, message{ "C: .", "S: 550 Spam" })
  end)

  it("does not end at a dot with a bare CR, nor before the end of its line", function()
    assert.same({ "content 250 [.] accepted" }, message{ "C> a\\r.\\r\\n.\\rx\\r\\n.\\r\\r\\n..\\r\\n.\\r\\n",
      "S: 250 Ok" })
  end)

  it("is pointed out when it held a dot between bare LF, which ends it for some servers", function()
    assert.same({ "content 250 [.] accepted {bare_lf}", "noop 250 [NOOP] accepted" }, message{
      "C> a\\n.\\nMAIL FROM:<smuggled@example.org>\\r\\n.\\r\\n", "S: 250 Ok", "C: NOOP", "S: 250 Ok" })
    assert.same({ "content 250 [.] accepted {bare_lf}" }, message{ "C> a\\n.\\r\\nb\\r\\n.\\r\\n", "S: 250 Ok" })
    assert.same({ "content 250 [.] accepted {bare_lf}" }, message{ "C> a\\r\\n.\\n\\r\\n.\\r\\n", "S: 250 Ok" })
    assert.same({ "content 250 [.] accepted {bare_lf}" }, message{ "C> .\\nb\\r\\n.\\r\\n", "S: 250 Ok" })
  end)

  it("is not concerned by a bare LF behind it", function()
    assert.same({ "content 250 [.] accepted", "noop 250 [NOOP] accepted", "other 500 [.] protocol_error {early}" },
      message{ "C> a\\r\\n.\\r\\nNOOP\\n.\\n", "S: 250 Ok", "S: 250 Ok", "S: 500 What?" })
  end)

  it("ended at that dot when the reply comes before CRLF.CRLF; then commands follow", function()
    assert.same({
      "content 250 [.] accepted {bare_lf}",
      "mail 250 [MAIL FROM:<smuggled@example.org>] accepted {early}",
      "other 500 [] protocol_error",
      "quit 221 [QUIT] accepted",
    }, message{ "C> a\\n.\\nMAIL FROM:<smuggled@example.org>\\n", "S: 250 Ok", "C: ", "S: 250 Ok", "S: 500 What?",
      "C: QUIT", "S: 221 Bye" })
  end)

  it("may be answered before its end", function()
    assert.same({ "content 421 service_unavailable {unasked}" }, message{ "C: a", "S: 421 Bye" })
    assert.same({ "content 552 message_too_big {unasked}", "content 250 [.] accepted" },
      message{ "C: a", "S: 552 5.3.4 Too big", "C: .", "S: 250 Ok" })
  end)

  it("is in doubt without a reply to the dot, with 421, and with what makes no sense", function()
    assert.same({ "content none [.] protocol_error {missing} in doubt" }, message{ "C: ." })
    assert.same({ "content 421 [.] service_unavailable in doubt" }, message{ "C: .", "S: 421 4.3.2 Bye" })
    assert.same({ "content 354 [.] protocol_error {out_of_step} in doubt" }, message{ "C: .", "S: 354 Go" })
    assert.same({ "content code [.] protocol_error in doubt" }, message{ "C: .", "S: HTTP/1.1 400" })
    assert.same({ "content 250 [.] protocol_error in doubt" }, message{ "C: .", "S> 250-half" })
  end)

  it("is in no doubt after a 4yz or 5yz, nor before the dot", function()
    assert.same({ "content 451 [.] server_error" }, message{ "C: .", "S: 451 4.3.0 Error" })
    assert.same({ "content 554 [.] unknown" }, message{ "C: .", "S: 554 No" })
    assert.same({}, message{ "C: a" })
  end)

  it("that comes with DATA in one piece is read when the 354 is there, and is early", function()
    assert.same({ "data 354 [DATA] accepted", "content 250 [.] accepted {early}", "quit 221 [QUIT] accepted {early}" },
      behind_greeting{ "C> DATA\\r\\nNOOP\\r\\n.\\r\\nQUIT\\r\\n", "S: 354 Go", "S: 250 Ok", "S: 221 Bye" })
  end)

  it("is commands when DATA is refused", function()
    assert.same({
      "data 451 [DATA] server_error",
      "other 500 [Subject: x] protocol_error {early}",
      "other 500 [] protocol_error {early}",
      "other 500 [.] protocol_error {early}",
      "quit 221 [QUIT] accepted",
    }, behind_greeting{ "C> DATA\\r\\nSubject: x\\r\\n\\r\\n.\\r\\n", "S: 451 Error", "S: 500 What?", "S: 500 What?",
      "S: 500 What?", "C: QUIT", "S: 221 Bye" })
  end)

  it("does not begin at a reply to DATA that is not 354", function()
    assert.same({ "data 250 [DATA] protocol_error {out_of_step}", "rset 250 [RSET] accepted" },
      behind_greeting{ "C: DATA", "S: 250 Ok", "C: RSET", "S: 250 Ok" })
  end)

  it("is in doubt when the connection breaks and it was sent without waiting for 354", function()
    assert.same({
      "mail 250 [MAIL FROM:<>] accepted",
      "rcpt none [RCPT TO:<a@b.c>] <a@b.c> protocol_error {missing}",
      "data none [DATA] protocol_error {missing}",
      "content none [.] protocol_error {early,missing} in doubt",
    }, behind_greeting{ "C: MAIL FROM:<>", "C: RCPT TO:<a@b.c>", "C: DATA", "C: x", "C: .", "S: 250 Ok" })
  end)
end)

describe("BDAT", function()
  it("is followed by octets that are no commands", function()
    assert.same({
      "bdat 250 [BDAT 16] accepted",
      "content 250 [BDAT 6 LAST] accepted",
      "quit 221 [QUIT] accepted",
    }, behind_greeting{ "C> BDAT 16\\r\\nQUIT\\r\\nRSET\\r\\n.\\r\\nxBD", "C> AT 6 LAST\\r\\nNO",
      "C> OP\\r\\nQUIT\\r\\n",
      "S: 250 Ok", "S: 250 Ok", "S: 221 Bye" })
  end)

  it("may have no octets, and has none when it is wrong", function()
    assert.same({ "content 250 [BDAT 0 LAST] accepted", "noop 250 [NOOP] accepted" },
      behind_greeting{ "C: BDAT 0 LAST", "C: NOOP", "S: 250 Ok", "S: 250 Ok" })
    assert.same({ "bdat 501 [BDAT x] protocol_error", "noop 250 [NOOP] accepted" },
      behind_greeting{ "C: BDAT x", "S: 501 Syntax", "C: NOOP", "S: 250 Ok" })
    assert.same({ "bdat 501 [BDAT 5 FIRST] protocol_error", "noop 250 [NOOP] accepted" },
      behind_greeting{ "C: BDAT 5 FIRST", "S: 501 Syntax", "C: NOOP", "S: 250 Ok" })
  end)

  it("is refused with its octets read all the same, where CHUNKING is offered", function()
    assert.same({ "bdat 503 [BDAT 6] protocol_error", "noop 250 [NOOP] accepted" },
      behind_greeting{ "C: BDAT 6", "S: 503 5.5.1 Need RCPT", "C: QUIT", "C: NOOP", "S: 250 Ok" })
  end)

  it("leaves its octets to be read as commands where it is not known", function()
    assert.same({ "connect 220 accepted", "content 500 [BDAT 6 LAST] protocol_error",
      "quit 221 [QUIT] accepted {early}" },
      talk{ "S: 220 mx", "C: BDAT 6 LAST", "C: QUIT", "S: 500 What?", "S: 221 Bye" })
    assert.same({ "connect 220 accepted", "content 250 [BDAT 6 LAST] accepted" },
      talk{ "S: 220 mx", "C: BDAT 6 LAST", "C: QUIT", "S: 250 Ok" })
  end)

  it("is in doubt only when its last octet was sent", function()
    local begun = { "C: MAIL FROM:<>", "C: RCPT TO:<a@b.c>", "S: 250 Ok", "S: 250 Ok" }
    local function last(line)
      local found = behind_greeting{ begun[1], begun[2], begun[3], begun[4], "C: BDAT 4 LAST", line }
      return found[3]
    end
    assert.equal("content none [BDAT 4 LAST] protocol_error {missing}", last "C> abc")
    assert.equal("content none [BDAT 4 LAST] protocol_error {missing} in doubt", last "C> abcd")
  end)

  it("is in doubt with octets that are held, where CHUNKING is not offered", function()
    local begun = { "S: 220 mx", "C: MAIL FROM:<>", "S: 250 Ok", "C: RCPT TO:<a@b.c>", "S: 250 Ok", "C: BDAT 4 LAST" }
    local function last(line)
      local s = session.new()
      dialogue.play(s, dialogue.events(begun))
      return dialogue.talk(s, { line, "S: 421 Bye" })[1]
    end
    assert.equal("content 421 [BDAT 4 LAST] service_unavailable", last "C> abc")
    assert.equal("content 421 [BDAT 4 LAST] service_unavailable in doubt", last "C> abcd")
  end)

  it("is in no doubt behind a MAIL that was refused, with 421 too", function()
    assert.same({
      "mail 421 [MAIL FROM:<>] service_unavailable",
      "rcpt none [RCPT TO:<a@b.c>] <a@b.c> protocol_error {missing}",
      "content none [BDAT 0 LAST] protocol_error {missing}",
    }, behind_greeting{ "C: MAIL FROM:<>", "C: RCPT TO:<a@b.c>", "C: BDAT 0 LAST", "S: 421 Bye" })
  end)

  it("takes octets without end for what they are", function()
    assert.same({ "bdat 250 [BDAT 99999999999999999999] accepted" },
      behind_greeting{ "C: BDAT 99999999999999999999", "C: NOOP", "S: 250 Ok" })
  end)
end)

describe("BURL", function()
  it("is a part, and with LAST the end of the message", function()
    assert.same({ "burl 250 [BURL imap://x] accepted", "content 250 [BURL imap://y LAST] accepted" },
      behind_greeting{ "C: BURL imap://x", "C: BURL imap://y LAST", "S: 250 Ok", "S: 250 Ok" })
  end)
end)

describe("AUTH", function()
  it("is a dialogue whose lines are no commands and are not shown", function()
    assert.same({
      "auth 334 [AUTH LOGIN] accepted",
      "auth 334 [AUTH LOGIN] accepted",
      "auth 235 [AUTH LOGIN] accepted",
      "mail 250 [MAIL FROM:<>] accepted",
    }, behind_greeting{ "C: AUTH LOGIN", "S: 334 VXNlcm5hbWU6", "C: QUIT", "S: 334 UGFzc3dvcmQ6", "C: c2VjcmV0",
      "S: 235 2.7.0 Ok", "C: MAIL FROM:<>", "S: 250 Ok" })
  end)

  it("shows the mechanism and no initial response", function()
    assert.same({ "auth 535 [AUTH PLAIN] client_auth_failed" },
      behind_greeting{ "C: AUTH PLAIN AHVzZXIAc2VjcmV0", "S: 535 5.7.8 Wrong" })
    assert.same({ "auth 501 [AUTH] protocol_error" }, behind_greeting{ "C: AUTH AHVzZXIAc2VjcmV0=", "S: 501 Syntax" })
    assert.same({ "auth 501 [auth] protocol_error" },
      behind_greeting{ "C: auth AHVzZXIAc2VjcmV0c2VjcmV0c2VjcmV0", "S: 501 Syntax" })
  end)

  it("can be cancelled", function()
    assert.same({ "auth 334 [AUTH PLAIN] accepted", "auth 501 [AUTH PLAIN] protocol_error",
      "noop 250 [NOOP] accepted" },
      behind_greeting{ "C: AUTH PLAIN", "S: 334 ", "C: *", "S: 501 Cancelled", "C: NOOP", "S: 250 Ok" })
  end)

  it("that is refused leaves no secret among the commands", function()
    assert.same({
      "auth 503 [AUTH LOGIN] protocol_error",
      "other 500 protocol_error",
      "other 500 protocol_error",
      "noop 250 [NOOP] accepted",
      "other 500 [XYZZY] protocol_error",
    }, behind_greeting{ "C: AUTH LOGIN", "S: 503 Not offered", "C: dXNlcg==", "C: c2VjcmV0", "S: 500 What?",
      "S: 500 What?", "C: NOOP", "S: 250 Ok", "C: XYZZY", "S: 500 What?" })
  end)

  it("keeps what was sent at once for itself", function()
    assert.same({
      "auth 334 [AUTH LOGIN] accepted",
      "auth 334 [AUTH LOGIN] accepted {early}",
      "auth 235 [AUTH LOGIN] accepted {early}",
    }, behind_greeting{ "C> AUTH LOGIN\\r\\nRSET\\r\\nQUIT\\r\\n", "S: 334 a", "S: 334 b", "S: 235 Ok" })
    assert.same({ "auth none [AUTH LOGIN] protocol_error {missing}" },
      behind_greeting{ "C> AUTH LOGIN\\r\\nQUIT\\r\\n" })
  end)
end)

describe("LMTP", function()
  local greeting = { "S: 220 mx", "C: LHLO c", "S: 250-mx", "S: 250 PIPELINING", "C: MAIL FROM:<>", "S: 250 Ok",
    "C: RCPT TO:<a@b.c>",
    "S: 250 Ok", "C: RCPT TO:<x@b.c>", "S: 550 5.1.1 No such user", "C: RCPT TO:<a@b.c>", "S: 250 Ok" }

  local function deliver(lines)
    local all = {}
    for _, line in ipairs(greeting) do all[#all + 1] = line end
    for _, line in ipairs(lines) do all[#all + 1] = line end
    local found = talk(all)
    for _ = 1, 6 do table.remove(found, 1) end
    return found
  end

  it("answers the dot once for each accepted recipient, duplicates too", function()
    assert.same({
      "data 354 [DATA] accepted",
      "delivery 250 [.] <a@b.c> accepted",
      "delivery 552 [.] <a@b.c> mailbox_full",
      "quit 221 [QUIT] accepted",
    }, deliver{ "C: DATA", "S: 354 Go", "C: .", "C: QUIT", "S: 250 Ok", "S: 552 5.2.2 Full", "S: 221 Bye" })
  end)

  it("answers BDAT LAST the same way, unless the command is refused as such", function()
    assert.same({ "delivery 250 [BDAT 0 LAST] <a@b.c> accepted", "delivery 250 [BDAT 0 LAST] <a@b.c> accepted" },
      deliver{ "C: BDAT 0 LAST", "S: 250 Ok", "S: 250 Ok" })
    assert.same({ "content 501 [BDAT x LAST] protocol_error", "noop 250 [NOOP] accepted" },
      deliver{ "C: BDAT x LAST", "S: 501 Syntax", "C: NOOP", "S: 250 Ok" })
  end)

  it("leaves each recipient in doubt that has no reply", function()
    assert.same({
      "data 354 [DATA] accepted",
      "delivery 421 [.] <a@b.c> service_unavailable in doubt",
      "delivery none [.] <a@b.c> protocol_error {missing} in doubt",
      "noop none [NOOP] protocol_error {missing}",
    }, deliver{ "C: DATA", "S: 354 Go", "C: .", "C: NOOP", "S: 421 Bye" })
  end)

  it("counts each transaction of a pipeline that is never answered", function()
    assert.same({
      "connect 220 accepted",
      "mail none [MAIL FROM:<>] protocol_error {missing}",
      "rcpt none [RCPT TO:<a@b.c>] <a@b.c> protocol_error {early,missing}",
      "delivery none [BDAT 0 LAST] <a@b.c> protocol_error {early,missing} in doubt",
      "mail none [MAIL FROM:<>] protocol_error {early,missing}",
      "rcpt none [RCPT TO:<d@b.c>] <d@b.c> protocol_error {early,missing}",
      "delivery none [BDAT 0 LAST] <d@b.c> protocol_error {early,missing} in doubt",
    }, talk({ "S: 220 mx", "C: MAIL FROM:<>", "C: RCPT TO:<a@b.c>", "C: BDAT 0 LAST", "C: MAIL FROM:<>",
      "C: RCPT TO:<d@b.c>", "C: BDAT 0 LAST" }, { protocol = "lmtp" }))
  end)

  it("counts the next transaction anew", function()
    assert.same({
      "data 354 [DATA] accepted",
      "delivery 250 [.] <a@b.c> accepted",
      "delivery 250 [.] <a@b.c> accepted",
      "mail 250 [MAIL FROM:<>] accepted",
      "rcpt 250 [RCPT TO:<d@b.c>] <d@b.c> accepted",
      "data 354 [DATA] accepted",
      "delivery 250 [.] <d@b.c> accepted",
    }, deliver{ "C: DATA", "S: 354 Go", "C: .", "S: 250 Ok", "S: 250 Ok", "C: MAIL FROM:<>", "S: 250 Ok",
      "C: RCPT TO:<d@b.c>", "S: 250 Ok", "C: DATA", "S: 354 Go", "C: .", "S: 250 Ok" })
  end)

  it("needs no LHLO when the caller says so, and one reply when nobody was accepted", function()
    assert.same({ "connect 220 accepted", "rcpt 250 [RCPT TO:<a@b.c>] <a@b.c> accepted", "data 354 [DATA] accepted",
      "delivery 250 [.] <a@b.c> accepted", "data 354 [DATA] accepted", "content 503 [.] protocol_error" },
      talk({ "S: 220 mx", "C: RCPT TO:<a@b.c>", "S: 250 Ok", "C: DATA", "S: 354 Go", "C: .", "S: 250 Ok",
        "C: DATA", "S: 354 Go", "C: .", "S: 503 None" }, { protocol = "lmtp" }))
  end)
end)

describe("PRDR", function()
  local begun = { "C: MAIL FROM:<> PRDR", "C: RCPT TO:<a@b.c>", "C: RCPT TO:<d@b.c>", "C: DATA", "S: 250 Ok",
    "S: 250 Ok", "S: 250 Ok", "S: 354 Go", "C: .", "C: NOOP" }

  local function deliver(lines)
    local all = {}
    for _, line in ipairs(begun) do all[#all + 1] = line end
    for _, line in ipairs(lines) do all[#all + 1] = line end
    local found = behind_greeting(all)
    for _ = 1, 4 do table.remove(found, 1) end
    return found
  end

  it("answers 353, then for each recipient, then for the message", function()
    assert.same({
      "content 353 [.] accepted",
      "delivery 250 [.] <a@b.c> accepted",
      "delivery 550 [.] <d@b.c> content_spam",
      "content 250 [.] accepted",
      "noop 250 [NOOP] accepted",
    }, deliver{ "S: 353 PRDR begins", "S: 250 Ok", "S: 550 Spam", "S: 250 Id", "S: 250 Ok" })
  end)

  it("answers once where all recipients fare alike", function()
    assert.same({ "content 250 [.] accepted", "noop 250 [NOOP] accepted" }, deliver{ "S: 250 Id", "S: 250 Ok" })
  end)

  it("leaves in doubt what is not answered", function()
    assert.same({
      "content 353 [.] accepted",
      "delivery 250 [.] <a@b.c> accepted",
      "delivery none [.] <d@b.c> protocol_error {missing} in doubt",
      "content none [.] protocol_error {missing} in doubt",
      "noop none [NOOP] protocol_error {missing}",
    }, deliver{ "S: 353 PRDR begins", "S: 250 Ok" })
  end)
end)

describe("what a client sends before its time", function()
  it("is answered behind the greeting", function()
    assert.same({ "connect 220 accepted", "ehlo 250 [EHLO c] accepted {early}" },
      talk{ "C: EHLO c", "S: 220 mx", "S: 250 mx" })
    assert.same({ "connect 554 protocol_error", "ehlo none [EHLO c] protocol_error {early,missing}" },
      talk{ "C: EHLO c", "S: 554 SMTP synchronization error" })
  end)

  it("may run into a greeting that was never finished", function()
    local s = session.new()
    assert.same({ "ehlo 250 [EHLO c] accepted {early,merged}", "quit 221 [QUIT] accepted" },
      dialogue.talk(s, { "C: EHLO c", "S: 220-mx.example.org wait", "S: 250-mx.example.org", "S: 250 SIZE 5", "C: QUIT",
        "S: 221 Bye" }))
    assert.equal("mx.example.org", s.host)
    assert.equal(5, s.capabilities.size)
  end)

  it("is pointed out in a pipeline that nobody offered, and behind what ends a group", function()
    assert.same({ "connect 220 accepted", "mail 250 [MAIL FROM:<>] accepted",
      "rcpt 250 [RCPT TO:<a@b>] <a@b> accepted {early}" },
      talk{ "S: 220 mx", "C: MAIL FROM:<>", "C: RCPT TO:<a@b>", "S: 250 Ok", "S: 250 Ok" })
    assert.same({ "noop 250 [NOOP] accepted", "rset 250 [RSET] accepted {early}" },
      behind_greeting{ "C: NOOP", "C: RSET", "S: 250 Ok", "S: 250 Ok" })
    assert.same({ "rset 250 [RSET] accepted", "noop 250 [NOOP] accepted" },
      behind_greeting{ "C: RSET", "C: NOOP", "S: 250 Ok", "S: 250 Ok" })
  end)
end)

describe("STARTTLS", function()
  it("makes the session forget what it learned, and go on with decrypted bytes", function()
    local s = session.new()
    local found = dialogue.play(s, dialogue.events(with_greeting{ "C: MAIL FROM:<>", "S: 250 Ok", "C: STARTTLS",
      "S: 220 Go" }))
    assert.equal("starttls 220 [STARTTLS] accepted", found[4])
    assert.is_nil(s.capabilities)
    assert.is_nil(s.host)
    assert.same({ "ehlo 250 [EHLO c] accepted" },
      dialogue.talk(s, { "C> \22\3\1", "S> \22\3\1", "S: 250 no", "T:", "C: EHLO c", "S: 250 mx" }))
    assert.same({}, s.capabilities.keywords)
  end)

  it("drops and reports what is injected behind the 220", function()
    local found = behind_greeting{ "C: STARTTLS", "S> 220 Go\\r\\n250 injec", "S> ted\\r\\n", "S> 250-half", "T:",
      "C: NOOP",
      "S: 250 Ok" }
    assert.same({ "starttls 220 [STARTTLS] accepted", "- 250 protocol_error {injected}",
      "noop 250 [NOOP] accepted" }, found)
    assert.same({ "starttls 220 [STARTTLS] accepted {injected}", "noop 250 [NOOP] accepted" },
      behind_greeting{ "C> STARTTLS\\r\\nMAIL FROM:<>\\r\\n", "S: 220 Go", "T:", "C: NOOP", "S: 250 Ok" })
    assert.same({ "starttls 220 [STARTTLS] accepted", "- 250 protocol_error {injected}" },
      behind_greeting{ "C: STARTTLS", "S: 220 Go", "C: RSET", "S> 250 half" })
  end)

  it("that is refused leaves everything as it was", function()
    local s = session.new()
    assert.same({ "starttls 454 [STARTTLS] tls_failed", "noop 250 [NOOP] accepted {early}" },
      { select(3, unpack(dialogue.talk(s,
        with_greeting{ "C> STARTTLS\\r\\nNOOP\\r\\n", "S: 454 4.7.0 Not now", "S: 250 Ok" }))) })
    assert.equal("mx.example.org", s.host)
    assert.same({}, s.capabilities.keywords.PIPELINING)
  end)

  it("is over for lines, which are always decrypted", function()
    local s = session.new()
    s:server_line("220 mx")
    s:client_line("STARTTLS")
    assert.equal("starttls 220 [STARTTLS] accepted", dialogue.digest(s:server_line("220 Go")))
    s:client_line("EHLO c")
    assert.equal("ehlo 250 [EHLO c] accepted", dialogue.digest(s:server_line("250 mx")))
  end)
end)

describe("XCLIENT", function()
  it("has the server greet again", function()
    local s = session.new()
    local found = dialogue.talk(s, with_greeting{ "C: XCLIENT ADDR=192.0.2.1", "S: 220 other.example.org", "C: EHLO d",
      "S: 250 other.example.org" })
    assert.same({ "xclient 220 [XCLIENT ADDR=192.0.2.1] accepted",
      "ehlo 250 [EHLO d] accepted" }, { found[3], found[4] })
    assert.equal("other.example.org", s.host)
    assert.same({}, s.capabilities.keywords)
  end)
end)

describe("an echo", function()
  local function last(lines)
    local found = behind_greeting(lines)
    return found[#found]
  end

  it("has the verdict of the reply that caused it", function()
    local found = {}
    local s = session.new()
    dialogue.play(s, dialogue.events(with_greeting{ "C: MAIL FROM:<>", "S: 550 5.7.1 Blocked by Spamhaus",
      "C: RCPT TO:<a@b.c>",
      "S: 503 5.5.1 Need MAIL" }), function(exchange) found[#found + 1] = exchange return "" end)
    assert.equal(found[3], found[4].echo_of)
    assert.equal(found[3].verdict, found[4].verdict)
    assert.equal(503, found[4].reply.code)
    assert.equal("ip_blocked", found[4].verdict.cause)
  end)

  it("repeats the refusal of MAIL, through however many commands", function()
    assert.same({
      "mail 450 [MAIL FROM:<>] rate_limited",
      "rcpt 503 [RCPT TO:<a@b.c>] <a@b.c> rate_limited = mail 450",
      "data 503 [DATA] rate_limited = mail 450",
      "content 503 [BDAT 0 LAST] rate_limited = mail 450",
    }, behind_greeting{ "C: MAIL FROM:<>", "S: 450 Rate limit exceeded", "C: RCPT TO:<a@b.c>", "S: 503 Need MAIL",
      "C: DATA",
      "S: 503 Need RCPT", "C: BDAT 0 LAST", "S: 503 Need RCPT" })
  end)

  it("repeats the refusal of the recipients, a transient one rather than a permanent one", function()
    local begun = { "C: MAIL FROM:<>", "S: 250 Ok", "C: RCPT TO:<a@b.c>", "S: 450 4.2.0 Greylisted",
      "C: RCPT TO:<d@b.c>",
      "S: 550 5.1.1 No such user", "C: DATA", "S: 554 5.5.1 No valid recipients" }
    assert.equal("data 554 [DATA] greylisted = rcpt 450", last(begun))
    begun[4] = "S: 551 5.1.6 Moved"
    assert.equal("data 554 [DATA] recipient_unknown = rcpt 550", last(begun))
  end)

  it("is none when a recipient was accepted, or nothing was refused", function()
    assert.equal("data 503 [DATA] protocol_error", last{ "C: MAIL FROM:<>", "S: 250 Ok", "C: RCPT TO:<a@b.c>",
      "S: 250 Ok",
      "C: RCPT TO:<d@b.c>", "S: 550 5.1.1 No such user", "C: DATA", "S: 503 Odd" })
    assert.equal("rcpt 503 [RCPT TO:<a@b.c>] <a@b.c> protocol_error", last{ "C: RCPT TO:<a@b.c>", "S: 503 Need MAIL" })
    assert.equal("data 503 [DATA] protocol_error",
      last{ "C: RCPT TO:<a@b.c>", "S: 503 Need MAIL", "C: DATA", "S: 503 Need RCPT" })
  end)

  it("ends with RSET and with the next MAIL", function()
    assert.equal("rcpt 503 [RCPT TO:<a@b.c>] <a@b.c> protocol_error", last{ "C: MAIL FROM:<>", "S: 550 No", "C: RSET",
      "S: 250 Ok", "C: RCPT TO:<a@b.c>", "S: 503 Need MAIL" })
    assert.equal("data 503 [DATA] protocol_error", last{ "C: MAIL FROM:<>", "S: 550 No", "C: MAIL FROM:<>", "S: 250 Ok",
      "C: DATA", "S: 503 Need RCPT" })
  end)

  it("repeats the refusal of a chunk", function()
    assert.equal("content 503 [BDAT 0 LAST] server_full = bdat 452", last{ "C: MAIL FROM:<>", "S: 250 Ok",
      "C: RCPT TO:<a@b.c>", "S: 250 Ok", "C: BDAT 0", "S: 452 4.3.1 Disk full", "C: BDAT 0 LAST",
        "S: 503 Failed before" })
  end)

  it("repeats a refused greeting at every command but QUIT", function()
    assert.same({
      "connect 554 ip_blocked",
      "ehlo 503 [EHLO c] ip_blocked = connect 554",
      "mail 503 [MAIL FROM:<>] ip_blocked = connect 554",
      "quit 221 [QUIT] accepted",
    }, talk{ "S: 554 5.7.1 Blocked by Spamhaus", "C: EHLO c", "S: 503 5.5.1 No", "C: MAIL FROM:<>", "S: 503 5.5.1 No",
      "C: QUIT", "S: 221 Bye" })
  end)

  it("does not reach behind XCLIENT, nor behind a MAIL that was accepted", function()
    assert.same({ "connect 554 ip_blocked", "xclient 220 [XCLIENT ADDR=192.0.2.1] accepted",
      "mail 503 [MAIL FROM:<>] protocol_error" }, talk{ "S: 554 5.7.1 Blocked by Spamhaus",
      "C: XCLIENT ADDR=192.0.2.1", "S: 220 mx", "C: MAIL FROM:<>", "S: 503 Say hello" })
    assert.same({ "connect 554 ip_blocked", "mail 250 [MAIL FROM:<>] accepted", "vrfy 503 [VRFY a] protocol_error" },
      talk{ "S: 554 5.7.1 Blocked by Spamhaus", "C: MAIL FROM:<>", "S: 250 Ok", "C: VRFY a", "S: 503 Not now" })
  end)

  it("is not what a server says that still wants the message split", function()
    assert.equal("data 503 [DATA] too_many_recipients", last{ "C: MAIL FROM:<>", "S: 250 Ok", "C: RCPT TO:<a@b.c>",
      "S: 550 5.1.1 No such user", "C: DATA", "S: 503 5.5.3 Too many recipients" })
  end)

  it("of a second MAIL leaves the transaction as it was", function()
    assert.same({ "mail 503 [MAIL FROM:<>] protocol_error", "data 354 [DATA] accepted" },
      { select(3, unpack(behind_greeting{ "C: MAIL FROM:<>", "S: 250 Ok",
        "C: RCPT TO:<a@b.c>", "S: 250 Ok", "C: MAIL FROM:<>", "S: 503 Nested", "C: DATA", "S: 354 Go" })) })
  end)
end)

describe("421", function()
  it("answers the oldest command; the others are missing at the end", function()
    assert.same({
      "mail 250 [MAIL FROM:<>] accepted",
      "rcpt 421 [RCPT TO:<a@b.c>] <a@b.c> service_unavailable",
      "rcpt none [RCPT TO:<d@b.c>] <d@b.c> protocol_error {missing}",
      "data none [DATA] protocol_error {missing}",
    }, behind_greeting{ "C: MAIL FROM:<>", "C: RCPT TO:<a@b.c>", "C: RCPT TO:<d@b.c>", "C: DATA", "S: 250 Ok",
      "S: 421 4.3.2 Bye" })
  end)

  it("is unasked when no command waits", function()
    assert.same({ "- 421 network_failed {unasked}" }, behind_greeting{ "S: 421 4.4.2 Timeout" })
  end)

  it("does not stop a server that goes on", function()
    assert.same({ "mail 421 [MAIL FROM:<>] service_unavailable", "quit 221 [QUIT] accepted" },
      behind_greeting{ "C: MAIL FROM:<>", "S: 421 Bye", "C: QUIT", "S: 221 Bye" })
  end)
end)

describe("the end of the connection", function()
  it("gives what a loop left behind, the unfinished reply, and what is missing", function()
    local s = session.new()
    s:client("EHLO c\r\nRSET\r\nQUIT\r\n")
    local next_exchange, state = s:server("220 mx\r\n250 mx\r\n250-hal")
    assert.equal("connect", next_exchange(state).stage)
    assert.same({ "ehlo 250 [EHLO c] accepted {early}", "rset 250 [RSET] protocol_error {early}",
      "quit none [QUIT] protocol_error {early,missing}" }, dialogue.finish(s, {}))
    assert.is_nil(s:finish())
  end)

  it("comes before the greeting too", function()
    assert.same({ "connect none protocol_error {missing}" }, talk{})
  end)

  it("gives a missing reply the verdict of a broken connection", function()
    local s = session.new()
    local exchange = s:finish()
    assert.is_true(exchange.missing)
    assert.is_nil(exchange.reply)
    assert.equal("transient", exchange.verdict.transience)
    assert.is_nil(exchange.verdict.settles)
  end)
end)

describe("lines", function()
  it("takes one line for one line, the first one too", function()
    local s = session.new()
    assert.equal("220 mx\r250 no\r\n", s:server_line("220 mx\n250 no").reply.raw)
    assert.is_nil(s:finish())
  end)

  it("come without their ends, an exchange with the last of a reply", function()
    local s = session.new()
    assert.is_nil(s:server_line("220-mx"))
    assert.equal("connect 220 accepted", dialogue.digest(s:server_line("220 mx")))
    s:client_line("MAIL FROM:<a\nb>")
    assert.equal("mail 250 [MAIL FROM:<a\rb>] accepted", dialogue.digest(s:server_line("250 Ok")))
    s:client_line("DATA")
    assert.equal("data 354 [DATA] accepted", dialogue.digest(s:server_line("354 Go")))
    s:client_line(".")
    assert.equal("content 250 [.] accepted", dialogue.digest(s:server_line("250 Ok")))
    assert.is_nil(s:finish())
  end)
end)

describe("a bound", function()
  local function count_digits(found, digest)
    local count = 0
    for _, one in ipairs(found) do if one == digest then count = count + 1 end end
    return count
  end

  it("of commands: replies to those before come as ever, those behind are not known", function()
    local s = session.new{ commands = 3 }
    dialogue.play(s, dialogue.events{ "S: 220 mx" })
    s:client("NOOP\r\nNOOP\r\nNOOP\r\nQUIT\r\n")
    local found = dialogue.play(s, dialogue.events{ "S: 250 a", "S: 250 b", "S: 250 c", "S: 221 d" })
    assert.equal("noop 250 [NOOP] accepted", found[1])
    assert.equal(2, count_digits(found, "noop 250 [NOOP] accepted {early}"))
    assert.equal("- 221 accepted {lost}", found[4])
    s:client("NOOP\r\n")
    assert.same({ "- 250 accepted {lost}" }, dialogue.talk(s, { "S: 250 e" }))
  end)

  it("of commands is not passed by as many as it allows", function()
    local s = session.new{ commands = 3 }
    dialogue.play(s, dialogue.events{ "S: 220 mx" })
    s:client("NOOP\r\nNOOP\r\nQUIT\r\n")
    local found = dialogue.play(s, dialogue.events{ "S: 250 a", "S: 250 b", "S: 221 d" })
    assert.equal("quit 221 [QUIT] accepted {early}", found[3])
  end)

  it("of a line: its first bytes are kept, and told so", function()
    local s = session.new{ line = 64 }
    local line = "MAIL FROM:<" .. ("a"):rep(53)
    for _, more in ipairs{ "\r\n", "\n", "b\r\n", "b\n", ("b"):rep(999) .. "\r\n" } do s:client(line .. more) end
    local found = dialogue.play(s, dialogue.events{ "S: 220 mx", "S: 250 a", "S: 250 b", "S: 250 c", "S: 250 d",
      "S: 250 e" })
    assert.equal("mail 250 [" .. line .. "] accepted {early}", found[2])
    assert.equal("mail 250 [" .. line .. "] accepted {early}", found[3])
    for at = 4, 6 do assert.equal("mail 250 [" .. line .. "] accepted {early,long_line}", found[at]) end
  end)

  it("of a line loses the session where the end of the line counts", function()
    local s = session.new{ line = 64 }
    local found = dialogue.play(s, dialogue.events{ "S: 220 mx", "C: BDAT " .. ("0"):rep(99) .. "5", "C: NOOP",
      "S: 250 a", "S: 250 b" })
    assert.equal("bdat 250 [BDAT " .. ("0"):rep(59) .. "] accepted {long_line}", found[2])
    assert.equal("- 250 accepted {lost}", found[3])
  end)

  it("of a line belongs to the server too, which may answer a long one in parts", function()
    local s = session.new{ line = 64 }
    local found = dialogue.play(s, dialogue.events{ "S: 220 mx", "C: " .. ("x"):rep(99), "S: 500 What?", "C: QUIT",
      "S: 500 What?",
      "S: 221 Bye" })
    local shown = ("x"):rep(64)
    assert.equal("other 500 [" .. shown .. "] protocol_error {long_line}", found[2])
    assert.equal("other 500 [" .. shown .. "] protocol_error {long_line}", found[3])
    assert.equal("quit 221 [QUIT] accepted", found[4])
  end)

  it("of recipients: the others are counted, without address", function()
    local s = session.new{ protocol = "lmtp", recipients = 1 }
    local found = dialogue.talk(s, { "S: 220 mx", "C: RCPT TO:<a@b.c>", "S: 250 Ok", "C: RCPT TO:<d@b.c>",
      "S: 250 Ok", "C: DATA",
      "S: 354 Go", "C: .", "S: 250 Ok", "S: 250 Ok" })
    assert.equal("delivery 250 [.] <a@b.c> accepted", found[5])
    assert.equal("delivery 250 [.] accepted", found[6])
    assert.is_nil(found[7])
  end)

  it("of what is held behind DATA loses the session, at one byte more", function()
    for more, expected in pairs{ [0] = "content 250 [.] accepted {early}", [1] = "- 250 accepted {lost}" } do
      local s = session.new{ limit = 100 }
      local found = dialogue.talk(s, { "S: 220 mx", "C: DATA", "C: " .. ("x"):rep(95 + more), "C> .\\r\\n",
        "S: 354 Go", "S: 250 Ok" })
      assert.equal("data 354 [DATA] accepted", found[2])
      assert.equal(expected, found[3])
    end
  end)

  it("of what is held behind a bare LF loses the session when the server took it for the end", function()
    local line = "other 250 [" .. ("x"):rep(98) .. "] accepted {early}"
    for more, expected in pairs{ [0] = line, [1] = "- 250 accepted {lost}" } do
      local s = session.new{ limit = 100 }
      local found = dialogue.talk(s, { "S: 220 mx", "C: DATA", "S: 354 Go", "C> a\\n.\\n",
        "C: " .. ("x"):rep(98 + more), "S: 250 Ok",
        "S: 250 Ok" })
      assert.equal("content 250 [.] accepted {bare_lf}", found[3])
      assert.equal(expected, found[4])
    end
  end)

  it("of a reply is the stream's", function()
    assert.same({ "connect 220 protocol_error", "quit 221 [QUIT] accepted" },
      talk({ "S: 220 " .. ("x"):rep(99), "C: QUIT", "S: 221 Bye" }, { limit = 64 }))
  end)

  it("holds for messages of any size: they are not stored", function()
    local s = session.new()
    dialogue.play(s, dialogue.events{ "S: 220 mx", "C: DATA", "S: 354 Go" })
    local piece = ("line\r\n"):rep(10000)
    collectgarbage()
    local before = collectgarbage("count")
    for _ = 1, 50 do s:client(piece) end
    collectgarbage()
    assert.is_true(collectgarbage("count") - before < 16)
    assert.same({ "content 250 [.] accepted" }, dialogue.talk(s, { "C: .", "S: 250 Ok" }))
  end)
end)

describe("TURN", function()
  it("swaps the roles: what follows is not known", function()
    assert.same({ "turn 250 [TURN] accepted", "- 220 accepted {lost}" },
      behind_greeting{ "C: TURN", "S: 250 Ok", "C: 220 now I serve", "S: 220 odd" })
  end)
end)

describe("garbage", function()
  it("never raises", function()
    local seed = 7
    local function random(most)
      seed = (seed * 16807) % 2147483647
      return seed % most + 1
    end
    local bits = { "EHLO x\r\n", "DATA\r\n", ".\r\n", "\n", "\r", "\0", "AUTH LOGIN\r\n", "STARTTLS\r\n",
      "BDAT 5 LAST\r\n", "BDAT 3\r\n",
      "RCPT TO:<", "a>", " ", "220 x\r\n", "354 x\r\n", "334 x\r\n", "250-x\r\n", "250 x\r\n", "353 x\r\n",
        "421\r\n", "\22\3\1",
      "RCPT TO:<a@b>\r\n", "MAIL FROM:<>\r\n", "\n.\n", "500 x\r\n", "XCLIENT\r\n", "TURN\r\n", "LHLO\r\n",
        "QUIT\r\n", "\255" }
    local kinds = {}
    local function feed(s, bytes)
      for exchange in s:server(bytes) do
        kinds[exchange.stage or exchange.unusual[1]] = exchange.verdict.transience
      end
    end
    for round = 1, 300 do
      local s = session.new{ commands = 5, limit = 64, line = 64, recipients = 2,
        protocol = round % 2 == 0 and "lmtp" or nil }
      for _ = 1, 200 do
        local bytes = bits[random(#bits)]
        local who = random(20)
        if who == 1 then s:secured()
        elseif who <= 10 then s:client(bytes)
        else feed(s, bytes) end
      end
      dialogue.finish(s, {})
    end
    assert.truthy(kinds.connect and kinds.lost and kinds.unasked and kinds.injected and kinds.delivery and kinds.auth)
  end)
end)

describe("the caller's mistake", function()
  it("raises and says what is right", function()
    local function raises(message, call, ...)
      local ok, found = pcall(call, ...)
      assert.is_false(ok)
      assert.truthy(found:find(message, 1, true), found)
    end
    raises("expected a table, found string", session.new, "smtp")
    raises("unknown option 'stage'; expected protocol, classifier, host, limit, line, commands or recipients",
      session.new, { stage = 1 })
    raises("option 'protocol': expected 'smtp' or 'lmtp', found esmtp", session.new, { protocol = "esmtp" })
    raises("option 'host': expected a string, found 5", session.new, { host = 5 })
    raises("option 'classifier': expected a classifier, found x", session.new, { classifier = "x" })
    raises("option 'limit': expected an integer from 8 to 1073741824, found 7", session.new, { limit = 7 })
    raises("option 'line': expected an integer from 64 to 1048576, found 63", session.new, { line = 63 })
    raises("option 'commands': expected an integer from 1 to 1048576, found -1", session.new, { commands = -1 })
    raises("option 'recipients': expected an integer from 0 to 1048576, found -1", session.new, { recipients = -1 })
    local s = session.new()
    raises("bad argument #1 to 'client' (expected a string, found number)", s.client, s, 5)
    raises("bad argument #1 to 'server' (expected a string, found nil)", s.server, s)
    raises("bad argument #1 to 'client_line' (expected a string, found table)", s.client_line, s, {})
    raises("bad argument #1 to 'server_line' (expected a string, found boolean)", s.server_line, s, true)
    s:close()
    s:close()
    for _, name in ipairs{ "client", "server", "client_line", "server_line", "finish", "secured" } do
      raises("the session is closed", s[name], s, "x")
    end
    assert.equal("replycode.session: closed", tostring(s))
    assert.equal("replycode.session: 1 commands wait", tostring(session.new()))
  end)

  it("does not leave a session open behind <close>", function()
    if _VERSION ~= "Lua 5.4" then pending("<close> is of Lua 5.4") return end
    local s = load([[local s <close> = ... ; s:server("220 mx\r\n") return s]])(session.new())
    assert.error_matches(function() s:finish() end, "the session is closed")
  end)
end)
