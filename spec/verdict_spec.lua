-- The law of verdicts by code, enhanced status and stage: each row says what a reply at a stage means. Words in a row say
-- what its status says; text_spec.lua has what words decide.

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

-- Rows of { stages, replies, expected }: alternatives parted by "|", "none" is no stage.
local function mean(rows)
  for _, row in ipairs(rows) do
    for stage in row[1]:gmatch "%S+" do
      for what in row[2]:gmatch "[^|]+" do
        it(("%s at %s: %s"):format(what, stage, row[3]), function()
          assert.equal(row[3], said(replycode.classify(what, stage ~= "none" and stage or nil), row[3]))
        end)
      end
    end
  end
end

describe("what the field gets wrong:", function()
  mean {
    { "mail rcpt data content rset noop", "421 4.3.2 Service shutting down",
      "transient service_unavailable server reconnect - closes -" },
    { "connect ehlo", "421 4.3.2 Service shutting down",
      "transient service_unavailable server try_next_host - closes -" },
    { "rset", "421", "transient service_unavailable * reconnect - closes -" },
    { "vrfy expn", "502 5.5.2 command not recognized|502 5.7.0 VRFY disallowed", "permanent * command fall_back - - -" },
    { "rcpt", "552 5.5.3 Too many recipients", "transient too_many_recipients message split - - -" },
    { "rcpt", "452 4.2.2 out of storage space", "transient mailbox_full recipient retry - - -" },
    { "rcpt", "450 4.1.2 Domain not found", "transient domain_unroutable recipient_domain retry - - -" },
    { "connect", "554", "permanent service_unavailable server try_next_host - closes -" },
    { "connect", "521", "permanent domain_unroutable server try_next_host - closes -" },
    { "auth", "535|535 5.7.8 Bad credentials", "permanent client_auth_failed sender fix_client - - -" },
    { "rcpt data bdat burl", "503 sender not yet given", "permanent protocol_error command fall_back - - -" },
    { "rcpt", "552 5.2.2 over quota", "permanent mailbox_full recipient give_up recipient - helps" },
    { "mail rcpt data content noop", "221 2.7.0 Error: I can break rules, too. Goodbye.",
      "transient protocol_error session reconnect - closes -" },
    { "data", "250", "transient protocol_error session reconnect - - -" },
    { "rcpt", "354", "transient protocol_error session reconnect - - -" },
  }

  it("550 5.7.515 does not drop the recipient", function()
    assert.not_equal("drop_recipient", replycode.classify("550 5.7.515 Access denied", "rcpt").action)
    assert.not_equal("drop_recipient", replycode.classify("550 5.7.515 Access denied", "content").action)
  end)
end)

describe("a bare code:", function()
  mean {
    { "mail rcpt data content other", "421", "transient service_unavailable * reconnect - closes" },
    { "connect ehlo helo lhlo", "421", "transient service_unavailable * try_next_host - closes" },
    { "connect", "500|530|550|553|571", "permanent service_unavailable server try_next_host - closes" },
    { "connect", "450|451|454", "transient * * * - closes" },
    { "ehlo helo", "521", "permanent domain_unroutable server try_next_host - closes" },
    { "mail data content", "521", "permanent domain_unroutable server try_next_host message closes" },
    { "ehlo helo", "501|504", "permanent client_identity_rejected client fix_client - -" },
    { "mail rcpt data content", "451", "transient server_error server retry - -" },
    { "ehlo helo", "451", "transient server_error server try_next_host - -" },
    { "mail content", "452", "transient server_full server retry - -" },
    { "rcpt", "452", "transient too_many_recipients message split - -" },
    { "mail content", "552", "permanent message_too_big message fix_message message -" },
    { "delivery", "552", "permanent message_too_big recipient fix_message recipient -" },
    { "rcpt", "552", "transient too_many_recipients message split - -" },
    { "mail", "553", "permanent sender_rejected sender fix_sender message -" },
    { "rcpt", "553", "permanent recipient_unknown recipient give_up recipient -" },
    { "rcpt", "550", "permanent unknown recipient give_up recipient -" },
    { "mail content", "550|554", "permanent unknown message give_up message -" },
    { "rcpt", "551", "permanent recipient_moved recipient give_up recipient -" },
    { "rcpt", "556", "permanent domain_unroutable recipient_domain drop_recipient recipient -" },
    { "mail rcpt", "455", "transient protocol_error command retry - -" },
    { "etrn", "459", "transient policy_rejected command retry - -" },
    { "mail rcpt content", "530", "permanent client_auth_failed session fix_client - -" },
    { "auth", "454", "transient client_auth_failed server retry - -" },
    { "starttls", "454", "transient tls_failed server retry - -" },
  }
end)

describe("452 and 552 at rcpt, by the status:", function()
  mean {
    { "rcpt", "452 4.5.3|552 5.5.3|452 4.0.0|552 5.0.0", "transient too_many_recipients message split - - -" },
    { "rcpt", "452 4.3.0|552 5.3.0", "transient too_many_recipients message split - - -" },
    { "rcpt", "452 4.2.2", "transient mailbox_full recipient retry - - -" },
    { "rcpt", "452 4.2.3", "transient message_too_big recipient retry - - -" },
    { "rcpt", "452 4.3.1", "transient server_full server retry - - -" },
    { "rcpt", "552 5.2.3|552 5.3.4", "permanent message_too_big recipient fix_message recipient - -" },
    { "rcpt", "552 5.3.1", "permanent server_full server give_up recipient - -" },
    { "data", "503 5.5.3", "transient too_many_recipients message split - - -" },
  }
end)

describe("the status decides cause and scope:", function()
  mean {
    { "rcpt", "550 5.1.1", "permanent recipient_unknown recipient drop_recipient recipient - -" },
    { "rcpt", "450 4.1.1", "transient recipient_unknown recipient retry - - -" },
    { "rcpt delivery", "550 5.2.1", "permanent recipient_disabled recipient drop_recipient recipient - -" },
    { "content", "550 5.1.1", "permanent recipient_unknown recipient drop_recipient message - -" },
    { "rcpt", "551 5.1.6", "permanent recipient_moved recipient drop_recipient recipient - -" },
    { "rcpt", "550 5.1.2", "permanent domain_unroutable recipient_domain drop_recipient recipient - -" },
    { "rcpt", "556 5.1.10", "permanent domain_unroutable recipient_domain drop_recipient recipient - -" },
    { "mail", "553 5.1.7", "permanent sender_rejected sender fix_sender message - -" },
    { "mail", "550 5.1.8|550 5.7.27", "permanent sender_rejected sender_domain fix_sender message - -" },
    { "content", "550 5.7.20|550 5.7.21|550 5.7.22|550 5.7.23|550 5.7.26|550 5.7.29",
      "permanent domain_auth_failed sender_domain fix_sender message - -" },
    { "content", "451 4.7.24", "transient domain_auth_failed sender_domain retry - - -" },
    { "mail rcpt", "550 5.7.25", "permanent client_identity_rejected client fix_client * - -" },
    { "content", "550 5.3.4|552 5.3.4", "permanent message_too_big message fix_message message - -" },
    { "content", "552 5.2.3", "permanent message_too_big recipient fix_message message - -" },
    { "content", "554 5.4.6", "permanent mail_loop message give_up message - -" },
    { "content", "450 4.4.6", "transient mail_loop message retry - - useless" },
    { "content", "554 5.4.7", "permanent delivery_expired message give_up message - -" },
    { "content", "550 5.7.30", "permanent tls_failed message fix_message message - -" },
    { "delivery", "552 5.2.2", "permanent mailbox_full recipient give_up recipient - helps" },
    { "delivery", "452 4.2.2", "transient mailbox_full recipient retry - - -" },
    { "content", "452 4.3.1", "transient server_full server retry - - -" },
  }
end)

describe("the code decides transience:", function()
  mean {
    { "rcpt", "550 4.2.2", "permanent mailbox_full recipient give_up recipient - helps" },
    { "rcpt", "450 5.1.1", "transient recipient_unknown recipient retry - - -" },
    { "content", "550 4.4.7", "permanent delivery_expired message give_up message - -" },
    { "mail", "421 5.7.32", "transient * * reconnect - closes" },
    { "rcpt", "250 5.1.1 no such user", "none accepted recipient proceed - - -" },
  }
end)

describe("a 5yz is transient by its cause only:", function()
  mean {
    { "content", "550 5.7.28 mail flood", "transient rate_limited client retry - - -" },
    { "content", "550 5.5.3", "transient too_many_recipients message split - - -" },
  }
end)

describe("the stage makes causes impossible:", function()
  mean {
    { "auth", "535 5.2.1|535 5.1.1|525 5.7.13", "permanent client_auth_failed sender fix_client - - -" },
    { "mail", "550 5.1.1|550 5.2.1", "permanent * * * message - -" },
  }

  it("before rcpt neither recipient nor mailbox", function()
    for _, stage in ipairs { "connect", "ehlo", "helo", "lhlo", "starttls", "auth", "mail" } do
      for _, what in ipairs { "550 5.1.1", "550 5.2.1", "551 5.1.6", "552 5.2.2", "452 4.2.2", "551", "553" } do
        local cause = replycode.classify(what, stage).cause
        assert.is_nil(cause:match "^recipient_" or cause:match "^mailbox_", what .. " at " .. stage .. " is " .. cause)
      end
    end
  end)
end)

describe("the next step by stage:", function()
  mean {
    { "ehlo", "500|502|503|500 5.5.1", "permanent * * fall_back - -" },
    { "ehlo helo", "550|554|571", "permanent * * try_next_host - -" },
    { "helo", "500|502", "permanent * * try_next_host - -" },
    { "ehlo helo", "550 5.7.25", "permanent client_identity_rejected client fix_client - -" },
    { "lhlo", "500|502", "permanent * * fix_client - -" },
    { "starttls", "500|501|502|503|504", "permanent * command fall_back - -" },
    { "starttls", "554", "permanent * * try_next_host - -" },
    { "auth", "500|503|504", "permanent * command fall_back - -" },
    { "auth", "501|534|535|538|550|554", "permanent * * fix_client - -" },
    { "vrfy expn help noop rset quit etrn atrn turn", "500|502|504|550|554", "permanent * * fall_back - -" },
    { "mail rcpt", "504|555", "permanent protocol_error command fall_back - -" },
    { "mail rcpt data", "500|502", "permanent protocol_error command try_next_host - -" },
    { "mail", "501|503", "permanent protocol_error command fix_client - -" },
    { "vrfy", "550", "permanent * command fall_back - -" },
  }
end)

describe("in step and out of step:", function()
  mean {
    { "connect starttls", "220", "none accepted session proceed - -" },
    { "ehlo helo lhlo", "250", "none accepted session proceed - -" },
    { "auth", "235|334", "none accepted session proceed - -" },
    { "mail", "250", "none accepted message proceed - -" },
    { "rcpt", "250|251|252", "none accepted recipient proceed - -" },
    { "data", "354", "none accepted message proceed - -" },
    { "bdat burl", "250", "none accepted message proceed - -" },
    { "content", "250|250 2.0.0 queued|259", "none accepted message proceed message -" },
    { "content", "353", "none accepted message proceed - -" },
    { "delivery", "250", "none accepted recipient proceed recipient -" },
    { "vrfy", "250|251|252", "none accepted command proceed - -" },
    { "help", "211|214", "none accepted command proceed - -" },
    { "rset noop", "250", "none accepted command proceed - -" },
    { "etrn", "250|251|252|253", "none accepted command proceed - -" },
    { "quit", "221", "none accepted command proceed - closes" },
    { "none", "250|254|334|354", "none accepted * proceed - -" },
    { "mail rcpt content", "220|334|354", "transient protocol_error session reconnect - -" },
    { "auth", "354", "transient protocol_error session reconnect - -" },
    { "starttls data", "334", "transient protocol_error session reconnect - -" },
    { "connect", "250|354|221", "transient protocol_error session try_next_host -" },
    { "ehlo helo lhlo", "354|220", "transient protocol_error session try_next_host - -" },
  }
end)

describe("what is not SMTP:", function()
  mean {
    { "mail rcpt data content delivery none", "150 x|650 x|999 x|250-half|250OK|2500",
      "transient protocol_error session reconnect - - -" },
    { "mail rcpt data content delivery", "HTTP/1.1 400 Bad Request|550-5.1.1 No",
      "transient protocol_error session reconnect - - -" },
    { "connect ehlo helo lhlo", "HTTP/1.1 400|150|600|220OK|250-half",
      "transient protocol_error session try_next_host - - -" },
  }
end)

describe("text without a code, of our own side:", function()
  mean {
    { "local none", "5.1.1 No such user", "permanent recipient_unknown recipient drop_recipient - -" },
    { "local none", "4.4.1 No answer", "transient network_failed * retry - -" },
    { "local none", "5.4.7 expired", "permanent delivery_expired message give_up - -" },
    { "local none", "I do not know", "transient unknown * retry - -" },
  }
end)

describe("452, 552 and 503 by their words:", function()
  mean {
    { "rcpt", "452 Too many recipients|552 Too many recipients", "transient too_many_recipients message split - - -" },
    { "rcpt", "452 Mailbox full", "transient mailbox_full recipient retry - - -" },
    { "rcpt", "552 Mailbox full", "permanent mailbox_full recipient give_up recipient - helps" },
    { "rcpt mail", "452 Insufficient system storage", "transient server_full server retry - - -" },
    { "data", "503 Too many recipients", "transient too_many_recipients message split - - -" },
    { "data", "503 No valid recipients", "permanent protocol_error command fall_back - - -" },
  }
end)

describe("the scope follows from cause and stage, when words decide too:", function()
  mean {
    { "rcpt delivery", "450 4.7.1 Greylisted", "transient greylisted recipient" },
    { "data content", "450 4.7.1 Greylisted", "transient greylisted message" },
    { "connect ehlo", "450 4.7.1 Greylisted", "transient greylisted client" },
    { "mail content", "552 Message size exceeds fixed limit", "permanent message_too_big message" },
    { "rcpt delivery", "552 Message size exceeds fixed limit", "permanent message_too_big recipient" },
    { "delivery", "552 5.2.3 Message too large", "permanent message_too_big recipient" },
    { "starttls", "454 4.7.0 TLS not available", "transient tls_failed server" },
    { "starttls", "501 5.5.4 TLS not available", "permanent tls_failed command" },
    { "mail rcpt", "530 5.7.0 Must issue a STARTTLS command first", "permanent tls_failed session fix_client" },
    { "connect", "521 mx.example.org does not accept mail", "permanent domain_unroutable server try_next_host" },
    { "mail", "530 Authentication required", "permanent client_auth_failed session fix_client" },
    { "auth", "454 4.7.0 Temporary authentication failure", "transient client_auth_failed server retry" },
    { "auth", "504 5.7.4 Unrecognized authentication type", "permanent client_auth_failed command fall_back" },
    { "mail", "421 4.7.0 Too many messages in this session", "transient too_many_connections session reconnect" },
    { "content", "550 Message contains a URL listed on a blocklist", "permanent domain_blocked message fix_message" },
    { "rcpt", "550 5.1.8 Sender address rejected: Domain not found",
      "permanent sender_rejected sender_domain fix_sender" },
    { "vrfy rset", "550 User unknown", "permanent recipient_unknown recipient fall_back - - -" },
  }
end)

describe("waiting", function()
  mean {
    { "rcpt", "552 5.2.2 Mailbox full", "permanent mailbox_full recipient give_up recipient - helps" },
    { "rcpt", "552 5.2.2 Mailbox full and inactive", "permanent mailbox_full recipient give_up recipient - -" },
    { "content", "450 4.4.6 Mail loop detected", "transient mail_loop message retry - - useless" },
    { "content", "554 Mail loop detected", "permanent mail_loop message give_up message - -" },
  }
end)

describe("who was accepted so far", function()
  local function with(what, stage, accepted)
    local verdict = replycode.classify(what, { stage = stage, accepted = accepted })
    return table.concat(words_of(verdict), " ")
  end

  it("makes 554 to data an echo", function()
    assert.equal("permanent protocol_error command fall_back - - -", with("554 no valid recipients", "data", 0))
    assert.equal("permanent protocol_error command fall_back - - -", with("503 no valid recipients", "data", 0))
    assert.equal("permanent unknown message give_up message - -", with("554 no", "data", 1))
    assert.equal("permanent unknown message give_up message - -", with("554 no", "data", nil))
  end)

  it("leaves nothing to split", function()
    assert.equal("transient too_many_recipients message retry - - -", with("452 4.5.3 too many", "rcpt", 0))
    assert.equal("transient too_many_recipients message split - - -", with("452 4.5.3 too many", "rcpt", 100))
  end)
end)

describe("a verdict", function()
  it("is a line for a log, with all that it holds", function()
    assert.equal("code=250 transience=none cause=accepted scope=recipient action=proceed basis=code rule=accepted",
      tostring(replycode.classify("250 ok", "rcpt")))
    assert.equal("code=552 enhanced=5.2.2 transience=permanent cause=mailbox_full scope=recipient action=give_up "
      .. "settles=recipient waiting=helps basis=enhanced rule=status/X.2.2",
        tostring(replycode.classify("552 5.2.2", "rcpt")))
  end)

  it("is a line for a log, with all that words can tell", function()
    local mine = replycode.classifier { rules = { { id = "mine", text = "bad karma", cause = "ip_blocked" } } }
    local what = "450 4.7.1 Bad karma, no such user, try again in 5 minutes, closing connection - gsmtp"
    assert.equal("code=450 enhanced=4.7.1 transience=transient cause=ip_blocked scope=client action=reconnect closes=true "
      .. "retry_after=300 provider=google also=recipient_unknown basis=caller rule=mine",
        tostring(mine:classify(what, "rcpt")))
    local listed = tostring(replycode.classify("554 Blocked using zen.spamhaus.org", "rcpt"))
    assert.truthy(listed:find(" blocklist=spamhaus_zen basis=text ", 1, true), listed)
    assert.truthy(tostring(replycode.classify("250OK", "rcpt")):find(" malformed=separator$"))
  end)
end)
