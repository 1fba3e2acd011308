-- `replycode lint`, run within this Lua through `main`.

local json = require "dkjson"
local run = require("spec.tools.command").run

local function lint(input, ...)
  return run({ "lint", "--lang", "en", ... }, input)
end

local session = table.concat({ "S: 220 mx.example.org", "C: EHLO c", "S: 250-mx.example.org", "S: 250 ENHANCEDSTATUSCODES",
  "C: MAIL FROM:<a@b.example> SMTPUTF8", "S: 250 2.1.0 \195\150k", "C: RCPT TO:<c@d.example>", "S: 550 Mailbox unavailable",
  "C: QUIT", "S: 221 2.0.0 Bye", "" }, "\r\n")

describe("replycode lint", function()
  it("tells nothing but the sum of clean replies", function()
    local output, errors, status = lint("250 2.0.0 OK\r\n", "--stage", "noop")
    assert.equal("Replies: 1. Errors: 0. Warnings: 0. Notes: 0.\n", output)
    assert.equal("", errors)
    assert.equal(0, status)
  end)

  it("prints each finding with its place, then what it means", function()
    local output, _, status = lint("502 5.5.2 Error: command not recognized\r\n", "--stage", "other")
    assert.equal([[
stage  code  severity  finding               place
other  502   warning   unknown_command_code  command not recognized

unknown_command_code  502 for an unknown command
  A command that the server does not know gets 500. 502 says that it knows the
  command and does not do it.
  Send 500 5.5.1, or 502 with words that say the command is switched off.
  RFC 5321 4.2.4

Replies: 1. Errors: 0. Warnings: 1. Notes: 0.
]], output)
    assert.equal(1, status)
  end)

  it("cuts a long place", function()
    local output = lint("554 5.7.1 <a@b.example>: Recipient address rejected: Access denied\r\n", "--stage", "rcpt")
    assert.truthy(output:find(" text_vague  <a@b.example>: Recipient...\n", 1, true))
  end)

  it("ends with 0 when there are only notes", function()
    local output, _, status = lint("550 5.7.1 Access denied\r\n", "--stage", "mail")
    assert.truthy(output:find("\nReplies: 1. Errors: 0. Warnings: 0. Notes: 1.\n", 1, true))
    assert.equal(0, status)
  end)

  it("ends with 1 for an error", function()
    local output, _, status = lint("250 2.0.0 OK\n", "--stage", "noop")
    assert.truthy(output:find("Errors: 1.", 1, true))
    assert.equal(1, status)
  end)

  it("knows of a recorded session what was announced and asked for", function()
    local output = lint(session)
    assert.truthy(output:find("\nrcpt   550   note      status_missing  550\n", 1, true))
    assert.truthy(output:find("Replies: 5. Errors: 0. Warnings: 0. Notes: 1.", 1, true))
    assert.equal("Replies: 5. Errors: 0. Warnings: 0. Notes: 0.\n", (lint((session:gsub("ENHANCED", "X")))))
    assert.truthy(lint((session:gsub(" SMTPUTF8", ""))):find("\nmail   250   warning   not_ascii", 1, true))
  end)

  it("speaks Turkish", function()
    local output = run({ "lint", "--lang", "tr", "--stage", "other" }, "502 5.5.2 Error: command not recognized\r\n")
    assert.truthy(output:find("\nother  502  uyarı  unknown_command_code", 1, true))
    assert.truthy(output:find("\nunknown_command_code  Bilinmeyen komut için 502\n", 1, true))
    assert.truthy(output:find("\nYanıt: 1. Hata: 0. Uyarı: 1. Not: 0.\n", 1, true))
  end)

  it("writes a line of JSON for each finding", function()
    local output, _, status = lint("550 5.7.1 Greylisted\27\r\n", "--json", "--stage", "rcpt")
    local lines = {}
    for line in output:gmatch "[^\n]+" do lines[#lines + 1] = json.decode(line) end
    assert.equal(2, #lines)
    assert.truthy(lines[1].problem:find("^Only printable characters"))
    lines[1].problem = nil
    assert.same({ stage = "rcpt", code = 550, enhanced = "5.7.1", raw = "550 5.7.1 Greylisted\27\r\n",
      finding = "control_bytes", severity = "error", title = "Control bytes in the text",
      remedy = "Replace control bytes by spaces.", first = 21, last = 21, reference = "RFC 5321 4.2" }, lines[1])
    assert.equal("permanent_for_passing", lines[2].finding)
    assert.equal(1, status)
  end)

  it("never writes bytes of a server raw", function()
    local output = lint("550 5.7.1 Spam \27[31m detected\r\n", "--stage", "content")
    assert.truthy(output:find("\\x1B", 1, true))
    assert.is_nil(output:find("\27", 1, true))
  end)

  it("says which file cannot be read, and goes on", function()
    local output, errors, status = lint("250 2.0.0 OK\r\n", "--stage", "noop", "/nowhere/x", "-")
    assert.truthy(errors:find("cannot read", 1, true))
    assert.truthy(output:find("Replies: 1.", 1, true))
    assert.equal(1, status)
  end)

  it("says that a file has no replies", function()
    local _, errors, status = lint ""
    assert.equal("replycode: standard input: no replies in it\n", errors)
    assert.equal(0, status)
  end)
end)
