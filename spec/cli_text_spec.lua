-- The words of the command line, and how text is made fit to be shown.

local language = require "replycode.cli.language"
local text = require "replycode.cli.text"
local words = require "replycode.cli.words"

describe("the language", function()
  local function chosen(environment)
    return language.choose(nil, function(name) return environment[name] end)
  end

  it("is that of the first variable that is set", function()
    assert.equal("tr", chosen { LC_ALL = "tr_TR.UTF-8", LANG = "en_US.UTF-8" })
    assert.equal("tr", chosen { LC_MESSAGES = "tr", LANG = "de_DE" })
    assert.equal("tr", chosen { LC_ALL = "", LANG = "TR_tr" })
    assert.equal("en", chosen { LC_ALL = "C", LANG = "tr_TR.UTF-8" })
    assert.equal("en", chosen { LANG = "trv_TW" })
    assert.equal("en", chosen {})
  end)

  it("is the one asked for before all", function()
    assert.equal("en", language.choose("en", function() return "tr_TR.UTF-8" end))
  end)

  it("has the same placeholders in the words of both", function()
    local turkish = words.of "tr"
    for key, word in pairs(words.of "en") do
      assert.equal(select(2, word:gsub("%%s", "")), select(2, turkish[key]:gsub("%%s", "")), key)
    end
  end)
end)

describe("text", function()
  it("is wrapped by characters, not bytes", function()
    assert.same({ "şşş ğğğ", "ııı" }, text.wrap("şşş ğğğ ııı", 7))
    assert.equal("şğ   |", text.pad("şğ", 5) .. "|")
  end)

  it("is measured in the columns of a terminal", function()
    for line, columns in pairs { ["kota dolmuş"] = 11, ["ı́"] = 1, ["满"] = 2, ["メール"] = 6, ["한글"] = 4, ["é"] = 1, ["Ж"] = 1,
      ["\240\159\152\128"] = 2, ["a\226\128\139b"] = 2 } do
      assert.equal(columns, text.length(line), line)
    end
    assert.same({ "メー", "ル" }, text.wrap("メール", 5))
    assert.same({ "满" }, text.wrap("满", 1))
  end)

  it("parts long words behind punctuation where it can", function()
    assert.same({ "client_", "identity_", "rejected" }, text.wrap("client_identity_rejected", 9))
    assert.same({ "aaaa", "aa" }, text.wrap("aaaaaa", 4))
    assert.same({ "" }, text.wrap("", 4))
  end)

  it("takes only well-formed UTF-8 for characters", function()
    for bytes, printed in pairs {
      ["\195\169"] = "é", ["\195"] = "\\xC3", ["\192\175"] = "\\xC0\\xAF", ["\224\128\175"] = "\\xE0\\x80\\xAF",
      ["\237\160\128"] = "\\xED\\xA0\\x80", ["\240\159\152\128"] = "\240\159\152\128", ["\244\144\128\128"] =
      "\\xF4\\x90\\x80\\x80", ["\226\130"] = "\\xE2\\x82", ["a\127\0"] = "a\\x7F\\x00", ["\194\133"] = "\\xC2\\x85",
      ["\226\128\168"] = "\\xE2\\x80\\xA8", ["\226\129\166"] = "\\xE2\\x81\\xA6",
    } do
      assert.equal(printed, text.printable(bytes))
    end
  end)
end)
