-- opensmtpd.lua configure DIR: prints smtpd.conf. opensmtpd.lua run DIR: sends a message for each scenario through the
-- running smtpd, waits for what its log says of each, and compares it with the fake server and with what the filters saw.

package.path = "./?.lua;" .. package.path

local scenarios = require "spec.mta.scenarios"

local action, directory = arg[1], arg[2]
local inbound = "127.77.0.1"

-- ---- Configuration --------------------------------------------------------------------------------------------------

local function configure()
  local here = assert(os.getenv "PWD")
  local function filter(name, command)
    print(('filter "%s" proc-exec "%s" user "root" group "root"'):format(name, command))
  end
  filter("replycode", ("%s/build/5.4/bin/filter-replycode --log %s/refusals.cbor"):format(here, directory))
  filter("full", ("%s/build/5.4/bin/filter-replycode --redact --log /dev/full --rules /no/such/rules"):format(here))
  filter("recorder", ("%s/lua %s/spec/mta/recorder.lua %s/exchanges"):format(directory, here, directory))
  filter("naughty", ("%s/lua %s/spec/mta/naughty.lua"):format(directory, here))
  filter("adviser", ("%s/lua %s/spec/mta/adviser.lua"):format(directory, here))
  print(('listen on %s port %d hostname mail.example.org filter "adviser"'):format(inbound, scenarios.port + 1))
  print 'filter "all" chain { "replycode", "full", "recorder", "naughty" }'
  print(('listen on %s port %d hostname mail.example.org filter "all" no-dsn'):format(inbound, scenarios.port))
  print 'queue ttl 10m'
  print 'bounce warn-interval 1h'
  for _, scenario in ipairs(scenarios) do
    print(('action "%s" relay host "smtp+notls://%s:%d" helo "client.example.org" filter "all"')
      :format(scenario.name, scenario.address, scenarios.port))
    print(('match from any for domain "%s.example.org" action "%s"'):format(scenario.name, scenario.name))
  end
end

if action == "configure" then configure() return end

-- ---- Running --------------------------------------------------------------------------------------------------------

local cqueues = require "cqueues"
local socket = require "cqueues.socket"
local replycode = require "replycode"
local cbor = require "replycode.cbor"
local advice = require "spec.mta.advice"
local fake_server = require "spec.mta.fake_server"

local passed, failed = 0, 0

local function check(ok, name, what)
  if ok then passed = passed + 1 return end
  failed = failed + 1
  print(("opensmtpd: failed: %s: %s"):format(name, what))
end

local function read_lines(name)
  local lines, file = {}, io.open(directory .. "/" .. name, "rb")
  for line in (file and file:lines() or function() end) do lines[#lines + 1] = line end
  if file then file:close() end
  return lines
end

-- Sends a message; gives nil, or the reply that was no success.
local function send(scenario)
  local connection = socket.connect(inbound, scenarios.port)
  connection:onerror(function(_, _, code) return code end)
  connection:settimeout(10)
  connection:setmode("b", "bn")
  local stream = replycode.stream()
  local function expect()
    while true do
      local line = connection:read("*L")
      if not line then return nil, "no reply" end
      local reply = stream:line((line:gsub("\r\n$", "")))
      if reply then return reply.code < 400, tostring(reply) end
    end
  end
  local commands = { "", "EHLO client.example.org\r\n", "MAIL FROM:<sender@example.org>\r\n",
    ("RCPT TO:<someone@%s.example.org>\r\n"):format(scenario.name), "DATA\r\n",
    "Subject: test\r\n\r\nhello\r\n..dot\r\n.\r\n", "QUIT\r\n" }
  for _, command in ipairs(commands) do
    connection:write(command)
    local ok, reply = expect()
    if not ok then return reply end
  end
  connection:close()
end

-- By scenario, what smtpd's log says became of its message; by session, why it failed.
local function read_log()
  local log = { deliveries = {}, errors = {} }
  for _, line in ipairs(read_lines "smtpd.log") do
    local session, name, result, stat =
      line:match '^(%x+) mta delivery .* to=<someone@([^>]*)%.example%.org> .* result="([^"]*)" stat="(.*)"$'
    local failing, reason = line:match "^(%x+) mta error reason=(.*)$"
    if session then log.deliveries[name] = { session = session, result = result, stat = stat } end
    if failing then log.errors[failing] = reason end
  end
  return log
end

-- By address, in their order: the sessions that the recorder saw, with their lines and exchanges as it wrote them.
local function read_sessions()
  local by_address, by_id = {}, {}
  for _, line in ipairs(read_lines "exchanges") do
    local address, id, what, rest = line:match "^([%d.]+):%d+ (%x+) (%a+) ?(.*)$"
    if what == "begins" then
      by_id[id] = { id = id, lines = {}, exchanges = {} }
      by_address[address] = by_address[address] or {}
      table.insert(by_address[address], by_id[id])
    elseif what == "line" then
      table.insert(by_id[id].lines, rest)
    elseif what then
      table.insert(by_id[id].exchanges, rest)
    end
  end
  return by_address
end

-- By session, what filter-replycode wrote.
local function read_refusals()
  local by_session, file = {}, io.open(directory .. "/refusals.cbor", "rb")
  local bytes = file and file:read("*a") or ""
  if file then file:close() end
  for refusal in cbor.sequence(bytes) do
    local id = refusal.session
    if id then
      by_session[id] = by_session[id] or {}
      table.insert(by_session[id], refusal)
    end
  end
  return by_session
end

local function escape(text)
  return (text:gsub("[%z\1-\32\127-\255\\]", function(byte) return ("\\%03d"):format(byte:byte()) end))
end

-- What the recorder has to have seen of what was sent. smtpd cuts a line at NUL, and does not report one that its buffer
-- cannot hold.
local function expected_of(sent)
  local lines, exchanges = {}, {}
  for _, answer in ipairs(sent) do
    local reported = #answer.bytes < 65536 and answer.bytes or ""
    for line in reported:gmatch "([^\n]*)\n" do lines[#lines + 1] = escape((line:gsub("\r$", ""):gsub("%z.*", ""))) end
    local code = reported:match "^%d%d%d"
    exchanges[#exchanges + 1] = ("%s %s %s"):format(answer.stage, code or "-", reported == "" and "missing" or "answered")
  end
  return table.concat(lines, "\n"), table.concat(exchanges, "\n")
end

-- ---- Advice ---------------------------------------------------------------------------------------------------------

-- Asks for recipients from `first` on, until the server hangs up, as it does behind 421. Gives the next to ask for.
local function ask_for(first)
  local connection = socket.connect(inbound, scenarios.port + 1)
  connection:onerror(function(_, _, code) return code end)
  connection:settimeout(10)
  connection:setmode("b", "bn")
  local function say(command)
    connection:write(command)
    local line = connection:read "*L"
    while line and line:find "^%d%d%d%-" do line = connection:read "*L" end
    return line
  end
  say ""
  say "EHLO client.example.org\r\n"
  say "MAIL FROM:<sender@example.org>\r\n"
  for at = first, #advice do
    local reply = say(("RCPT TO:<%d@example.org>\r\n"):format(at))
    if not reply and at > first then return at end
    check(reply == advice[at] .. "\r\n", "advice", ("the client got %s\nfor %s"):format(tostring(reply), advice[at]))
  end
  connection:close()
  return #advice + 1
end

local function check_advice()
  local at = 1
  while at <= #advice do at = ask_for(at) end
end

-- ---- Checks ---------------------------------------------------------------------------------------------------------

-- A session that smtpd goes on with after HELO is a second exchange; one it gave up has its command unanswered.
local function check_recorder(scenario, sessions)
  check(#sessions == #scenario.connections, scenario.name, "the recorder saw " .. #sessions .. " connections")
  for at, sent in ipairs(scenario.connections) do
    local session = sessions[at] or { lines = {}, exchanges = {} }
    local lines, exchanges = expected_of(sent)
    check(table.concat(session.lines, "\n") == lines, scenario.name, "other lines than the server sent")
    local seen = table.concat(session.exchanges, "\n")
    check(seen:sub(1, #exchanges) == exchanges, scenario.name, "exchanges are\n" .. seen .. "\nexpected\n" .. exchanges)
  end
end

local failures = { TempFail = "deferred", PermFail = "refused" }

-- smtpd's own words: those of the delivery, or of the session when there was none.
local function words_of(scenario, log, id)
  local delivery = log.deliveries[scenario.name]
  return delivery.session == id and delivery.stat or log.errors[id] or ""
end

-- Before MAIL smtpd defers whatever the reply says.
local function check_refusal(scenario, found, log, id)
  local refusal = found[1]
  local is_early = scenario.stage == "connect" or scenario.stage == "ehlo"
  check(#found == 1, scenario.name, #found .. " refusals")
  if not refusal then return end
  check(refusal.result == (scenario.said or failures[scenario.smtpd]), scenario.name, refusal.result)
  check(refusal.stage == scenario.stage, scenario.name, "refused at " .. refusal.stage)
  check(refusal.concerns == (is_early and "session" or scenario.stage == "rcpt" and "recipient" or "message"),
    scenario.name, refusal.concerns)
  local code, words = refusal.reply and refusal.reply.code, words_of(scenario, log, id)
  local is_named = words:find("%f[%d]" .. (code or "%d%d%d") .. "%f[%D]") ~= nil
  check(words ~= "" and is_named == (code ~= nil and not scenario.is_unnamed), scenario.name, "smtpd says " .. words)
end

-- After EHLO was refused, smtpd says HELO, and is taken, unless the connection is gone.
local function goes_on(scenario)
  return not scenario.stage or scenario.helo
end

local function check_scenario(scenario, log, sessions, refusals)
  local delivery, first = log.deliveries[scenario.name], sessions[1]
  check(first ~= nil, scenario.name, "no connection")
  if not first then return end
  check_recorder(scenario, sessions)
  local is_early = scenario.stage == "connect" or scenario.stage == "ehlo"
  local expected = goes_on(scenario) and "Ok" or is_early and "TempFail" or scenario.smtpd
  check(delivery and delivery.result == expected, scenario.name, "smtpd: " .. tostring(delivery and delivery.result))
  if scenario.message then
    check(scenario.message:find("\r\n\r\nhello\r\n..dot\r\n$"), scenario.name, "the message has changed")
  end
  if goes_on(scenario) then
    check(not refusals[first.id], scenario.name, "a refusal of nothing")
  elseif delivery then
    check_refusal(scenario, refusals[first.id] or {}, log, first.id)
  end
end

local function check_all()
  local log, sessions, refusals = read_log(), read_sessions(), read_refusals()
  for _, scenario in ipairs(scenarios) do
    check_scenario(scenario, log, sessions[scenario.address] or {}, refusals)
  end
  local text = table.concat(read_lines "smtpd.log", "\n")
  local _, complaints = text:gsub("full: filter%-replycode: cannot write /dev/full", "")
  check(complaints == 1, "a full disk", "said " .. complaints .. " times")
  check(text:find("full: session=%x+ [^\n]*to=<%*@rcpt%-550%.example%.org>"), "redaction", "no redacted line")
  check(not text:find("full: session=%x+ [^\n]*someone@"), "redaction", "an address was written")
end

-- ---- All ------------------------------------------------------------------------------------------------------------

-- Waits until smtpd is done with all messages, and with the sessions that it holds open for a while.
local function wait()
  local started = cqueues.monotime()
  repeat
    cqueues.sleep(0.5)
    local deliveries, done = read_log().deliveries, true
    for _, scenario in ipairs(scenarios) do done = done and deliveries[scenario.name] ~= nil end
  until done or cqueues.monotime() - started > 60
  cqueues.sleep(11)
end

local controller = cqueues.new()
for _, scenario in ipairs(scenarios) do fake_server.serve(controller, scenario) end
controller:wrap(function()
  check_advice()
  for _, scenario in ipairs(scenarios) do
    local problem = send(scenario)
    check(not problem, scenario.name, "smtpd did not take it: " .. tostring(problem))
  end
  wait()
  check_all()
  print(("%d passed, %d failed"):format(passed, failed))
  os.exit(failed == 0 and 0 or 1)
end)
assert(controller:loop())
