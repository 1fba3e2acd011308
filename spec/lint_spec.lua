-- compose.lint: each finding by an example and a near miss, drafts, places, options, and what real servers say.

local replycode = require "replycode"
local compose = require "replycode.compose"
local recording = require "replycode.cli.recording"
local read_file = require "spec.tools.read_file"

-- ---- Helpers ---------------------------------------------------------------------------------------------------------

local function slugs(reply, stage, options)
  local list = {}
  for at, finding in ipairs(compose.lint(reply, stage, options)) do list[at] = finding.slug end
  return table.concat(list, " ")
end

local function find(slug, reply, stage, options)
  for _, finding in ipairs(compose.lint(reply, stage, options)) do
    if finding.slug == slug then return finding end
  end
end

-- ---- Each finding ----------------------------------------------------------------------------------------------------

local long = ("x"):rep(503)

-- slug, severity, an example with its stage and all that is found in it, the bytes of the place; then a near miss, which
-- is clean.
local examples = {
  { "code_missing", "error", { "Welcome\r\n", "connect" }, "Welcome", { "220 mx\r\n", "connect" } },
  { "separator_wrong", "error", { "250_OK\r\n", "noop" }, "_", { "250\r\n", "noop", { enhanced = false } } },
  { "unfinished", "error", { "250-2.0.0 One\r\n", "noop" }, nil, { "250-2.0.0 One\r\n250 2.0.0 Two\r\n", "noop" } },
  { "lf_alone", "error", { "250 2.0.0 OK\n", "noop" }, "\n", { "250 2.0.0 OK\r\n", "noop" } },
  { "cr_in_line", "error", { "250 2.0.0 O\rK\r\n", "noop" }, "\r", { "250 2.0.0 O K\r\n", "noop" } },
  { "control_bytes", "error", { "250 2.0.0 O\27K\r\n", "noop" }, "\27", { "250 2.0.0 O\tK\r\n", "noop" } },
  { "not_ascii", "warning", { "550 5.1.1 Kullan\196\177c\196\177 yok\r\n", "rcpt" }, "\196\177",
    { "550 5.1.1 Kullan\196\177c\196\177 yok\r\n", "rcpt", { utf8 = true } } },
  { "line_over_limit", "error", { "250 2.0.0 " .. long .. "\r\n", "noop" }, "250 2.0.0 " .. long,
    { "250 2.0.0 " .. long:sub(4) .. "\r\n", "noop" } },
  { "codes_differ", "error", { "451-4.3.0 One\r\n450 4.3.0 Two\r\n", "rcpt" }, "451",
    { "450-4.3.0 One\r\n450 4.3.0 Two\r\n", "rcpt" } },
  { "line_without_code", "error", { "250-2.0.0 One\r\nTwo\r\n250 2.0.0 Three\r\n", "noop" }, "Two",
    { "250-2.0.0 One\r\n250-2.0.0 Two\r\n250 2.0.0 Three\r\n", "noop" } },
  { "tab_after_code", "error", { "250\t2.0.0 OK\r\n", "noop" }, "\t", { "250 2.0.0\tOK\r\n", "noop" } },
  { "code_out_of_range", "error", { "571 5.7.1 Spam detected\r\n", "content" }, "571",
    { "550 5.7.1 Spam detected\r\n", "content" } },
  { "no_standard_code", "warning", { "540 5.7.1 Spam detected\r\n", "content" }, "540",
    { "554 5.7.1 Spam detected\r\n", "content" } },
  { "obsolete_code", "note", { "538 5.7.11 Encryption required for this mechanism\r\n", "auth" }, "538",
    { "534 5.7.9 Mechanism too weak\r\n", "auth" } },
  { "wrong_stage", "error", { "250 2.0.0 Go ahead\r\n", "data" }, "250", { "354 Go ahead\r\n", "data" } },
  { "unusual_stage", "warning", { "535 5.7.8 Bad password\r\n", "rcpt" }, "535", { "535 5.7.8 Bad password\r\n", "auth" } },
  { "class_differs", "error", { "421 5.4.2 Timeout, closing connection\r\n", "rcpt" }, "5.4.2",
    { "421 4.4.2 Timeout, closing connection\r\n", "rcpt" }, also = "status_unregistered" },
  { "statuses_differ", "error", { "550-5.1.1 No such\r\n550 5.1.2 user\r\n", "rcpt" }, "5.1.2",
    { "550-5.1.1 No such\r\n550 5.1.1 user\r\n", "rcpt" } },
  { "status_not_first", "warning", { "550 No such user (#5.1.1)\r\n", "rcpt" }, "No such user (#5.1.1)",
    { "550 5.1.1 No such user (#1)\r\n", "rcpt" } },
  { "status_not_repeated", "warning", { "550-5.1.1 No such\r\n550 user\r\n", "rcpt" }, "550 user",
    { "550-5.1.1 No such\r\n550 5.1.1 user\r\n", "rcpt" } },
  { "status_unwanted", "error", { "220 2.0.0 mx.example.org\r\n", "connect" }, "2.0.0",
    { "220 2.0.0 Ready for TLS\r\n", "starttls" } },
  { "status_too_early", "note", { "550 5.7.1 Bad HELO name\r\n", "ehlo" }, "5.7.1", { "550 Bad HELO name\r\n", "ehlo" } },
  { "status_unregistered", "warning", { "550 5.7.99 Spam detected\r\n", "content" }, "5.7.99",
    { "550 5.7.26 SPF and DKIM failed\r\n", "content" } },
  { "status_missing", "note", { "250 OK\r\n", "mail" }, "250", { "250 OK\r\n", "mail", { enhanced = false } } },
  { "permanent_for_passing", "error", { "550 5.7.1 Greylisted, try again\r\n", "rcpt" }, "Greylist",
    { "450 4.7.1 Greylisted, try again\r\n", "rcpt" } },
  { "transient_for_lasting", "warning", { "450 4.1.1 User unknown\r\n", "rcpt" }, "User unknown",
    { "450 4.1.1 User unknown, lookup temporarily failed\r\n", "rcpt" } },
  { "full_for_good", "note", { "552 5.2.2 Mailbox is full\r\n", "rcpt" }, "Mailbox is full",
    { "452 4.2.2 Mailbox is full\r\n", "rcpt" } },
  { "closing_for_one", "warning", { "421 4.2.2 Mailbox is full\r\n", "rcpt" }, "Mailbox is full",
    { "421 4.2.2 Mailbox is full, closing connection\r\n", "rcpt" } },
  { "closing_unsaid", "note", { "421 4.7.0 mx.example.org Too many errors\r\n", "rcpt" }, "421",
    { "421 4.7.0 mx.example.org Too many errors, closing connection\r\n", "rcpt" } },
  { "unknown_command_code", "warning", { "502 5.5.2 Error: command not recognized\r\n", "other" }, "command not recognized",
    { "500 5.5.2 Error: command not recognized\r\n", "other" } },
  { "known_command_code", "warning", { "503 5.5.1 Command not implemented\r\n", "vrfy" }, "not implemented",
    { "502 5.5.1 Command not implemented\r\n", "vrfy" } },
  { "sequence_code", "warning", { "501 5.5.1 Send HELO first\r\n", "vrfy" }, "HELO first",
    { "503 5.5.1 Send HELO first\r\n", "vrfy" } },
  { "syntax_code", "warning", { "503 5.5.4 Syntax error in parameters\r\n", "vrfy" }, "error in parameters",
    { "501 5.5.4 Syntax error in parameters\r\n", "vrfy" } },
  { "parameter_code", "warning", { "503 5.5.4 Unsupported option BODY=WEIRD\r\n", "mail" }, "Unsupported option",
    { "555 5.5.4 Unsupported option BODY=WEIRD\r\n", "mail" } },
  { "host_name_missing", "error", { "220 ESMTP ready\r\n", "connect" }, "ESMTP", { "220 mx ESMTP ready\r\n", "connect" } },
  { "text_missing", "warning", { "550 5.7.1\r\n", "rcpt" }, "550", { "250 2.0.0\r\n", "rcpt" } },
  { "text_vague", "note", { "554 5.7.1 <a@b.example>: Recipient address rejected: Access denied\r\n", "rcpt" },
    "<a@b.example>: Recipient address rejected: Access denied",
    { "554 5.7.1 <a@b.example>: Relay access denied\r\n", "rcpt" } },
  { "address_given_away", "warning",
    { "550 5.1.1 <list@a.example>: no such user x@b.example, which y@b.example reads\r\n", "rcpt" }, "y@b.example",
    { "550 5.1.1 <list@a.example>: no such user x@b.example, ask postmaster@b.example\r\n", "rcpt" } },
  { "new_address_given", "note", { "551 5.1.6 Moved to <new@b.example>\r\n", "rcpt" }, "new@b.example",
    { "551 5.1.6 Moved to another host\r\n", "rcpt" } },
  { "inside_given_away", "note", { "451 4.4.1 Backend 10.1.2.3 timed out\r\n", "rcpt" }, "10.1.2.3",
    { "451 4.4.1 Backend 192.0.2.3 timed out\r\n", "rcpt" } },
}

describe("lint", function()
  for _, example in ipairs(examples) do
    local slug, severity, fault, place, miss = example[1], example[2], example[3], example[4], example[5]
    it(("finds %s, and only where it is"):format(slug), function()
      local finding = find(slug, fault[1], fault[2], fault[3])
      assert.truthy(finding)
      assert.equal(severity, finding.severity)
      assert.equal(place, finding.first and fault[1]:sub(finding.first, finding.last))
      assert.equal(example.also and slug .. " " .. example.also or slug, slugs(fault[1], fault[2], fault[3]))
      assert.equal("", slugs(miss[1], miss[2], miss[3]))
    end)
  end

  it("has an example of every finding of the catalogue, in its order", function()
    local known, shown = {}, {}
    for entry in replycode.entries "finding" do known[#known + 1] = entry.slug end
    for at, example in ipairs(examples) do shown[at] = example[1] end
    assert.same(known, shown)
  end)

  it("gives the catalogue's words in both languages", function()
    for _, lang in ipairs { "en", "tr" } do
      local finding = find("wrong_stage", "250 2.0.0 Go ahead\r\n", "data", { lang = lang })
      local entry = replycode.describe("wrong_stage", { lang = lang })
      assert.equal(entry.title, finding.title)
      assert.equal(entry.meaning, finding.problem)
      assert.equal(entry.remedy, finding.remedy)
      assert.equal("RFC 5321 4.3.2", finding.reference)
    end
  end)

  it("tells several findings in a fixed order, each once", function()
    assert.equal("lf_alone control_bytes status_not_repeated", slugs("550-5.1.1 \1\n550 \2user unknown\n", "rcpt"))
  end)
end)

-- ---- What is right ---------------------------------------------------------------------------------------------------

describe("lint finds nothing", function()
  local clean = {
    { "220 mx.example.org ESMTP\r\n", "connect" },
    { "220 [192.0.2.1]\r\n", "connect" },
    { "554 No SMTP service here\r\n", "connect" },
    { "421 mx.example.org Too many connections, try again later\r\n", "connect" },
    { "250-mx.example.org\r\n250-SIZE 1000\r\n250 ENHANCEDSTATUSCODES\r\n", "ehlo" },
    { "220 mx.example.org ESMTP\r\n", "xclient" },
    { "334 \r\n", "auth" },
    { "334 2.0.0 \r\n", "auth" },
    { "334 " .. ("QUJD"):rep(2000) .. "\r\n", "auth" },
    { "354 End data with <CR><LF>.<CR><LF>\r\n", "data" },
    { "250 2.0.0 Ok: queued as 4F1\r\n", "content" },
    { "221 2.0.0 Bye\r\n", "quit" },
    { "501 5.5.4 Syntax: NOOP takes no argument\r\n", "noop" },
    { "451 4.3.0 Temporary system failure\r\n", "vrfy" },
    { "503 5.5.1 Error: need RCPT command\r\n", "data" },
    { "554 5.5.1 Error: no valid recipients\r\n", "data" },
    { "503 5.5.1 Invalid command: Already identified\r\n", "mail" },
    { "552 5.3.4 Message size exceeds fixed limit\r\n", "mail" },
    { "452 4.5.3 Too many recipients\r\n", "rcpt" },
    { "421 4.7.1 Greylisted, come back later\r\n", "rcpt" , "closing_unsaid" },
    { "454 4.7.1 <a@b.example>: Relay access denied\r\n", "rcpt" },
    { "421 4.3.2 mx.example.org Shutting down\r\n", "noop" },
    { "550 5.1.1 <a@b.example>: Recipient address rejected: User unknown in local recipient table\r\n", "rcpt" },
    { "550 5.7.23 <r@b.example>: SPF fail: envelope-from=s@a.example, see https://spf.example/?ip=192.0.2.1\r\n", "rcpt" },
    { "550-5.7.1 Blocked, see\r\n550 5.7.1 https://bl.example/10.1.2.3\r\n", "rcpt" },
    { "550 5.7.1 The mail of <a@mx.lan> needs a valid sender domain\r\n", "rcpt" },
    { "450 4.7.25 <mx.lan[10.1.2.3]>: Client host rejected: cannot find your hostname\r\n", "rcpt" },
    { "451 4.4.1 Backend 172.32.0.1 timed out\r\n", "rcpt" },
    { "451 4.4.1 Backend 172.31.0.1 timed out\r\n", "rcpt", "inside_given_away" },
    { "250-2.0.0 <a@b.example>\r\n250-2.0.0 <c@d.example>\r\n250 2.0.0 <e@f.example>\r\n", "expn" },
    { "251 2.1.5 <a@b.example> is <c@d.example> or <e@f.example>\r\n", "rcpt", "new_address_given" },
    { "555 5.5.4 Rejected\r\n", "mail" },
    { "550 5.0.0 host mx.example.net said: 450 4.7.1 Greylisted\r\n", "rcpt" },
    { "550-No such user (#5.1.1)\r\n550 Ask somebody else\r\n", "rcpt", "status_not_first" },
    { "530 5.7.0 Authentication required\r\n", "noop", "unusual_stage" },
    { "530 5.7.0 Authentication required\r\n", "mail" },
    { "700 Anything\r\n", nil, "code_out_of_range" },
    { "250 OK\r\n", nil },
    { "249 2.0.0 Whatever\r\n", "other", "no_standard_code" },
    { "299 Whatever\r\n", "other", "code_out_of_range status_missing" },
  }
  for _, reply in ipairs(clean) do
    local bytes, stage, but = reply[1], reply[2], reply[3]
    it(("%s in %q at %s"):format(but and "but " .. but or "wrong", bytes:sub(1, 60), stage or "no stage"), function()
      assert.equal(but or "", slugs(bytes, stage))
    end)
  end
end)

-- ---- Drafts, replies, arguments --------------------------------------------------------------------------------------

describe("lint of a draft", function()
  it("counts in its text", function()
    local draft = { code = 550, enhanced = "5.7.1", text = "Sorry.\nGreylisted here" }
    local finding = find("permanent_for_passing", draft, "rcpt")
    assert.equal("Greylist", draft.text:sub(finding.first, finding.last))
  end)

  it("sees code and status beside the text", function()
    assert.equal("class_differs", slugs({ code = 450, enhanced = "5.1.1", text = "The disk is slow today" }, "rcpt"))
    assert.equal("status_missing", slugs({ code = 250, text = "OK" }, "mail"))
    assert.equal("", slugs({ code = 250, enhanced = "2.1.0", text = "One\nTwo" }, "mail"))
    assert.equal("status_unwanted", slugs({ code = 354, enhanced = "2.0.0", text = "Go ahead" }, "data"))
  end)

  it("adds what stands before the text to the length of a line", function()
    assert.equal("", slugs({ code = 250, text = ("x"):rep(506) }))
    assert.equal("line_over_limit", slugs { code = 250, text = ("x"):rep(507) })
    assert.equal("", slugs({ code = 250, enhanced = "2.0.0", text = ("x"):rep(500) }))
    assert.equal("line_over_limit", slugs { code = 250, enhanced = "2.0.0", text = ("x"):rep(501) })
  end)

  it("wants a code", function()
    assert.equal("code_missing", slugs { text = "Hello" })
  end)
end)

describe("lint of a parsed reply", function()
  it("sees the bytes as they came", function()
    assert.equal("lf_alone tab_after_code", slugs(replycode.parse "250\t2.0.0 OK\n", "noop"))
  end)
end)

describe("lint raises", function()
  local function message_of(...)
    local ok, message = pcall(compose.lint, ...)
    assert.is_false(ok)
    return message
  end

  it("when arguments are wrong, and says what is right", function()
    assert.truthy(message_of(5):find("expected a string of bytes or a reply, found number", 1, true))
    assert.truthy(message_of {}:find("expected a reply", 1, true))
    assert.truthy(message_of("250", "rctp"):find("stage: expected one of connect", 1, true))
    assert.truthy(message_of("250", nil, { language = "tr" })
      :find("unknown option 'language'; expected one of enhanced, utf8, lang", 1, true))
    assert.truthy(message_of("250", nil, { lang = "de" }):find("expected one of en, tr; found 'de'", 1, true))
    assert.truthy(message_of("250", nil, { utf8 = 1 }):find("option 'utf8': expected a boolean, found number", 1, true))
  end)
end)

-- ---- What real servers say -------------------------------------------------------------------------------------------

-- Findings of all recorded sessions below a folder: "slug stage" and how often. What the wire had after a failed TLS
-- handshake counts too.
local function findings_of(folder)
  local pipe = assert(io.popen("find 'spec/replies/" .. folder .. "' -name '*.txt' | sort"))
  local counts = {}
  for path in pipe:lines() do
    for _, item in ipairs(recording.read(read_file(path))) do
      for _, finding in ipairs(compose.lint(item.reply, item.stage, { enhanced = item.enhanced, utf8 = item.utf8 })) do
        local name = finding.slug .. " " .. (item.stage or "-")
        counts[name] = (counts[name] or 0) + 1
      end
    end
  end
  pipe:close()
  return counts
end

-- Each was looked at: these servers say so, and it is as the finding says.
local servers = {
  ["dovecot-lmtp"] = {
    ["full_for_good delivery"] = 1,
  },
  exim = {
    ["closing_unsaid mail"] = 1,
    ["code_missing other"] = 1,
    ["control_bytes other"] = 1,
    ["lf_alone other"] = 1,
    ["line_over_limit mail"] = 1,
  },
  exim_senderverify = {},
  haraka = {
    ["text_vague rcpt"] = 2,
  },
  ["opensmtpd-6.8.0p2"] = {
    ["known_command_code starttls"] = 2,
    ["status_too_early ehlo"] = 1,
    ["status_too_early helo"] = 1,
  },
  ["opensmtpd-7.8.0"] = {
    ["parameter_code mail"] = 2,
  },
  ["opensmtpd-filter"] = {
    ["closing_unsaid rcpt"] = 3,
    ["status_missing rcpt"] = 2,
  },
  postfix = {
    ["closing_unsaid other"] = 1,
    ["closing_unsaid rcpt"] = 1,
    ["codes_differ connect"] = 1,
    ["status_missing mail"] = 1,
    ["status_too_early connect"] = 1,
    ["status_too_early ehlo"] = 1,
    ["status_unwanted ehlo"] = 1,
    ["text_vague connect"] = 1,
    ["unknown_command_code expn"] = 2,
    ["unknown_command_code help"] = 2,
    ["unknown_command_code other"] = 15,
    ["wrong_stage connect"] = 1,
    ["wrong_stage content"] = 1,
    ["wrong_stage ehlo"] = 1,
  },
  qpsmtpd = {
    ["lf_alone -"] = 1,
    ["lf_alone content"] = 1,
  },
  sendmail = {
    ["status_too_early connect"] = 1,
  },
  sendmail_nullserver451 = {},
  smtpsink = {
    ["lf_alone rcpt"] = 1,
    ["status_missing quit"] = 3,
    ["status_too_early connect"] = 1,
    ["status_too_early ehlo"] = 1,
    ["unusual_stage connect"] = 1,
  },
}

describe("lint of recorded sessions", function()
  for folder, expected in pairs(servers) do
    it("finds in " .. folder .. " what was seen there by hand", function()
      assert.same(expected, findings_of(folder))
    end)
  end
end)
