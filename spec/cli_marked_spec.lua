-- How a reply is printed with the words that decided marked.

local replycode = require "replycode"
local marked = require "replycode.cli.marked"
local terminal = require "replycode.cli.terminal"
local command = require "spec.tools.command"

-- A page that keeps what is written on it.
local function new_page(columns, colours)
  local output, parts = command.capture()
  local page = terminal.page(output)
  page.columns, page.colours = columns or 80, colours
  return page, parts
end

-- Prints bytes with `words` of their text marked.
local function print_marked(bytes, words, columns, colours)
  local reply = replycode.parse(bytes)
  local page, parts = new_page(columns, colours)
  local first, last
  if words then first, last = reply.text:find(words, 1, true) end
  marked.print(page, reply, first, last, "mark_permanent")
  return table.concat(parts)
end

describe("a marked reply", function()
  it("has a line of ^ below the words", function()
    assert.equal("550 5.2.2 over quota now\n          ^^^^^^^^^^\n",
      print_marked("550 5.2.2 over quota now", "over quota"))
  end)

  it("has none without a mark", function()
    assert.equal("550 5.2.2 over quota\n", print_marked("550 5.2.2 over quota\r\n"))
  end)

  it("is marked on each line that the words stand on", function()
    assert.equal("550-5.2.2 all over\n              ^^^^\n550-5.2.2 the\n          ^^^\n"
      .. "550 5.2.2 quota now\n          ^^^^^\n",
      print_marked("550-5.2.2 all over\r\n550-5.2.2 the\r\n550 5.2.2 quota now\r\n", "over\nthe\nquota"))
  end)

  it("is marked where the words are when a line has no status, no code, or tabs and blanks", function()
    assert.equal("550-5.2.2 a\n550-over\n    ^^^^\n550 now\n",
      print_marked("550-5.2.2 a\n550-over\n550 now\n", "over"))
    assert.equal("550-a\nover quota\n^^^^\n550 b\n", print_marked("550-a\nover quota\n550 b\n", "over"))
    assert.equal("550  5.2.2  two  blanks\n                 ^^^^^^\n",
      print_marked("550  5.2.2  two  blanks", "blanks"))
    assert.equal("550\\x095.2.2\\x09over\n                ^^^^\n", print_marked("550\t5.2.2\tover\n", "over"))
  end)

  it("stays aligned behind Turkish, wide characters, marks and escapes", function()
    assert.equal("550 çığ kota dolmuş\n        ^^^^^^^^^^^\n", print_marked("550 çığ kota dolmuş", "kota dolmuş"))
    assert.equal("550 满了 full\n         ^^^^\n", print_marked("550 满了 full", "full"))
    assert.equal("550 满了 full\n    ^^^^\n", print_marked("550 满了 full", "满了"))
    assert.equal("550 i\204\135 full\n      ^^^^\n", print_marked("550 i\204\135 full", "full"))
    assert.equal("550 \\x1B\\xFF full\n             ^^^^\n", print_marked("550 \27\255 full", "full"))
  end)

  it("is wrapped with its marks, the rest of a line indented", function()
    assert.equal("550 the mailbox\n            ^^^\n    is over\n    ^^\n    quota\n",
      print_marked("550 the mailbox is over quota", "box is", 15))
    assert.equal("550\n    aaaaaaaa\n    ^^^^^^^^\n    aaaa\n    ^^^^\n",
      print_marked("550 aaaaaaaaaaaa", "aaaaaaaaaaaa", 12))
    assert.equal("550 no\n    http://\n    ^^^^^^^\n    x.test/\n    ^^^^^^^\n    index\n    ^^^^^\n",
      print_marked("550 no http://x.test/index", "http://x.test/index", 14))
  end)

  it("has the mark in colour and underlined where there are colours", function()
    assert.equal("\27[1m550 5.2.2 \27[0m\27[1;4;31mover quota\27[0m\27[1m now\27[0m\n",
      print_marked("550 5.2.2 over quota now", "over quota", 80, true))
  end)

  it("keeps an empty line", function()
    assert.equal("550-a\n\n550 b\n", print_marked("550-a\r\n\r\n550 b\r\n"))
  end)
end)
