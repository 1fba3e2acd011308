-- Two codes or statuses side by side: fixed rows from facts, words where a pair is confusable.

local replycode = require "replycode"

local keys = { "class", "fails", "who", "session_goes_on", "again", "mail", "unasked", "stages", "send_when", "confusable" }

local languages = { "en", "tr" }

-- key -> { a, b } of the rows.
local function cells(comparison)
  local by_key = {}
  for _, row in ipairs(comparison.rows) do by_key[row.key] = { row.a, row.b } end
  return by_key
end

local function labels(comparison)
  local by_key = {}
  for _, row in ipairs(comparison.rows) do by_key[row.key] = row.label end
  return by_key
end

local function cell(key, what, options)
  return cells(replycode.compare(what, what, options))[key][1]
end

-- What is wrong with a comparison, nil when nothing is. Plain tests, for there are many pairs.
local function flaw_of_shape(comparison)
  if #comparison.rows ~= 10 then return "not ten rows" end
  for at, row in ipairs(comparison.rows) do
    if row.key ~= keys[at] then return "key " .. tostring(row.key) end
    if row.label == "" then return row.key .. " has no label" end
    if row.equal ~= (row.a == row.b) then return row.key .. " is marked wrong" end
  end
  local has_words = comparison.difference ~= nil
  if has_words ~= (comparison.which ~= nil) or has_words ~= (#comparison.references > 0) then return "half of the words" end
end

local function flaw_of_mirror(there, back)
  if there.a.slug ~= back.b.slug or there.b.slug ~= back.a.slug then return "sides" end
  if there.difference ~= back.difference or there.which ~= back.which then return "words" end
  for at, row in ipairs(there.rows) do
    local mirrored = back.rows[at]
    if row.a ~= mirrored.b or row.b ~= mirrored.a or row.label ~= mirrored.label then return row.key end
  end
end

local function check(a, b, options)
  local there, back = replycode.compare(a, b, options), replycode.compare(b, a, options)
  assert.is_nil(flaw_of_shape(there) or flaw_of_mirror(there, back), a .. " " .. b)
end

local function all_codes()
  local codes = { "150", "254", "399", "490", "599", "650", "999" }
  for entry in replycode.entries "code" do codes[#codes + 1] = entry.slug end
  return codes
end

-- Every registered detail as it stands and with each class, and details and subjects that nobody registered.
local function some_statuses()
  local statuses = { "5.7.99", "4.9.9", "5.999.999", "2.0.0" }
  for entry in replycode.entries "status" do
    if entry.slug:match("^X%.%d+%.%d+$") then
      statuses[#statuses + 1] = entry.slug
      for _, class in ipairs(entry.classes) do statuses[#statuses + 1] = (entry.slug:gsub("^X", tostring(class))) end
    end
  end
  return statuses
end

describe("compare(421, 502)", function()
  local english, turkish = replycode.compare(421, 502), replycode.compare(421, 502, { lang = "tr" })

  it("has the rows of the law", function()
    assert.same({
      class = { "transient", "permanent, for the command" },
      fails = { "the session", "one command" },
      who = {
        "nobody yet: wait; the server's operator if it lasts; the client if the text names its rate or connections",
        "the client: do without; nobody repairs it by waiting",
      },
      session_goes_on = { "no", "yes" },
      again = {
        "yes, in a new session, another host first",
        "no, not in this session; a new EHLO may tell otherwise",
      },
      mail = { "whatever has no final reply stays queued, accepted recipients too", "untouched" },
      unasked = { "yes; in a pipeline it is the last reply", "no" },
      stages = { "all, the greeting included", "ehlo starttls auth vrfy expn help etrn atrn turn" },
      send_when = {
        "You are about to close the connection. Else 450, 451, 452 or 454. To turn a client away for good send 554; "
          .. "after QUIT send 221.",
        "You know the verb and do not offer it. Unknown is 500, a bad argument 501 or 504, wrong order 503, "
          .. "not now 454 or 451. For VRFY switched off 252 is better.",
      },
      confusable = { "450 451 452 454 221 521 554", "500 503 504 550 252" },
    }, cells(english))
  end)

  it("says the difference in a sentence, in both languages", function()
    assert.equal("421: not now, and not in this session. 502: never, but only this command. "
      .. "Neither says anything about a recipient or a message.", english.difference)
    assert.equal("421: şimdi değil, bu oturumda da değil. 502: hiçbir zaman, ama yalnız bu komut. "
      .. "İkisi de alıcı ya da ileti hakkında bir şey söylemez.", turkish.difference)
    assert.same({ "RFC 5321 3.8, 4.2.4" }, english.references)
  end)

  it("says which to send when", function()
    assert.truthy(english.which:match("^Send 421 if you are about to close%. Send 502 if you know the command"))
    assert.truthy(turkish.which:match("^Kapatmak üzereyseniz 421'i gönderin%."))
  end)

  it("labels its rows", function()
    assert.same({
      class = "Class", fails = "What fails", who = "Who can act", session_goes_on = "Session goes on", again = "Same again",
      mail = "Queued mail", unasked = "Comes unasked", stages = "Stages", send_when = "When to send it",
      confusable = "Confused with",
    }, labels(english))
    assert.same({
      class = "Sınıf", fails = "Başarısız olan", who = "Kim düzeltebilir", session_goes_on = "Oturum sürer mi",
      again = "Yeniden denenir mi", mail = "Kuyruktaki ileti", unasked = "Komutsuz gelir mi", stages = "Aşamalar",
      send_when = "Ne zaman gönderilir", confusable = "Karıştırıldığı kodlar",
    }, labels(turkish))
  end)

  it("speaks Turkish in its cells, and keeps codes and slugs", function()
    local rows = cells(turkish)
    assert.same({ "geçici", "kalıcı, yalnız komut için" }, rows.class)
    assert.same({ "oturum", "tek bir komut" }, rows.fails)
    assert.same({ "hayır", "evet" }, rows.session_goes_on)
    assert.same({ "hepsi, karşılama dahil", "ehlo starttls auth vrfy expn help etrn atrn turn" }, rows.stages)
    assert.same(cells(english).confusable, rows.confusable)
  end)

  it("carries the entries of both", function()
    assert.same(replycode.describe(421), english.a)
    assert.same(replycode.describe(502, { lang = "tr" }), turkish.b)
  end)

  it("is the same for strings, and mirrored in the other order", function()
    assert.same(english, replycode.compare("421", "502"))
    assert.is_nil(flaw_of_mirror(english, replycode.compare(502, 421)))
    assert.is_nil(flaw_of_mirror(turkish, replycode.compare(502, 421, { lang = "tr" })))
  end)
end)

describe("compare", function()
  for _, lang in ipairs(languages) do
    it("takes every pair of codes, in either order, in " .. lang, function()
      local codes, options = all_codes(), { lang = lang }
      for first = 1, #codes do
        for second = 1, first do
          check(codes[first], codes[second], options)
        end
      end
    end)

    it("takes statuses beside each other and beside codes, in " .. lang, function()
      local statuses, options = some_statuses(), { lang = lang }
      for at, a in ipairs(statuses) do
        for _, b in ipairs { statuses[at % #statuses + 1], statuses[at * 7 % #statuses + 1], "421", "250", "550" } do
          check(a, b, options)
        end
      end
    end)
  end

  it("takes every code at every stage", function()
    for stage in replycode.entries "stage" do
      for _, code in ipairs(all_codes()) do
        check(code, "250", { stage = stage.slug })
      end
    end
  end)

  it("finds all rows equal for two of the same", function()
    for _, what in ipairs { "421", "5.1.1", "X.2.2", "599", "150" } do
      for _, row in ipairs(replycode.compare(what, what).rows) do assert.is_true(row.equal, what .. " " .. row.key) end
    end
  end)

  it("judges both at the stage that is given: 554 as greeting concerns the server, after the message the message", function()
    local greeting, content = { stage = "connect" }, { stage = "content" }
    assert.equal("the whole server", cell("fails", 554, greeting))
    assert.equal("no", cell("session_goes_on", 554, greeting))
    assert.equal("stays queued for the next host", cell("mail", 554, greeting))
    assert.equal("this message", cell("fails", 554, content))
    assert.equal("yes", cell("session_goes_on", 554, content))
    assert.equal("what is settled fails, all else stays queued; the address stays", cell("mail", 554, content))
  end)

  it("judges 452 and 552 alike at RCPT, and unlike without a stage", function()
    local rows = cells(replycode.compare(452, 552, { stage = "rcpt" }))
    assert.equal(rows.mail[1], rows.mail[2])
    assert.equal("goes out to the accepted recipients, stays queued for the rest", rows.mail[1])
    assert.same({ "transient", "permanent by its digit, but it passes" }, rows.class)
    rows = cells(replycode.compare(452, 552))
    assert.same({ "transient", "permanent" }, rows.class)
  end)

  it("sets a code beside a status", function()
    local both = replycode.compare(550, "5.1.1")
    local rows = cells(both)
    assert.equal("code", both.a.kind)
    assert.equal("status", both.b.kind)
    assert.same({ "permanent", "permanent" }, rows.class)
    assert.same({ "this recipient", "this recipient" }, rows.fails)
    assert.same({ "yes", "the code says it" }, rows.session_goes_on)
    assert.same({ "no", "the code says it" }, rows.unasked)
    assert.equal("", rows.send_when[2])
    assert.equal("whoever keeps the list of addresses", rows.who[2])
  end)

  it("tells the classes of one status apart", function()
    local rows = cells(replycode.compare("4.2.2", "5.2.2"))
    assert.same({ "transient", "permanent" }, rows.class)
    assert.same({ "this recipient", "this recipient" }, rows.fails)
  end)

  it("has words for a pair of statuses whatever their classes", function()
    local words = replycode.compare("X.1.1", "X.1.2").difference
    assert.truthy(words:match("^X%.1%.1: the domain is right, the mailbox does not exist%."))
    assert.equal(words, replycode.compare("5.1.1", "5.1.2").difference)
    assert.equal(words, replycode.compare("4.1.2", "5.1.1").difference)
  end)

  it("has no words for a pair that nobody confuses", function()
    local both = replycode.compare(101, 591)
    assert.is_nil(both.difference)
    assert.is_nil(both.which)
    assert.same({}, both.references)
  end)

  it("ends the session for what is not SMTP", function()
    local rows = cells(replycode.compare(150, 650))
    assert.same({ "none: not SMTP", "none: not SMTP" }, rows.class)
    assert.same({ "the session", "the session" }, rows.fails)
    assert.same({ "no", "no" }, rows.session_goes_on)
  end)

  it("raises for a wrong argument and says what is right", function()
    local function message(...)
      local ok, text = pcall(replycode.compare, ...)
      assert.is_false(ok)
      return text
    end
    assert.truthy(message(42, 421):match("#1 .*expected a code such as 421 or a status such as \"5%.1%.1\""))
    assert.truthy(message(421, "mailbox_full"):match("#2 .*expected a code"))
    assert.truthy(message(421):match("#2"))
    assert.truthy(message(421, {}):match("#2"))
    assert.truthy(message(421.5, 502):match("#1"))
    assert.truthy(message("X.9.9", 502):match("#1"))
    assert.truthy(message("5.X.X", 502):match("#1"))
    assert.truthy(message(502, "5.X.X"):match("#2"))
    assert.truthy(message(421, 502, "tr"):match("#3"))
    assert.truthy(message(421, 502, { lang = "de" }):match("#3 .*expected one of en, tr; found 'de'"))
    assert.truthy(message(421, 502, { stage = "greeting" }):match("#3 .*expected one of connect, .*found 'greeting'"))
    assert.truthy(message(421, 502, { kind = "code" }):match("#3 .*unknown option 'kind'; expected one of stage, lang"))
  end)
end)
