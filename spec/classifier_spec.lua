-- Rules of the caller: what they ask for, what they decide, what is wrong with them, and how they are tried on samples.

local replycode = require "replycode"

local function of_rules(...) return replycode.classifier { rules = { ... } } end

-- One rule that says "content_spam" under these conditions.
local function with(conditions)
  conditions.id, conditions.cause = "mine", "content_spam"
  return of_rules(conditions)
end

local function decides(classifier, what, context)
  return classifier:classify(what, context).rule == "mine"
end

-- Rows of { what a rule asks for, replies it decides, replies it does not }, each with the same context.
local function asks_for(rows)
  for _, row in ipairs(rows) do
    it(row[1], function()
      local mine = with(row[2])
      for _, what in ipairs(row[3]) do assert.is_true(decides(mine, what, row.at), what) end
      for _, what in ipairs(row[4]) do assert.is_false(decides(mine, what, row.at), what) end
    end)
  end
end

local function message_of(...)
  local ok, message = pcall(replycode.classifier, ...)
  assert.is_false(ok)
  return message
end

local function assert_says(says, message)
  assert.truthy(message:find("bad argument #1", 1, true), message)
  assert.truthy(message:find(says, 1, true), message)
end

-- ---- Precedence ------------------------------------------------------------------------------------------------------

describe("a rule of the caller", function()
  it("wins over the code, the status, the words and the provider", function()
    local replies = { "550 x", "550 5.1.1 x", "550 5.1.1 No such user", "552 5.2.2 Mailbox full - gsmtp", "521 x",
      "503 x",
      "550 5.7.515 Access denied, sending domain example.org does not meet the required authentication level" }
    for _, what in ipairs(replies) do
      local verdict = with { class = "permanent" }:classify(what, "rcpt")
      assert.equal("content_spam caller mine", table.concat({ verdict.cause, verdict.basis, verdict.rule }, " "), what)
    end
  end)

  it("leaves what it does not ask for to the built-in rows", function()
    local mine = with { text = "bad karma" }
    for _, what in ipairs { "550 5.1.1 No such user", "452 4.2.2 Mailbox full", "250 ok", "421 x", "hello" } do
      assert.same(replycode.classify(what, "rcpt"), mine:classify(what, "rcpt"))
    end
  end)

  it("says what else the words speak of", function()
    local verdict = with { text = "bad karma" }:classify("550 5.1.1 Bad karma, no such user", "rcpt")
    assert.equal("recipient_unknown", verdict.also)
  end)

  it("is named by its place when it has no id", function()
    local mine = of_rules({ code = 550, cause = "unknown" }, { code = 551, cause = "unknown", id = "" })
    assert.equal("caller/1", mine:classify("550 x").rule)
    assert.equal("caller/2", mine:classify("551 x").rule)
  end)

  it("does not make a failure of a success, nor a success of a broken conversation", function()
    local mine = with { stage = { "connect", "rcpt", "data", "content" } }
    for _, row in ipairs {
      { "250 2.1.5 ok", "rcpt", "accepted none proceed" }, { "354 go on", "data", "accepted none proceed" },
      { "250 ok", "data", "protocol_error transient reconnect" },
        { "354 x", "rcpt", "protocol_error transient reconnect" },
      { "250OK", "content", "protocol_error transient reconnect" },
        { "HTTP/1.1 400", "rcpt", "protocol_error transient reconnect" },
    } do
      local found = mine:classify(row[1], row[2])
      assert.equal(row[3], table.concat({ found.cause, found.transience, found.action }, " "), row[1])
      assert.is_not.equal("caller", found.basis)
    end
  end)

  it("does not blame a recipient before RCPT", function()
    for _, cause in ipairs { "recipient_unknown", "recipient_disabled", "recipient_moved", "recipient_refuses",
      "mailbox_full" } do
      for _, stage in ipairs { "connect", "ehlo", "auth", "mail" } do
        local found = of_rules { text = "bad karma", cause = cause }:classify("550 Bad karma", stage)
        assert.is_not.equal(cause, found.cause, stage)
      end
    end
  end)
end)

describe("of several rules of the caller", function()
  local function winner(what, ...)
    return of_rules(...):classify(what, "rcpt").rule
  end

  it("more bytes win, in either order", function()
    local short, long = { id = "short", text = "bad karma", cause = "ip_blocked" },
      { id = "long", text = "very bad karma", cause = "content_spam" }
    assert.equal("long", winner("550 Very bad karma", short, long))
    assert.equal("long", winner("550 Very bad karma", long, short))
    assert.equal("short", winner("550 Bad karma", long, short))
  end)

  it("words with a code or a status beside them win over words alone", function()
    local words = { id = "words", text = "very bad karma", cause = "ip_blocked" }
    assert.equal("code", winner("550 Very bad karma", words,
      { id = "code", code = 550, text = "bad karma", cause = "unknown" }))
    assert.equal("status", winner("550 5.7.1 Very bad karma", words,
      { id = "status", enhanced = "5.7.x", text = "bad karma", cause = "unknown" }))
  end)

  it("words win over a code alone", function()
    local all, words = { id = "all", code = "5xx", cause = "policy_rejected" },
      { id = "words", text = "bad karma", cause = "ip_blocked" }
    assert.equal("words", winner("550 5.7.1 Bad karma", all, words))
    assert.equal("all", winner("550 5.7.1 No", all, words))
  end)

  it("more conditions win", function()
    local one = { id = "one", text = "bad karma", cause = "ip_blocked" }
    assert.equal("two", winner("550 Bad karma", one,
      { id = "two", text = "bad karma", stage = "rcpt", cause = "unknown" }))
  end)
end)

-- ---- Conditions ------------------------------------------------------------------------------------------------------

describe("a rule asks for", function()
  asks_for {
    { "a code as a number", { code = 550 }, { "550 x", "550 5.1.1 x" }, { "551 x", "450 x", "5.5.0 x", "550-x" } },
    { "a code as a string", { code = "450" }, { "450 x", "450-a\r\n450 b" }, { "550 x", "451 x", "450-a\r\n550 b" } },
    { "all codes of a digit", { code = "5xx" }, { "500 x", "559 x", "599 x" }, { "450 x", "250 x", "x" } },
    { "all codes of a digit in capitals", { code = "4XX" }, { "400 x", "499 x" }, { "550 x" } },
    { "a class", { class = "transient" }, { "421 x", "450 5.1.1 x" }, { "550 4.1.1 x", "350 x" } },
    { "a status", { enhanced = "5.7.26" }, { "550 5.7.26 x", "450 5.7.26 x" },
      { "550 4.7.26 x", "550 5.7.2 x", "550 x" } },
    { "a status of any class", { enhanced = "x.7.26" }, { "550 5.7.26 x", "450 4.7.26 x" }, { "550 5.7.27 x" } },
    { "all details of a subject", { enhanced = "5.7.x" }, { "550 5.7.0 x", "550 5.7.999 x" },
      { "550 5.1.7 x", "550 4.7.1 x" } },
    { "all statuses in capitals", { enhanced = "X.X.X" }, { "550 5.7.0 x", "450 4.0.0 x" }, { "550 x" } },
    { "a range of details", { enhanced = "5.7.606-649" }, { "550 5.7.606 x", "550 5.7.649 x", "550 5.7.620 x" },
      { "550 5.7.605 x", "550 5.7.650 x", "450 4.7.620 x" } },
    { "a stage", { stage = "content" }, { "550 x", "450 No such user" }, { "250 x" }, at = "content" },
    { "one of several stages", { stage = { "rcpt", "content" } }, { "550 x" }, {}, at = "rcpt" },
    { "another stage", { stage = { "rcpt", "content" } }, {}, { "550 x" }, at = "delivery" },
    { "a stage where none is said", { stage = "rcpt" }, {}, { "550 x" } },
    { "text of the sending side", { stage = "local" }, { "No answer", "4.4.1 No answer", "450 x" }, {}, at = "local" },
    { "a provider that the words name", { provider = "google" }, { "550 x - gsmtp", "450 4.2.1 x - gsmtp" },
      { "550 x" } },
    { "a provider that the host names", { provider = "google" }, { "550 x" }, { "250 x" },
      at = { stage = "rcpt", host = "GMAIL-SMTP-IN.L.GOOGLE.COM" } },
    { "another provider", { provider = "google" }, {}, { "550 x" }, at = { host = "mx.example.org" } },
    { "a host that ends alike", { provider = "google" }, {}, { "550 x" }, at = { host = "notgoogle.com" } },
    { "a provider and words too short for others", { provider = "google", text = "x9" }, { "550 x9 - gsmtp" },
      { "550 x8 - gsmtp", "550 x9" } },
    { "all of it at once", { code = 550, enhanced = "5.7.x", stage = "rcpt", text = "karma" }, { "550 5.7.1 Karma" },
      { "551 5.7.1 Karma", "550 5.1.1 Karma", "550 5.7.1 Karm" }, at = "rcpt" },
  }
end)

describe("a pattern", function()
  asks_for {
    { "is found in any case", { text = "Bad KARMA" }, { "550 bad karma", "550 BAD KARMA", "550 bAd kArMa" },
      { "550 bad_karma" } },
    { "takes I for i, dotless and dotted too", { text = "INIS ISI" },
      { "550 inis isi", "550 INIS ISI", "550 \196\176nis isi", "550 \196\177nis \196\177s\196\177" },
        { "550 lnis isi" } },
    { "does without the accents of Latin letters", { text = "kullanıcı değil" },
      { "550 Kullanıcı değil", "550 KULLANICI DEĞİL", "550 kullanici degil" }, { "550 kullanc degil" } },
    { "is found in any case of Cyrillic letters", { text = "нет места" },
      { "550 Нет Места", "550 НЕТ МЕСТА" },
      { "550 нет мест" } },
    { "compares all other letters byte by byte", { text = "邮箱已满" },
      { "550 邮箱已满", "550 您的邮箱已满了" },
      { "550 邮箱满" } },
    { "has a word edge at both ends", { text = "karmic" },
      { "550 karmic", "550 (karmic)", "550 a-karmic.", "550 满karmic" },
      { "550 akarmic", "550 karmics", "550 _karmic", "550 karmic9" } },
    { "has no word edge where a gap touches", { text = "*karmic*" }, { "550 akarmics", "550 karmic" }, { "550 karmi" } },
    { "has no word edge behind when a gap touches there", { text = "karmic*" }, { "550 karmics" }, { "550 akarmic" } },
    { "has alternatives", { text = "bad karma|full moon|evil eye" },
      { "550 bad karma", "550 full moon", "550 the evil eye" },
      { "550 bad moon", "550 evil" } },
    { "has gaps of any size up to 64 bytes", { text = "mailer * karmic" },
      { "550 mailer karmic", "550 mailer is karmic", "550 mailer " .. ("x"):rep(62) .. " karmic" },
      { "550 mailer " .. ("x"):rep(63) .. " karmic", "550 karmic mailer", "550 mailer" } },
    { "has gaps that end with the sentence", { text = "mailer * karmic" },
      { "550 mailer, v1.2: karmic", "550 mailer:karmic?" },
      { "550 mailer is. You are karmic", "550 mailer! Be karmic", "550 mailer? Not karmic" } },
    { "has four parts", { text = "first * second * third * fourth" }, { "550 first or second or third or fourth" },
      { "550 first or third or second or fourth" } },
    { "is found over the ends of lines", { text = "bad karma" },
      { "550-Very bad\r\n550 karma", "550-5.7.1 bad\r\n550 5.7.1 karma" },
      { "550-Very ba\r\n550 d karma" } },
    { "is found wherever it stands", { text = "bad karma" },
      { "550 " .. ("x "):rep(2000) .. "bad karma", "550 bad karma" .. (" x"):rep(2000) },
      {} },
    { "is found wherever it stands, short or not", { text = "karma", code = 550 },
      { "550 " .. ("x "):rep(2000) .. "karma", "550 karma" .. (" x"):rep(2000) }, {} },
    { "is not found in names of others", { text = "badkarma" }, { "550 badkarma" },
      { "550 <badkarma>", "550 badkarma@example.org", "550 badkarma.example.org", "550 https://example.org/badkarma" } },
    { "is found there when it asks for names", { text = "badkarma.example.org" },
      { "550 see badkarma.example.org", "550 <badkarma.example.org>" },
      { "550 badkarma example org" } },
  }

  it("has one part of at least 6 bytes, or a condition that seldom holds beside it", function()
    for _, right in ipairs { { text = "abcdef" }, { text = "a * bcdefg" }, { text = "abcde", code = 550 },
      { text = "a", code = "4xx" },
      { text = "ab", class = "permanent" }, { text = "abc", enhanced = "5.7.x" },
        { text = "abcd", provider = "google" } } do
      assert.is_truthy(with(right))
    end
    for _, wrong in ipairs { { text = "abcde" }, { text = "abcde * fghij" }, { text = "abcde", stage = "rcpt" },
      { text = "abcdef|abcde" },
      { text = " abc * " } } do
      wrong.cause = "unknown"
      assert_says("rule 1, field 'text': too short", message_of { rules = { wrong } })
    end
  end)

  it("has at most 48 bytes besides gaps in an alternative", function()
    assert.is_true(decides(with { text = ("x"):rep(47) }, "550 " .. ("x"):rep(47)))
    assert.is_true(decides(with { text = ("x"):rep(48) }, "550 " .. ("x"):rep(48)))
    assert.is_true(decides(with { text = ("x"):rep(24) .. " * " .. ("y"):rep(24) .. "|" .. ("z"):rep(48) },
      "550 " .. ("z"):rep(48)))
    for _, wrong in ipairs { ("x"):rep(49), ("x"):rep(25) .. "*" .. ("y"):rep(24), "abcdef|" .. ("x"):rep(49),
      ("x"):rep(5000) } do
      assert_says("rule 1, field 'text': more than 48 bytes",
        message_of { rules = { { text = wrong, cause = "unknown" } } })
    end
  end)

  it("has at most 4 parts", function()
    assert.is_truthy(with { text = "abcdef*b*c" })
    assert.is_truthy(with { text = "abcdef*b*c*d" })
    assert_says("rule 1, field 'text': more than 4 parts",
      message_of { rules = { { text = "abcdef*b*c*d*e", cause = "unknown" } } })
  end)

  it("has something to find", function()
    for _, wrong in ipairs { "", "*", " * ", "abcdef|", "|abcdef", "abcdef||bcdefg" } do
      assert_says("rule 1, field 'text': nothing to find", message_of { rules = { { text = wrong, cause = "unknown" } } })
    end
  end)
end)

-- ---- Outcomes --------------------------------------------------------------------------------------------------------

describe("a rule says", function()
  local function outcome(rule, what, stage)
    rule.text = "bad karma"
    local verdict = of_rules(rule):classify(what, stage)
    return table.concat({ verdict.transience, verdict.cause, verdict.scope, verdict.action, verdict.settles or "-",
      verdict.waiting or "-" }, " ")
  end

  local rows = {
    { "the cause, with all that follows from it", { cause = "ip_blocked" }, "550 Bad karma", "rcpt",
      "permanent ip_blocked client fix_client recipient -" },
    { "a cause that makes a 5yz pass", { cause = "greylisted" }, "550 Bad karma", "rcpt",
      "transient greylisted recipient retry - -" },
    { "that a 5yz is transient", { cause = "ip_blocked", transience = "transient" }, "550 Bad karma", "rcpt",
      "transient ip_blocked client retry - -" },
    { "in vain that a 4yz is permanent", { cause = "ip_blocked", transience = "permanent" }, "450 Bad karma", "rcpt",
      "transient ip_blocked client retry - -" },
    { "in vain that a status makes a 4yz permanent", { cause = "ip_blocked", transience = "permanent" },
      "450 5.7.1 Bad karma",
      "rcpt", "transient ip_blocked client retry - -" },
    { "how final text without a code is", { cause = "ip_blocked", transience = "transient" }, "Bad karma", "local",
      "transient ip_blocked client retry - -" },
    { "the scope", { cause = "ip_blocked", scope = "message" }, "550 Bad karma", "content",
      "permanent ip_blocked message fix_client message -" },
    { "a scope that settles nothing", { cause = "ip_blocked", scope = "session" }, "550 Bad karma", "content",
      "permanent ip_blocked session fix_client - -" },
    { "the action", { cause = "policy_rejected", action = "fix_message" }, "550 Bad karma", "rcpt",
      "permanent policy_rejected recipient fix_message recipient -" },
    { "an action of a transient failure", { cause = "policy_rejected", action = "try_next_host" }, "450 Bad karma",
      "rcpt",
      "transient policy_rejected recipient try_next_host - -" },
    { "in vain an action that is not for transient failures", { cause = "policy_rejected", action = "give_up" },
      "450 Bad karma",
      "rcpt", "transient policy_rejected recipient retry - -" },
    { "in vain an action that is not for permanent failures", { cause = "policy_rejected", action = "retry" },
      "550 Bad karma",
      "rcpt", "permanent policy_rejected recipient give_up recipient -" },
    { "that waiting helps", { cause = "policy_rejected", waiting = "helps" }, "550 Bad karma", "rcpt",
      "permanent policy_rejected recipient give_up recipient helps" },
    { "that waiting is useless", { cause = "policy_rejected", waiting = "useless" }, "450 Bad karma", "rcpt",
      "transient policy_rejected recipient retry - useless" },
    { "in vain that waiting helps where the reply says so itself", { cause = "policy_rejected", waiting = "helps" },
      "450 Bad karma", "rcpt", "transient policy_rejected recipient retry - -" },
  }

  for _, row in ipairs(rows) do
    it(row[1], function() assert.equal(row[5], outcome(row[2], row[3], row[4])) end)
  end

  it("nothing about the wait: the words do", function()
    local verdict = with { text = "bad karma" }:classify("450 Bad karma, try again in 5 minutes", "rcpt")
    assert.equal("mine", verdict.rule)
    assert.equal(300, verdict.retry_after)
  end)
end)

-- ---- Options ---------------------------------------------------------------------------------------------------------

describe("a classifier", function()
  it("without rules says what the module says", function()
    for _, empty in ipairs { {}, { rules = {} }, { builtin = true, text = true } } do
      local mine = replycode.classifier(empty)
      for _, what in ipairs { "550 5.1.1 No such user", "250 ok", "421 try again in 5 minutes",
        "Connection timed out" } do
        assert.same(replycode.classify(what), mine:classify(what))
        assert.same({ replycode.judge(what) }, { mine:judge(what) })
        assert.same(replycode.explain(what), mine:explain(what))
      end
    end
  end)

  it("with builtin = false reads words for its own rules alone", function()
    local mine = replycode.classifier { builtin = false, rules = { { text = "bad karma", cause = "ip_blocked" } } }
    assert.equal("caller/1", mine:classify("550 5.1.1 Bad karma", "rcpt").rule)
    local verdict = mine:classify("552 5.1.1 Mailbox full, blocked using zen.spamhaus.org - gsmtp", "rcpt")
    assert.equal("recipient_unknown enhanced", verdict.cause .. " " .. verdict.basis)
    assert.is_nil(verdict.provider)
    assert.is_nil(verdict.blocklist)
    assert.is_nil(mine:classify("450 Try again in 5 minutes", "rcpt").retry_after)
  end)

  it("with builtin = false still knows the provider by its host", function()
    local mine = replycode.classifier { builtin = false, rules = { { provider = "google", cause = "ip_blocked" } } }
    assert.equal("caller/1", mine:classify("550 x", { host = "mx.google.com" }).rule)
  end)

  it("with text = false reads no words", function()
    local mine = replycode.classifier { text = false, rules = { { code = 550, cause = "ip_blocked" } } }
    assert.equal("ip_blocked", mine:classify("550 No such user", "rcpt").cause)
    assert.equal("recipient_moved", mine:classify("551 Mailbox full", "rcpt").cause)
    assert.is_nil(mine:classify("450 Try again in 5 minutes - gsmtp", "rcpt").retry_after)
    assert.equal("unknown", replycode.classifier { text = false }:classify("Connection timed out", "local").cause)
  end)

  it("judges and explains as it classifies", function()
    local mine = with { text = "bad karma" }
    assert.equal("content_spam", (select(2, mine:judge("550 Bad karma", "rcpt"))))
    local why = mine:explain("550-Very\r\n550 bad karma!", "rcpt")
    assert.same(mine:classify("550-Very\r\n550 bad karma!", "rcpt"), why.verdict)
    assert.equal("bad karma", why.reply.text:sub(why.first, why.last))
    assert.is_nil(why.reference)
    assert.equal("code/550/rcpt", why.without_text.rule)
  end)

  it("has a name", function() assert.equal("replycode.classifier", tostring(replycode.classifier {})) end)

  it("is the first argument of its methods", function()
    local mine = replycode.classifier {}
    for _, method in ipairs { "classify", "judge", "explain", "check" } do
      for _, wrong in ipairs { "550 x", {}, io.stdout, replycode.stream(), 5 } do
        local ok, message = pcall(mine[method], wrong, "550 x")
        assert.is_false(ok)
        assert.truthy(message:find("expected a classifier, found " .. type(wrong), 1, true), message)
      end
    end
  end)

  it("raises for the same replies and contexts as the module", function()
    local mine = replycode.classifier {}
    for _, method in ipairs { "classify", "judge", "explain" } do
      for _, wrong in ipairs { { 550 }, { {} }, { "550 x", "recipient" }, { "550 x", { hosts = "x" } },
        { "550 x", { host = 5 } } } do
        assert.is_false((pcall(mine[method], mine, wrong[1], wrong[2])))
      end
    end
  end)
end)

-- ---- Life ------------------------------------------------------------------------------------------------------------

describe("a classifier never changes", function()
  it("when the tables of its rules do", function()
    local rule = { id = "karma", text = "bad karma", cause = "ip_blocked", stage = { "rcpt" } }
    local options = { rules = { rule } }
    local mine = replycode.classifier(options)
    rule.id, rule.text, rule.cause, rule.stage[1] = "other", "no karma", "unknown", "mail"
    options.rules[1], options.rules, options.builtin = nil, nil, false
    local verdict = mine:classify("550 Bad karma", "rcpt")
    assert.equal("karma ip_blocked", verdict.rule .. " " .. verdict.cause)
    assert.equal("recipient_unknown", mine:classify("550 No such user", "rcpt").cause)
  end)

  it("when nothing but the classifier is left of its rules", function()
    local function make(at)
      return of_rules { id = ("id %d"):format(at), text = ("bad karma %d"):format(at), enhanced = ("5.7.%d"):format(at),
        cause = "ip_blocked" }
    end
    local all = {}
    for at = 1, 100 do all[at] = make(at) end
    for _ = 1, 3 do collectgarbage() end
    for at = 1, 100 do
      assert.equal(("id %d"):format(at), all[at]:classify(("550 5.7.%d Bad karma %d"):format(at, at)).rule)
    end
  end)

  it("and is left to the collector", function()
    local weak = setmetatable({}, { __mode = "v" })
    weak[1] = with { text = "bad karma" }
    for _ = 1, 3 do collectgarbage() end
    assert.is_nil(weak[1])
  end)

  it("and its verdicts outlive it", function()
    local verdict = with { text = "bad karma" }:classify("550 Bad karma")
    for _ = 1, 3 do collectgarbage() end
    assert.equal("mine", verdict.rule)
  end)
end)

describe("thousands of rules", function()
  local function many(count)
    local rules = {}
    for at = 1, count do
      rules[at] = { id = "rule " .. at, text = ("customer %d of ours"):format(at * 7919), cause = "policy_rejected" }
    end
    return rules
  end

  it("each decide", function()
    local mine = replycode.classifier { rules = many(5000) }
    for at = 1, 5000, 7 do
      assert.equal("rule " .. at, mine:classify(("550 Refused for customer %d of ours"):format(at * 7919)).rule)
    end
    assert.equal("text", mine:classify("550 No such user").basis)
  end)

  it("that ask for codes alone each decide", function()
    local rules = {}
    for at = 1, 1000 do
      rules[at] = { id = "rule " .. at, enhanced = "5.7." .. at - 1, cause = "policy_rejected" }
    end
    local mine = replycode.classifier { rules = rules }
    for at = 1, 1000 do assert.equal("rule " .. at, mine:classify(("550 5.7.%d x"):format(at - 1)).rule) end
  end)

  it("are too many above 32767 alternatives, 262143 bytes and 65534 rules", function()
    local function some(count, format)
      local rules = {}
      for at = 1, count do rules[at] = { code = 550, text = format and format:format(at), cause = "policy_rejected" } end
      return { rules = rules }
    end
    assert.is_truthy(replycode.classifier(some(32767, "%06d")))
    assert_says("rules: too many", message_of(some(32768, "%06d")))
    assert.is_truthy(replycode.classifier(some(8191, "%032d")))
    assert_says("rules: too many", message_of(some(8192, "%032d")))
    assert.is_truthy(replycode.classifier(some(65534)))
    assert_says("rules: too many", message_of(some(65535)))
  end)
end)

-- ---- What is wrong ---------------------------------------------------------------------------------------------------

describe("what is wrong with a rule is named:", function()
  local unknown_field = "unknown; expected one of id, text, code, class, enhanced, stage, provider, cause, transience, "
    .. "scope, action, waiting"
  local no_code = "no code of a failure such as 550 or 5xx"
  local no_status = "no status such as 5.7.26, x.7.26, 5.7.x or 5.7.606-649"

  -- field -> rows of { wrong values, what the message says }
  local rows = {
    { "id", { 5, true, {} }, "expected a string" }, { "id", { "a\0" }, "holds a NUL byte" },
    { "text", { 5, true, {}, print }, "expected a string" }, { "text", { "bad\0karma" }, "holds a NUL byte" },
    { "code", { true, {} }, "expected a string" },
    { "code", { 99, 1000, -550, 550.5, 1 / 0, 0 / 0, "55", "5500", "6xx", "1xx", "xxx", "5x0", "", "5xx ", "abc" },
      no_code },
    { "class", { "5", "permanently", "1yz", 5, true, {} },
      "expected one of success, intermediate, transient, permanent" },
    { "class", { "success", "intermediate" }, "expected transient or permanent" },
    { "enhanced", { 5.7, true, {} }, "expected a string" },
    { "enhanced", { "5.7", "2.1.1", "3.1.1", "5.7.26.1", "5.7.1000", "5.7.9-", "5.7.9-8", "5.7.-9", "", "5.7.26 ",
      "5,7,26" }, no_status },
    { "stage", { "recipient", "RCPT", "", 5, true }, "expected one of connect, ehlo, " },
    { "stage", { { "rcpt", "recipient" }, { 5 }, { {} } }, "expected one of connect, ehlo, " },
    { "stage", { {} }, "the list is empty" },
    { "provider", { "gogle", "Google", "google\0", 5, true, {} }, "expected one of " },
    { "cause", { "spam", "Content_spam", "", 5, true, {} }, "expected one of accepted, recipient_unknown, " },
    { "cause", { "accepted" }, "expected a cause of failure" },
    { "transience", { "permanently", 5, true, {} }, "expected one of none, transient, permanent" },
    { "transience", { "none" }, "expected transient or permanent" },
    { "scope", { "domain", 5, true, {} }, "expected one of command, recipient, " },
    { "action", { "drop", 5, true, {} }, "expected one of proceed, retry, " },
    { "action", { "proceed" }, "" },
    { "waiting", { "help", 5, true, {} }, "expected one of helps, useless" },
    { "causes", { "content_spam", 5 }, unknown_field }, { "Text", { "bad karma" }, unknown_field },
    { 1, { "bad karma" }, unknown_field },
  }

  local function rule_with(field, value)
    local rule = { code = 550, cause = "content_spam" }
    if field == "class" then rule.code = nil end
    rule[field] = value
    return rule
  end

  for _, row in ipairs(rows) do
    it(("field '%s', %s"):format(row[1], row[3]), function()
      local name = type(row[1]) == "string" and row[1] or "number"
      for _, wrong in ipairs(row[2]) do
        local says = ("rule 3, field '%s': %s"):format(name, row[3])
        local right = { code = 551, cause = "unknown" }
        assert_says(says, message_of { rules = { right, right, rule_with(row[1], wrong), right } })
      end
    end)
  end

  it("no cause", function()
    assert_says("rule 2, field 'cause': expected a cause of failure",
      message_of { rules = { { code = 550, cause = "unknown" }, { code = 551 } } })
  end)

  it("no condition", function()
    for _, outcome in ipairs { {}, { id = "x" }, { scope = "client", action = "give_up", waiting = "helps" } } do
      outcome.cause = "unknown"
      assert_says("rule 1, field 'text': no condition", message_of { rules = { outcome } })
    end
  end)

  it("code beside class", function()
    local message = message_of { rules = { { code = 550, class = "permanent", cause = "unknown" } } }
    assert.truthy(message:match "rule 1, field 'c[ol][da][es]s?': stands beside c[lo]")
  end)

  it("a rule that is no table", function()
    for _, wrong in ipairs { 5, "text", true, print } do
      assert_says("rule 1: expected a table, found " .. type(wrong), message_of { rules = { wrong } })
    end
  end)

  it("text that would not be read", function()
    assert_says("rule 2, field 'text': is not read, for option 'text' is false", message_of { text = false,
      rules = { { code = 550, cause = "unknown" }, { text = "bad karma", cause = "unknown" } } })
  end)
end)

describe("what is wrong with the options is named:", function()
  local rows = {
    { nil, "table expected" }, { "rules", "table expected" }, { 5, "table expected" },
    { { rule = {} }, "unknown option 'rule'; expected one of rules, builtin, text" },
    { { { code = 550, cause = "unknown" } }, "; expected one of rules, builtin, text" },
    { { rules = "bad karma" }, "option 'rules': expected a list of rules" },
    { { rules = true }, "option 'rules': expected a list of rules" },
    { { builtin = 0 }, "option 'builtin': expected true or false, found number" },
    { { builtin = "false" }, "option 'builtin': expected true or false, found string" },
    { { text = "bad karma" }, "option 'text': expected true or false, found string" },
    { { text = {} }, "option 'text': expected true or false, found table" },
  }
  for at = 1, #rows do
    it(rows[at][2] .. ", " .. at, function() assert_says(rows[at][2], message_of(rows[at][1])) end)
  end
end)

-- ---- Check -----------------------------------------------------------------------------------------------------------

describe("check", function()
  local mine = of_rules(
    { id = "karma", text = "bad karma", cause = "ip_blocked" },
    { id = "moon", text = "full moon", cause = "service_unavailable" },
    { text = "evil eye", cause = "content_virus" })

  it("finds nothing when every rule decides a sample, and each as expected", function()
    assert.same({}, mine:check { "550 Bad karma", { reply = "450 Full moon" },
      { reply = "550 Evil eye", stage = "content", expect = { cause = "content_virus", settles = "message",
        code = 550 } } })
  end)

  it("finds rules that decide no sample, in their order", function()
    assert.same({ { kind = "unused", rule = "karma" }, { kind = "unused", rule = "caller/3" } },
      mine:check { "450 Full moon", "250 ok" })
    assert.equal(3, #mine:check {})
    assert.equal(3, #mine:check())
  end)

  it("finds samples that are decided otherwise, and says by what", function()
    local found = mine:check { "550 Bad karma", "450 Full moon", "550 Evil eye",
      { reply = "550 Bad karma", expect = { cause = "content_spam" } },
      { reply = "550 5.1.1 x", stage = "rcpt", expect = { cause = "mailbox_full" } },
      { reply = "450 Bad karma", expect = { settles = "message" } } }
    assert.same({
      { kind = "otherwise", sample = 4, field = "cause", expected = "content_spam", got = "ip_blocked", rule = "karma" },
      { kind = "otherwise", sample = 5, field = "cause", expected = "mailbox_full", got = "recipient_unknown",
        rule = "status/X.1.1" },
      { kind = "otherwise", sample = 6, field = "settles", expected = "message", rule = "karma" },
    }, found)
  end)

  it("finds each field that differs", function()
    local found = of_rules():check { { reply = "550 x",
      expect = { cause = "greylisted", transience = "transient", code = 550 } } }
    table.sort(found, function(a, b) return a.field < b.field end)
    assert.equal(2, #found)
    assert.equal("cause transience", found[1].field .. " " .. found[2].field)
  end)

  it("takes stage, accepted and host of a sample", function()
    local google = of_rules { provider = "google", cause = "unknown" }
    assert.same({}, google:check { { reply = "550 x", host = "mx.google.com" },
      { reply = "554 x", stage = "data", accepted = 0, expect = { cause = "protocol_error" } } })
  end)

  it("takes a reply, and what a log has left of one", function()
    local left = { code = 550, text = "Bad karma" }
    assert.same({}, of_rules { text = "bad karma", cause = "unknown" }:check { { reply = left },
      { reply = replycode.parse "550 Bad karma" } })
  end)

  it("raises for what are no samples", function()
    for _, wrong in ipairs { "550 x", 5, { 5 }, { {} }, { { reply = 5 } }, { { reply = "550 x", stage = "recipient" } },
      { { reply = "550 x", accepted = -1 } }, { { reply = "550 x", host = 5 } } } do
      assert.is_false((pcall(mine.check, mine, wrong)))
    end
  end)

  it("takes many samples", function()
    local samples = {}
    for at = 1, 5000 do samples[at] = at % 2 == 0 and "550 Bad karma"
      or { reply = "450 Full moon", expect = { cause = "unknown" } } end
    local found = mine:check(samples)
    assert.equal(2501, #found)
    assert.equal(4999, found[2500].sample)
    assert.equal("caller/3", found[2501].rule)
  end)
end)
