-- compose.advise: for each situation, at each stage where it can be told and in both languages, the reply that a client
-- reads as it is meant.

local replycode = require "replycode"
local compose = require "replycode.compose"

-- ---- What is expected: situation: code status action: stages ---------------------------------------------------------

local sets = {
  hello = "ehlo helo lhlo",
  session = "starttls auth mail rcpt data content delivery bdat burl rset vrfy expn help noop etrn atrn turn "
    .. "xforward other",
}

local expected = [[
  accepted: 235 2.7.0 proceed: auth
  accepted: 250 2.1.0 proceed: mail
  accepted: 250 2.1.5 proceed: rcpt
  accepted: 250 2.0.0 proceed: content delivery bdat burl rset noop
  recipient_unknown: 550 5.1.1 drop_recipient: rcpt delivery
  recipient_unknown: 550 5.1.1 fall_back: vrfy expn
  recipient_disabled: 550 5.2.1 drop_recipient: rcpt delivery
  recipient_moved: 550 5.1.6 drop_recipient: rcpt delivery
  mailbox_full: 452 4.2.2 retry: rcpt delivery
  recipient_refuses: 550 5.7.1 give_up: rcpt content delivery
  recipient_rate_limited: 450 4.7.1 retry: rcpt delivery
  too_many_recipients: 452 4.5.3 split: rcpt
  relay_denied: 550 5.7.1 give_up: rcpt
  domain_unroutable: 550 5.1.2 drop_recipient: rcpt
  null_mx: 556 5.1.10 drop_recipient: rcpt
  sender_rejected: 550 5.7.1 fix_sender: mail rcpt
  sender_null_mx: 550 5.7.27 fix_sender: mail rcpt
  domain_auth_failed: 550 5.7.26 fix_sender: content delivery
  spf_fail: 550 5.7.23 fix_sender: mail rcpt content delivery
  dkim_fail: 550 5.7.20 fix_sender: content delivery
  dmarc_fail: 550 5.7.1 fix_sender: content delivery
  domain_blocked: 550 5.7.1 fix_sender: mail rcpt content delivery
  ip_blocked: 554 - try_next_host: connect
  ip_blocked: 550 - try_next_host: ehlo helo
  ip_blocked: 550 5.7.1 fix_client: mail rcpt
  client_identity_rejected: 554 - try_next_host: connect
  client_identity_rejected: 550 - fix_client: ehlo helo
  client_identity_rejected: 550 5.7.25 fix_client: mail rcpt
  no_ptr: 554 - try_next_host: connect
  no_ptr: 550 - fix_client: ehlo helo
  no_ptr: 550 5.7.25 fix_client: mail rcpt
  bad_helo: 550 - fix_client: ehlo helo
  bad_helo: 550 5.7.1 fix_client: mail rcpt
  rate_limited: 421 - reconnect: connect hello
  rate_limited: 451 4.7.1 retry: mail data
  rate_limited: 450 4.7.1 retry: rcpt content delivery
  too_many_connections: 421 - reconnect: connect hello
  too_many_connections: 421 4.7.0 reconnect: mail
  greylisted: 421 - reconnect: connect hello
  greylisted: 450 4.7.1 retry: rcpt content delivery
  greylisted: 451 4.7.1 retry: data
  too_many_errors: 421 - try_next_host: hello
  too_many_errors: 421 4.7.0 reconnect: session
  too_many_errors: 421 - reconnect: xclient
  policy_rejected: 554 - try_next_host: connect
  policy_rejected: 550 - try_next_host: ehlo helo
  policy_rejected: 550 5.7.1 give_up: mail rcpt content delivery
  policy_rejected: 554 5.7.1 give_up: data
  client_auth_failed: 535 5.7.8 fix_client: auth
  auth_unavailable: 454 4.7.0 retry: auth
  auth_mechanism: 504 5.5.4 fall_back: auth
  auth_required: 530 5.7.0 fix_client: mail rcpt
  tls_required: 530 5.7.0 fix_client: auth mail rcpt
  tls_failed: 454 4.7.0 retry: starttls
  content_spam: 550 5.7.1 fix_message: content delivery
  content_virus: 550 5.7.1 fix_message: content delivery
  content_rejected: 550 5.7.1 fix_message: content delivery
  message_too_big: 552 5.3.4 fix_message: mail content delivery bdat burl
  mail_loop: 554 5.4.6 give_up: content delivery
  server_error: 421 - try_next_host: connect hello
  server_error: 451 4.3.0 retry: mail rcpt data content delivery bdat burl
  backend_down: 421 - try_next_host: connect hello
  backend_down: 451 4.3.0 retry: mail rcpt data content delivery bdat burl
  network_failed: 421 - try_next_host: connect hello
  network_failed: 451 4.4.1 retry: mail rcpt data content delivery
  server_full: 421 - try_next_host: connect hello
  server_full: 452 4.3.1 retry: mail rcpt content delivery bdat
  service_unavailable: 421 - try_next_host: connect hello
  service_unavailable: 421 4.3.2 reconnect: session
  service_unavailable: 421 - reconnect: xclient
  maintenance: 421 - try_next_host: connect hello
  maintenance: 421 4.3.2 reconnect: session
  maintenance: 421 - reconnect: xclient
  shutdown: 421 - try_next_host: connect hello
  shutdown: 421 4.3.2 reconnect: session
  shutdown: 421 - reconnect: xclient
  no_mail_host: 521 - try_next_host: connect
  protocol_error: 554 - try_next_host: connect
  protocol_error: 550 - try_next_host: ehlo helo
  protocol_error: 503 5.5.0 fix_client: mail
  unknown_command: 500 - fall_back: ehlo
  unknown_command: 500 - try_next_host: helo
  unknown_command: 500 - fix_client: lhlo
  unknown_command: 500 5.5.1 fix_client: other
  command_off: 502 5.5.1 fall_back: vrfy expn help etrn atrn turn
  vrfy_off: 252 2.5.0 proceed: vrfy expn
  bad_sequence: 503 5.5.1 fall_back: starttls auth rcpt data bdat burl
  bad_sequence: 503 5.5.1 fix_client: mail
  bad_syntax: 501 5.5.2 fall_back: starttls rset vrfy expn quit etrn
  bad_syntax: 501 5.5.2 fix_client: auth mail rcpt data bdat burl
  bad_parameter: 555 5.5.4 fall_back: mail rcpt
  bad_parameter: 504 5.5.4 fall_back: vrfy expn help
]]

local function stages_of(words)
  local list = {}
  for name in words:gmatch "%S+" do
    for stage in (sets[name] or name):gmatch "%S+" do list[#list + 1] = stage end
  end
  return list
end

local rows = {}
for situation, code, status, action, words in expected:gmatch "([%w_]+): (%d+) (%S+) ([%w_]+): ([^\n]+)" do
  for _, stage in ipairs(stages_of(words)) do
    rows[#rows + 1] = { situation = situation, stage = stage, code = tonumber(code), action = action,
      enhanced = status ~= "-" and status or nil }
  end
end

-- The cause is the situation itself, but for these.
local causes = {
  recipient_rate_limited = "rate_limited", null_mx = "domain_unroutable", sender_null_mx = "sender_rejected",
  spf_fail = "domain_auth_failed", dkim_fail = "domain_auth_failed", dmarc_fail = "domain_auth_failed",
  no_ptr = "client_identity_rejected", bad_helo = "client_identity_rejected", too_many_errors = "policy_rejected",
  auth_unavailable = "client_auth_failed", auth_mechanism = "client_auth_failed", auth_required = "client_auth_failed",
  tls_required = "tls_failed", backend_down = "server_error", maintenance = "service_unavailable",
  shutdown = "service_unavailable", no_mail_host = "domain_unroutable", unknown_command = "protocol_error",
  command_off = "protocol_error", vrfy_off = "accepted", bad_sequence = "protocol_error", bad_syntax = "protocol_error",
  bad_parameter = "protocol_error",
}

-- What only the sending side can mean, or nobody.
local not_said = { delivery_expired = true, unknown = true }

-- ---- Helpers ---------------------------------------------------------------------------------------------------------

local function advise(row, lang)
  return compose.advise(row.situation, row.stage, { lang = lang })
end

local function line_of(advice, text)
  return ("%d %s%s\r\n"):format(advice.code, advice.enhanced and advice.enhanced .. " " or "", text)
end

local function name_of(row, lang)
  return ("%s at %s in %s"):format(row.situation, row.stage, lang)
end

local function each(visit)
  for _, row in ipairs(rows) do
    for _, lang in ipairs { "en", "tr" } do visit(row, lang, advise(row, lang)) end
  end
end

local function entries_of(kind, lang)
  local list = {}
  for entry in replycode.entries(kind, { lang = lang }) do list[#list + 1] = entry end
  return list
end

-- The class, subject and detail that the registry of the catalogue knows.
local function is_registered(status)
  local entry = replycode.describe(status, { kind = "status" })
  return entry.exact
end

local function raises(message, ...)
  local ok, found = pcall(...)
  assert.is_false(ok)
  assert.is_truthy(found:find(message, 1, true), found)
end

-- ---- Replies ---------------------------------------------------------------------------------------------------------

describe("advice", function()
  it("has a row here for every situation and each of its stages", function()
    local found, listed = {}, {}
    for _, row in ipairs(rows) do found[row.situation .. " " .. row.stage] = true end
    for _, entry in ipairs(entries_of("situation", "en")) do
      for _, stage in ipairs(entry.stages) do listed[entry.slug .. " " .. stage] = true end
    end
    assert.same(listed, found)
  end)

  it("has every cause that a server can mean", function()
    for _, cause in ipairs(entries_of("cause", "en")) do
      local entry = replycode.describe(cause.slug, { kind = "situation" })
      assert.equal(not_said[cause.slug], entry == nil and true or nil, cause.slug)
      if entry then assert.equal(cause.slug, entry.cause) end
    end
  end)

  it("has the code and status of the situation at its stage", function()
    each(function(row, lang, advice)
      local name = name_of(row, lang)
      assert.equal(row.situation, advice.situation, name)
      assert.equal(row.stage, advice.stage, name)
      assert.equal(row.code, advice.code, name)
      assert.equal(row.enhanced, advice.enhanced, name)
      assert.equal(causes[row.situation] or row.situation, advice.cause, name)
    end)
  end)

  it("has no status before RFC 2034 lets one stand, then one that is registered and fits the code", function()
    for _, row in ipairs(rows) do
      local early = ("connect ehlo helo lhlo xclient"):find(row.stage, 1, true) ~= nil
      local advice = advise(row)
      assert.equal(early, advice.enhanced == nil, name_of(row, "en"))
      if not early then
        assert.is_true(is_registered(advice.enhanced), advice.enhanced)
        assert.equal(tostring(advice.code):sub(1, 1), advice.enhanced:sub(1, 1))
      end
    end
  end)

  it("is read as its cause and asks for the action, with and without accents", function()
    each(function(row, lang, advice)
      for _, text in ipairs { advice.text, advice.utf8_text } do
        local verdict = replycode.classify(line_of(advice, text), row.stage)
        local name = name_of(row, lang) .. ": " .. text
        assert.equal(advice.cause, verdict.cause, name)
        assert.equal(row.action, verdict.action, name)
        assert.is_nil(verdict.also, name)
        assert.is_nil(verdict.retry_after, name)
        assert.is_nil(verdict.provider, name)
        assert.is_nil(verdict.blocklist, name)
      end
    end)
  end)

  it("says the same in both languages: transience, scope, what it settles, whether it closes", function()
    for _, row in ipairs(rows) do
      local english, turkish = advise(row, "en"), advise(row, "tr")
      local a = replycode.classify(line_of(english, english.text), row.stage)
      local b = replycode.classify(line_of(turkish, turkish.text), row.stage)
      for _, key in ipairs { "transience", "scope", "settles", "closes", "waiting" } do
        assert.equal(a[key], b[key], ("%s, %s"):format(name_of(row, "tr"), key))
      end
      assert.are_not.equal(english.text, turkish.text)
    end
  end)

  it("announces the end of the session with 421 and nowhere else", function()
    each(function(row, lang, advice)
      local closing = lang == "en" and "Closing connection." or "Baglanti kapatiliyor."
      assert.equal(advice.code == 421, advice.text:find(closing, 1, true) ~= nil, name_of(row, lang))
    end)
  end)

  it("is one short line of ASCII that ends a sentence; English is the same in UTF-8", function()
    each(function(row, lang, advice)
      assert.is_nil(advice.text:find "[^\32-\126]", name_of(row, lang))
      assert.is_truthy(advice.text:find "^[A-Z].*%.$", advice.text)
      assert.is_true(#line_of(advice, advice.utf8_text) <= 200)
      assert.is_nil(advice.text:find "[{}%%]")
      if lang == "en" then assert.equal(advice.text, advice.utf8_text) end
    end)
  end)

  it("keeps capitals where it takes accents away", function()
    local advice = compose.advise("content_virus", nil, { lang = "tr" })
    assert.equal("Iletide virus bulundu.", advice.text)
    assert.equal("İletide virüs bulundu.", advice.utf8_text)
    assert.equal("Cok fazla alici. Kalan alicilara baska bir islemle gonderin.",
      compose.advise("too_many_recipients", nil, { lang = "tr" }).text)
  end)

  it("is read back as it was composed", function()
    if not compose.reply then return pending("compose.reply is missing") end
    each(function(row, lang, advice)
      local reply = replycode.parse(compose.reply(advice))
      assert.same({ row.code, row.enhanced, advice.text, nil }, { reply.code, reply.enhanced, reply.text, reply.oddities },
        name_of(row, lang))
    end)
  end)

  it("gives lint nothing to find", function()
    if not compose.lint then return pending("compose.lint is missing") end
    each(function(row, lang, advice)
      assert.same({}, compose.lint(line_of(advice, advice.text), row.stage), name_of(row, lang))
    end)
  end)
end)

-- ---- Words -----------------------------------------------------------------------------------------------------------

describe("advice in words", function()
  it("says why, and cites", function()
    local advice = compose.advise("greylisted", "rcpt")
    assert.equal("RFC 6647 2.4, 5; RFC 5321 4.2.3, 4.3.2; RFC 3463 3.8", advice.reference)
    assert.equal(replycode.describe("greylisted", { kind = "situation" }).meaning, advice.why)
    each(function(row, lang, given)
      assert.is_truthy(given.why:find "%.$", name_of(row, lang))
      assert.is_truthy(given.reference:find "^RFC %d+ %d", name_of(row, lang))
    end)
  end)

  it("has the fields that it says, and no others", function()
    local advice = compose.advise("shutdown", "rcpt")
    advice.why, advice.reference = nil, nil
    assert.same({ situation = "shutdown", stage = "rcpt", code = 421, enhanced = "4.3.2", cause = "service_unavailable",
      text = "Service not available, the server is shutting down. Closing connection.",
      utf8_text = "Service not available, the server is shutting down. Closing connection." }, advice)
  end)

  it("is an entry of the catalogue", function()
    local entry = replycode.describe("no_ptr")
    assert.equal("situation", entry.kind)
    assert.equal("Client has no PTR record", entry.title)
    assert.equal("client_identity_rejected", entry.cause)
    assert.same({ "connect", "ehlo", "helo", "mail", "rcpt" }, entry.stages)
    assert.equal("cause", replycode.describe("greylisted").kind)
    local verdict = replycode.classify("450 4.2.0 Greylisted", "rcpt")
    assert.equal("greylisted", replycode.describe(verdict, { kind = "situation" }).slug)
    assert.is_nil(replycode.describe(replycode.classify("550 x"), { kind = "situation" }))
  end)
end)

-- ---- Stages ----------------------------------------------------------------------------------------------------------

describe("the stage of an advice", function()
  local function stage_of(situation, stage)
    return compose.advise(situation, stage).stage
  end

  it("is the usual one when none is named", function()
    assert.equal("rcpt", stage_of "greylisted")
    assert.equal("connect", stage_of "ip_blocked")
    assert.equal("content", stage_of "content_virus")
    assert.equal("auth", stage_of "client_auth_failed")
    assert.equal("other", stage_of "unknown_command")
  end)

  it("is the next at which the situation can be told", function()
    assert.equal("content", stage_of("content_virus", "connect"))
    assert.equal("content", stage_of("content_virus", "data"))
    assert.equal("content", stage_of("content_spam", "bdat"))
    assert.equal("rcpt", stage_of("recipient_unknown", "connect"))
    assert.equal("ehlo", stage_of("bad_helo", "connect"))
    assert.equal("rcpt", stage_of("greylisted", "mail"))
    assert.equal("mail", stage_of("tls_required", "connect"))
  end)

  it("is the last before when there is no next", function()
    assert.equal("rcpt", stage_of("relay_denied", "content"))
    assert.equal("mail", stage_of("too_many_connections", "delivery"))
    assert.equal("rcpt", stage_of("ip_blocked", "burl"))
    assert.equal("connect", stage_of("no_mail_host", "rcpt"))
  end)

  it("is the usual one at a command beside the dialogue, or where only such a command can tell", function()
    assert.equal("rcpt", stage_of("greylisted", "vrfy"))
    assert.equal("content", stage_of("content_virus", "quit"))
    assert.equal("auth", stage_of("client_auth_failed", "rcpt"))
    assert.equal("starttls", stage_of("tls_failed", "mail"))
    assert.equal("connect", stage_of("shutdown", "connect"))
    assert.equal("mail", stage_of("shutdown", "local"))
  end)

  it("is always one of the situation's", function()
    local all = entries_of("stage", "en")
    for _, entry in ipairs(entries_of("situation", "en")) do
      for _, stage in ipairs(all) do
        local found = stage_of(entry.slug, stage.slug)
        local listed = " " .. table.concat(entry.stages, " ") .. " "
        assert.is_truthy(listed:find(" " .. found .. " ", 1, true))
        if listed:find(" " .. stage.slug .. " ", 1, true) then assert.equal(stage.slug, found) end
      end
    end
  end)
end)

-- ---- Mistakes --------------------------------------------------------------------------------------------------------

describe("compose.advise", function()
  it("raises for a situation that it does not know, and names those it does", function()
    raises("bad argument #1", compose.advise, "greylist")
    raises("situation: expected one of accepted, recipient_unknown, ", compose.advise, "greylist")
    raises("found 'greylist'", compose.advise, "greylist")
    raises("found 'unknown'", compose.advise, "unknown")
    raises("found 'number'", compose.advise, 450)
    raises("found 'nil'", compose.advise)
    raises("expected one of", compose.advise, "greylisted\0")
  end)

  it("raises for a stage, a language or an option that it does not know", function()
    raises("stage: expected one of connect, ", compose.advise, "greylisted", "greeting")
    raises("bad argument #2", compose.advise, "greylisted", 1)
    raises("option 'lang': expected one of en, tr; found 'de'", compose.advise, "greylisted", "rcpt", { lang = "de" })
    raises("unknown option 'language'; expected one of lang", compose.advise, "greylisted", nil, { language = "tr" })
    raises("bad argument #3", compose.advise, "greylisted", "rcpt", "tr")
  end)

  it("is in a module of its own, loaded or not loaded before replycode", function()
    assert.is_nil(replycode.advise)
    assert.equal(compose, require "replycode.compose.core")
  end)
end)
