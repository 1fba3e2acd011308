-- replycode.opensmtpd: lines of smtpd in, lines for smtpd out.

local opensmtpd = require "replycode.opensmtpd"

local recordings = "spec/replies/opensmtpd-filter/"

-- A filter that leaves print and io alone; what it complains about is in filter.complaints.
local function new_filter(options)
  local complaints = {}
  options = options or {}
  options.guard, options.complain = false, function(text) complaints[#complaints + 1] = text end
  local filter = opensmtpd.new(options)
  filter.complaints = complaints
  return filter
end

local function take_all(filter, ...)
  local answers = {}
  for _, line in ipairs { ... } do
    for _, answer in ipairs(filter:take(line)) do answers[#answers + 1] = answer end
  end
  return answers
end

-- The fields that a handler of an event gets from a line.
local function fields_of(subsystem, event, line)
  local got
  local filter = new_filter()
  filter:on(subsystem, event, function(_, ...) got = { ... } end)
  filter:take(line)
  return got
end

-- What is answered to the phase rcpt-to when the handler is this one.
local function answer_of(handler, version)
  local filter = new_filter()
  filter:on("smtp-in", "rcpt-to", handler)
  local answers = filter:take(("filter|%s|1.5|smtp-in|rcpt-to|5e55|70ce|a@example.org"):format(version or "0.7"))
  return answers[1], filter.complaints[1], #answers
end

local function read_recording(name)
  local ins, outs = {}, {}
  for line in assert(io.open(recordings .. name, "rb")):lines() do
    local mark, rest = line:match "^([<>]) (.*)$"
    if mark == "<" then ins[#ins + 1] = rest elseif mark == ">" then outs[#outs + 1] = rest end
  end
  return ins, outs
end

describe("registration", function()
  it("waits for config|ready and asks only for what is handled, and for the bounds of sessions", function()
    local filter = new_filter()
    filter:on("smtp-in", "rcpt-to", function() end)
    assert.same({}, take_all(filter, "config|smtpd-version|6.8.0p2", "config|subsystem|smtp-in",
      "config|subsystem|smtp-out"))
    assert.same({ "register|report|smtp-in|link-connect", "register|report|smtp-in|link-disconnect",
      "register|filter|smtp-in|rcpt-to", "register|ready" }, filter:take "config|ready")
    assert.equal("6.8.0p2", filter.config["smtpd-version"])
  end)

  it("asks for both sides of the dialogue when exchanges are handled", function()
    local filter = new_filter()
    filter:on("smtp-out", "exchange", function() end)
    assert.same({ "register|report|smtp-out|link-connect", "register|report|smtp-out|link-disconnect",
      "register|report|smtp-out|protocol-client", "register|report|smtp-out|protocol-server", "register|ready" },
      filter:take "config|ready")
  end)

  it("asks for the end of the message when its lines are handled", function()
    local filter = new_filter()
    filter:on("smtp-in", "data-line", function() end)
    assert.same({ "register|report|smtp-in|link-connect", "register|report|smtp-in|link-disconnect",
      "register|filter|smtp-in|data-line", "register|filter|smtp-in|commit", "register|ready" },
      filter:take "config|ready")
  end)

  it("is ready without handlers too", function()
    assert.same({ "register|ready" }, new_filter():take "config|ready")
  end)

  it("is done once", function()
    local filter = new_filter()
    assert.same({ "register|ready" }, filter:take "config|ready")
    assert.same({}, filter:take "config|ready")
    assert.has_error(function() filter:on("smtp-in", "rcpt-to", print) end,
      "smtpd has been told what to send; give handlers before run")
  end)

  it("leaves out a subsystem that this smtpd does not have, and says so", function()
    local filter = new_filter()
    filter:on("smtp-out", "exchange", function() end)
    assert.same({ "register|ready" }, take_all(filter, "config|subsystem|smtp-in", "config|ready"))
    assert.same({ "smtp-out: this smtpd does not have it" }, filter.complaints)
  end)

  it("refuses what would be fatal to smtpd, unknown or twice", function()
    local filter = new_filter()
    local function message(...)
      local ok, problem = pcall(filter.on, filter, ...)
      return not ok and problem
    end
    assert.truthy(message("smtp-out", "rcpt-to", print):find("unknown event 'rcpt-to'; smtp-out has link-connect, ", 1,
      true))
    assert.truthy(message("smtp-in", "exchange", print):find("unknown event 'exchange'; smtp-in has ", 1, true))
    assert.equal("unknown subsystem 'smtp'; expected smtp-in or smtp-out", message("smtp", "rcpt-to", print))
    assert.equal("expected a function as handler, found nil", message("smtp-in", "rcpt-to"))
    filter:on("smtp-in", "rcpt-to", print)
    assert.equal("smtp-in rcpt-to has a handler already", message("smtp-in", "rcpt-to", print))
  end)

  it("raises for unknown options and wrong types", function()
    assert.has_error(function() opensmtpd.new{ guards = false } end,
      "unknown option 'guards'; expected classifier, limit, sessions, complain or guard")
    assert.has_error(function() opensmtpd.new{ limit = "8" } end, "option 'limit': expected number, found string")
    assert.has_error(function() opensmtpd.new{ sessions = 1 } end, "option 'sessions': expected 2 or more")
  end)
end)

describe("the fields of an event", function()
  local function mail(version, fields)
    return fields_of("smtp-in", "tx-mail", ("report|%s|1.5|smtp-in|tx-mail|5e55|%s"):format(version, fields))
  end

  it("come in the order of 0.7 from every protocol", function()
    assert.same({ "3cca", "ok", "a@example.org" }, mail("0.4", "3cca|a@example.org|ok"))
    assert.same({ "3cca", "ok", "a@example.org" }, mail("0.5", "3cca|a@example.org|ok"))
    assert.same({ "3cca", "ok", "a@example.org" }, mail("0.6", "3cca|ok|a@example.org"))
    assert.same({ "3cca", "ok", "a@example.org" }, mail("0.7", "3cca|ok|a@example.org"))
    local function auth(version, fields)
      return fields_of("smtp-in", "link-auth", ("report|%s|1.5|smtp-in|link-auth|5e55|%s"):format(version, fields))
    end
    assert.same({ "pass", "joe" }, auth("0.6", "joe|pass"))
    assert.same({ "pass", "joe" }, auth("0.7", "pass|joe"))
  end)

  it("take a newer protocol for the newest that is known", function()
    assert.same({ "3cca", "ok", "a@example.org" }, mail("0.12", "3cca|ok|a@example.org"))
    assert.same({ "3cca", "ok", "a@example.org" }, mail("1.0", "3cca|ok|a@example.org"))
  end)

  it("keep a bar where an address or a line may have one", function()
    assert.same({ "3cca", "ok", "a|b@example.org" }, mail("0.6", "3cca|ok|a|b@example.org"))
    assert.same({ "3cca", "ok", "a|b@example.org" }, mail("0.5", "3cca|a|b@example.org|ok"))
    assert.same({ "550 a|b|c" }, fields_of("smtp-out", "protocol-server",
      "report|0.7|1.5|smtp-out|protocol-server|5e55|550 a|b|c"))
  end)

  it("that a line lacks are nil", function()
    assert.same({ "3cca" }, mail("0.7", "3cca"))
    assert.same({}, fields_of("smtp-in", "timeout", "report|0.7|1.5|smtp-in|timeout|5e55"))
    assert.same({ "" }, fields_of("smtp-in", "tx-reset", "report|0.7|1.5|smtp-in|tx-reset|5e55|"))
  end)

  it("of a connection", function()
    assert.same({ "localhost", "pass", "[::1]:5", "[::1]:25" }, fields_of("smtp-in", "link-connect",
      "report|0.7|1.5|smtp-in|link-connect|5e55|localhost|pass|[::1]:5|[::1]:25"))
  end)
end)

describe("an answer", function()
  it("is proceed when the handler has nothing to say, or when there is none", function()
    assert.equal("filter-result|5e55|70ce|proceed", (answer_of(function() end)))
    assert.same({ "filter-result|5e55|70ce|proceed" }, new_filter():take "filter|0.7|1.5|smtp-in|quit|5e55|70ce|")
    assert.same({ "filter-result|5e55|70ce|proceed" }, new_filter():take "filter|0.9|1.5|smtp-in|newphase|5e55|70ce|x")
  end)

  it("names the token first up to protocol 0.4", function()
    assert.equal("filter-result|70ce|5e55|proceed", (answer_of(opensmtpd.proceed, "0.4")))
    assert.equal("filter-result|5e55|70ce|proceed", (answer_of(opensmtpd.proceed, "0.5")))
    assert.equal("filter-result|5e55|70ce|proceed", (answer_of(opensmtpd.proceed, "0.6")))
  end)

  it("refuses, disconnects, marks and rewrites", function()
    assert.equal("filter-result|5e55|70ce|reject|550 5.1.1 No such user",
      (answer_of(function() return opensmtpd.reject(550, "5.1.1", "No such user") end)))
    assert.equal("filter-result|5e55|70ce|disconnect|421 Bye",
      (answer_of(function() return opensmtpd.disconnect(421, nil, "Bye") end)))
    assert.equal("filter-result|5e55|70ce|junk", (answer_of(opensmtpd.junk)))
    assert.equal("filter-result|5e55|70ce|rewrite|<b@example.org>",
      (answer_of(function() return opensmtpd.rewrite "<b@example.org>" end)))
  end)

  it("is one line of printable ASCII whatever the text holds", function()
    assert.equal("filter-result|5e55|70ce|reject|550 5.1.1 No register|ready user ?",
      (answer_of(function() return opensmtpd.reject(550, "5.1.1", "No\r\nregister|ready\0user \195\188 \n") end)))
    local long = answer_of(function() return opensmtpd.reject(550, nil, ("x"):rep(100000)) end)
    assert.equal(#"filter-result|5e55|70ce|reject|" + 510, #long)
  end)

  it("that smtpd would not take is never made: it passes, with a complaint", function()
    local function refused(expected, ...)
      local arguments = { ... }
      local answer, complaint = answer_of(function()
        return opensmtpd.reject(arguments[1], arguments[2], arguments[3])
      end)
      assert.equal("filter-result|5e55|70ce|proceed", answer)
      assert.truthy(complaint:find("smtp-in rcpt-to: ", 1, true))
      assert.truthy(complaint:find(expected, 1, true), complaint)
    end
    refused("bad argument #1 to 'reject' (expected an integer from 400 to 599, found 250)", 250, nil, "Ok")
    refused("(expected an integer from 400 to 599, found 600)", 600, nil, "No")
    refused("(expected an integer from 400 to 599, found 399)", 399, nil, "No")
    refused("(expected an integer from 400 to 599, found 450", 450.5, nil, "No")
    refused("(expected an integer from 400 to 599, found string)", "550", nil, "No")
    refused("bad argument #2 to 'reject'", 550, "4.1.1", "No")
    refused("bad argument #2 to 'reject'", 550, "5.1.1\n", "No")
    refused("bad argument #2 to 'reject'", 550, "5.1.1234", "No")
    refused("bad argument #2 to 'reject'", 550, "5.1.1 No such user")
    refused("bad argument #3 to 'reject' (expected a text with words, found nil)", 550, "5.1.1")
    refused("bad argument #3 to 'reject'", 550, nil, " \r\n")
    assert.has_error(function() opensmtpd.rewrite "a\nb" end)
    assert.has_error(function() opensmtpd.rewrite "" end)
  end)
end)

describe("a handler that fails", function()
  local function passes(handler, expected)
    local answer, complaint, count = answer_of(handler)
    assert.equal("filter-result|5e55|70ce|proceed", answer)
    assert.equal(1, count)
    assert.truthy(complaint:find(expected, 1, true), complaint)
  end

  it("by raising lets mail pass, and is complained about in one line", function()
    passes(function() error "first\nsecond" end, "first?second")
    passes(function() error() end, "smtp-in rcpt-to: nil")
    passes(function() error(setmetatable({}, { __tostring = function() error "again" end })) end, "an error without words")
    passes(function() local nothing = nil return nothing.field end, "attempt to index")
    passes(function() local function again() return 1 + again() end return again() end, "stack overflow")
    passes(function() error(("x"):rep(100000)) end, ("x"):rep(100))
  end)

  it("by answering nonsense lets mail pass", function()
    passes(function() return "reject|550 no" end, "expected nil or an answer of replycode.opensmtpd, found string")
    passes(function() return {} end, "found table")
    passes(function() return true end, "found boolean")
    passes(function() return false end, "found boolean")
    passes(function() return 0 / 0 end, "found number")
    passes(function() return coroutine.create(function() end) end, "found thread")
  end)

  it("by changing its answer or session changes nothing", function()
    assert.equal("filter-result|5e55|70ce|reject|550 No", (answer_of(function(session)
      session.id, session.subsystem = "other", nil
      local answer = opensmtpd.reject(550, nil, "No")
      answer[1], answer.line = "register|ready", "register|ready"
      return answer
    end)))
  end)

  it("whose complaint cannot be written lets mail pass", function()
    local filter = opensmtpd.new{ guard = false, complain = function() error "full" end }
    filter:on("smtp-in", "rcpt-to", function() error "x" end)
    assert.same({ "filter-result|5e55|70ce|proceed" }, filter:take "filter|0.7|1.5|smtp-in|rcpt-to|5e55|70ce|a")
  end)
end)

describe("a line that smtpd cannot have meant", function()
  it("is complained about and not answered", function()
    local filter = new_filter()
    for _, line in ipairs { "", "|", "report", "report|0.7", "filter|0.7|1.5|smtp-in|rcpt-to|5e55", "\0\255", "bounce|x",
      "filter|0.7|1.5|smtp-in|rcpt-to||70ce|a", "filter|0.7|1.5|smtp-up|rcpt-to|5e55|70ce|a" } do
      assert.same({}, filter:take(line))
    end
    assert.equal(9, #filter.complaints)
    assert.equal("not understood: bounce|x", filter.complaints[7])
  end)

  it("never raises, however a good one is cut", function()
    local filter = new_filter()
    filter:on("smtp-in", "data-line", function(_, line) return line end)
    filter:on("smtp-out", "exchange", function() end)
    for _, name in ipairs { "7.8.0/ok.filter", "6.8.0p2/rmixed.filter" } do
      for _, line in ipairs((read_recording(name))) do
        for length = 0, #line, 3 do
          filter:take(line:sub(1, length))
          filter:take(line:sub(length))
        end
      end
    end
  end)
end)

describe("the lines of a message", function()
  local function line_of(text, token)
    return ("filter|0.7|1.5|smtp-in|data-line|5e55|%s|%s"):format(token or "70ce", text)
  end

  -- What becomes of lines, and what is said at commit.
  local function through(handler, ...)
    local filter = new_filter()
    filter:on("smtp-in", "data-line", handler)
    filter:take "report|0.7|1.5|smtp-in|link-connect|5e55|localhost|pass|1|2"
    local answers = {}
    for _, text in ipairs { ... } do
      for _, answer in ipairs(filter:take(line_of(text))) do
        answers[#answers + 1] = answer:match "^filter%-dataline|5e55|70ce|(.*)$"
      end
    end
    return answers, filter:take("filter|0.7|1.5|smtp-in|commit|5e55|c0de|")[1], filter
  end

  it("pass as they are", function()
    assert.same({ "Subject: x", "", "..dot", "a|b", "." },
      (through(function() end, "Subject: x", "", "..dot", "a|b", ".")))
    assert.same({ "filter-dataline|70ce|5e55|x" }, new_filter():take "filter|0.4|1.5|smtp-in|data-line|5e55|70ce|x")
  end)

  it("come without dot stuffing, and none that is given back ends the message", function()
    local seen = {}
    local answers = through(function(_, line)
      seen[#seen + 1] = line or "end"
      return line and "." .. line
    end, "a", "..b", ".")
    assert.same({ "a", ".b", "end" }, seen)
    assert.same({ "..a", "...b", "." }, answers)
    assert.same({ "..", "." }, (through(function(_, line) return line and "." end, "x", ".")))
  end)

  it("can be kept back, doubled, and given at the end", function()
    local kept = {}
    local answers, commit = through(function(_, line)
      if not line then return kept end
      kept[#kept + 1] = line
      return {}
    end, "a", "b", ".")
    assert.same({ "a", "b", "." }, answers)
    assert.equal("filter-result|5e55|c0de|proceed", commit)
    assert.same({ "a", "a", "." }, (through(function(_, line) return line and { line, line } end, "a", ".")))
  end)

  it("pass as they came when the handler raises or gives what is no line", function()
    for _, bad in ipairs { "a\nb", "a\r", "a\0b", 42, true, { "good", "a\n.\nb" }, { 1 } } do
      local answers, commit, filter = through(function(_, line) return line and bad end, "..x", ".")
      assert.same({ "..x", "." }, answers)
      assert.equal("filter-result|5e55|c0de|proceed", commit)
      assert.equal(1, #filter.complaints)
    end
    local answers, commit = through(function() error "x" end, "a", ".")
    assert.same({ "a", "." }, answers)
    assert.equal("filter-result|5e55|c0de|proceed", commit)
  end)

  it("are refused for now when the handler fails with lines kept back", function()
    local answers, commit, filter = through(function(_, line)
      if not line then error "lost it" end
      return {}
    end, "a", "b", ".")
    assert.same({ "." }, answers)
    assert.equal("filter-result|5e55|c0de|reject|451 4.3.0 Message could not be filtered, please try again later", commit)
    filter:take(line_of("next", "70cf"))
    assert.equal("filter-result|5e55|c0de|proceed", filter:take("filter|0.7|1.5|smtp-in|commit|5e55|c0de|")[1])
  end)
end)

describe("a session", function()
  local connect = "report|0.7|1795454947.25|smtp-in|link-connect|%s|localhost|pass|1|2"
  local noop = "filter|0.7|1795454948.5|smtp-in|noop|%s|70ce|"

  local function counting(limit)
    local filter = new_filter{ sessions = limit }
    local counts = {}
    filter:on("smtp-in", "noop", function(session)
      session.count = (session.count or 0) + 1
      counts[#counts + 1] = session.count
    end)
    return filter, counts
  end

  it("keeps what its handlers leave in it, and knows itself", function()
    local filter, counts = counting()
    local seen
    filter:on("smtp-in", "link-disconnect", function(session) seen = session end)
    take_all(filter, connect:format "5e55", noop:format "5e55", noop:format "5e55",
      "report|0.7|1795454949|smtp-in|link-disconnect|5e55")
    assert.same({ 1, 2 }, counts)
    assert.same({ id = "5e55", subsystem = "smtp-in", time = 1795454949, count = 2 }, seen)
  end)

  it("is over with link-disconnect, and one that never began keeps nothing", function()
    local filter, counts = counting()
    take_all(filter, connect:format "a", noop:format "a", "report|0.7|1.5|smtp-in|link-disconnect|a", noop:format "a",
      noop:format "b", noop:format "b")
    assert.same({ 1, 1, 1, 1 }, counts)
  end)

  it("is forgotten when too many others came and it was idle", function()
    local filter, counts = counting(4)
    take_all(filter, connect:format "busy", connect:format "idle")
    for number = 1, 20 do take_all(filter, connect:format(number), noop:format "busy") end
    filter:take(noop:format "idle")
    assert.same({ 18, 19, 20, 1 }, { counts[18], counts[19], counts[20], counts[21] })
  end)

  it("has the time of the event, whatever the locale thinks of a point", function()
    local times = {}
    local filter = new_filter()
    filter:on("smtp-in", "noop", function(session) times[#times + 1] = session.time or "none" end)
    for _, time in ipairs { "1795454947.25", "7", "soon", "0x10", "1e9" } do
      filter:take(("filter|0.7|%s|smtp-in|noop|a|70ce|"):format(time))
    end
    assert.same({ 1795454947.25, 7, "none", "none", "none" }, times)
  end)
end)

describe("an exchange", function()
  -- "stage code" of each exchange of the remote sessions in a recording, "-" for none.
  local function exchanges_of(name)
    local found = {}
    local filter = new_filter()
    filter:on("smtp-out", "exchange", function(session, exchange)
      local code = exchange.reply and exchange.reply.code
      found[#found + 1] = exchange.stage .. " " .. (code or "-")
      assert.equal("smtp-out", session.subsystem)
    end)
    for _, line in ipairs((read_recording(name))) do filter:take(line) end
    assert.same({}, filter.complaints)
    return table.concat(found, ", ")
  end

  it("is a reply of the remote server with what it answers", function()
    assert.equal("connect 220, ehlo 250, mail 250, rcpt 250, data 354, content 250", exchanges_of "7.8.0/ok.filter")
    assert.equal("connect 220, ehlo 250, mail 250, rcpt 451, rset 250", exchanges_of "7.8.0/rmixed.filter")
    assert.equal("connect 554", exchanges_of "7.8.0/g554.filter")
    assert.equal("connect 220, ehlo 250, mail 250, rcpt -", exchanges_of "7.8.0/rgarbage.filter")
    assert.equal("connect 220, ehlo 250, mail 250, rcpt 550", exchanges_of "7.8.0/rlong5k.filter")
    assert.equal("connect 220, ehlo 250, mail 250, rcpt 550, rcpt 250, rcpt 450, data 354, content 250",
      exchanges_of "7.8.0/in.filter")
  end)

  it("tells of a connection that broke what was not answered", function()
    assert.equal("connect -", exchanges_of "6.8.0p2/gdrop.filter")
    assert.equal("connect 220, ehlo 250, mail 250, rcpt 250, data 354, content -", exchanges_of "6.8.0p2/dotdrop.filter")
    assert.equal("connect 220, ehlo 250, mail 250, rcpt 421, rset -", exchanges_of "7.8.0/r421.filter")
  end)

  it("does not come from the midst of a session whose beginning was not seen", function()
    local filter = new_filter()
    filter:on("smtp-out", "exchange", function() error "paired" end)
    assert.same({}, filter:take "report|0.7|1.5|smtp-out|protocol-server|5e55|250 2.0.0 Ok")
    assert.same({}, filter:take "report|0.7|1.5|smtp-out|link-disconnect|5e55")
    assert.same({}, filter.complaints)
  end)

  it("is judged with rules of the caller's", function()
    local replycode = require "replycode"
    local classifier = replycode.classifier{ rules = { { text = "last line says", cause = "greylisted" } } }
    local filter = new_filter{ classifier = classifier }
    local causes = {}
    filter:on("smtp-out", "exchange", function(_, exchange) causes[exchange.stage] = exchange.verdict.cause end)
    for _, line in ipairs((read_recording "7.8.0/rmixed.filter")) do filter:take(line) end
    assert.equal("greylisted", causes.rcpt)
  end)

  it("whose handler raises does not disturb the next", function()
    local filter = new_filter()
    local count = 0
    filter:on("smtp-out", "exchange", function() count = count + 1 error "x" end)
    for _, line in ipairs((read_recording "7.8.0/ok.filter")) do filter:take(line) end
    assert.equal(6, count)
    assert.equal(6, #filter.complaints)
  end)
end)

describe("a recorded filter", function()
  -- The one that was recorded, written with the kit; it answered every phase.
  local function decide(_, address)
    local function is(name) return address:find(name, 1, true) end
    if is "reject550" then return opensmtpd.reject(550, "5.1.1", "<x@example.org>: no such user (filter)") end
    if is "reject451" then return opensmtpd.reject(451, "4.7.1", "greylisted (filter)") end
    if is "reject421" then return opensmtpd.reject(421, "4.3.2", "go away (filter)") end
    if is "disc550" then return opensmtpd.disconnect(550, "5.7.1", "bye (filter)") end
    if is "disc421" then return opensmtpd.disconnect(421, "4.3.2", "bye (filter)") end
    if is "badreply" then return opensmtpd.reject(250, "2.0.0", "not an error") end
    if is "notext" then return opensmtpd.reject(550) end
    if is "pipe" then return opensmtpd.reject(550, "5.7.1", "a|b|c pipes") end
    if is "rewriteme" then return opensmtpd.rewrite "<rewritten@example.org>" end
    if is "junkme" then return opensmtpd.junk() end
    if is "reportme" then return "report|seen-by-filter some text|with pipe" end
    if is "multi" then return opensmtpd.reject(550, nil, "5.1.1 one\r\n550 5.1.1 two") end
  end

  local phases = { "connect", "helo", "ehlo", "starttls", "auth", "mail-from", "data", "data-line", "commit" }

  -- What was answered then and what is answered now, where they differ.
  local function differences(name)
    local ins, outs = read_recording(name)
    local filter = new_filter()
    for _, phase in ipairs(phases) do filter:on("smtp-in", phase, function() end) end
    filter:on("smtp-in", "rcpt-to", decide)
    local now, found = {}, {}
    for _, line in ipairs(ins) do
      for _, answer in ipairs(filter:take(line)) do
        if not answer:find "^register" then now[#now + 1] = answer end
      end
    end
    local at = 0
    for _, answer in ipairs(outs) do
      if answer:find "^filter%-" then
        at = at + 1
        if answer ~= now[at] then found[#found + 1] = { answer:match "70?[^|]*|(.*)$", (now[at] or ""):match "[^|]*$" } end
      end
    end
    assert.equal(#now, at)
    return found
  end

  it("gives the same answers, but for those that would have done harm", function()
    local found = {}
    for _, pair in ipairs(differences "7.8.0/in-decisions.filter") do found[#found + 1] = pair[2] end
    assert.same({ "proceed", "proceed", "550 5.1.1 one 550 5.1.1 two" }, found)
    assert.equal(1, #differences "7.8.0/in.filter")
  end)

  it("gives the same answers wherever it lets everything pass", function()
    for _, name in ipairs { "7.8.0/ok", "7.8.0/rnul", "7.8.0/r421", "6.8.0p2/rmixed", "6.8.0p2/dotdrop" } do
      assert.same({}, differences(name .. ".filter"))
    end
  end)
end)

describe("a filter as a process", function()
  local program = ({ jit = "luajit" })[os.getenv "REPLYCODE_LUA" or ""] or "lua" .. (os.getenv "REPLYCODE_LUA" or "5.4")

  local function run(script, lines)
    local input, output, errors = os.tmpname(), os.tmpname(), os.tmpname()
    local file = assert(io.open(input, "wb"))
    file:write(table.concat(lines, "\n"), "\n")
    file:close()
    os.execute(("%s %s < %s > %s 2> %s"):format(program, script, input, output, errors))
    local function read(name)
      local handle = assert(io.open(name, "rb"))
      local bytes = handle:read "*a"
      handle:close()
      os.remove(name)
      return bytes
    end
    os.remove(input)
    return read(output), read(errors)
  end

  it("writes nothing but the protocol, whatever its author does", function()
    local output, errors = run("spec/mta/naughty.lua", (read_recording "7.8.0/ok.filter"))
    local count = 0
    for line in output:gmatch "[^\n]+" do
      count = count + 1
      assert.truthy(line:find "^register|" or line:find "^filter%-result|%x+|%x+|proceed$"
        or line:find "^filter%-dataline|%x+|%x+|", line)
    end
    assert.equal(1, select(2, output:gsub("register|ready\n", "")))
    assert.truthy(count > 25)
    for _, said in ipairs { "hello from the first line", "printed", "written", "written too", "from a program", "raised",
      "os.exit: a filter that exits stops the mail server", "stack overflow", "found string", "found table" } do
      assert.truthy(errors:find(said, 1, true), said)
    end
  end)
end)

describe("the guard", function()
  local guard = require "replycode.opensmtpd.guard"

  it("puts everything back", function()
    local before = { print, io.stdin, io.stdout, io.popen, io.output(), io.input(), os.exit, os.execute }
    guard.install()
    local within = { print, io.stdin, io.stdout, io.popen, io.output(), io.input(), os.exit, os.execute }
    guard.remove()
    assert.same(before, { print, io.stdin, io.stdout, io.popen, io.output(), io.input(), os.exit, os.execute })
    for at = 1, #before do assert.are_not.equal(before[at], within[at]) end
  end)
end)
