-- What the words of a reply decide, and which words do not count. Rows give the stage, the reply and the verdict.

local replycode = require "replycode"

-- "transience cause scope action settles closes waiting"; "-" for what is absent.
local function words_of(verdict)
  return { verdict.transience, verdict.cause, verdict.scope, verdict.action, verdict.settles or "-",
    verdict.closes and "closes" or "-", verdict.waiting or "-" }
end

-- As many words as are expected; "*" stands for any.
local function said(verdict, expected)
  local words, found = words_of(verdict), {}
  for word in expected:gmatch "%S+" do
    local at = #found + 1
    found[at] = word == "*" and word or words[at]
  end
  return table.concat(found, " ")
end

local function at(stage) return stage ~= "none" and stage or nil end

local function shown(what)
  if type(what) == "table" then
    what = ("{ %s, %s, %s }"):format(what.code or "-", what.enhanced or "-", what.text or "-")
  end
  return (what:gsub("\r\n", " / "):gsub("[^ -~]", function(byte) return ("\\x%02x"):format(byte:byte()) end))
end

-- Rows of { stages, reply, expected }.
local function mean(rows)
  for _, row in ipairs(rows) do
    for stage in row[1]:gmatch "%S+" do
      it(("%s at %s: %s"):format(shown(row[2]), stage, row[3]), function()
        assert.equal(row[3], said(replycode.classify(row[2], at(stage)), row[3]))
      end)
    end
  end
end

-- ---- What the field gets wrong ---------------------------------------------------------------------------------------

describe("what other programs get wrong:", function()
  local function right(name, rows)
    it(name, function()
      for _, row in ipairs(rows) do
        for stage in row[1]:gmatch "%S+" do
          assert.equal(row[3], said(replycode.classify(row[2], at(stage)), row[3]), shown(row[2]) .. " at " .. stage)
        end
      end
    end)
  end

  right("421 ends the session and says nothing about the recipient", {
    { "mail rcpt data content", "421 4.3.2 Service shutting down",
      "transient service_unavailable server reconnect - closes" } })

  right("421 while the reply to RSET is awaited settles nothing, the session is over", {
    { "rset", "421 4.3.2 Service shutting down", "transient service_unavailable server reconnect - closes" } })

  right("502 is permanent for the command, and there is another way", {
    { "vrfy expn help", "502 5.5.2 command not recognized", "permanent protocol_error command fall_back - -" },
    { "vrfy", "502 5.7.0 VRFY disallowed", "permanent protocol_error command fall_back - -" } })

  right("552 too many recipients is transient, the rest goes separately", {
    { "rcpt", "552 5.5.3 Too many recipients", "transient too_many_recipients message split -" } })

  right("452 out of storage space is transient and the recipient's", {
    { "rcpt", "452 4.2.2 out of storage space", "transient mailbox_full recipient retry -" } })

  right("450 domain not found is transient and the domain's", {
    { "rcpt", "450 4.1.2 Domain not found", "transient domain_unroutable recipient_domain retry -" } })

  right("550 5.7.515 is about the sender's domain, the recipient stays", {
    { "rcpt content",
      "550 5.7.515 Access denied, sending domain example.org does not meet the required authentication level.",
      "permanent domain_auth_failed sender_domain fix_sender" } })

  right("550 5.1.1 has sent to too many recipients this hour is a limit of the client", {
    { "rcpt", "550 5.1.1 <a@example.org> 192.0.2.0 has sent to too many recipients this hour",
      "transient rate_limited client retry -" } })

  right("550 5.1.1 on a blocklist is about the client", {
    { "rcpt", "550 5.1.1 rejected because [192.0.2.1] is on a blocklist", "permanent ip_blocked client fix_client" } })

  right("451 4.7.650 rate limited due to IP reputation is a limit of the client, not greylisting", {
    { "mail rcpt", "451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited due to IP reputation.",
      "transient rate_limited client retry -" } })

  right("554 and 521 as greeting: this host does not serve us, the next may", {
    { "connect", "554 mx.example.org", "permanent * server try_next_host - closes" },
    { "connect", "521 mx.example.org", "permanent * server try_next_host - closes" } })

  it("a limit is no wait, hh:mm:ss is one", function()
    assert.is_nil(replycode.classify("450 4.7.1 limit 100 per 1 hour", "rcpt").retry_after)
    assert.equal(272, replycode.classify("451 4.7.1 Greylisted, come back in 00:04:32", "rcpt").retry_after)
  end)

  right("open resolver: the recipient's lookup of the list is broken, the sender is not listed", {
    { "rcpt", "554 5.7.1 Error: open resolver; https://www.spamhaus.org/returnc/pub/192.0.2.1",
      "permanent server_error server give_up recipient" },
    { "rcpt", "554 5.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org; Error: open resolver",
      "permanent server_error server give_up recipient" } })

  right("535 is about the login and settles nothing", {
    { "auth", "535 5.7.8 Error: authentication failed", "permanent client_auth_failed sender fix_client - -" } })

  right("503 sender not yet given to RCPT is an echo of what was refused before", {
    { "rcpt", "503 sender not yet given", "permanent protocol_error command fall_back -" },
    { "rcpt", "503-503 sender not yet given\r\n503 Bad", "permanent protocol_error command fall_back -" } })

  right("552 5.2.2 at RCPT is a full mailbox, nothing to split", {
    { "rcpt", "552 5.2.2 Mailbox is over quota", "permanent mailbox_full recipient give_up recipient - helps" } })

  right("221 to a command is out of step", {
    { "mail rcpt data", "221 2.7.0 Error: I can break rules, too. Goodbye.",
      "transient protocol_error session reconnect - closes" } })

  right("250 to DATA and 354 to RCPT are out of step", {
    { "data", "250 ok", "transient protocol_error session reconnect -" },
    { "rcpt", "354 go on", "transient protocol_error session reconnect -" } })
end)

-- ---- Whose words -----------------------------------------------------------------------------------------------------

describe("what stands in a name decides nothing:", function()
  mean {
    { "rcpt", "550 5.7.1 mailbox-full@example.org refused", "permanent policy_rejected recipient give_up" },
    { "rcpt", "550 5.7.1 <mailbox.full@example.org> refused", "permanent policy_rejected recipient give_up" },
    { "rcpt", "550 5.7.1 <no such user> refused", "permanent policy_rejected recipient give_up" },
    { "rcpt", "550 5.7.1 user-unknown.example.org refused", "permanent policy_rejected recipient give_up" },
    { "rcpt", "550 5.7.1 see https://example.org/mailbox-full", "permanent policy_rejected recipient give_up" },
    { "rcpt", "550 5.7.1 see http://virus-found.example.org/", "permanent policy_rejected recipient give_up" },
    { "rcpt", "550 5.7.1 /var/spool/user-unknown/x", "permanent policy_rejected recipient give_up" },
    { "rcpt", "550 5.7.1 file mailbox_full.txt refused", "permanent policy_rejected recipient give_up" },
    { "rcpt", "450 4.7.1 greylisted.example.org", "transient policy_rejected recipient retry" },
  }
end)

describe("what stands beside a name does:", function()
  mean {
    { "rcpt", "550 5.7.1 No such user <a@example.org>", "permanent recipient_unknown recipient drop_recipient" },
    { "rcpt", "550 5.1.1 <a@mailbox-full.example.org> User unknown",
      "permanent recipient_unknown recipient drop_recipient" },
    { "rcpt", "550 spam@example.org: No such user here", "permanent recipient_unknown recipient drop_recipient" },
    { "rcpt", "550 no.such.user@example.org: Mailbox full", "permanent mailbox_full recipient give_up" },
    { "rcpt", "550 5.2.2 <over quota@example.org>: user unknown",
      "permanent recipient_unknown recipient drop_recipient" },
    { "content", "550 attachment over-quota.pdf contains a virus", "permanent content_virus message fix_message" },
    { "rcpt", "550 No such user (greylisted.example.org)", "permanent recipient_unknown recipient drop_recipient" },
  }
end)

describe("a quoted reply gives the cause, the code around it the transience:", function()
  mean {
    { "content", "450 4.4.1 host mx.example.org[192.0.2.7] said: 550 5.1.1 No such user",
      "transient recipient_unknown recipient retry -" },
    { "content", "550 5.1.1 host mx.example.org[192.0.2.7] said: 452 4.2.2 Mailbox full (in reply to RCPT TO command)",
      "permanent mailbox_full recipient give_up message - helps" },
    { "content", "554 5.0.0 Remote server says: 550 No such user",
      "permanent recipient_unknown recipient drop_recipient message" },
    { "content", "550 The mail server responded with: 552 5.2.2",
      "permanent mailbox_full recipient give_up message - helps" },
    { "content", "550 host said: 451 4.7.1 Greylisted", "transient greylisted * retry -" },
  }
end)

describe("a quoted reply about the sender is the sender's:", function()
  mean {
    { "rcpt mail", "550-Verification failed for <a@example.org>\r\n"
      .. "550-Called: 192.0.2.1\r\n550-Sent: RCPT TO:<a@example.org>\r\n"
      .. "550-Response: 550 5.1.1 No Such User Here\r\n550 Sender verify failed",
        "permanent sender_rejected sender fix_sender" },
    { "rcpt mail", "550 5.1.7 <a@example.org>: Sender address rejected: undeliverable address: "
      .. "host mx.example.org[192.0.2.7] said: 550 User unknown", "permanent sender_rejected sender fix_sender" },
    { "rcpt mail", "450 4.1.7 <a@example.org>: Sender address rejected: unverified address: "
      .. "connect to mx.example.org[192.0.2.7]: Connection refused", "transient sender_rejected sender retry" },
  }
end)

-- ---- When words count ------------------------------------------------------------------------------------------------

describe("words do not make", function()
  it("a failure of a success", function()
    for _, what in ipairs { "250 No such user", "250 2.1.5 Mailbox full", "354 Spam detected" } do
      local stage = what:match "^354" and "data" or "rcpt"
      assert.equal("none accepted", said(replycode.classify(what, stage), "none accepted"))
    end
  end)

  it("a permanent failure of a 4yz", function()
    for _, what in ipairs { "450 No such user", "421 5.1.1 User unknown", "450 Relaying denied, permanently" } do
      assert.equal("transient", replycode.classify(what, "rcpt").transience)
    end
  end)

  it("a reply of what is none", function()
    for _, what in ipairs { "250OK No such user", "HTTP/1.1 550 No such user", "550-No such user" } do
      local expected = "transient protocol_error session reconnect"
      assert.equal(expected, said(replycode.classify(what, "rcpt"), expected), what)
      assert.is_nil(replycode.classify(what, "rcpt").settles)
    end
  end)

  it("a recipient's fault of what is said before RCPT", function()
    for _, stage in ipairs { "connect", "ehlo", "auth", "mail" } do
      for _, what in ipairs { "550 No such user", "550 5.1.1 User unknown", "552 Mailbox full",
        "550 Mailbox disabled" } do
        local cause = replycode.classify(what, stage).cause
        assert.is_nil(cause:match "^recipient_" or cause:match "^mailbox_", what .. " at " .. stage .. " is " .. cause)
      end
    end
  end)
end)

describe("a 5yz passes", function()
  mean {
    { "rcpt", "550 5.7.1 Greylisted", "transient greylisted recipient retry -" },
    { "connect", "554 Too many connections from your IP address", "transient too_many_connections client * - closes" },
    { "rcpt", "552 5.2.2 Mailbox full, try again later", "transient mailbox_full recipient retry -" },
    { "rcpt", "550 5.2.1 Over the limit, try again in 5 minutes", "transient * * retry -" },
  }

  it("not for what time does not heal", function()
    for _, what in ipairs { "550 5.1.1 No such user, try again later",
      "550 5.7.1 Spam, please check the message and try again later" } do
      assert.equal("permanent", replycode.classify(what, "content").transience, what)
    end
  end)
end)

-- ---- Tables and text without a code ----------------------------------------------------------------------------------

describe("a reply's table with text", function()
  mean {
    { "rcpt", { code = 550, text = "No such user" }, "permanent recipient_unknown recipient drop_recipient recipient" },
    { "rcpt", { code = 450, text = "Very bad: mailbox\nfull" }, "transient mailbox_full recipient retry -" },
    { "rcpt", { code = 550, enhanced = "5.2.2", text = "No such user" },
      "permanent recipient_unknown recipient drop_recipient" },
    { "rcpt", { code = 550, enhanced = "5.2.2", text = "" }, "permanent mailbox_full recipient give_up recipient" },
    { "rcpt", { code = 250, text = "No such user" }, "none accepted recipient proceed -" },
    { "rcpt", { code = 550, text = "\0\255 mailbox full \1" }, "permanent mailbox_full recipient give_up recipient" },
    { "local none", { text = "No such user" }, "permanent recipient_unknown recipient drop_recipient -" },
    { "local none", { enhanced = "4.2.2", text = "No such user" }, "transient recipient_unknown recipient retry -" },
    { "rcpt", { text = "No such user" }, "transient protocol_error session reconnect -" },
  }

  it("means what its bytes mean", function()
    for _, bytes in ipairs { "550-No such\r\n550 user here", "450-4.7.1 Try again\r\n450 4.7.1 in 5 minutes",
      "550 5.7.1 x - gsmtp",
      "554 blocked using zen.spamhaus.org", "250 ok", "421 closing connection",
        "550 " .. ("é "):rep(3000) .. "Mailbox full" } do
      local reply = replycode.parse(bytes)
      local parts = { code = reply.code, enhanced = reply.enhanced, text = reply.text }
      for _, stage in ipairs { "connect", "rcpt", "content" } do
        assert.same(replycode.classify(bytes, stage), replycode.classify(reply, stage))
        assert.same(replycode.classify(bytes, stage), replycode.classify(parts, stage))
      end
    end
  end)

  it("is read where it has words alone", function()
    local verdict = replycode.classify { code = 550, text = "550 5.1.1 No such user" }
    assert.equal("recipient_unknown", verdict.cause)
    assert.is_nil(verdict.enhanced)
  end)
end)

describe("text without a code, of our own side:", function()
  mean {
    { "local none", "Connection timed out", "transient network_failed * retry -" },
    { "local none", "connect to mx.example.org[192.0.2.1]:25: Connection refused", "transient network_failed * retry -" },
    { "local none", "lost connection with mx.example.org[192.0.2.1] while sending RCPT TO",
      "transient network_failed * retry -" },
    { "local none", "Name service error for name=example.org type=MX: Host not found",
      "permanent domain_unroutable recipient_domain drop_recipient -" },
    { "local none", "Name service error for name=example.org type=MX: Host not found, try again",
      "transient domain_unroutable recipient_domain retry -" },
    { "local none", "mail for example.org loops back to myself", "permanent mail_loop message give_up -" },
    { "local none", "TLS is required, but was not offered by host mx.example.org", "transient tls_failed * retry -" },
    { "local none", "User unknown", "permanent recipient_unknown recipient drop_recipient -" },
    { "local none", "Mailbox full", "permanent mailbox_full recipient give_up - - helps" },
    { "local none", "4.2.2 Mailbox full", "transient mailbox_full recipient retry -" },
    { "local none", "5.4.7 expired", "permanent delivery_expired message give_up -" },
    { "local none", "I have no words for it", "transient unknown * retry -" },
    { "rcpt content", "User unknown", "transient protocol_error session reconnect -" },
  }

  it("is malformed all the same, and has no code and no class", function()
    local verdict = replycode.classify("Connection timed out", "local")
    assert.equal("code", verdict.malformed)
    assert.is_nil(verdict.code)
    assert.is_nil(replycode.parse("Connection timed out").class)
  end)
end)

-- ---- Who speaks ------------------------------------------------------------------------------------------------------

describe("the provider", function()
  local function provider_of(what, context) return replycode.classify(what, context).provider end

  it("is known by its mark, or by the host that is named", function()
    assert.equal("google", provider_of "550 5.1.1 x - gsmtp")
    for _, host in ipairs { "google.com", "mx.google.com", "ASPMX.L.GOOGLE.COM" } do
      assert.equal("google", provider_of("550 5.1.1 x", { host = host }), host)
    end
  end)

  it("is not known by a host that only looks like one of its own", function()
    for _, host in ipairs { "notgoogle.com", "google.com.example.org", "google", "com", "", ".", "\0" } do
      assert.is_nil(provider_of("550 5.1.1 x", { host = host }))
    end
    assert.is_nil(provider_of "550 5.1.1 x")
  end)

  it("keeps its private meanings to itself", function()
    local private = { code = 550, enhanced = "5.7.515", text = "Access denied" }
    assert.is_nil(replycode.classify({ code = 450, enhanced = "4.2.1", text = "Slow down" }, "rcpt").provider)
    assert.equal("domain_auth_failed", replycode.classify(private,
      { stage = "content", host = "example.mail.protection.outlook.com" }).cause)
  end)
end)

describe("the blocklist", function()
  it("is known by its name, and the failure is about the client", function()
    local verdict = replycode.classify("554 5.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org", "rcpt")
    assert.equal("spamhaus_zen ip_blocked client fix_client",
      table.concat({ verdict.blocklist, verdict.cause, verdict.scope, verdict.action }, " "))
    assert.equal("zen.spamhaus.org", replycode.describe(verdict, { kind = "blocklist" }).zone)
  end)

  it("is none where none is named", function()
    assert.is_nil(replycode.classify("550 5.1.1 No such user", "rcpt").blocklist)
  end)
end)

describe("the session is over when the words say so:", function()
  mean {
    { "rcpt", "450 4.4.2 Timeout, closing connection", "transient * * reconnect - closes" },
    { "rcpt", "550 5.7.1 Too many errors, goodbye", "* * * * * closes" },
    { "rcpt", "550 5.1.1 No such user", "permanent * * * recipient - -" },
  }
end)

-- ---- Any bytes -------------------------------------------------------------------------------------------------------

describe("hostile text", function()
  local patterns = { "a", "no such user ", "mailbox * full", "<", "<<>>", ". ", "said: 550 ", "try again in 9 ", "\195",
    "@", "/", "é",
    "blocked using ", "\0", "5.1.1 " }

  it("of any size is read", function()
    for _, part in ipairs(patterns) do
      for _, count in ipairs { 1, 50, 1000, 20000 } do
        local verdict = replycode.classify("550 " .. part:rep(count), "rcpt")
        assert.truthy(verdict.cause)
      end
    end
  end)

  it("lets the words behind it count", function()
    for _, part in ipairs { "a", "<", ". ", "@", "\195", "é" } do
      assert.equal("recipient_unknown", replycode.classify("550 " .. part:rep(20000) .. " . No such user",
        "rcpt").cause, part)
    end
  end)
end)
