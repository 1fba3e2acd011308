-- Why a verdict is what it is: the words that decided, the wait, the source, and what there would be to say without.

local replycode = require "replycode"

local function words_of(why, span)
  span = span or why
  return span.first and why.reply.text:sub(span.first, span.last)
end

local function decided_by(what, stage)
  return words_of(replycode.explain(what, stage or "rcpt"))
end

local function waited_in(what)
  local why = replycode.explain(what, "rcpt")
  return why.waited and words_of(why, why.waited)
end

-- A rule whose words nobody else says, so that the span does not depend on the built-in rows.
local mine = replycode.classifier { rules = {
  { text = "bad * karma", code = "5xx", cause = "ip_blocked" },
  { text = "really evil eye", cause = "content_spam" },
} }

local function span_in(bytes)
  local why = mine:explain(bytes, "rcpt")
  return why.first, why.last, words_of(why)
end

describe("the words that decided", function()
  it("are a place in the text of the reply", function()
    local why = replycode.explain("550 5.1.1 <a@example.org>: No such user", "rcpt")
    assert.same({ 18, 29 }, { why.first, why.last })
    assert.equal("No such user", why.reply.text:sub(why.first, why.last))
  end)

  it("stand as the server wrote them", function()
    assert.equal("NO SUCH USER", decided_by "550 NO SUCH USER")
    assert.equal("BAD very Karma", (select(3, span_in "550 so BAD very Karma!")))
  end)

  it("may be the first and the last of the text", function()
    assert.same({ 1, 9, "bad karma" }, { span_in "550 bad karma" })
    assert.same({ 1, 9, "bad karma" }, { span_in "550 5.7.1 bad karma" })
    assert.same({ 8, 16, "bad karma" }, { span_in "550 5.7.1 such a bad karma" })
  end)

  it("may go over the ends of lines", function()
    assert.same({ 6, 14, "bad\nkarma" }, { span_in "550-such bad\r\n550 karma" })
    assert.same({ 6, 18, "bad\nold\nkarma" }, { span_in "550-5.7.1 such bad\r\n550-5.7.1 old\r\n550 5.7.1 karma" })
    assert.same({ 6, 14, "bad\nkarma" }, { span_in "550-such bad\n550 karma\n" })
  end)

  it("are the right ones behind letters that are not ASCII", function()
    assert.equal("bad karma", (select(3, span_in "550 Größe, café, İşte, Привет, 你好: bad karma")))
    assert.equal("bad ééé karma", (select(3, span_in "550 ééé bad ééé karma ééé")))
    assert.equal("bad \195\nkarma", (select(3, span_in "550-\255\195\r\n550-\169 bad \195\r\n550 karma \169")))
    assert.equal("bad karma", (select(3, span_in "550-ééé\r\n550-ööö\r\n550 ççç bad karma")))
  end)

  it("are the right ones behind control bytes", function()
    assert.equal("bad\0karma", (select(3, span_in "550 \1\2 bad\0karma")))
    assert.equal("bad\tkarma", (select(3, span_in "550 bad\tkarma")))
    assert.equal("bad karma", (select(3, span_in "550 a\rb bad karma")))
  end)

  it("are the right ones wherever they stand in a long text", function()
    for _, filler in ipairs { "x", "é ", "x y ", "İ" } do
      for _, count in ipairs { 100, 490, 500, 505, 700, 1500, 3000, 20000 } do
        local bytes = "550 " .. filler:rep(count) .. " really evil eye " .. filler:rep(count)
        assert.equal("really evil eye", (select(3, span_in(bytes))))
      end
    end
  end)

  it("are the right ones in a reply of many lines", function()
    local bytes = ("550-5.7.1 é é é\r\n"):rep(500) .. "550-such bad\r\n550 karma"
    assert.equal("bad\nkarma", (select(3, span_in(bytes))))
  end)

  it("are the quoted ones where another host is quoted", function()
    local why = replycode.explain("450 4.2.0 host mx.example.org[192.0.2.1] said: 550 5.1.1 No such user", "content")
    assert.equal("transient recipient_unknown", why.verdict.transience .. " " .. why.verdict.cause)
    assert.equal("No such user", words_of(why))
  end)

  it("are absent when no words decided", function()
    for _, what in ipairs { "250 ok", "550", "550 5.1.1", "550 5.1.1 x", "250OK", "", "503 x" } do
      local why = replycode.explain(what, "rcpt")
      assert.is_nil(why.first, what)
      assert.is_nil(why.last, what)
      assert.is_not.equal("text", why.verdict.basis, what)
    end
  end)

  it("are of the first reply alone", function()
    assert.is_nil(replycode.explain("550 x\r\n550 No such user\r\n", "rcpt").first)
  end)
end)

describe("where the wait was read", function()
  it("is a place in the text of the reply", function()
    local why = replycode.explain("450 4.7.1 Greylisted, try again in 5 minutes", "rcpt")
    assert.equal(300, why.verdict.retry_after)
    assert.same({ first = 26, last = 34 }, why.waited)
  end)

  local rows = {
    { "450 4.7.1 Try again in 300 seconds.", "300 seconds", 300 },
    { "450 4.7.1 Please retry after 1 hour and 30 minutes", "1 hour and 30 minutes", 5400 },
    { "450 4.7.1 Greylisted, come back in 00:04:32", "00:04:32", 272 },
    { "450 4.7.1 Try again in 10-20 minutes", "10-20 minutes", 1200 },
    { "450 4.7.1 Greylisted for 2 hours", "2 hours", 7200 },
    { "450 4.7.1 Wait 5 minutes before retrying", "5 minutes", 300 },
    { "450-4.7.1 Try again in 5\r\n450 4.7.1 minutes", "5\nminutes", 300 },
    { "450 4.7.1 Größe ééé, try again in 5 minutes", "5 minutes", 300 },
    { "450 4.7.1 Lütfen 5 dakika sonra tekrar deneyin", "5 dakika", 300 },
    { "450 4.7.1 Try again in 1 second", "1 second", 1 },
    { "450 4.7.1 Try again in 432000 seconds", "432000 seconds", 432000 },
    { "450 4.7.1 Try again in 5 days", "5 days", 432000 },
  }
  for _, row in ipairs(rows) do
    it("is " .. row[2]:gsub("\n", " / ") .. " in: " .. row[1]:gsub("\r\n", " / "), function()
      assert.equal(row[2], waited_in(row[1]))
      assert.equal(row[3], replycode.classify(row[1], "rcpt").retry_after)
    end)
  end

  it("is absent when the words name no wait, or none within 1 second to 5 days", function()
    for _, what in ipairs { "450 4.2.0 Limit of 100 messages per 1 hour", "450 4.7.1 Try again in a few minutes",
      "450 4.7.1 Try again at 10:30", "450 4.7.1 Try again in 0 seconds", "450 4.7.1 Try again in 432001 seconds",
      "450 4.7.1 Try again in 6 days", "450 4.7.1 Try again in 99999999999 seconds",
        "450 4.3.4 Try again with less than 5 MB",
      "450 4.7.1 Try again in 5", "450 4.7.1 You waited 5 minutes", "450 4.7.1 Try again" } do
      assert.is_nil(replycode.explain(what, "rcpt").waited, what)
      assert.is_nil(replycode.classify(what, "rcpt").retry_after, what)
    end
  end)

  it("is absent when nothing is to be waited for", function()
    assert.is_nil(replycode.explain("250 Try again in 5 minutes", "rcpt").waited)
    assert.is_nil(replycode.explain("250OK try again in 5 minutes", "rcpt").waited)
  end)
end)

describe("an explanation", function()
  it("has the verdict that classify gives", function()
    for _, what in ipairs { "550 5.1.1 No such user", "450 Try again in 5 minutes", "250 ok", "hello", "",
      "550 5.7.1 x - gsmtp" } do
      for _, stage in ipairs { "connect", "rcpt", "content", "local" } do
        assert.same(replycode.classify(what, stage), replycode.explain(what, stage).verdict)
      end
    end
  end)

  it("has the reply of the bytes, or the very table that was given", function()
    local parts = { code = 550, text = "No such\nuser" }
    local why = replycode.explain(parts, "rcpt")
    assert.equal(parts, why.reply)
    assert.equal("No such\nuser", words_of(why))
    assert.same(replycode.parse "550 5.1.1 x\r\n", replycode.explain("550 5.1.1 x\r\n250 ok\r\n", "rcpt").reply)
  end)

  it("has no words where the table has none", function()
    local why = replycode.explain({ code = 550, enhanced = "5.1.1" }, "rcpt")
    assert.is_nil(why.first)
    assert.equal("recipient_unknown", why.verdict.cause)
  end)

  it("tells what there would be to say without the words, and by the code alone", function()
    local why = replycode.explain("550 5.2.2 No such user", "rcpt")
    assert.equal("recipient_unknown text", why.verdict.cause .. " " .. why.verdict.basis)
    assert.equal("mailbox_full enhanced", why.without_text.cause .. " " .. why.without_text.basis)
    assert.equal("unknown stage", why.code_alone.cause .. " " .. why.code_alone.basis)
    assert.equal("5.2.2", why.without_text.enhanced)
    assert.is_nil(why.code_alone.enhanced)
  end)

  it("tells the same in all three when the code is all there is", function()
    local why = replycode.explain("552 x", "rcpt")
    assert.same(why.verdict, why.without_text)
    assert.same(why.verdict, why.code_alone)
  end)

  it("tells by the code alone that the exception is one of the words", function()
    local why = replycode.explain("550 5.7.1 Greylisted, try again in 5 minutes", "rcpt")
    assert.equal("transient", why.verdict.transience)
    assert.equal("permanent", why.code_alone.transience)
    assert.is_nil(why.code_alone.retry_after)
  end)

  it("knows text without a code by nothing but its words and its status", function()
    local why = replycode.explain("5.2.2 No such user", "local")
    assert.equal("recipient_unknown text", why.verdict.cause .. " " .. why.verdict.basis)
    assert.equal("mailbox_full enhanced", why.without_text.cause .. " " .. why.without_text.basis)
    assert.equal("unknown", why.code_alone.cause)
  end)

  it("tells where the deciding row comes from, as its entry does", function()
    for _, what in ipairs { "550 5.1.1 No such user", "550 5.1.1 x", "421 x", "503 x", "250 ok", "hello",
      "550 5.7.1 x - gsmtp",
      "550 5.7.1 Blocked using zen.spamhaus.org" } do
      local why = replycode.explain(what, "rcpt")
      local entry = replycode.describe(why.verdict, { kind = "rule" })
      assert.equal(table.concat(entry.references, "; "), why.reference, what)
    end
  end)

  it("has no source for a rule of the caller", function()
    local why = mine:explain("550 bad karma", "rcpt")
    assert.equal("caller/1", why.verdict.rule)
    assert.is_nil(why.reference)
    assert.equal("550 bad karma", tostring(why.reply))
  end)

  it("keeps the caller's rules that ask for no words", function()
    local all = replycode.classifier { rules = { { id = "all", code = 550, cause = "policy_rejected" } } }
    local why = all:explain("550 5.1.1 x", "rcpt")
    assert.equal("all all all", table.concat({ why.verdict.rule, why.without_text.rule, why.code_alone.rule }, " "))
    assert.is_nil(why.first)
  end)
end)
