-- filter-replycode: transcripts of smtpd in, lines and records out.

local replycode = require "replycode"
local filter = require "replycode.filter.main"
local journals = require "replycode.filter.journal"
local line_of = require "replycode.filter.line"
local redact = require "replycode.filter.redact"

local recordings = "spec/replies/opensmtpd-filter/"

local has_cbor, cbor = pcall(require, "replycode.cbor")

local function new_output()
  local written = {}
  return { write = function(self, ...)
    for _, text in ipairs { ... } do written[#written + 1] = text end
    return self
  end, setvbuf = function() end, text = function() return table.concat(written) end }
end

-- Lines of smtpd, as a file.
local function input_of(lines)
  local at = 0
  return { read = function()
    at = at + 1
    return lines[at]
  end }
end

local function read_recording(name)
  local lines = {}
  for line in assert(io.open(recordings .. name .. ".filter", "rb")):lines() do
    if line:sub(1, 2) == "< " then lines[#lines + 1] = line:sub(3) end
  end
  return lines
end

-- Exit status, what is written to standard error, and to smtpd.
local function run(lines, ...)
  local errors, output = new_output(), new_output()
  local status = filter.main({ ... }, errors, input_of(lines), output)
  return errors.text(), output.text(), status
end

local function write_file(bytes)
  local name = os.tmpname()
  local file = assert(io.open(name, "wb"))
  file:write(bytes)
  file:close()
  return name
end

local function read_file(name)
  local file = assert(io.open(name, "rb"))
  local bytes = file:read "*a"
  file:close()
  return bytes
end

local function records_of(bytes)
  local records = {}
  for record in cbor.sequence(bytes) do records[#records + 1] = record end
  return records
end

-- ---- Lines ----------------------------------------------------------------------------------------------------------

describe("the line of filter-replycode", function()
  -- "result concerns stage code cause" of each line.
  local function told(name, ...)
    local found = {}
    for line in run(read_recording(name), ...):gmatch "[^\n]+" do
      local values = {}
      for _, key in ipairs { "result", "concerns", "stage", "code", "cause" } do
        values[#values + 1] = line:match(" " .. key .. "=([^ ]*)") or "-"
      end
      found[#found + 1] = table.concat(values, " ")
    end
    return table.concat(found, "; ")
  end

  it("tells all about a refused recipient", function()
    assert.equal("session=e0c4bcc1a807c67e result=refused concerns=recipient stage=rcpt to=<r550@ok.example.org> "
      .. "from=<sender@example.org> msgid=b8b75f7f evpid=b8b75f7fb844df1a relay=127.0.0.1:20260 host=mx.example.org "
      .. "code=550 enhanced=5.1.1 transience=permanent cause=recipient_unknown scope=recipient action=drop_recipient "
      .. "settles=recipient rule=text/user_unknown "
      .. 'reply="<r550@example.org>: Recipient address rejected: User unknown"\n',
      (run(read_recording "7.8.0/in"):match "^[^\n]*\n"))
  end)

  it("stands for each recipient, message and session that was refused or deferred, and for nothing else", function()
    assert.equal("", told "7.8.0/ok")
    assert.equal("refused recipient rcpt 550 recipient_unknown; deferred recipient rcpt 450 rate_limited", told "7.8.0/in")
    assert.equal("deferred message mail 451 server_error", told "7.8.0/m451")
    assert.equal("refused message content 550 content_spam", told "6.8.0p2/dot550")
    assert.equal("deferred session connect 421 too_many_connections", told "7.8.0/g421")
    assert.equal("refused session connect 554 service_unavailable", told "7.8.0/g554")
  end)

  it("is the same for what 6.8 and what 7.8 say of the same replies", function()
    for name, expected in pairs {
      g421 = "deferred session connect 421 too_many_connections",
      g554 = "refused session connect 554 service_unavailable",
      m451 = "deferred message mail 451 server_error",
      r421 = "deferred recipient rcpt 421 service_unavailable",
      rgarbage = "deferred recipient rcpt - protocol_error",
      rlong5k = "refused recipient rcpt 550 recipient_unknown",
      rmixed = "deferred recipient rcpt 451 server_error",
      rmulti = "refused recipient rcpt 550 domain_auth_failed",
      rnul = "refused recipient rcpt 550 recipient_unknown",
    } do
      assert.equal(expected, told("6.8.0p2/" .. name))
      assert.equal(expected, told("7.8.0/" .. name))
    end
  end)

  it("tells of a connection that broke what is in doubt", function()
    assert.equal("deferred session connect - protocol_error", told "6.8.0p2/gdrop")
    assert.equal("deferred message data - protocol_error", told "6.8.0p2/rdrop")
    assert.truthy(run(read_recording "6.8.0p2/dotdrop"):find(" missing=yes in_doubt=yes ", 1, true))
    assert.truthy(run(read_recording "6.8.0p2/dot421"):find(" in_doubt=yes ", 1, true))
  end)

  it("does not stand for a session that went on with HELO, and once for one that did not", function()
    assert.equal("", told "6.8.0p2/e502")
    assert.equal("refused session helo 550 policy_rejected", told "6.8.0p2/e550")
  end)

  it("cannot be forged by the words of a server", function()
    local line = line_of{ session = "a", result = "refused", concerns = "recipient", stage = "rcpt",
      recipient = 'a"b\\c@example.org', reply = { text = 'x" result=deferred\nsession=b\27[31m\r' .. ("y"):rep(1000) },
      verdict = { transience = "permanent" } }
    assert.equal('session=a result=refused concerns=recipient stage=rcpt to="<a\\"b\\\\c@example.org>" '
      .. 'transience=permanent reply="x\\" result=deferred / session=b\\x1B[31m\\x0D' .. ("y"):rep(364) .. '..."', line)
  end)

  it("registers nothing but reports of smtp-out, and answers what it is asked all the same", function()
    local _, output = run(read_recording "7.8.0/ok")
    assert.is_nil(output:find "smtp%-in")
    assert.is_nil(output:find "register|filter")
    assert.truthy(output:find("register|ready\n", 1, true))
    assert.truthy(output:find "filter%-result|374eb3cc0ca7ce59|7c600329ef65ae19|proceed\n")
  end)
end)

-- ---- Options --------------------------------------------------------------------------------------------------------

describe("filter-replycode --redact", function()
  it("writes of addresses only the domain", function()
    local errors = run(read_recording "7.8.0/in", "--redact")
    assert.truthy(errors:find("to=<*@ok.example.org> from=<*@example.org>", 1, true))
    assert.truthy(errors:find('reply="<*@example.org>: Recipient address rejected: User unknown"', 1, true))
    assert.is_nil(errors:find("r550", 1, true))
    assert.is_nil(errors:find("sender@", 1, true))
  end)

  local function words(text, address)
    return redact.refusal({ recipient = address, reply = { text = text } }).reply.text
  end

  it("finds addresses in the words of a server, however they stand there", function()
    assert.equal("<*@example.org>, *@example.org; (*@b.example)", words "<a.b+c@example.org>, d@example.org; (e@b.example)")
    assert.equal("<*@example.org>...", words '<"John Q. Doe"@example.org>...')
    assert.equal("to *@example.org", words "to j\195\188rgen@example.org")
    assert.equal("see https://example.org/x at 5", words "see https://example.org/x at 5")
  end)

  it("hides the recipient's name without its domain", function()
    assert.equal("* is unknown here, johnny is not", words("john is unknown here, johnny is not", "john@example.org"))
    assert.equal("[*]", words("[j.d-x]", "j.d-x@example.org"))
    assert.equal("no such user", words("no such user", "no@example.org"))
  end)

  it("leaves the refusal itself as it was", function()
    local refusal = { recipient = "a@example.org", sender = "", reply = { code = 550, text = "a@example.org" } }
    assert.equal("", redact.refusal(refusal).sender)
    assert.equal(550, redact.refusal(refusal).reply.code)
    assert.equal("a@example.org", refusal.reply.text)
    assert.is_nil(redact.refusal({ missing = true }).reply)
  end)
end)

describe("filter-replycode --rules", function()
  it("judges with the caller's rules", function()
    local name = write_file 'return { { id = "mine", text = "user unknown", cause = "recipient_disabled" } }'
    local errors = run(read_recording "7.8.0/in", "--rules", name)
    os.remove(name)
    assert.truthy(errors:find(" cause=recipient_disabled .* rule=mine "))
  end)

  it("goes on with the built-in rules when the file has a mistake or is missing, and says so", function()
    local name = write_file 'return { { text = "user unknown", cause = "nonsense" } }'
    for _, broken in ipairs { name, "no/such/file", "-" } do
      local errors, _, status = run(read_recording "7.8.0/in", "--rules", broken)
      assert.truthy(errors:find "^filter%-replycode: [^\n]*going on with[^\n]*\n")
      assert.truthy(errors:find(" cause=recipient_unknown ", 1, true))
      assert.equal(0, status)
    end
    os.remove(name)
  end)
end)

describe("filter-replycode --log", function()
  it("appends what the lines say as a CBOR sequence", function()
    if not has_cbor then return pending "replycode.cbor is not built" end
    local name = write_file ""
    run(read_recording "7.8.0/in", "--log", name)
    run(read_recording "7.8.0/g421", "--log", name, "--redact")
    local records = records_of(read_file(name))
    os.remove(name)
    assert.equal(4, #records)
    assert.same({ format = cbor.format }, records[1])
    local record = records[2]
    assert.same({ "refused", "recipient", "rcpt", "r550@ok.example.org", "sender@example.org", "b8b75f7fb844df1a" },
      { record.result, record.concerns, record.stage, record.recipient, record.sender, record.envelope })
    assert.same(replycode.classify("550 5.1.1 <r550@example.org>: Recipient address rejected: User unknown",
      { stage = "rcpt", host = "mx.example.org" }), record.verdict)
    assert.same({ code = 550, enhanced = "5.1.1",
      text = "<r550@example.org>: Recipient address rejected: User unknown" }, record.reply)
    assert.equal(1795455011.78378, tonumber(("%.5f"):format(record.time)))
    assert.equal("session", records[4].concerns)
  end)

  it("goes on when the disk is full, and says so once", function()
    local probe = io.open("/dev/full", "wb")
    if not probe then return pending "this system has no /dev/full" end
    probe:close()
    if not has_cbor then return pending "replycode.cbor is not built" end
    local errors, output, status = run(read_recording "7.8.0/in", "--log", "/dev/full")
    assert.equal(0, status)
    assert.equal(1, select(2, errors:gsub("filter%-replycode: cannot write /dev/full: [^\n]*; the mail goes on\n", "")))
    assert.equal(2, select(2, errors:gsub("session=%x+ result=", "")))
    assert.truthy(output:find "filter%-result|[^\n]*proceed\n$")
  end)
end)

describe("filter-replycode", function()
  it("tells misuse and stops before it speaks to smtpd", function()
    local errors, output, status = run({ "config|ready" }, "--lgo", "x")
    assert.equal(2, status)
    assert.equal("", output)
    assert.truthy(errors:find("^filter%-replycode: unknown option '%-%-lgo'"))
    assert.truthy(errors:find("Usage: filter-replycode", 1, true))
  end)

  it("tells its version and its options", function()
    local errors, output, status = run({}, "--version")
    assert.same({ "", "filter-replycode " .. replycode._VERSION .. "\n", 0 }, { errors, output, status })
    output = select(2, run({}, "--help"))
    for _, option in ipairs { "--log <file>", "--rules <file>", "--redact", "--version", "-h, --help" } do
      assert.truthy(output:find(option, 1, true), option)
    end
  end)

  it("has a manual page that formats without a warning and names every option and key", function()
    local page = read_file "lua/bin/filter-replycode.8"
    local pipe = io.popen "groff -man -ww -Tutf8 lua/bin/filter-replycode.8 2>&1 > /dev/null"
    assert.equal("", pipe:read "*a")
    pipe:close()
    for _, name in ipairs { "log", "rules", "redact", "version", "help", "session", "result", "concerns", "stage", "to",
      "from", "msgid", "evpid", "relay", "host", "code", "enhanced", "transience", "cause", "also", "scope", "action",
      "settles", "closes", "waiting", "retry_after", "provider", "blocklist", "rule", "malformed", "missing", "in_doubt",
      "unusual", "reply", "time", "recipient", "sender", "message", "envelope", "verdict", "format" } do
      assert.truthy(page:find("%f[%a]" .. name .. "%f[^%a_]"), name)
    end
  end)

  it("keeps nothing of sessions that are over", function()
    local session, id, at = read_recording "7.8.0/rmulti", 1, 0
    session[#session + 1] = "report|0.7|1795454957.2|smtp-out|link-disconnect|e20ee0efb1c6965c"
    local input = { read = function()
      at = at + 1
      if at > #session then at, id = 1, id + 1 end
      return id <= 300 and (session[at]:gsub("|e20ee0efb1c6965c", "|" .. id)) or nil
    end }
    local sizes = {}
    local errors = { write = function()
      if id % 100 ~= 50 then return end
      collectgarbage()
      collectgarbage()
      sizes[#sizes + 1] = collectgarbage "count"
    end }
    local output = { setvbuf = function() end, write = function() return true end }
    assert.equal(0, filter.main({}, errors, input, output))
    assert.equal(3, #sizes)
    assert.truthy(sizes[3] - sizes[2] < 20, ("grew by %.0f KiB"):format(sizes[3] - sizes[2]))
  end)
end)

-- ---- Journal --------------------------------------------------------------------------------------------------------

local plenty = 1000000

-- A disk with so many free bytes; what does not fit is cut off, as a file system does it.
local function new_disk()
  local disk = { files = {}, room = plenty }
  function disk.open(name, mode)
    if disk.denied then return nil, name .. ": Permission denied" end
    local bytes = disk.files[name]
    if mode == "r+b" and not bytes then return nil, name .. ": No such file or directory" end
    disk.files[name] = bytes or ""
    local at = 0
    local handle = { setvbuf = function() end, close = function() end }
    function handle.seek(_, whence, offset)
      at = whence == "end" and #disk.files[name] or offset
      return at
    end
    function handle.write(self, text)
      local old = disk.files[name]
      local first = mode == "ab" and #old or at
      local fitting = text:sub(1, math.max(0, #old - first + disk.room))
      local new = old:sub(1, first) .. fitting .. old:sub(first + #fitting + 1)
      disk.room = disk.room - (#new - #old)
      disk.files[name] = new
      if #fitting < #text then return nil, "No space left on device" end
      return self
    end
    return handle
  end
  return disk
end

describe("the journal", function()
  -- Records as words, so that a disk can be read: "<1>".
  local encoder = { format = 1, encode = function(value) return value.format and "#" or "<" .. value.word .. ">" end }
  local disk, said, journal

  before_each(function()
    disk, said = new_disk(), {}
    journal = journals.new("log", encoder, function(text) said[#said + 1] = text end, disk.open)
  end)

  local function write(...)
    for _, word in ipairs { ... } do journal:write{ word = word } end
  end

  it("begins a file with the format, also one that rotation has moved away", function()
    write("a", "b")
    assert.equal("#<a><b>", disk.files.log)
    disk.files.old, disk.files.log = disk.files.log, nil
    write "c"
    assert.equal("#<c>", disk.files.log)
    assert.equal("#<a><b>", disk.files.old)
    assert.same({}, said)
  end)

  it("says once that it cannot write, and once that it can again", function()
    disk.denied = true
    write("a", "b", "c")
    disk.denied = false
    write("d", "e")
    assert.equal("#<d><e>", disk.files.log)
    assert.same({ "cannot write log: log: Permission denied; the mail goes on",
      "log can be written again; records lost: 3" }, said)
    disk.denied = true
    write "f"
    assert.equal(3, #said)
  end)

  it("leaves no half record when the disk was full", function()
    write "a"
    for room = 0, 12 do
      disk.room = room
      write("first", "second", "x", "third")
      disk.room = plenty
      write "last"
      local rest = disk.files.log:gsub("<%a+>", "")
      assert.equal("#", rest)
      assert.truthy(disk.files.log:find "<last>$")
    end
  end)

  it("loses no record that was cut off in its midst", function()
    write "a"
    disk.room = 3
    write "first"
    assert.equal("#<a><fi", disk.files.log)
    disk.room = plenty
    write "second"
    assert.equal("#<a><first><second>", disk.files.log)
    assert.equal("log can be written again; records lost: 0", said[2])
  end)

  it("leaves a new file alone when the one with the remains is gone", function()
    disk.room = 3
    write "first"
    disk.files.log, disk.room = nil, plenty
    write "second"
    assert.equal("#<second>", disk.files.log)
    disk.files.log = disk.files.log .. "<other>"
    write "third"
    assert.equal("#<second><other><third>", disk.files.log)
    assert.equal("log can be written again; records lost: 1", said[2])
  end)

  it("survives an encoder that raises", function()
    journal.cbor = { format = 1, encode = function() error "no" end }
    write "a"
    assert.equal(1, #said)
  end)
end)
