-- Recorded sessions of real servers, replayed: every reply gets its pair.
-- REPLYCODE_CAPTURES=FOLDER adds the sessions below that folder.

local session = require "replycode.session"
local captures = require "spec.tools.captures"
local dialogue = require "spec.tools.dialogue"

local home = "spec/replies"

local function new_session(name)
  return session.new{ protocol = name:find("lmtp", 1, true) and "lmtp" or nil }
end

local function replay(name, events, see)
  local s = new_session(name)
  return dialogue.finish(s, dialogue.play(s, events, see), see)
end

local function pairs_of(name)
  return replay(name, captures.events(home, name))
end

-- ---- All ------------------------------------------------------------------------------------------------------------

-- What is unusual in a session, in its order; "early" and "missing" aside, which depend on the recorder.
local function findings(name, folder)
  local found = {}
  replay(name, captures.events(folder, name), function(exchange)
    for _, slug in ipairs(exchange.unusual or {}) do
      local about = exchange.reply and exchange.reply.code or "none"
      if slug ~= "early" and slug ~= "missing" then
        found[#found + 1] = ("%s %s %s"):format(slug, exchange.stage or "-", about)
      end
    end
    if exchange.in_doubt then found[#found + 1] = "in doubt " .. exchange.stage end
    return ""
  end)
  return table.concat(found, ", ")
end

-- 221 to what is not QUIT: Postfix hangs up on a web client and on what looks like one. In doubt: 421 to a message that
-- held a bare LF, and a BDAT LAST that was never answered.
local unusual = {
  ["dovecot-lmtp/barelf"] = "bare_lf delivery 250",
  ["dovecot-lmtp/longline"] = "long_line noop 250, long_line mail 250, long_line other 500",
  ["dovecot-lmtp/shutdown"] = "unasked - 421",
  ["exim/barelf"] = "bare_lf content 250",
  ["exim/longline"] = "long_line noop 250, long_line mail 501, long_line other 500, long_line other 500",
  ["exim/shutdown"] = "unasked - 421",
  ["exim/timeout"] = "unasked - 421",
  ["haraka/barelf"] = "bare_lf content 451",
  ["haraka/longline"] = "long_line noop none",
  ["haraka/timeout"] = "unasked - 421",
  ["opensmtpd-6.8.0p2/barelf"] = "bare_lf content 500",
  ["opensmtpd-6.8.0p2/longline"] = "long_line noop 500, long_line mail none",
  ["opensmtpd-7.8.0/barelf"] = "bare_lf content 500",
  ["opensmtpd-7.8.0/longline"] = "long_line noop 500, long_line mail none",
  ["postfix/auth"] = "out_of_step other 221",
  ["postfix/barelf"] = "bare_lf content 250, out_of_step other 221",
  ["postfix/bdat"] = "out_of_step other 221, in doubt content",
  ["postfix/data_norcpt"] = "out_of_step other 221",
  ["postfix/http"] = "out_of_step other 221",
  ["postfix/longline"] = "long_line noop 250, long_line mail 501, long_line other 500",
  ["postfix/postscreen/pregreet"] = "merged ehlo 250",
  ["postfix/starttls_inject"] = "injected starttls 220",
  ["postfix/timeout"] = "unasked - 421",
  ["postfix/timeout_data"] = "unasked content 421",
  ["qpsmtpd/barelf"] = "bare_lf content 421, in doubt content",
  ["qpsmtpd/longline"] = "long_line noop 250, long_line mail 250, long_line other 500",
  ["qpsmtpd/syntax"] = "unasked content 421",
  ["qpsmtpd/timeout"] = "unasked - 421",
  ["sendmail/barelf"] = "bare_lf content 421, in doubt content",
  ["sendmail/longline"] = "long_line noop 421, long_line mail none",
  ["sendmail/timeout_data"] = "unasked content 421",
  ["sendmail_nullserver451/longline"] = "long_line noop 421, long_line mail none",
}

-- Behind its 220 to STARTTLS this server sends a record of TLS, which is no reply.
local alert = { ["exim/starttls_bad"] = "\21\3\3\0\2\2\n" }

local function pairs_completely(folder, name)
  local raw = {}
  replay(name, captures.events(folder, name), function(exchange)
    raw[#raw + 1] = exchange.reply and exchange.reply.raw
    return ""
  end)
  assert.equal(captures.raw(folder, name), table.concat(raw) .. (alert[name] or ""))
  assert.equal(unusual[name] or "", findings(name, folder))
end

-- Some servers say what they answer.
local function quotes(exchange)
  local text, stage = exchange.reply.text, exchange.stage
  if text:find("^Command unrecognized: ") then return text:match('"([^"]*)"'), exchange.command end
  if stage == "delivery" then return text:match("^<([^>]*)>"), exchange.recipient end
  if stage == "rcpt" then return text:match("^recipient <([^>]*)> OK"), exchange.recipient end
end

-- Sendmail stops at NUL, and shows other bytes in its own way.
local function plain(text)
  local nul = text:find("\0", 1, true)
  return ((nul and text:sub(1, nul - 1) or text):gsub("[^ -~]+.*", ""))
end

local function agrees_with_quotes(folder, name)
  local count = 0
  replay(name, captures.events(folder, name), function(exchange)
    if not exchange.reply or not exchange.command then return "" end
    local quoted, known = quotes(exchange)
    if quoted then
      count = count + 1
      assert.equal(plain(known), plain(quoted))
    end
    return ""
  end)
  return count
end

local function replays(folder)
  for _, name in ipairs(captures.names(folder)) do
    it(name .. " pairs completely", function() pairs_completely(folder, name) end)
  end
  it("agrees with servers that quote what they answer", function()
    local count = 0
    for _, name in ipairs(captures.names(folder)) do count = count + agrees_with_quotes(folder, name) end
    assert.is_true(count >= 10, count)
  end)
end

describe("of the recorded sessions", function() replays(home) end)

local more = os.getenv("REPLYCODE_CAPTURES")
if more then describe("of the recorded sessions in " .. more, function() replays(more) end) end

-- ---- Cuts -----------------------------------------------------------------------------------------------------------

local function new_random(seed)
  return function(most)
    seed = (seed * 16807) % 2147483647
    return seed % most + 1
  end
end

-- Neighbours of one side joined and cut anew, at most `longest` bytes each.
local function cut(events, random, longest)
  local joined, found = {}, {}
  for _, event in ipairs(events) do
    local last = joined[#joined]
    if last and last.who == event.who then last.bytes = last.bytes .. event.bytes
    else joined[#joined + 1] = { who = event.who, bytes = event.bytes } end
  end
  for _, event in ipairs(joined) do
    local at = 1
    repeat
      local size = random(longest)
      found[#found + 1] = { who = event.who, bytes = event.bytes:sub(at, at + size - 1) }
      at = at + size
    until at > #event.bytes
  end
  return found
end

local function same_in_cuts(folder, name)
  local events = captures.events(folder, name)
  local expected, random = replay(name, events), new_random(#name)
  for _, longest in ipairs{ 1, 7, 100, 5000 } do
    assert.same(expected, replay(name, cut(events, random, longest)), name)
  end
end

describe("whatever the cuts", function()
  it("the pairs of each recorded session are the same", function()
    for _, name in ipairs(captures.names(home)) do same_in_cuts(home, name) end
  end)
end)

-- ---- By name --------------------------------------------------------------------------------------------------------

describe("the recorded session", function()
  local function is(name, expected)
    assert.same(expected, pairs_of(name))
  end

  it("exim/maxperconn: a 421 to MAIL that Exim does not close after", function()
    is("exim/maxperconn", {
      "connect 220 accepted",
      "ehlo 250 [EHLO client.example.org] accepted",
      "mail 250 [MAIL FROM:<sender@example.org>] accepted",
      "rcpt 250 [RCPT TO:<user@example.org>] <user@example.org> accepted",
      "data 354 [DATA] accepted",
      "content 250 [.] accepted",
      "mail 250 [MAIL FROM:<sender@example.org>] accepted",
      "rcpt 250 [RCPT TO:<user@example.org>] <user@example.org> accepted",
      "data 354 [DATA] accepted",
      "content 250 [.] accepted",
      "mail 250 [MAIL FROM:<sender@example.org>] accepted",
      "rcpt 250 [RCPT TO:<user@example.org>] <user@example.org> accepted",
      "data 354 [DATA] accepted",
      "content 250 [.] accepted",
      "mail 421 [MAIL FROM:<sender@example.org>] too_many_connections",
      "rcpt 503 [RCPT TO:<user@example.org>] <user@example.org> too_many_connections = mail 421",
      "data 503 [DATA] too_many_connections = mail 421",
      "other 554 [Subject: 3] protocol_error",
      "other none [] protocol_error {missing}",
      "other none [x] protocol_error {missing}",
      "other none [.] protocol_error {missing}",
      "noop none [NOOP] protocol_error {missing}",
    })
  end)

  it("postfix/client_reject_now: a client refused at the greeting, answered 503 from there on", function()
    is("postfix/client_reject_now", {
      "connect 554 ip_blocked",
      "ehlo 503 [EHLO client.example.org] ip_blocked = connect 554",
      "mail 503 [MAIL FROM:<sender@example.org>] ip_blocked = connect 554",
      "rcpt 503 [RCPT TO:<user@example.org>] <user@example.org> ip_blocked = connect 554",
      "quit 221 [QUIT] accepted",
    })
  end)

  it("sendmail/greet_pause/pregreet: a client that did not wait for the pause, refused in the greeting only", function()
    is("sendmail/greet_pause/pregreet", {
      "connect 554 service_unavailable",
      "ehlo 250 [EHLO client.example.org] accepted {early}",
      "quit 221 [QUIT] accepted",
    })
  end)

  it("sendmail_nullserver451/greet_pause/pregreet: a client that did not wait, and nobody minded", function()
    is("sendmail_nullserver451/greet_pause/pregreet", {
      "connect 220 accepted",
      "ehlo 250 [EHLO client.example.org] accepted {early}",
      "quit 221 [QUIT] accepted",
    })
  end)

  it("postfix/postscreen/barelf: postscreen, bare line feeds", function()
    is("postfix/postscreen/barelf", {
      "connect 220 accepted",
      "ehlo 250 [EHLO client.example.org] accepted",
      "other 502 [] protocol_error",
      "noop 250 [NOOP] accepted",
      "other 502 [NO\rOP] protocol_error",
      "mail 250 [MAIL FROM:<sender@example.org>] accepted",
      "rcpt 550 [RCPT TO:<user@example.org>] <user@example.org> protocol_error",
      "data 554 [DATA] protocol_error = rcpt 550",
      "other none [Subject: lf] protocol_error {missing}",
      "other none [] protocol_error {early,missing}",
      "other none [hello] protocol_error {early,missing}",
      "other none [.] protocol_error {early,missing}",
      "mail none [MAIL FROM:<smuggled@example.org>] protocol_error {early,missing}",
    })
  end)

  it("postfix/postscreen/basics: postscreen, one command too many", function()
    is("postfix/postscreen/basics", {
      "connect 220 accepted",
      "noop 250 [NOOP] accepted",
      "ehlo 250 [EHLO client.example.org] accepted",
      "helo 250 [HELO client.example.org] accepted",
      "vrfy 450 [VRFY user] service_unavailable",
      "vrfy 450 [VRFY nouser@example.org] service_unavailable",
      "vrfy 501 [VRFY] protocol_error",
      "expn 502 [EXPN staff] protocol_error",
      "expn 502 [EXPN] protocol_error",
      "help 502 [HELP] protocol_error",
      "help 502 [HELP MAIL] protocol_error",
      "noop 421 [NOOP with args] service_unavailable",
      "rset none [RSET] protocol_error {missing}",
    })
  end)

  it("postfix/postscreen/data_ok: postscreen, every recipient deferred", function()
    is("postfix/postscreen/data_ok", {
      "connect 220 accepted",
      "ehlo 250 [EHLO client.example.org] accepted",
      "mail 250 [MAIL FROM:<sender@example.org>] accepted",
      "rcpt 450 [RCPT TO:<user@example.org>] <user@example.org> service_unavailable",
      "data 554 [DATA] service_unavailable = rcpt 450",
      "other none [Subject: t1] protocol_error {missing}",
      "other none [From: <sender@example.org>] protocol_error {early,missing}",
      "other none [] protocol_error {early,missing}",
      "other none [hello] protocol_error {early,missing}",
      "other none [..dot] protocol_error {early,missing}",
      "other none [.] protocol_error {early,missing}",
    })
  end)

  it("postfix/postscreen/errors: postscreen, errors only", function()
    is("postfix/postscreen/errors", {
      "connect 220 accepted",
      "other 502 [BOGUS0] protocol_error",
      "other 502 [BOGUS1] protocol_error",
      "other 502 [BOGUS2] protocol_error",
      "other 502 [BOGUS3] protocol_error",
      "other 502 [BOGUS4] protocol_error",
      "other 502 [BOGUS5] protocol_error",
      "other 502 [BOGUS6] protocol_error",
      "other 502 [BOGUS7] protocol_error",
      "other 502 [BOGUS8] protocol_error",
      "other 502 [BOGUS9] protocol_error",
      "other 421 [BOGUS10] service_unavailable",
      "other none [BOGUS11] protocol_error {missing}",
    })
  end)

  it("postfix/postscreen/http: postscreen, a web client", function()
    is("postfix/postscreen/http", {
      "connect 220 accepted",
      "other 502 [GET / HTTP/1.1] protocol_error",
      "other 502 [Host: example.org] protocol_error {early}",
      "other 502 [] protocol_error {early}",
    })
  end)

  it("postfix/postscreen/pipeline: postscreen, a pipeline that was not offered", function()
    is("postfix/postscreen/pipeline", {
      "connect 220 accepted",
      "ehlo 250 [EHLO client.example.org] accepted",
      "mail 250 [MAIL FROM:<sender@example.org>] accepted",
      "rcpt 550 [RCPT TO:<user@example.org>] <user@example.org> protocol_error {early}",
      "rcpt 550 [RCPT TO:<nouser@example.org>] <nouser@example.org> protocol_error {early}",
      "rcpt 550 [RCPT TO:<x@elsewhere.example.net>] <x@elsewhere.example.net> protocol_error {early}",
      "data 554 [DATA] protocol_error {early} = rcpt 550",
      "other none [Subject: t] protocol_error {missing}",
      "other none [] protocol_error {early,missing}",
      "other none [hi] protocol_error {early,missing}",
      "other none [.] protocol_error {early,missing}",
      "quit none [QUIT] protocol_error {early,missing}",
    })
  end)

  it("postfix/postscreen/pregreet: postscreen, a greeting that runs into the reply to EHLO", function()
    is("postfix/postscreen/pregreet", {
      "ehlo 250 [EHLO client.example.org] accepted {early,merged}",
      "quit 221 [QUIT] accepted",
    })
  end)

  it("postfix/postscreen/rcpt: postscreen, recipients", function()
    is("postfix/postscreen/rcpt", {
      "connect 220 accepted",
      "ehlo 250 [EHLO client.example.org] accepted",
      "mail 250 [MAIL FROM:<sender@example.org>] accepted",
      "rcpt 450 [RCPT TO:<nouser@example.org>] <nouser@example.org> service_unavailable",
      "rcpt 450 [RCPT TO:<x@elsewhere.example.net>] <x@elsewhere.example.net> service_unavailable",
      "rcpt 450 [RCPT TO:<user@example.org>] <user@example.org> service_unavailable",
      "rcpt 450 [RCPT TO:<a@nx.invalid>] <a@nx.invalid> service_unavailable",
      "rcpt 450 [RCPT TO:<nodomain>] <nodomain> service_unavailable",
      "rcpt 450 [RCPT TO:<user%elsewhere.example.net@example.org>] "
        .. "<user%elsewhere.example.net@example.org> service_unavailable",
      "rcpt 450 [RCPT TO:<@a.example.org:user@example.org>] <user@example.org> service_unavailable",
      "rset 250 [RSET] accepted",
      "mail 421 [MAIL FROM:<x@nx.invalid>] service_unavailable",
      "rcpt none [RCPT TO:<user@example.org>] <user@example.org> protocol_error {missing}",
    })
  end)

  it("dovecot-lmtp/quota: LMTP, one mailbox full and one not", function()
    is("dovecot-lmtp/quota", {
      "connect 220 accepted",
      "lhlo 250 [LHLO client.example.org] accepted",
      "mail 250 [MAIL FROM:<sender@example.org>] accepted",
      "rcpt 250 [RCPT TO:<full@example.org>] <full@example.org> accepted",
      "rcpt 250 [RCPT TO:<user@example.org>] <user@example.org> accepted",
      "data 354 [DATA] accepted",
      "delivery 552 [.] <full@example.org> mailbox_full",
      "delivery 250 [.] <user@example.org> accepted",
      "quit 221 [QUIT] accepted",
    })
  end)

  it("dovecot-lmtp/two_replies: LMTP, two of three recipients", function()
    is("dovecot-lmtp/two_replies", {
      "connect 220 accepted",
      "lhlo 250 [LHLO client.example.org] accepted",
      "mail 250 [MAIL FROM:<sender@example.org>] accepted",
      "rcpt 250 [RCPT TO:<user@example.org>] <user@example.org> accepted",
      "rcpt 250 [RCPT TO:<sender@example.org>] <sender@example.org> accepted",
      "rcpt 550 [RCPT TO:<nouser@example.org>] <nouser@example.org> recipient_unknown",
      "data 354 [DATA] accepted",
      "delivery 250 [.] <user@example.org> accepted",
      "delivery 250 [.] <sender@example.org> accepted",
      "quit 221 [QUIT] accepted",
    })
  end)

  it("exim_senderverify/maxperconn: Exim, recipients refused for the sender", function()
    is("exim_senderverify/maxperconn", {
      "connect 220 accepted",
      "ehlo 250 [EHLO client.example.org] accepted",
      "mail 250 [MAIL FROM:<sender@example.org>] accepted",
      "rcpt 550 [RCPT TO:<user@example.org>] <user@example.org> sender_rejected",
      "data 503 [DATA] sender_rejected = rcpt 550",
      "other 554 [Subject: 0] protocol_error",
      "other none [] protocol_error {missing}",
      "other none [x] protocol_error {missing}",
      "other none [.] protocol_error {missing}",
      "mail none [MAIL FROM:<sender@example.org>] protocol_error {missing}",
    })
  end)

  it("exim/starttls: Exim, decrypted bytes behind STARTTLS", function()
    is("exim/starttls", {
      "connect 220 accepted",
      "ehlo 250 [EHLO client.example.org] accepted",
      "starttls 501 [STARTTLS foo] tls_failed",
      "starttls 220 [STARTTLS] accepted",
      "mail 503 [MAIL FROM:<sender@example.org>] protocol_error",
      "ehlo 250 [EHLO client.example.org] accepted",
      "starttls 503 [STARTTLS] tls_failed",
      "quit 221 [QUIT] accepted",
    })
  end)

  it("postfix/barelf: Postfix, a message that ends at a bare line feed", function()
    is("postfix/barelf", {
      "connect 220 accepted",
      "ehlo 250 [EHLO client.example.org] accepted",
      "other 500 [] protocol_error",
      "noop 250 [NOOP] accepted",
      "other 500 [NO\rOP] protocol_error",
      "mail 250 [MAIL FROM:<sender@example.org>] accepted",
      "rcpt 250 [RCPT TO:<user@example.org>] <user@example.org> accepted",
      "data 354 [DATA] accepted",
      "content 250 [.] accepted {bare_lf}",
      "mail 250 [MAIL FROM:<smuggled@example.org>] accepted {early}",
      "other 500 [] protocol_error",
      "other 221 [.] protocol_error {out_of_step}",
      "quit none [QUIT] protocol_error {missing}",
    })
  end)
end)
