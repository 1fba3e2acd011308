-- The command line's CBOR: `read --cbor`, `list --cbor` and `decode`, run within this Lua through `main`.

local replycode = require "replycode"
local main = require "spec.tools.command"
local text = require "replycode.cli.text"
local pages = require "spec.tools.page"

local has_cbor, cbor = pcall(require, "replycode.cbor")
if not has_cbor then
  describe("replycode read --cbor, list --cbor and decode", function() pending("replycode.cbor cannot be loaded") end)
  return
end

local unpack = table.unpack or unpack -- luacheck: ignore 113 143
local contains, lacks, flaw_of = pages.contains, pages.lacks, pages.flaw_of

-- ---- Helpers --------------------------------------------------------------------------------------------------------

-- Standard input: so many bytes at a time, or all.
local function reader(bytes, most)
  local at = 1
  return { read = function(_, count)
    if count == "*a" then return bytes end
    if at > #bytes then return nil end
    local part = bytes:sub(at, at + math.min(count, most or count) - 1)
    at = at + #part
    return part
  end }
end

-- Runs `main`; gives output, errors, exit status.
local function run_bare(arguments, input, most)
  return main.run(arguments, reader(input or "", most))
end

local function run(arguments, ...)
  return run_bare({ "--lang", "en", unpack(arguments) }, ...)
end

local function with_files(contents, check)
  local names = {}
  for at, bytes in ipairs(contents) do
    names[at] = os.tmpname()
    local file = assert(io.open(names[at], "wb"))
    file:write(bytes)
    file:close()
  end
  local ok, message = pcall(check, names[1], names[2])
  for _, name in ipairs(names) do os.remove(name) end
  assert(ok, message)
end

local function values_of(bytes)
  local values, sequence = {}, cbor.sequence(bytes)
  for value in sequence do values[#values + 1] = value end
  assert.is_true(sequence:finish())
  return values
end

local function encoded(...)
  local parts = {}
  for at = 1, select("#", ...) do parts[at] = cbor.encode((select(at, ...))) end
  return table.concat(parts)
end

local function count_of(part, whole)
  local count, at = 0, 0
  repeat
    at = whole:find(part, at + 1, true)
    count = count + (at and 1 or 0)
  until not at
  return count
end

local replies = "250 ok\n452 4.2.2 full\n550-5.7.1 Zzz\r\n550 5.7.1 blocked using zen.spamhaus.org\r\n"
local session = "S: 220 mx\nC: MAIL FROM:<>\nS: 250 ok\n"
  .. "C: RCPT TO:<a>\nS: 450 4.7.1 Greylisted, try again in 5 minutes\n"

local greylisted = { stage = "rcpt", code = 450, enhanced = "4.7.1", transience = "transient", cause = "greylisted",
  action = "retry" }
local greylisted_table = "stage  code  status  transience  cause       action  settles\n"
  .. "rcpt   450   4.7.1   transient   greylisted  retry   -\n"

-- ---- read --cbor ----------------------------------------------------------------------------------------------------

describe("replycode read --cbor", function()
  it("writes a header before the records", function()
    local output, errors, status = run({ "read", "--cbor" }, "250 ok\n")
    local header = "\162\102format\1\105replycode"
    assert.equal(header, output:sub(1, #header))
    assert.same({ format = 1, replycode = replycode._VERSION }, values_of(output)[1])
    assert.equal(2, #values_of(output))
    assert.equal("", errors)
    assert.equal(0, status)
  end)

  it("keeps the bytes of a server, and all that JSON has", function()
    local values = values_of((run({ "read", "--cbor", "--stage", "rcpt" },
      "552-5.2.2 \255\27\r\n552 5.2.2 \195\167\n")))
    assert.same({ stage = "rcpt", code = 552, enhanced = "5.2.2", text = "\255\27\n\195\167",
      oddities = { "bare_lf", "control_byte", "eight_bit" }, transience = "permanent", cause = "mailbox_full",
      scope = "recipient", action = "give_up", settles = "recipient", waiting = "helps", basis = "enhanced",
      rule = "status/X.2.2" }, values[2])
  end)

  it("writes the same as --json for every byte", function()
    for byte = 0, 127 do
      local input = "550 a" .. string.char(byte) .. "b"
      assert.equal((run({ "read", "--json" }, input)),
        (run({ "decode", "--json" }, (run({ "read", "--cbor" }, input)))), byte)
    end
  end)

  it("tells the stage that a recorded session has, and the file", function()
    with_files({ session }, function(name)
      local values = values_of((run { "read", "--cbor", name }))
      assert.equal(4, #values)
      assert.equal("rcpt", values[4].stage)
      assert.equal(300, values[4].retry_after)
      assert.equal(name, values[4].file)
    end)
  end)

  it("has one header for all files, also when one of them cannot be read or is empty", function()
    with_files({ "250 ok\n", "\n" }, function(name, empty)
      local output, errors, status = run { "read", "--cbor", empty, "no/such/file", name, name }
      local values = values_of(output)
      assert.equal(3, #values)
      assert.equal(1, values[1].format)
      contains("cannot read no/such/file", errors)
      contains("no replies in it", errors)
      assert.equal(1, status)
    end)
  end)

  it("is not to be had together with --json", function()
    local output, errors, status = run({ "read", "--cbor", "--json" }, "250 ok\n")
    assert.equal("", output)
    contains("option '--json' can not be used together with option '--cbor'", errors)
    assert.equal(2, status)
  end)

  it("is refused on a terminal, with what to do instead", function()
    local found = os.execute "command -v script > /dev/null 2>&1"
    if found ~= 0 and found ~= true then return pending("this system has no script") end
    local command = os.getenv("REPLYCODE_COMMAND") or "build/5.4/bin/replycode"
    for _, arguments in ipairs { "list --cbor", "read --cbor spec/replies/demo.txt" } do
      local pipe = assert(io.popen(("LC_ALL=C script -qec '%s %s' /dev/null < /dev/null; echo $?")
        :format(command, arguments)))
      local output = pipe:read("*a")
      pipe:close()
      assert.equal("replycode: CBOR is binary and is not written to a terminal\n"
        .. "Redirect it, or add '| replycode decode'.\n2\n", (output:gsub("\r", "")))
    end
  end)
end)

-- ---- decode ---------------------------------------------------------------------------------------------------------

describe("replycode decode", function()
  it("prints the table that `read` prints", function()
    for _, input in ipairs { replies, session, "garbage\n", "550 5.1.1 \255\n", "" } do
      assert.equal((run({ "read" }, input)), (run({ "decode" }, (run({ "read", "--cbor" }, input)))))
    end
  end)

  it("names the files where there are several, as `read` does", function()
    with_files({ replies, session }, function(first, second)
      for _, names in ipairs { { first }, { first, second }, { second, "-", first } } do
        local text_form = run({ "read", unpack(names) }, replies)
        local binary = run({ "read", "--cbor", unpack(names) }, replies)
        assert.equal(text_form, (run({ "decode" }, binary)))
      end
    end)
  end)

  it("speaks Turkish", function()
    assert.equal((run_bare({ "read", "--lang", "tr" }, replies)),
      (run_bare({ "decode", "--lang", "tr" }, (run({ "read", "--cbor" }, replies)))))
  end)

  it("prints records of other programs", function()
    assert.equal(greylisted_table, (run({ "decode" }, encoded(greylisted))))
  end)

  it("prints a table for entries, and a line of JSON for what is neither", function()
    local output, errors, status = run({ "decode" }, encoded(
      { kind = "cause", slug = "mailbox_full", title = "Mailbox full" },
      { kind = "status", slug = "5.7.26", title = "Ünlü" }, { b = 1, a = { cbor.null, true, "x" } }, 42, greylisted))
    assert.equal("kind    slug          title\n"
      .. "cause   mailbox_full  Mailbox full\n"
      .. "status  5.7.26        Ünlü\n\n"
      .. '{"a":[null,true,"x"],"b":1}\n42\n\n' .. greylisted_table, output)
    assert.equal("", errors)
    assert.equal(0, status)
  end)

  it("takes for a record only what has the types of one", function()
    for key, value in pairs { code = "550", retry_after = -1, transience = 1, stage = { "rcpt" }, enhanced = true } do
      local odd = { transience = "none", cause = "accepted", action = "proceed" }
      odd[key] = value
      assert.equal("{", (run({ "decode" }, encoded(odd))):sub(1, 1), key)
    end
  end)

  it("prints a line of JSON for each value but headers, with unknown fields behind the known ones", function()
    local header = { format = cbor.format, replycode = "9.9.9" }
    local output = run({ "decode", "--json" }, encoded(header,
      { zulu = 1, alpha = false, rule = "r", code = 550, mike = 2, alphabet = 3, kilo = 4, [""] = 5 }, header,
      cbor.null, "a\255\0"))
    assert.equal('{"code":550,"rule":"r","":5,"alpha":false,"alphabet":3,"kilo":4,"mike":2,"zulu":1}\n'
      .. 'null\n"a\\\\xFF\\u0000"\n', output)
  end)

  it("warns of a newer format and keeps what it does not know", function()
    local bytes = encoded({ format = cbor.format + 1, replycode = "9.9.9", more = true }, { brand_new = 7 })
    local output, errors, status = run({ "decode", "--json" }, bytes)
    assert.equal('{"brand_new":7}\n', output)
    assert.equal("replycode: warning: standard input has format 2, newer than this program; fields it does not know "
      .. "are kept\n", errors)
    assert.equal(0, status)
    lacks("warning", select(2, run({ "decode" }, encoded { format = cbor.format, replycode = "9.9.9" })))
  end)

  it("prints all before bytes that are ill-formed, then tells where they are", function()
    local before = encoded(greylisted)
    local output, errors, status = run({ "decode" }, before .. "\255" .. before)
    assert.equal(greylisted_table, output)
    assert.truthy(errors:find("^replycode: standard input: [^\n]+ at byte " .. #before + 1 .. "\n$"), errors)
    assert.equal(1, status)
  end)

  it("prints all before a value that is cut off, wherever that is", function()
    local before, last = encoded(greylisted), encoded { a = "bcd", e = { 1, 2, 3 } }
    for size = 1, #last - 1 do
      local output, errors, status = run({ "decode" }, before .. last:sub(1, size))
      assert.equal(greylisted_table, output)
      assert.truthy(errors:find("^replycode: standard input: [^\n]+ at byte %d+\n$"), errors)
      assert.equal(1, status)
    end
  end)

  it("goes on with the other files, and names each", function()
    with_files({ "\255", encoded(greylisted) }, function(wrong, right)
      local output, errors, status = run { "decode", wrong, "no/such/file", ".", right }
      assert.equal(right .. "\n" .. greylisted_table, output)
      contains("replycode: " .. wrong .. ": ", errors)
      contains("replycode: cannot read no/such/file", errors)
      contains("replycode: cannot read .:", errors)
      assert.equal(1, status)
    end)
  end)

  it("reads in parts, however they are cut", function()
    local bytes = run({ "read", "--cbor" }, replies)
    local expected = run({ "read" }, replies)
    for most = 1, 40 do assert.equal(expected, (run({ "decode" }, bytes, most))) end
  end)

  it("reads no further than to bytes that are ill-formed", function()
    local input, reads = reader("\255" .. ("a"):rep(1000), 100), 0
    local read = input.read
    function input.read(...)
      reads = reads + 1
      return read(...)
    end
    assert.equal(1, select(3, main.run({ "decode" }, input)))
    assert.equal(1, reads)
  end)

  it("prints long tables in parts of 1000 rows", function()
    for rows, tables in pairs { [1000] = 1, [1001] = 2, [2000] = 2 } do
      local output = run({ "decode" }, encoded(greylisted):rep(rows))
      assert.equal(tables, count_of("stage  code", output))
      assert.equal(rows, count_of("rcpt   450", output))
      assert.equal(tables - 1, count_of("\n\n", output))
    end
  end)

  it("shows nothing raw that a terminal would obey", function()
    local evil = "\27[31m\0\127\194\155\226\128\174\216\156\255\n"
    local entry = { kind = evil, slug = evil, title = evil }
    local record = { file = evil, stage = evil, enhanced = evil, transience = evil, cause = evil, action = evil,
      settles = evil, provider = evil, blocklist = evil }
    local other = { [evil] = evil, { evil } }
    other[1] = nil
    local output = run({ "decode" }, encoded(entry, record, { file = "other", transience = "none", cause = "accepted",
      action = "proceed" }, other, evil))
    for line in output:gmatch("[^\n]*") do
      assert.falsy(line:find("%c"), line)
      assert.equal(line, text.printable(line))
    end
    contains("\\x1B[31m\\x00", output)
  end)

  it("never raises, whatever the bytes are", function()
    local whole, state = run({ "read", "--cbor" }, replies), 1
    local function random(most)
      state = (state * 16807) % 2147483647
      return state % most + 1
    end
    for _ = 1, 500 do
      local at = random(#whole)
      local bytes = whole:sub(1, at - 1) .. string.char(random(256) - 1) .. whole:sub(at + 1)
      for _, arguments in ipairs { { "decode" }, { "decode", "--json" } } do
        local output, errors, status = run(arguments, bytes)
        assert.equal(errors:find(" at byte ", 1, true) and 1 or 0, status)
        assert.equal(output, text.valid(output))
        assert.falsy(output:gsub("\n", ""):find("%c"))
      end
    end
  end)
end)

-- ---- list --cbor ----------------------------------------------------------------------------------------------------

local kinds = { "code", "status", "command_reply", "cause", "provider", "blocklist", "stage", "scope", "action",
  "transience", "class", "malformed", "oddity", "situation", "finding", "rule", "basis" }

describe("replycode list --cbor", function()
  it("writes a header and every entry of the catalogue in both languages", function()
    local values, at = values_of((run_bare { "list", "--cbor" })), 1
    assert.same({ format = 1, replycode = replycode._VERSION }, values[1])
    for _, kind in ipairs(kinds) do
      local turkish = replycode.entries(kind, { lang = "tr" })
      for entry in replycode.entries(kind) do
        local other = turkish()
        entry.lang, other.lang = "en", "tr"
        assert.same(entry, values[at + 1])
        assert.same(other, values[at + 2])
        at = at + 2
      end
    end
    assert.equal(#values, at)
  end)

  it("writes one language where --lang names it", function()
    for _, lang in ipairs { "en", "tr" } do
      local values = values_of((run_bare { "list", "--cbor", "causes", "--lang", lang }))
      assert.equal(33, #values)
      for at = 2, 33 do assert.equal(lang, values[at].lang) end
    end
  end)

  it("writes what the text form lists, and an entry found in one language in both", function()
    for _, what in ipairs { "codes", "statuses", "commands", "rules", "4xx", "5.7.*", "greylist", "text/greylisted" } do
      local listed, slugs = run { "list", what }, {}
      for _, value in ipairs(values_of((run { "list", "--cbor", what }))) do slugs[#slugs + 1] = value.slug end
      for _, slug in ipairs(slugs) do assert.truthy(("\n" .. listed):find("\n" .. slug .. " ", 1, true), slug) end
      assert.truthy(#slugs > 0)
    end
    local both = values_of((run_bare { "list", "--cbor", "posta kutusu dolu" }))
    assert.equal("X.2.2 en Mailbox full", ("%s %s %s"):format(both[4].slug, both[4].lang, both[4].title))
    assert.equal("X.2.2 tr Posta kutusu dolu", ("%s %s %s"):format(both[5].slug, both[5].lang, both[5].title))
  end)

  it("is printed by decode as kind, slug and title", function()
    assert.equal("kind   slug              title\nscope  command           one command\n",
      (run({ "decode" }, (run { "list", "--cbor", "scopes" }))):match("^[^\n]*\n[^\n]*\n"))
  end)

  it("says when nothing matches", function()
    local output, errors, status = run { "list", "--cbor", "%a+" }
    assert.equal(1, #values_of(output))
    contains("nothing matches '%a+'", errors)
    assert.equal(1, status)
  end)
end)

-- ---- libcbor --------------------------------------------------------------------------------------------------------

describe("libcbor", function()
  local loaded, preload

  before_each(function()
    loaded, preload = package.loaded["replycode.cbor"], package.preload["replycode.cbor"]
    package.loaded["replycode.cbor"] = nil
    package.preload["replycode.cbor"] = function()
      error("error loading module 'x' from file 'y':\n\tlibcbor.so.0.8: cannot open shared object file", 0)
    end
  end)

  after_each(function()
    package.loaded["replycode.cbor"], package.preload["replycode.cbor"] = loaded, preload
  end)

  it("is missed with a message in both languages, and exit 1", function()
    for _, arguments in ipairs { { "read", "--cbor" }, { "list", "--cbor" }, { "decode" } } do
      arguments[#arguments + 1] = "--lang"
      for lang, says in pairs { en = "replycode: cannot load replycode.cbor, which needs libcbor: ",
        tr = "replycode: libcbor gerektiren replycode.cbor yüklenemiyor: " } do
        arguments[#arguments + 1] = lang
        package.loaded["replycode.cbor"] = nil   -- Lua 5.1 keeps a mark of the failure there
        local output, errors, status = run_bare(arguments, "250 ok\n")
        assert.equal("", output)
        assert.equal(says .. "error loading module 'x' from file 'y': libcbor.so.0.8: cannot open shared object file\n",
          errors)
        assert.equal(1, status)
        arguments[#arguments] = nil
      end
    end
  end)

  it("is not loaded by other commands", function()
    for _, arguments in ipairs { { "explain", "421" }, { "compare", "421", "502" }, { "list" }, { "list", "causes" },
      { "read" }, { "read", "--json" }, { "check", "-" } } do
      local _, _, status = run_bare(arguments, "reply\tcause\n")
      assert.truthy(status)
      assert.is_nil(package.loaded["replycode.cbor"])
    end
  end)
end)

describe("the words about CBOR", function()
  it("fit 80 columns in the help of each command", function()
    for _, command in ipairs { "read", "list", "decode" } do
      local output = run { command, "--help" }
      contains(command == "decode" and "--json" or "--cbor", output)
      assert.is_nil(flaw_of(output))
    end
  end)
end)
