-- The whole catalogue, in both languages: every entry complete, translated, clean and found by its slug.

local replycode = require "replycode"

local function words(text)
  local list = {}
  for word in text:gmatch "%S+" do list[#list + 1] = word end
  return list
end

local counts = {
  { "code", 83 }, { "status", 92 }, { "command_reply", 210 }, { "cause", 32 }, { "stage", 26 }, { "class", 9 },
  { "transience", 3 }, { "scope", 9 }, { "action", 11 }, { "basis", 5 }, { "malformed", 4 }, { "oddity", 13 },
  { "situation", 53 },
  { "finding", 40 },
}

-- What grows with the world: there are at least so many.
local least = { { "provider", 50 }, { "blocklist", 60 }, { "rule", 1000 } }

local kinds = {}
for _, list in ipairs { counts, least } do
  for _, count in ipairs(list) do kinds[#kinds + 1] = count[1] end
end

-- What an entry of a kind must say besides title and meaning.
local obliged = {
  code = { "when", "remedy" }, status = { "when", "remedy" }, command_reply = { "remedy" }, cause = { "when", "remedy" },
  rule = { "when", "remedy" }, class = { "when", "remedy" }, malformed = { "when", "remedy", "operator_remedy" },
  oddity = { "when", "remedy", "operator_remedy" }, stage = {}, transience = {}, scope = {}, action = {}, basis = {},
  situation = { "stages", "cause" },
  finding = { "remedy" },
  provider = { "help", "confirmed" }, blocklist = { "remedy", "help", "lists" },
}

-- Names of companies and lists are the same in every language.
local has_name = { provider = true, blocklist = true }

local facts = { "slug", "kind", "exact", "references", "codes", "standing", "stages", "classes", "guess", "cause",
  "pattern",
  "example", "help", "confirmed", "lists", "zone", "closed", "labels" }

local texts = { "title", "meaning", "when", "remedy", "operator_remedy", "send_when" }

local codes = words [[
  101 111 200 211 214 220 221 235 250 251 252 253 334 353 354 355 403 417 420 421 422 423 426 427 430 431 432 441
  442 446 447 449 450 451 452 453 454 455 458 459 471 498 499 500 501 502 503 504 505 510 511 512 513 521 523 524
  525 526 530 531 533 534 535 538 540 541 542 550 551 552 553 554 555 556 557 559 561 571 573 577 578 585 591]]

local groups = words "2.X.X 4.X.X 5.X.X X.0.X X.1.X X.2.X X.3.X X.4.X X.5.X X.6.X X.7.X"

local statuses = words [[
  X.0.0 X.1.0 X.1.1 X.1.2 X.1.3 X.1.4 X.1.5 X.1.6 X.1.7 X.1.8 X.1.9 X.1.10 X.2.0 X.2.1 X.2.2 X.2.3 X.2.4
  X.3.0 X.3.1 X.3.2 X.3.3 X.3.4 X.3.5 X.3.6 X.4.0 X.4.1 X.4.2 X.4.3 X.4.4 X.4.5 X.4.6 X.4.7
  X.5.0 X.5.1 X.5.2 X.5.3 X.5.4 X.5.5 X.5.6 X.6.0 X.6.1 X.6.2 X.6.3 X.6.4 X.6.5 X.6.6 X.6.7 X.6.8 X.6.9 X.6.10
  X.7.0 X.7.1 X.7.2 X.7.3 X.7.4 X.7.5 X.7.6 X.7.7 X.7.8 X.7.9 X.7.10 X.7.11 X.7.12 X.7.13 X.7.14 X.7.15 X.7.16
  X.7.17 X.7.18 X.7.19 X.7.20 X.7.21 X.7.22 X.7.23 X.7.24 X.7.25 X.7.26 X.7.27 X.7.28 X.7.29 X.7.30]]

-- ---- Helpers ---------------------------------------------------------------------------------------------------------

local function entries_of(kind, lang)
  local list = {}
  for entry in replycode.entries(kind, { lang = lang }) do list[#list + 1] = entry end
  return list
end

local function slugs_of(kind)
  local list = {}
  for at, entry in ipairs(entries_of(kind)) do list[at] = entry.slug end
  return list
end

-- English and Turkish side by side, for every entry of every kind.
local function each_pair(visit)
  for _, kind in ipairs(kinds) do
    local turkish = entries_of(kind, "tr")
    for at, english in ipairs(entries_of(kind, "en")) do
      visit(english, turkish[at], english.kind .. " " .. english.slug)
    end
  end
end

local function each_text(visit)
  each_pair(function(english, turkish, name)
    for _, field in ipairs(texts) do
      if english[field] then visit(english[field], field, name .. ", English " .. field) end
      if turkish[field] then visit(turkish[field], field, name .. ", Turkish " .. field) end
    end
  end)
end

local tail = "[\128-\191]"

-- What is left when all well-formed UTF-8 of two and three bytes is taken away must be ASCII.
local function is_utf8(text)
  local rest = text:gsub("[\194-\223]" .. tail, ""):gsub("[\225-\236\238\239]" .. tail .. tail, "")
  return rest:find("[\128-\255]") == nil
end

-- A full stop, behind which a quotation mark may stand.
local function ends_sentence(text)
  return text:match('%."?$') ~= nil
end

local function described(what, options)
  return (replycode.describe(what, options))
end

local function check_words(expected, entry, fields)
  for _, field in ipairs(fields or texts) do assert.equal(expected[field], entry[field]) end
end

-- ---- All entries -----------------------------------------------------------------------------------------------------

describe("the catalogue", function()
  for _, count in ipairs(counts) do
    it(("has %d entries of kind %s"):format(count[2], count[1]), function()
      assert.equal(count[2], #entries_of(count[1], "en"))
      assert.equal(count[2], #entries_of(count[1], "tr"))
    end)
  end

  for _, count in ipairs(least) do
    it(("has at least %d entries of kind %s"):format(count[2], count[1]), function()
      assert.is_true(count[2] <= #entries_of(count[1], "en"))
      assert.equal(#entries_of(count[1], "en"), #entries_of(count[1], "tr"))
    end)
  end

  it("has these codes", function() assert.same(codes, slugs_of "code") end)

  it("has these statuses, behind the groups", function()
    local expected = {}
    for _, list in ipairs { groups, statuses } do
      for _, slug in ipairs(list) do expected[#expected + 1] = slug end
    end
    assert.equal(81, #statuses)
    assert.same(expected, slugs_of "status")
  end)

  it("says all that an entry of its kind must say, with references", function()
    each_pair(function(english, _, name)
      assert.truthy(english.title and english.meaning, name)
      assert.is_true(#english.references > 0, name)
      for _, field in ipairs(obliged[english.kind]) do assert.truthy(english[field], name .. " " .. field) end
    end)
  end)

  it("says the same in Turkish as in English, in other words", function()
    each_pair(function(english, turkish, name)
      for _, field in ipairs(texts) do
        local is_name = field == "title" and has_name[english.kind]
        assert.equal(english[field] == nil, turkish[field] == nil, name .. " " .. field)
        assert.is_true(is_name or english[field] == nil or english[field] ~= turkish[field], name .. " " .. field)
      end
    end)
  end)

  it("has the same facts in both languages", function()
    each_pair(function(english, turkish, name)
      for _, field in ipairs(facts) do
        assert.same(english[field], turkish[field], name .. " " .. field)
      end
    end)
  end)

  it("has each slug once in its kind", function()
    for _, kind in ipairs(kinds) do
      local seen = {}
      for _, slug in ipairs(slugs_of(kind)) do
        assert.is_nil(seen[slug], kind .. " " .. slug)
        seen[slug] = true
      end
    end
  end)

  it("finds every entry by its slug and kind", function()
    each_pair(function(english, turkish, name)
      assert.same(english, described(english.slug, { kind = english.kind }), name)
      assert.same(turkish, described(english.slug, { kind = english.kind, lang = "tr" }), name)
    end)
  end)

  it("is valid UTF-8 without control bytes, its English plain ASCII", function()
    each_text(function(text, _, name)
      assert.is_true(is_utf8(text), name)
      assert.is_nil(text:find("[%z\1-\31\127]"), name)
      if name:match("English") then assert.is_nil(text:find("[\128-\255]"), name) end
    end)
  end)

  it("has no blanks at an end of a text, nor two together", function()
    each_text(function(text, _, name)
      assert.is_nil(text:find("^ "), name)
      assert.is_nil(text:find(" $"), name)
      assert.is_nil(text:find("  ", 1, true), name)
    end)
  end)

  it("has titles without a full stop and texts with one", function()
    each_text(function(text, field, name) assert.equal(field ~= "title", ends_sentence(text), name) end)
  end)

  it("has references without blanks around them", function()
    each_pair(function(english, _, name)
      for _, reference in ipairs(english.references) do
        assert.truthy(reference:match("^%S.*%S$"), name)
        assert.is_nil(reference:find(";", 1, true), name)
      end
    end)
  end)
end)

-- ---- Rules that read words, providers, blocklists --------------------------------------------------------------------

describe("a rule that reads words", function()
  local rules = {}
  for _, entry in ipairs(entries_of "rule") do
    if entry.pattern or entry.example then rules[#rules + 1] = entry end
  end

  it("is of the general words, of a provider or of a blocklist", function()
    local families = {}
    for _, rule in ipairs(rules) do families[rule.slug:match "^(%l+)/[%l%d_]+$" or rule.slug] = true end
    assert.same({ text = true, provider = true, blocklist = true }, families)
  end)

  it("has a cause of failure, and its words", function()
    for _, rule in ipairs(rules) do
      local cause = described(rule.cause, { kind = "cause" })
      assert.is_not.equal("accepted", rule.cause, rule.slug)
      assert.truthy(cause, rule.slug)
      if not rule.slug:match "^provider/" then check_words(cause, rule, { "title", "meaning", "when" }) end
    end
  end)

  it("has an example of sound UTF-8: a failed reply, or text of our own side", function()
    for _, rule in ipairs(rules) do
      local reply = replycode.parse(rule.example)
      assert.is_true(is_utf8(rule.example), rule.slug)
      assert.is_nil(rule.example:gsub("\r\n", ""):find "[%z\1-\31\127]", rule.slug)
      assert.is_true(reply.class == "transient" or reply.class == "permanent" or reply.code == nil, rule.slug)
      assert.is_nil(reply.malformed and reply.malformed ~= "code" or nil, rule.slug)
    end
  end)

  it("has a pattern of sound UTF-8 in lower case, unless code and status are enough", function()
    for _, rule in ipairs(rules) do
      assert.truthy(rule.pattern or rule.slug:match "^provider/", rule.slug)
      if rule.pattern then
        assert.is_true(is_utf8(rule.pattern), rule.slug)
        assert.is_nil(rule.pattern:find "[%z\1-\31\127A-Z]", rule.slug)
        assert.is_nil(rule.pattern:find("||", 1, true), rule.slug)
      end
    end
  end)

  it("of a provider has the provider's page", function()
    local pages = 0
    for _, rule in ipairs(rules) do
      local page = rule.slug:match "^provider/" and rule.help
      if page then
        assert.truthy(page:match "^https?://[%w%-.]+[^%s]*$", rule.slug)
        pages = pages + 1
      end
    end
    assert.is_true(pages > 500)
  end)
end)

describe("a provider", function()
  it("has a page, and a month in which its rules were confirmed", function()
    for _, provider in ipairs(entries_of "provider") do
      assert.truthy(provider.slug:match "^[%l%d_]+$", provider.slug)
      assert.truthy(provider.help:match "^https?://[%w%-.]+[^%s]*$", provider.slug)
      assert.truthy(provider.confirmed:match "^20%d%d%-[01]%d$", provider.slug)
    end
  end)

  it("is found by its slug, and by a verdict that names it", function()
    assert.equal("provider", described("google").kind)
    local verdict = replycode.classify("550 5.1.1 x", { host = "mx.google.com" })
    assert.same(described "google", described(verdict, { kind = "provider" }))
    assert.is_nil(described(replycode.classify "550 5.1.1 x", { kind = "provider" }))
  end)
end)

describe("a blocklist", function()
  it("says what it lists, and where to look up and get off", function()
    for _, list in ipairs(entries_of "blocklist") do
      assert.truthy(list.slug:match "^[%l%d_]+$", list.slug)
      assert.truthy(list.help:match "^https?://[%w%-.]+[^%s]*$", list.slug)
      assert.is_true(#list.lists > 0, list.slug)
      assert.is_true(list.zone == nil or list.zone:match "^[%l%d%-.]+%.%l+$" ~= nil, list.slug)
      assert.is_true(list.closed == nil or list.closed == true, list.slug)
    end
  end)

  it("is found by its slug, and by a verdict that names it", function()
    assert.equal("zen.spamhaus.org", described("spamhaus_zen").zone)
    local verdict = replycode.classify "554 5.7.1 Blocked using zen.spamhaus.org"
    assert.same(described "spamhaus_zen", described(verdict, { kind = "blocklist" }))
  end)
end)

describe("a cause", function()
  it("has the names that others give it", function()
    assert.same({ sisimai = { "mailboxfull" }, kumomta = { "QuotaIssues" }, zone_mta = { "capacity" },
      postalsys = { "mailbox_full" } }, described("mailbox_full").labels)
    assert.equal("userunknown", described("recipient_unknown").labels.sisimai[1])
    assert.is_nil(described("greylisted").labels.sisimai)
    assert.is_nil(described("unknown").labels)
    for _, cause in ipairs(entries_of "cause") do
      for _, names in pairs(cause.labels or {}) do
        for _, name in ipairs(names) do assert.truthy(name:match "^[%a_]+$", cause.slug) end
      end
    end
  end)

  it("has a remedy for who sends, and one for who runs the server", function()
    for _, cause in ipairs(entries_of "cause") do
      assert.truthy(cause.remedy, cause.slug)
      assert.is_true(cause.operator_remedy ~= nil or cause.slug == "accepted", cause.slug)
    end
  end)
end)

-- ---- Looking up ------------------------------------------------------------------------------------------------------

describe("describe", function()
  it("takes a code as a number or a string", function()
    assert.same(described(421), described("421"))
    assert.equal("Service not available, closing channel", described(421).title)
    assert.equal("Hizmet kullanılamıyor, bağlantı kapatılıyor", described(421, { lang = "tr" }).title)
  end)

  it("takes a whole number for what it is, whatever its type", function()
    assert.same(described(421), described(842 / 2))
  end)

  it("lets the first digit speak for an unknown code", function()
    local entry = described(599)
    assert.equal("599", entry.slug)
    assert.is_false(entry.exact)
    check_words(described("permanent", { kind = "class" }), entry)
    assert.equal("Transient failure: not now", described(490).title)
    assert.equal("Success: the server agreed", described(254).title)
    assert.equal("Intermediate: the server wants more", described(399).title)
  end)

  it("calls what does not begin with 2 to 5 not SMTP", function()
    for digit, code in pairs { [1] = 150, [6] = 650, [7] = 700, [8] = 899, [9] = 999 } do
      local entry = described(code)
      assert.equal(digit .. "yz: not an SMTP reply", entry.title)
      assert.equal(digit .. " ile başlıyor: SMTP yanıtı değil", described(code, { lang = "tr" }).title)
      assert.is_false(entry.exact)
      assert.is_nil(entry.standing)
    end
  end)

  it("lets X.subject.0 speak for an unknown detail, and the class for an unknown subject", function()
    local detail, subject = described("5.7.99"), described("5.9.9")
    assert.equal("5.7.99", detail.slug)
    assert.is_false(detail.exact)
    check_words(described("X.7.0"), detail)
    assert.equal("5.9.9", subject.slug)
    assert.is_false(subject.exact)
    check_words(described("5.X.X"), subject)
    assert.is_nil(described("X.9.9"))
  end)

  it("knows a status with its class as well as without, in either case", function()
    assert.is_true(described("5.7.26").exact)
    assert.equal("5.7.26", described("5.7.26").slug)
    check_words(described("X.7.26"), described("5.7.26"))
    check_words(described("X.7.26"), described("4.7.26"))
    assert.same(described("X.7.26"), described("x.7.26"))
  end)

  it("knows the classes and the subjects of statuses", function()
    assert.equal("Permanent failure", described("5.X.X").title)
    assert.same({ 5 }, described("5.X.X").classes)
    assert.equal("Security and policy", described("X.7.X").title)
    assert.same({ 2, 4, 5 }, described("X.7.X").classes)
    assert.is_nil(described("X.8.X"))
    assert.is_nil(described("3.X.X"))
    assert.is_nil(described("X.X.X"))
  end)

  it("guesses the status whose dots were lost, only where the code means nothing of its own", function()
    assert.equal("5.7.1", described(571).guess)
    assert.equal("5.4.1", described(541).guess)
    assert.equal("5.1.4", described(514).guess)
    assert.is_nil(described(550).guess)
    assert.is_nil(described(521).guess)
    assert.is_nil(described(599).guess)
  end)

  it("gives the command reply of a code at a stage that has a row", function()
    local entry = described(502, { stage = "vrfy" })
    assert.equal("command_reply", entry.kind)
    assert.equal("vrfy/502", entry.slug)
    assert.same({ "vrfy" }, entry.stages)
    assert.equal("Skip VRFY in this session and send the mail; RCPT tells whether the address is taken.", entry.remedy)
    assert.same(entry, described("vrfy/502"))
    assert.same(entry, described("502", { stage = "vrfy", kind = "command_reply" }))
    assert.equal("code", described(502, { stage = "vrfy", kind = "code" }).kind)
    assert.equal("code", described(571, { stage = "vrfy" }).kind)
  end)

  it("gives the cause of a verdict, or the field that the kind is about", function()
    local verdict = replycode.classify("550 5.7.26 x", "content")
    local expected = {
      code = "550", status = "5.7.26", cause = "domain_auth_failed", rule = "status/X.7.26", transience = "permanent",
      scope = "sender_domain", action = "fix_sender", basis = "enhanced",
    }
    assert.same(described "domain_auth_failed", described(verdict))
    for kind, slug in pairs(expected) do
      local entry = described(verdict, { kind = kind })
      assert.equal(kind, entry.kind)
      assert.equal(slug, entry.slug)
    end
    assert.equal("content/550", described(verdict, { kind = "command_reply", stage = "content" }).slug)
    assert.is_nil(described(verdict, { kind = "oddity" }))
    assert.is_nil(described(replycode.classify("550 x"), { kind = "status" }))
  end)

  it("looks only in the kind that is asked for", function()
    assert.equal("cause", described("mailbox_full").kind)
    assert.is_nil(described("mailbox_full", { kind = "scope" }))
    assert.equal("scope", described("message", { kind = "scope" }).kind)
    assert.is_nil(described("5.7.26", { kind = "code" }))
    assert.equal("malformed", described("code", { kind = "malformed" }).kind)
    assert.equal("basis", described("code", { kind = "basis" }).kind)
  end)

  it("gives nil, and not nothing, for what it does not know", function()
    for _, what in ipairs { 42, 1000, -421, 421.5, "nonsense", "", "42", "0421", " 421", "421 ", "5.7", "5.7.026",
      "5.7.1.2",
                            "MAILBOX_FULL", "mailbox_full\0" } do
      assert.is_nil(described(what), tostring(what))
      assert.equal(1, select("#", replycode.describe(what)))
    end
  end)

  it("raises for a wrong argument and says what is right", function()
    local function message(...)
      local ok, text = pcall(replycode.describe, ...)
      assert.is_false(ok)
      return text
    end
    assert.truthy(message(true):match("#1 .*expected a code, a status, a slug or a verdict, found boolean"))
    assert.truthy(message():match("#1 .*found n"))
    assert.truthy(message(421, "tr"):match("#2"))
    assert.truthy(message(421, { lang = "de" }):match("#2 .*expected one of en, tr; found 'de'"))
    assert.truthy(message(421, { kind = "colour" }):match("#2 .*expected one of code, status, .*found 'colour'"))
    assert.truthy(message(421, { stage = "vrfi" }):match("#2 .*expected one of connect, .*found 'vrfi'"))
    assert.truthy(message(421, { language = "tr" }):match("#2 .*option 'language'; expected one of kind, stage, lang"))
  end)
end)

describe("entries", function()
  it("raises for an unknown kind, option or language", function()
    local function message(...)
      local ok, text = pcall(replycode.entries, ...)
      assert.is_false(ok)
      return text
    end
    assert.truthy(message("codes"):match("#1 .*expected one of code, status, .*found 'codes'"))
    assert.truthy(message():match("#1"))
    assert.truthy(message("code", { lang = "de" }):match("#2 .*expected one of en, tr; found 'de'"))
    assert.truthy(message("code", { stage = "rcpt" }):match("#2 .*unknown option 'stage'"))
  end)

  it("stays at its end", function()
    local nextone = replycode.entries "transience"
    for _ = 1, 3 do assert.is_table(nextone()) end
    for _ = 1, 3 do assert.is_nil((nextone())) end
  end)
end)
