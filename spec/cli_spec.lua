-- The command line, run within this Lua through `main`.

local json = require "dkjson"
local replycode = require "replycode"
local run = require("spec.tools.command").run
local text = require "replycode.cli.text"
local pages = require "spec.tools.page"

local languages = { "en", "tr" }

-- ---- Helpers --------------------------------------------------------------------------------------------------------

local function en(...)
  return run { "--lang", "en", ... }
end

local contains, lacks, flaw_of = pages.contains, pages.lacks, pages.flaw_of

local function with_file(bytes, check)
  local name = os.tmpname()
  local file = assert(io.open(name, "wb"))
  file:write(bytes)
  file:close()
  local ok, message = pcall(check, name)
  os.remove(name)
  assert(ok, message)
end

-- ---- explain --------------------------------------------------------------------------------------------------------

describe("replycode explain", function()
  it("prints the entry of a code, a status and a slug", function()
    for what, title in pairs { ["421"] = "421  Service not available", ["5.2.2"] = "5.2.2  Mailbox full",
      ["X.7.26"] = "X.7.26  Several authentication checks failed", mailbox_full = "mailbox_full  Mailbox full" } do
      local output, errors, status = en("explain", what)
      assert.equal(title, output:sub(1, #title))
      assert.equal("", errors)
      assert.equal(0, status)
    end
  end)

  it("has the headings of each language in their order", function()
    assert.truthy(en("explain", "421"):find("\nDescription\n.*\nWhen you see it\n.*\nHow to fix\n.*\nLearn more\n"))
    assert.truthy(run { "explain", "421", "--lang", "tr" }
      :find("\nAçıklama\n.*\nGördüğünüzde\n.*\nNasıl Düzeltilir\n.*\nDaha Fazla Öğren\n"))
  end)

  it("says that the words of an unknown code are a guess, and where dots may be lost", function()
    contains("599 has no row of its own", en("explain", "599"))
    lacks("Dots may be lost", en("explain", "599"))
    contains("Dots may be lost: 5.7.2 (", en("explain", "572"))
    contains("5.7.99 has no row of its own", en("explain", "5.7.99"))
    lacks("no row of its own", en("explain", "571"))
    contains("Dots may be lost: 5.7.1 (", en("explain", "571"))
  end)

  it("judges a code at a stage", function()
    local output = en("explain", "502", "--stage", "vrfy")
    contains("vrfy/502  Command known but not offered", output)
    contains("Action      fall_back       Go on another way", output)
  end)

  it("prints the verdict of a reply, its cause, rule and reference, and what the code alone would say", function()
    local output, _, status = en("explain", "550 5.1.1 Zzz", "--stage", "RCPT")
    for _, part in ipairs { "550 5.1.1 Zzz\n\nVerdict\n", "Transience  permanent          Failed for good",
      "Cause       recipient_unknown  No such recipient", "Action      drop_recipient     Drop the recipient",
      "Settles     recipient          this recipient", "status/X.1.1",
      "Code alone  permanent          unknown, recipient, give_up", "\nDescription\n  No mailbox exists",
      "\nHow to fix\n  Check the spelling", "\nLearn more\n  RFC 3463 3.2" } do
      contains(part, output)
    end
    lacks("Without text", output)
    lacks("^", output)
    assert.equal(0, status)
  end)

  it("marks the words that decided, and says what the reply would have meant without them", function()
    local output = en("explain", "550-5.7.1 Client host\\r\\n550 5.7.1 blocked using zen.spamhaus.org", "--stage", "rcpt")
    contains("550 5.7.1 blocked using zen.spamhaus.org\n                        ^^^^^^^^^^^^^^^^", output)
    for _, part in ipairs { "Cause         ip_blocked    Sending IP address blocked",
      "Blocklist     spamhaus_zen  Spamhaus ZEN", "Decided by    text          The words of the reply,",
      "Without text  permanent     policy_rejected, recipient, give_up",
      "Code alone    permanent     unknown, recipient, give_up", "Spamhaus ZEN: https://check.spamhaus.org/" } do
      contains(part, output)
    end
  end)

  it("says nothing of text and code that would have said the same", function()
    local output = en("explain", "421 Zzz", "--stage", "mail")
    lacks("Without text", output)
    lacks("Code alone", output)
  end)

  it("tells a wait and where it was read", function()
    contains('Retry after   5400', (en("explain", "450 4.2.0 Zzz, try again in 1 hour and 30 minutes", "--stage", "rcpt")))
    contains('90 min, read in "1 hour and 30 minutes"', (en("explain", "450 4.2.0 Zzz, try again in 1 hour and 30 minutes")))
    contains('5 dk, okunan yer: "5 minutes"', (run { "explain", "450 Zzz, try again in 5 minutes", "--lang", "tr" }))
  end)

  it("hears from --host who speaks", function()
    contains("Provider    google", (en("explain", "550 5.1.1 Zzz", "--host", "gmail-smtp-in.l.google.com")))
    lacks("Provider", (en("explain", "550 5.1.1 Zzz")))
  end)

  it("prints the entry of a provider, a blocklist and a rule", function()
    contains("Last confirmed  20", (en("explain", "google")))
    contains("DNS zone  zen.spamhaus.org", (en("explain", "spamhaus_zen")))
    contains("Lists     IP addresses", (en("explain", "spamhaus_zen")))
    contains("text/greylisted  Greylisted at first contact\n\n  Cause    greylisted", (en("explain", "text/greylisted")))
    assert.truthy(en("explain", "text/greylisted"):find('\n  Text +".*\n  Example  4'))
  end)

  it("tells what other programs call a cause", function()
    contains("What other programs call it\n  KumoMTA    QuotaIssues\n  Sisimai    mailboxfull\n",
      (en("explain", "mailbox_full")))
    contains("\nBaşka Programlardaki Adı\n", (run { "explain", "mailbox_full", "--lang", "tr" }))
  end)

  it("takes \\r\\n in the argument for a line end", function()
    local output = en("explain", "550-5.1.1 No such\\r\\n550 5.1.1 user")
    contains("550-5.1.1 No such\n", output)
    contains("550 5.1.1 user\n", output)
    lacks("Malformed", output)
  end)

  it("judges one line of a longer reply as if it were the last, and says so", function()
    local output = en("explain", "550-5.1.1 No such user", "--stage", "rcpt")
    contains("drop_recipient", output)
    contains("Malformed   truncated", output)
  end)

  it("reads a slug, a reply or more from standard input", function()
    contains("421  Service not available", (run({ "--lang", "en", "explain", "-" }, "421\n")))
    local output = run({ "--lang", "en", "explain", "-" }, "550-5.1.1 a\r\n550 5.1.1 b\r\n421 bye\r\n")
    contains("recipient_unknown", output)
    contains("service_unavailable", output)
  end)

  it("shows what a terminal would obey as \\xNN", function()
    local output = run({ "explain", "-" }, "550 a\27[31m\0\7 \195\169 \255\194\155 \226\128\174 \t.")
    contains("550 a\\x1B[31m\\x00\\x07 é \\xFF\\xC2\\x9B \\xE2\\x80\\xAE \\x09.", output)
    assert.is_nil(flaw_of(output))
  end)

  it("tells of oddities", function()
    contains("status_misplaced", en("explain", "550 no such user (#5.1.1)"))
  end)

  it("says what can be asked when nothing is known", function()
    for _, what in ipairs { "foobar", "42", "1000", "", "mailbox\27full" } do
      local output, errors, status = en("explain", what)
      assert.equal("", output)
      contains("nothing is known as '" .. text.printable(what) .. "'", errors)
      contains("Give a code (421)", errors)
      assert.equal(1, status)
    end
  end)

  it("fits 80 columns for every entry in both languages", function()
    local kinds = { "code", "status", "cause", "provider", "blocklist", "stage", "scope", "action", "transience", "class",
      "malformed", "oddity", "situation", "finding" }
    for _, lang in ipairs(languages) do
      for _, kind in ipairs(kinds) do
        for entry in replycode.entries(kind) do
          local output, _, status = run { "explain", entry.slug, "--lang", lang }
          assert.equal(0, status, entry.slug)
          assert.is_nil(flaw_of(output), entry.slug)
        end
      end
    end
  end)

  it("fits 80 columns for every rule, and for its example at a stage", function()
    for entry in replycode.entries "rule" do
      assert.is_nil(flaw_of((en("explain", entry.slug))), entry.slug)
      if entry.example then
        assert.is_nil(flaw_of((run { "explain", entry.example, "--stage", "rcpt", "--lang", "tr" })), entry.slug)
      end
    end
  end)

  it("fits 80 columns for every code at every stage in both languages", function()
    for _, lang in ipairs(languages) do
      for stage in replycode.entries "stage" do
        for code = 100, 999, 53 do
          local reply = code .. " 5.7.1 " .. ("x"):rep(100)
          local output, _, status = run { "explain", reply, "--stage", stage.slug, "--lang", lang }
          assert.equal(0, status)
          assert.is_nil(flaw_of(output), code .. stage.slug)
        end
      end
    end
  end)
end)

-- ---- compare --------------------------------------------------------------------------------------------------------

describe("replycode compare", function()
  it("prints a table, the differences, which to use when, and references", function()
    local output, errors, status = en("compare", "421", "502")
    assert.truthy(output:find("Class +transient +permanent, for the command\n"))
    assert.truthy(output:find("What fails +the session +one command\n"))
    assert.truthy(output:find("\nKey differences\n.*\nWhich to use when\n.*\nLearn more\n"))
    assert.equal("", errors)
    assert.equal(0, status)
  end)

  it("speaks Turkish", function()
    local output = run { "compare", "421", "502", "--lang", "tr" }
    assert.truthy(output:find("\nTemel Farklar\n.*\nHangisini Ne Zaman Kullanmalı\n.*\nDaha Fazla Öğren\n"))
    contains("421: şimdi değil, bu oturumda da değil.", output)
  end)

  it("says an equal value once", function()
    assert.truthy(en("compare", "550", "551"):find("Class +permanent +the same\n"))
  end)

  it("judges at a stage", function()
    assert.not_equal(en("compare", "452", "552"), en("compare", "452", "552", "--stage", "rcpt"))
  end)

  it("refuses what is no code and no status", function()
    for _, what in ipairs { "foo", "99", "5.X.X", "" } do
      local output, errors, status = en("compare", "421", what)
      assert.equal("", output)
      contains("Give two codes or statuses", errors)
      assert.equal(2, status)
    end
  end)

  it("fits 80 columns for all neighbours in both languages", function()
    for _, lang in ipairs(languages) do
      for _, kind in ipairs { "code", "status" } do
        local before = "421"
        for entry in replycode.entries(kind) do
          assert.is_nil(flaw_of((run { "compare", before, entry.slug, "--lang", lang })), before .. " " .. entry.slug)
          before = entry.slug
        end
      end
    end
  end)
end)

-- ---- list -----------------------------------------------------------------------------------------------------------

local function count_lines(output)
  local _, count = output:gsub("\n", "")
  return count
end

describe("replycode list", function()
  it("prints a line for each entry of a kind", function()
    assert.equal(32, count_lines(en("list", "causes")))
    assert.equal(26, count_lines(en("list", "stages")))
    assert.equal(9, count_lines(en("list", "scopes")))
    assert.equal(11, count_lines(en("list", "actions")))
    assert.equal(92, count_lines(en("list", "statuses")))
    assert.truthy(en("list", "providers"):find("google +Google"))
    assert.truthy(en("list", "blocklists"):find("spamhaus_zen +Spamhaus ZEN\n"))
    assert.truthy(en("list", "rules"):find("\ntext/greylisted +Greylisted"))
    contains("vrfy/502", (en("list", "commands")))
  end)

  it("says how many there are without an argument", function()
    assert.truthy(en("list"):find("causes +32 +Causes\n"))
  end)

  it("takes patterns of codes", function()
    local output = en("list", "4xx")
    contains("421  ", output)
    lacks("550  ", output)
    assert.equal(output, (en("list", "4YZ")))
    assert.equal(output, (en("list", "4*")))
    assert.falsy(en("list", "45x"):find("^4[^5]"))
  end)

  it("takes patterns of statuses and keeps to the classes that occur", function()
    contains("5.7.26  Several", (en("list", "5.7.*")))
    contains("X.7.26  Several", (en("list", "X.7.*")))
    lacks("2.7.26", (en("list", "2.7.*")))
    assert.equal("5.1.1  Recipient does not exist\n", (en("list", "5.1.1")))
  end)

  it("looks for a text without regard to the case of ASCII letters", function()
    assert.equal((en("list", "greylist")), (en("list", "GreyList")))
    assert.truthy(en("list", "mailbox"):find("mailbox_full +Mailbox full\n"))
    assert.truthy(run({ "list", "posta kutusu", "--lang", "tr" }):find("mailbox_full +Posta kutusu dolu\n"))
  end)

  it("looks for the names that other programs have", function()
    assert.truthy(en("list", "quotaissues"):find("mailbox_full +Mailbox full\n"))
  end)

  it("looks into the text of rules when nothing else has it", function()
    contains("Rules that decide\ntext/", (en("list", "text/greylisted")))
    lacks("Rules that decide", (en("list", "mailbox")))
  end)

  it("takes a text as it stands, no pattern", function()
    local _, errors, status = en("list", "%a+")
    contains("nothing matches '%a+'", errors)
    assert.equal(1, status)
  end)

  it("fits 80 columns in both languages", function()
    for _, lang in ipairs(languages) do
      for _, what in ipairs { "codes", "statuses", "commands", "causes", "providers", "blocklists", "rules", "stages",
        "scopes", "actions", "e" } do
        assert.is_nil(flaw_of((run { "list", what, "--lang", lang })))
      end
    end
  end)
end)

-- ---- read -----------------------------------------------------------------------------------------------------------

local session = "#: a note\nS: 220 mx ESMTP\r\nC: EHLO c\r\nS: 250-mx\r\nS: 250 SIZE\r\n"

describe("replycode read", function()
  it("tells the verdict whether a recipient was accepted", function()
    local bytes = "S: 220 mx\nC: MAIL FROM:<>\nS: 250 ok\nC: RCPT TO:<a>\nS: 550 no\nC: DATA\nS: 554 no valid recipients\n"
    with_file(bytes, function(name)
      assert.truthy(en("read", name):find("data +554 +%- +permanent +protocol_error +fall_back +%-\n"))
    end)
  end)

  it("has the stage that --stage tells", function()
    local output = run({ "read", "--stage", "rcpt", "--lang", "en" }, "550 5.1.1 no\n")
    assert.truthy(output:find("rcpt +550 +5%.1%.1 +permanent +recipient_unknown +drop_recipient +recipient\n"))
  end)

  it("prints a table with a row for each reply", function()
    local output, errors, status = run({ "read", "--lang", "en" }, "250 ok\n452 4.2.2 full\n")
    assert.equal("stage  code  status  transience  cause         action   settles\n"
      .. "-      250   -       none        accepted      proceed  -\n"
      .. "-      452   4.2.2   transient   mailbox_full  retry    -\n", output)
    assert.equal("", errors)
    assert.equal(0, status)
  end)

  it("tells provider and blocklist with the cause, a wait with the action", function()
    local output = run({ "read", "--lang", "en", "--stage", "rcpt" }, "450 4.7.1 Greylisted, try again in 5 minutes\n"
      .. "550 5.7.1 blocked using zen.spamhaus.org\n")
    assert.equal("stage code status transience cause                     action        settles\n"
      .. "rcpt  450  4.7.1  transient  greylisted                retry (5 min) -\n"
      .. "rcpt  550  5.7.1  permanent  ip_blocked (spamhaus_zen) fix_client    recipient\n", output)
  end)

  it("has the same in JSON", function()
    local output = run({ "read", "--json", "--stage", "rcpt", "--host", "gmail-smtp-in.l.google.com" },
      "450 4.2.0 Zzz, try again in 5 minutes\n550 5.7.1 blocked using zen.spamhaus.org\n")
    local first, second = output:match("^([^\n]*)\n([^\n]*)\n$")
    assert.equal(300, json.decode(first).retry_after)
    assert.equal("google", json.decode(first).provider)
    assert.equal("spamhaus_zen", json.decode(second).blocklist)
  end)

  it("has Turkish headings and slugs that stay", function()
    local output = run({ "read", "--lang", "tr" }, "452 4.2.2 full\n")
    contains("aşama  kod  durum  geçicilik  neden         yapılacak  kesinleşen\n", output)
    contains("mailbox_full", output)
  end)

  it("fits 80 columns at its widest", function()
    local output = run({ "read", "--stage", "starttls" }, "550 5.7.606 a\n501 5.5.4 b\n")
    assert.is_nil(flaw_of(output))
    output = run({ "read", "--stage", "delivery" }, "550 5.7.100 a\n550 5.1.1 b\n550 5.7.25 c\n550 5.7.8 d\n")
    assert.is_nil(flaw_of(output))
  end)

  it("prints a JSON object a line", function()
    local bytes = session .. "C: MAIL FROM:<>\r\nS: 250 ok\r\nC: RCPT TO:<a>\r\nS: 552-5.2.2 \255\27\r\n"
      .. "S: 552 5.2.2 \195\167\n"
    with_file(bytes, function(name)
      local objects = {}
      for line in run({ "read", "--json", name }):gmatch("[^\n]+") do objects[#objects + 1] = json.decode(line) end
      assert.equal(4, #objects)
      assert.same({ file = name, stage = "rcpt", code = 552, enhanced = "5.2.2", text = "\\xFF\27\n\195\167",
        oddities = { "bare_lf", "control_byte", "eight_bit" }, transience = "permanent", cause = "mailbox_full",
        scope = "recipient", action = "give_up", settles = "recipient", waiting = "helps", basis = "enhanced",
        rule = "status/X.2.2" }, objects[4])
    end)
  end)

  it("writes bytes of a server as JSON that is ASCII or valid UTF-8", function()
    for byte = 0, 255 do
      for line in run({ "read", "--json" }, "550 a" .. string.char(byte) .. "b"):gmatch("[^\n]+") do
        assert.truthy(json.decode(line), byte)
        assert.equal(line, text.valid(line))
        assert.falsy(line:find("%c"), byte)
      end
    end
  end)

  it("names each of several files", function()
    with_file("250 ok\n", function(name)
      local _, count = en("read", name, name):gsub(name:gsub("%W", "%%%0") .. "\n", "")
      assert.equal(2, count)
    end)
  end)

  it("goes on when a file cannot be read, and says so", function()
    with_file("250 ok\n", function(name)
      local output, errors, status = en("read", "no/such/file", name, ".")
      contains("accepted", output)
      contains("replycode: cannot read no/such/file", errors)
      contains("replycode: cannot read .:", errors)
      assert.equal(1, status)
    end)
  end)

  it("says when there was no reply", function()
    local output, errors, status = run({ "read", "--lang", "en" }, "\r\n\n")
    assert.equal("", output)
    assert.equal("replycode: standard input: no replies in it\n", errors)
    assert.equal(0, status)
  end)
end)

-- ---- Arguments ------------------------------------------------------------------------------------------------------

describe("arguments", function()
  it("are refused with what is right, and exit 2", function()
    for line, says in pairs {
      [""] = "expected one of explain, compare, list, read,",
      ["frob"] = "expected one of explain, compare, list, read,",
      ["explain"] = "missing argument 'what'",
      ["explain 550 no"] = 'quote a reply: replycode explain "550 no"',
      ["explain 421 --stage rctp"] = "connect, ehlo, helo",
      ["explain 421 --colour"] = "Usage: replycode explain [--stage <stage>]",
      ["check"] = "missing argument 'samples'",
      ["compare 421"] = "Usage: replycode compare",
      ["compare 421 502 503"] = "too many arguments",
      ["--lang de list"] = "expected en or tr",
      ["list codes --lang"] = "option '--lang' requires an argument",
    } do
      local arguments = {}
      for argument in line:gmatch("%S+") do arguments[#arguments + 1] = argument end
      local output, errors, status = run(arguments)
      assert.equal("", output)
      contains(says, errors)
      contains("replycode: ", errors:sub(1, 11))
      assert.is_nil(flaw_of(errors), errors)
      assert.equal(2, status, line)
    end
  end)

  it("are escaped when a message quotes them", function()
    local _, errors = run { "\27[31m" }
    contains("'\\x1B[31m'", errors)
  end)

  it("may name the language before and behind the command", function()
    assert.equal((run { "--lang", "tr", "explain", "421" }), (run { "explain", "421", "--lang=tr" }))
  end)

  it("ask for help and version, exit 0", function()
    for _, arguments in ipairs { { "--help" }, { "-h" }, { "explain", "--help" }, { "compare", "-h" }, { "list", "-h" },
      { "read", "--help" }, { "check", "-h" } } do
      local output, errors, status = run(arguments)
      contains("Usage: replycode", output)
      assert.is_nil(flaw_of(output))
      assert.equal("", errors)
      assert.equal(0, status)
    end
    assert.equal("replycode " .. replycode._VERSION .. "\n", (run { "--version" }))
  end)
end)
