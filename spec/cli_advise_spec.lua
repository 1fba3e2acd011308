-- `replycode advise`, run within this Lua through `main`.

local json = require "dkjson"
local replycode = require "replycode"
local command = require "spec.tools.command"
local pages = require "spec.tools.page"

-- Output, errors and exit status of `replycode advise`.
local function advise(...)
  return command.run { "advise", ... }
end

local contains, lacks, flaw_of = pages.contains, pages.lacks, pages.flaw_of

describe("replycode advise", function()
  it("prints the reply, why, what it does at the other side, and the sections", function()
    local output, errors, status = advise("greylisted", "--stage", "rcpt", "--lang", "en")
    assert.equal("greylisted  Greylisting\n\n  450 4.7.1 Greylisted. Please try again later.\n", output:match("^.-%.\n"))
    assert.truthy(output:find("\nWhy this reply\n.*\nVerdict\n.*\nLearn more\n"))
    contains("Sent at rcpt: One recipient.", output)
    contains("Transience    transient", output)
    contains("Action        retry", output)
    contains("RFC 6647 2.4, 5; RFC 5321 4.2.3, 4.3.2; RFC 3463 3.8", output)
    lacks("SMTPUTF8", output)
    assert.equal("", errors)
    assert.equal(0, status)
  end)

  it("prints it in Turkish, with and without accents", function()
    local output = advise("content_virus", "--lang", "tr")
    contains("550 5.7.1 Iletide virus bulundu.", output)
    contains("SMTPUTF8 isteyen istemciye: İletide virüs bulundu.", output)
    assert.truthy(output:find("\nNeden Bu Yanıt\n.*\nSonuç\n.*\nDaha Fazla Öğren\n"))
  end)

  it("says where the situation can be told when that is not the stage that was named", function()
    local output, _, status = advise("content_virus", "--stage", "rcpt", "--lang", "en")
    contains("It cannot be told at rcpt; content is the nearest stage.", output)
    contains("Stage         content", output)
    assert.equal(0, status)
    lacks("cannot be told", (advise("content_virus", "--stage", "content", "--lang", "en")))
    lacks("cannot be told", (advise("content_virus", "--lang", "en")))
  end)

  it("lists the situations without one", function()
    for lang, title in pairs { en = "Mailbox full", tr = "Posta kutusu dolu" } do
      local output, errors, status = advise("--lang", lang)
      local _, lines = output:gsub("\n", "")
      local count = 0
      for _ in replycode.entries "situation" do count = count + 1 end
      assert.equal(count, lines)
      assert.truthy(output:find("\nmailbox_full +" .. title .. "\n"))
      assert.is_nil(flaw_of(output))
      assert.equal("", errors)
      assert.equal(0, status)
    end
  end)

  it("names what is similar when it does not know the situation", function()
    local output, errors, status = advise("greylist", "--lang", "en")
    assert.equal("greylisted  Greylisting\n", output)
    contains("no situation is called 'greylist'; 'replycode advise' lists them", errors)
    assert.equal(1, status)
    output = advise("dolu", "--lang", "tr")
    contains("mailbox_full  Posta kutusu dolu", output)
    output, errors = advise("\27[2J", "--lang", "en")
    assert.equal("", output)
    contains("\\x1B[2J", errors)
  end)

  it("takes a slug in any case", function()
    contains("452 4.2.2", (advise("MAILBOX_FULL", "--lang", "en")))
  end)

  it("prints a line of JSON", function()
    local output, _, status = advise("too_many_recipients", "--json", "--lang", "en")
    assert.equal(1, select(2, output:gsub("\n", "")))
    local advice = json.decode(output)
    assert.same({ 452, "4.5.3", "rcpt", "too_many_recipients", "split" },
      { advice.code, advice.enhanced, advice.stage, advice.verdict.cause, advice.verdict.action })
    assert.equal(0, status)
  end)

  it("lists in JSON, an entry a line", function()
    local output = advise("--json", "--lang", "en")
    local first = json.decode(output:match "^[^\n]*")
    assert.same({ "accepted", "situation", "accepted" }, { first.slug, first.kind, first.cause })
  end)

  it("fits 80 columns for every situation and stage in both languages", function()
    for _, lang in ipairs { "en", "tr" } do
      for entry in replycode.entries "situation" do
        for _, stage in ipairs { entry.stages[1], entry.stages[#entry.stages], "connect" } do
          local output, _, status = advise(entry.slug, "--stage", stage, "--lang", lang)
          assert.equal(0, status)
          assert.is_nil(flaw_of(output), entry.slug)
        end
      end
    end
  end)

  it("names the stages that there are when it does not know one", function()
    local _, errors, status = advise("greylisted", "--stage", "greeting")
    contains("unknown stage 'greeting'; expected one of connect, ehlo", (errors:gsub("\n", " ")))
    assert.equal(2, status)
  end)
end)
