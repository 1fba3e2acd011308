-- `replycode read --group`: counts by code, cause and template.

local json = require "dkjson"
local command = require "spec.tools.command"
local pages = require "spec.tools.page"

-- Output with what was complained of, and the exit status.
local function run(arguments, input)
  local output, errors, status = command.run(arguments, input)
  return output .. errors, status
end

local replies = "250 ok\n550 5.1.1 <a@example.org>: User unknown\n452 4.2.2 <a@example.org> is full\n"
  .. "550 5.1.1 <b@example.com>: User unknown\n"

describe("replycode read --group", function()
  it("prints the most frequent first, then as they came", function()
    local output, status = run({ "read", "--group", "--stage", "rcpt", "--lang", "en" }, replies)
    assert.equal("count  code  cause              template\n"
      .. "2      550   recipient_unknown  <address>: User unknown\n"
      .. "1      250   accepted           ok\n"
      .. "1      452   mailbox_full       <address> is full\n", output)
    assert.equal(0, status)
  end)

  it("prints the same as lines of JSON", function()
    local output = run({ "read", "--group", "--json", "--stage", "rcpt" }, replies)
    local first, others = output:match("^([^\n]*)\n(.*)$")
    assert.same({ count = 2, code = 550, cause = "recipient_unknown", template = "<address>: User unknown",
      fingerprint = "efbfa80e" }, json.decode(first))
    local _, count = others:gsub("\n", "")
    assert.equal(2, count)
  end)

  it("speaks Turkish, and tells of replies without a code", function()
    local output = run({ "read", "--group", "--lang", "tr" }, "\27[\255 hello\n")
    assert.equal("adet  kod  neden    kalıp\n1     -    unknown  [\\xFF hello\n", output)
    assert.is_nil(pages.flaw_of(output))
  end)

  it("counts the replies of all files together", function()
    local output = run { "read", "--group", "--json", "spec/replies/demo.txt", "spec/replies/demo.txt" }
    for line in output:gmatch("[^\n]+") do assert.equal(0, json.decode(line).count % 2) end
  end)

  it("says when there are none, and prints no table", function()
    local output, status = run({ "read", "--group", "--lang", "en" }, "")
    assert.equal("replycode: standard input: no replies in it\n", output)
    assert.equal(0, status)
  end)
end)
