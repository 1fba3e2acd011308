-- Rules from a file, and `replycode check`.

local json = require "dkjson"
local command = require "spec.tools.command"
local pages = require "spec.tools.page"

local contains, lacks, flaw_of = pages.contains, pages.lacks, pages.flaw_of

-- ---- Helpers --------------------------------------------------------------------------------------------------------

local function with_file(bytes, check)
  local name = os.tmpname()
  local file = assert(io.open(name, "wb"))
  file:write(bytes)
  file:close()
  local ok, message = pcall(check, name)
  os.remove(name)
  assert(ok, message)
end

-- Output, errors, exit status of `main` with these rules; nil: without.
local function run(rules, arguments, input)
  local output, errors, status
  local function main(name)
    local all = { "--lang", "en" }
    for _, argument in ipairs(arguments) do all[#all + 1] = argument end
    if name then all[#all + 1], all[#all + 2] = "--rules", name end
    output, errors, status = command.run(all, input)
  end
  if rules then with_file(rules, main) else main() end
  return output, errors, status
end

local quota = 'return { { id = "quota", text = "qqqqqq", cause = "mailbox_full" } }'

-- ---- Rules ----------------------------------------------------------------------------------------------------------

describe("--rules", function()
  it("gives explain rules that come before the built-in ones", function()
    local output, errors, status = run(quota, { "explain", "550 5.1.1 zz qqqqqq", "--stage", "rcpt" })
    contains("550 5.1.1 zz qqqqqq\n             ^^^^^^\n", output)
    contains("Cause         mailbox_full  Mailbox full", output)
    contains("Decided by    caller        A rule of the caller, quota", output)
    contains("Without text  permanent     recipient_unknown, recipient, drop_recipient", output)
    assert.equal("", errors)
    assert.equal(0, status)
  end)

  it("gives them to read and to a code at a stage", function()
    assert.truthy(run(quota, { "read" }, "550 qqqqqq\n"):find("permanent +mailbox_full +give_up"))
    local code = 'return { { code = 550, stage = "rcpt", cause = "mailbox_full" } }'
    contains("caller/1", (run(code, { "explain", "550", "--stage", "rcpt" })))
  end)

  it("takes a list with options", function()
    contains("mailbox_full", (run("return {}", { "read" }, "550 mailbox full\n")))
    contains("unknown", (run("return { rules = {}, text = false }", { "read" }, "550 mailbox full\n")))
  end)

  it("takes a mark of UTF-8 and a line for the shell", function()
    assert.equal(0, select(3, run("\239\187\191#!/usr/bin/lua\n" .. quota, { "read" }, "550 qqqqqq\n")))
  end)

  it("runs the file without globals", function()
    for _, source in ipairs { "return os.exit()", "return require 'os'", "return _G.x", "return print()", "error 'x'",
      "return load '' ", "return setfenv(1, {})", "return getfenv(0).os.exit()" } do
      local output, errors, status = run(source, { "explain", "550 x" })
      assert.equal("", output)
      contains(":1: attempt to", errors)
      assert.equal(2, status, source)
    end
  end)

  it("refuses binary Lua", function()
    for _, before in ipairs { "", "\239\187\191" } do
      local _, errors, status = run(before .. string.dump(function() return {} end), { "explain", "550 x" })
      contains("binary Lua; rules are text", errors)
      assert.equal(2, status)
    end
  end)

  it("says what is wrong with the file, the rule and the field, and exits with 2", function()
    for source, says in pairs {
      ["return {"] = ":1: ",
      ["return 3"] = "expected to return a list of rules, found number",
      [""] = "expected to return a list of rules, found nil",
      ['return { { text = "abcdefg", cause = "mailbox_ful" } }'] = "rule 1, field 'cause': expected one of",
      ['return { { id = "mine", text = "ab", cause = "mailbox_full" } }'] = "rule 1 'mine', field 'text': too",
      ['return { { text = "abcdefg", cause = "mailbox_full", colour = 1 } }'] = "rule 1, field 'colour': unknown",
      ["return { 3 }"] = "rule 1: expected a table, found number",
      ["return { rulez = {} }"] = "unknown option 'rulez'",
      ["return { {}, text = false }"] = "rules beside names; write { rules =",
    } do
      local output, errors, status = run(source, { "explain", "550 x" })
      errors = errors:gsub("\n", " ")
      assert.equal("", output)
      assert.truthy(errors:find("^replycode: /.-:"), errors)
      contains(says, errors)
      assert.equal(2, status, source)
    end
  end)

  it("says when there is no such file, and exits with 2", function()
    for _, name in ipairs { "no/such/file", "." } do
      local _, errors, status = run(nil, { "explain", "550 x", "--rules", name })
      contains("replycode: cannot read " .. name .. ":", errors)
      assert.equal(2, status)
    end
  end)
end)

-- ---- Check ----------------------------------------------------------------------------------------------------------

local two = [[
return {
  { id = "quota", text = "qqqqqq", cause = "mailbox_full" },
  { id = "idle", text = "zzzzzz", cause = "mailbox_full" },
}]]

local function check(rules, samples, ...)
  return run(rules, { "check", "-", ... }, samples)
end

describe("replycode check", function()
  it("is content when all is as expected", function()
    local output, errors, status = check(quota, "reply\tstage\tcause\n550 qqqqqq\trcpt\tmailbox_full\n")
    assert.equal("Samples: 1. Decided otherwise: 0. Rules that never decide: 0.\n", output)
    assert.equal("", errors)
    assert.equal(0, status)
  end)

  it("prints what is decided otherwise, by row and column, and rules that never decide", function()
    local output, errors, status = check(two, "reply\tretry_after\tcause\tsettles\tstage\n\n"
      .. "550 5.1.1 qqqqqq\\r\\n\t5\trecipient_unknown\t-\tRCPT\n550 qqqqqq\n")
    assert.equal([[
row 3: 550 5.1.1 qqqqqq\r\n
  cause: expected recipient_unknown, got mailbox_full; rule quota
  settles: expected -, got recipient; rule quota
  retry_after: expected 5, got -; rule quota

Rules that never decide
  idle

Samples: 2. Decided otherwise: 1. Rules that never decide: 1.
]], output)
    assert.equal("", errors)
    assert.equal(1, status)
  end)

  it("is not content with an idle rule alone", function()
    assert.equal(1, select(3, check(two, "reply\n550 qqqqqq\n")))
  end)

  it("checks the built-in rules without --rules", function()
    local output, _, status = check(nil, "reply\tcause\tcloses\r\n421 4.3.2 Zzz\tservice_unavailable\tyes\r\n")
    assert.equal("Samples: 1. Decided otherwise: 0.\n", output)
    assert.equal(0, status)
  end)

  it("takes host, accepted, a remark, and escapes", function()
    local samples = "note\treply\taccepted\thost\tstage\tscope\tprovider\tmalformed\n"
      .. "x\t554 no valid recipients\t0\t\tdata\tcommand\t-\t-\n"
      .. "\t550-5.1.1 a\\x0d\\n550 5.1.1 \\tb \\\\\t\tgmail-smtp-in.l.google.com\trcpt\t\tgoogle\t-\n"
    assert.equal("Samples: 2. Decided otherwise: 0.\n", (check(nil, samples)))
  end)

  it("prints findings as JSON", function()
    local output, _, status = check(two, "reply\tcloses\n421 zzzzzz\tno\n", "--json")
    local first, second = output:match("^([^\n]*)\n([^\n]*)\n$")
    assert.same({ kind = "otherwise", row = 2, reply = "421 zzzzzz", field = "closes", got = true, rule = "idle" },
      (json.decode(first)))
    assert.same({ kind = "unused", rule = "quota" }, (json.decode(second)))
    assert.equal(1, status)
  end)

  it("says what is wrong with the samples and where, and exits with 2", function()
    for samples, says in pairs {
      [""] = "standard input:1: unknown column ''",
      ["stage\n"] = ":1: the first line names the columns, one of them 'reply'",
      ["reply\tcolour\n"] = ":1: unknown column 'colour'; expected one of reply, stage,",
      ["reply\treply\n"] = ":1: column 'reply' stands twice",
      ["reply\n550 a\tb\n"] = ":2: 2 cells, but the first line names 1 columns",
      ["reply\tstage\n\n550 a\trctp\n"] = ":3: unknown stage 'rctp'",
      ["reply\taccepted\n550 a\t-1\n"] = ":2: accepted: expected a number, found '-1'",
      ["reply\taccepted\n550 a\t99999999999999999999\n"] = ":2: accepted: expected a number",
      ["reply\n550 a\\q\n"] = ":2: unknown escape '\\q'; expected \\r, \\n,",
      ["reply\n550 a\\x4\n"] = ":2: unknown escape '\\x4'",
      ["stage\treply\nrcpt\n"] = ":2: no reply",
    } do
      local output, errors, status = check(nil, samples)
      assert.equal("", output)
      contains(says, errors)
      assert.equal(2, status, samples)
    end
    local _, errors, status = run(nil, { "check", "no/such/file" })
    contains("cannot read no/such/file", errors)
    assert.equal(2, status)
  end)

  it("shows nothing raw, within 80 columns", function()
    local output = check(quota, "reply\tcause\n550 a\\x1b\27[31m" .. ("qqqqqq "):rep(20) .. "\tq\27q\n")
    lacks("\27", output)
    assert.is_nil(flaw_of(output))
  end)
end)
