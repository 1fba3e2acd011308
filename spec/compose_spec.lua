-- Replies to be sent: what reply writes is read back the same, and no bytes of relayed text make it another reply.

local compose = require "replycode.compose"
local replycode = require "replycode"

-- xorshift would need bits; this is the minimal standard generator, the same on every Lua.
local seed = 5321
local function random(below)
  seed = seed * 16807 % 2147483647
  return seed % below
end

local parts = { "5.7.1", "#", "(", " ", "4.2.2 ", "\n", "\r\n", "\r", "\0", "ğ", "中", "word ", "250 ", "550-", "|", "\255" }

local function random_text()
  local text = {}
  for at = 1, random(random(4) == 0 and 700 or 30) do
    text[at] = random(6) == 0 and string.char(random(256)) or parts[random(#parts) + 1]
  end
  return table.concat(text)
end

local function random_draft()
  local code = ({ 220, 250, 354, 421, 450, 550, 554 })[random(7) + 1]
  local enhanced = code ~= 354 and random(2) == 0 and ("%d.%d.%d"):format(math.floor(code / 100), random(8), random(100))
  return { code = code, enhanced = enhanced or nil, text = random_text(), utf8 = random(2) == 0 }
end

describe("compose.reply", function()
  it("writes one line or many, the status on each", function()
    assert.equal("250 ok\r\n", compose.reply { code = 250, text = "ok" })
    assert.equal("550-5.1.1 No such user\r\n550 5.1.1 DATA\r\n",
      compose.reply { code = 550, enhanced = "5.1.1", text = "No such user\r\nDATA" })
    assert.equal("250-mx.example.org\r\n250 SIZE 1000\r\n",
      compose.reply { code = 250, lines = { "mx.example.org", "SIZE 1000" } })
    assert.equal("250-a\r\n250 b\r\n", compose.reply { code = 250, lines = { "a\nb", "" } })
  end)

  it("keeps UTF-8 only when asked", function()
    assert.equal("550 Posta kutusu bulunamadi\r\n", compose.reply { code = 550, text = "Posta kutusu bulunamadı" })
    assert.equal("550 Posta kutusu bulunamadı\r\n",
      compose.reply { code = 550, text = "Posta kutusu bulunamadı", utf8 = true })
    assert.equal("550 ?\r\n", compose.reply { code = 550, text = "\255", utf8 = true })
  end)

  it("leaves text no status of its own", function()
    assert.equal("550 (5.7.1) x\r\n", compose.reply { code = 550, text = "5.7.1 x" })
    assert.equal("550 5.1.1 5.7.1 x\r\n", compose.reply { code = 550, enhanced = "5.1.1", text = "5.7.1 x" })
    assert.is_nil(replycode.parse(compose.reply { code = 550, text = "5.7.1 x" }).enhanced)
  end)

  it("is longer than what fits the stack of C", function()
    local bytes = compose.reply { code = 250, text = ("word "):rep(20000) }
    assert.equal(100000, #replycode.parse(bytes).text + 1)
  end)

  it("says words that decide nothing when there are none", function()
    assert.equal("354 Go ahead\r\n", compose.reply { code = 354 })
    for entry in replycode.entries "stage" do
      for _, code in ipairs { 220, 250, 354, 421, 450, 451, 452, 500, 550, 552, 553, 554 } do
        local bare, said = replycode.classify({ code = code }, entry.slug),
          replycode.classify(compose.reply { code = code }, entry.slug)
        assert.same(bare, said)
      end
    end
  end)

  it("takes an advice as it is", function()
    assert.equal("450 4.2.0 Later\r\n", compose.reply { situation = "greylist", cause = "greylisted", why = "x",
      reference = "y", code = 450, enhanced = "4.2.0", text = "Later" })
  end)

  it("is read back, whatever bytes the text has", function()
    for _ = 1, 3000 do
      local draft = random_draft()
      local bytes = compose.reply(draft)
      local reply, after = replycode.parse(bytes)
      assert.equal(#bytes + 1, after)
      assert.equal(draft.code, reply.code)
      assert.equal(draft.enhanced, reply.enhanced)
      assert.is_nil(reply.malformed)
      for _, oddity in ipairs(reply.oddities or {}) do assert.equal("eight_bit", draft.utf8 and oddity) end
      for line in bytes:gmatch("[^\r\n]*\r\n") do assert.is_true(#line <= 512) end
      assert.is_nil(bytes:gsub("\r\n", ""):find(draft.utf8 and "[%z\1-\31\127]" or "[^ -~]"))
      assert.equal(bytes, compose.reply { code = reply.code, enhanced = reply.enhanced, lines = reply.lines,
        utf8 = draft.utf8 })
    end
  end)
end)

describe("compose.line", function()
  it("is one line without its end", function()
    assert.equal("451 4.7.1 Greylisted, try again",
      compose.line { code = 451, enhanced = "4.7.1", lines = { "Greylisted,", "", " try  again" } })
    assert.equal("550 a|b", compose.line { code = 550, text = "a|b\r\n" })
    assert.equal("421 Failed for now", compose.line { code = 421, text = "\r\n" })
  end)

  it("never is what smtpd refuses, whatever bytes the text has", function()
    for _ = 1, 3000 do
      local draft = random_draft()
      draft.code = draft.code < 400 and 550 or draft.code
      draft.enhanced = draft.enhanced and draft.enhanced:gsub("^%d", (tostring(draft.code):sub(1, 1))) or nil
      local line = compose.line(draft)
      assert.truthy(line:find("^[45]%d%d [^ ]"))
      assert.is_nil(line:find(draft.utf8 and "[%z\1-\31\127]" or "[^ -~]"))
      assert.is_true(#line <= 510)
      assert.equal(draft.enhanced, replycode.parse(line).enhanced)
    end
  end)
end)

describe("a draft that is wrong", function()
  local function raises(says, draft, name)
    it((name or "reply") .. ": " .. says, function()
      local ok, message = pcall(compose[name or "reply"], draft)
      assert.is_false(ok)
      assert.truthy(message:find(says, 1, true), message)
    end)
  end

  raises("expected a table with code, enhanced, text or lines, utf8; found nil")
  raises("expected a table with code, enhanced, text or lines, utf8; found string", "550 x")
  for _, code in ipairs { 199, 260, 299, 560, 600, 250.5, -250, 0, "550", true } do
    raises("field 'code': expected an integer from 200 to 559 whose second digit is 0 to 5, found " ..
      (code == true and "boolean" or code == "550" and "'550'" or tostring(code)), { code = code })
  end
  raises("field 'code': expected an integer from 200 to 559", {})
  raises("field 'code': expected an integer from 400 to 559 whose second digit is 0 to 5, found 250", { code = 250 }, "line")
  raises("field 'enhanced': expected a status such as \"5.7.26\", found 'X.1.1'", { code = 550, enhanced = "X.1.1" })
  raises("field 'enhanced': expected a status such as \"5.7.26\", found '5.1'", { code = 550, enhanced = "5.1" })
  raises("field 'enhanced': expected a status such as \"5.7.26\", found 51", { code = 550, enhanced = 51 })
  raises("field 'enhanced': expected a status that begins with 4, the first digit of the code, found '5.1.1'",
    { code = 450, enhanced = "5.1.1" })
  raises("field 'enhanced': expected none, for a code of 3yz has no status", { code = 354, enhanced = "5.1.1" })
  raises("field 'text': expected a string, found 5", { code = 550, text = 5 })
  raises("field 'text': expected none beside lines", { code = 550, text = "a", lines = { "b" } })
  raises("field 'lines': expected a list of strings, found 'a'", { code = 550, lines = "a" })
  raises("field 'lines': expected a list of strings, found 5", { code = 550, lines = { "a", 5 } })
  raises("field 'utf8': expected a boolean, found 1", { code = 550, utf8 = 1 })
  raises("unknown field 'txt'; expected one of code, enhanced, text, lines, utf8", { code = 550, txt = "x" })
  raises("unknown field 'number'; expected one of code, enhanced, text, lines, utf8", { "x", code = 550 })
end)
