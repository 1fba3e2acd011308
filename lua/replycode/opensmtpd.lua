--- A filter for OpenSMTPD: handlers in Lua, and a protocol that they cannot break (smtpd-filters(7), protocol 0.4 to 0.7).
---
--- smtpd stops when a filter exits or writes a line that it does not understand. So a handler that raises, prints, exits or
--- gives nonsense is complained about on standard error, which is smtpd's log, and the mail goes on.
---
--- ```lua
--- local opensmtpd = require "replycode.opensmtpd"
--- local filter = opensmtpd.new()
--- filter:on("smtp-in", "rcpt-to", function(session, address)
---   if address == "nobody@example.org" then return opensmtpd.reject(550, "5.1.1", "No such user") end
--- end)
--- filter:on("smtp-out", "exchange", function(session, exchange)
---   print(session.id, exchange.stage, exchange.verdict)
--- end)
--- filter:run()
--- ```
---
--- In smtpd.conf, the second `filter` for smtp-out:
---
---     filter "mine" proc-exec "/usr/local/libexec/mine.lua"
---     listen on 0.0.0.0 filter "mine"
---     action "out" relay filter "mine"

local answers = require "replycode.opensmtpd.answers"
local dialogue = require "replycode.opensmtpd.dialogue"
local events = require "replycode.opensmtpd.events"
local guard = require "replycode.opensmtpd.guard"
local lines = require "replycode.opensmtpd.lines"
local message = require "replycode.opensmtpd.message"
local registration = require "replycode.opensmtpd.registration"
local sessions = require "replycode.opensmtpd.sessions"

-- luacheck: no max comment line length
-- (an annotation of a function has to stand on one line)

--- What is known of a session; the same table for each of its events, gone after link-disconnect. Other fields are yours.
---@class replycode.opensmtpd.session
---@field id string
---@field subsystem "smtp-in"|"smtp-out"
---@field time number? when the event was, seconds since 1970

---@class replycode.opensmtpd.options
---@field classifier replycode.classifier? judges exchanges; nil: the built-in rules
---@field limit integer? bytes of a reply that are kept, as `replycode.stream`
---@field sessions integer? how many are kept, the most recent ones: 2 or more, 16384 when not said
---@field complain fun(text: string)? takes what goes wrong, one line; nil: to standard error
---@field guard boolean? false leaves print, io and os as they are, for tests; true when not said

--- An answer to a phase; only the functions of this module make one.
---@class replycode.opensmtpd.answer

--- The events of smtp-in and smtp-out, reports, and the fields their handlers get behind the session, all strings or nil:
--- link-connect (rdns, fcrdns, source, destination), link-greeting (hostname), link-identify (method, identity), link-tls
--- (tls), link-auth (result, user), link-disconnect, tx-reset (message), tx-begin (message), tx-mail (message, result,
--- address), tx-rcpt (message, result, address), tx-envelope (message, envelope), tx-data (message, result), tx-commit
--- (message, size), tx-rollback (message), protocol-client (line), protocol-server (line), filter-report (filter, name,
--- text), filter-response (phase, response, text), timeout. What they return does not matter.
---
--- The phases, smtp-in only: connect (rdns, source), helo (identity), ehlo (identity), starttls (tls), auth (mechanism),
--- mail-from (address), rcpt-to (address), data, commit, rset, quit, noop, help, wiz. A handler returns an answer, or
--- nil to let it pass.
---
--- data-line (line), a phase for each line of the message, without dot stuffing, and once without a line at its end: returns
--- nil to pass it as it is, a line or a list of lines in its place, {} for none now. When a handler fails after it has kept
--- lines back, the message is refused with 451 rather than sent in part.
---
--- exchange (exchange), smtp-out only: a reply of the remote server, or none, with what it answers, and the verdict; see
--- `replycode.session`.
---@alias replycode.opensmtpd.event string

---@class replycode.opensmtpd.filter
--- Has the event handled; one handler an event. Raises for an unknown subsystem or event, a second handler, and once smtpd
--- was told what to send.
---@field on fun(self: replycode.opensmtpd.filter, subsystem: "smtp-in"|"smtp-out", event: replycode.opensmtpd.event, handler: fun(session: replycode.opensmtpd.session, ...): any): replycode.opensmtpd.filter
--- Takes one line of smtpd without its line end and gives the list of lines to answer. Never raises.
--- ```lua
--- filter:take("config|ready")  --> { "register|filter|smtp-in|rcpt-to", ..., "register|ready" }
--- ```
---@field take fun(self: replycode.opensmtpd.filter, line: string): string[]
--- Speaks with smtpd until it hangs up. Files to read and write may be given, for tests.
---@field run fun(self: replycode.opensmtpd.filter, input: file*?, output: file*?)
--- What smtpd said of itself: "smtpd-version", "protocol" (nil on 6.8), "admd", "smtp-session-timeout".
---@field config table<string, string>

---@class replycode.opensmtpd
--- A filter. From here on print and io write to standard error, io reads nothing, and os.exit raises, until `run` returns.
--- Raises for an unknown option or a wrong type.
---@field new fun(options?: replycode.opensmtpd.options): replycode.opensmtpd.filter
--- Refuses with a reply; with 421 smtpd ends the session. One line: line ends and control bytes of `text` become blanks,
--- bytes above 127 "?", and what goes beyond 510 octets is cut. Raises for a code outside 400 to 599, a status whose class is
--- not the code's first digit, and a text without words.
--- ```lua
--- opensmtpd.reject(451, "4.7.1", "Greylisted, try again in 5 minutes")
--- ```
---@field reject fun(code: integer, enhanced: string?, text: string): replycode.opensmtpd.answer
--- The same, and ends the session.
---@field disconnect fun(code: integer, enhanced: string?, text: string): replycode.opensmtpd.answer
--- Lets it pass; nil does the same.
---@field proceed fun(): replycode.opensmtpd.answer
--- Lets it pass and marks the message as junk: smtpd adds `X-Spam: yes`.
---@field junk fun(): replycode.opensmtpd.answer
--- Lets it pass with another value: an identity at helo and ehlo, "<address>" at mail-from and rcpt-to. Raises for control
--- bytes and for an empty value.
---@field rewrite fun(value: string): replycode.opensmtpd.answer
local opensmtpd = { reject = answers.reject, disconnect = answers.disconnect, proceed = answers.proceed, junk = answers.junk,
  rewrite = answers.rewrite }

local filter = {}
filter.__index = filter
filter.__name = "replycode.opensmtpd.filter"

-- ---- Complaints -----------------------------------------------------------------------------------------------------

local longest_complaint = 500

local function to_stderr(text)
  io.stderr:write("replycode: ", text, "\n")
end

-- One line, whatever was raised; its words may be those of a client.
local function printable(value)
  local ok, text = pcall(tostring, value)
  text = ok and type(text) == "string" and text or "an error without words"
  return (text:sub(1, longest_complaint):gsub("[^ -~]", "?"))
end

local function complain(self, what, problem)
  pcall(self.complain, what .. ": " .. printable(problem))
end

-- Calls a handler; gives true and its result, or false.
local function call(self, what, handler, ...)
  local ok, given = pcall(handler, ...)
  if not ok then complain(self, what, given) end
  return ok, given
end

-- ---- Registration ---------------------------------------------------------------------------------------------------

function filter:on(subsystem, event, handler)
  local flaw = registration.flaw(subsystem, event)
  if flaw then error(flaw, 2) end
  if type(handler) ~= "function" then error("expected a function as handler, found " .. type(handler), 2) end
  if self.handlers[subsystem][event] then error(subsystem .. " " .. event .. " has a handler already", 2) end
  if self.is_registered then error("smtpd has been told what to send; give handlers before run", 2) end
  self.handlers[subsystem][event] = handler
  return self
end

-- 6.6 does not say which subsystems it has.
local function offers(self, subsystem)
  return not next(self.offered) or self.offered[subsystem]
end

local function register(self)
  local answer = {}
  for _, subsystem in ipairs { "smtp-in", "smtp-out" } do
    local asked = registration.lines(subsystem, self.handlers[subsystem])
    if #asked > 0 and not offers(self, subsystem) then
      complain(self, subsystem, "this smtpd does not have it")
      asked = {}
    end
    for _, line in ipairs(asked) do answer[#answer + 1] = line end
  end
  answer[#answer + 1] = "register|ready"
  self.is_registered = true
  return answer
end

local function configure(self, line)
  if line == "config|ready" then return self.is_registered and {} or register(self) end
  local key, value = line:match("^config|([^|]*)|?(.*)$")
  if key == "subsystem" then self.offered[value] = true
  elseif key and #line < 1024 and not self.is_registered then self.config[key] = value end
  return {}
end

-- ---- Sessions -------------------------------------------------------------------------------------------------------

local function new_record(event)
  return { session = { id = event.session, subsystem = event.subsystem } }
end

-- An event of a session that never began, or is forgotten, gets a session that is not kept.
local function record_of(self, event)
  local record = self.sessions:get(event.session)
  if not record then
    record = new_record(event)
    record.is_kept = event.name == "link-connect"
    if record.is_kept then self.sessions:put(event.session, record) end
  end
  record.session.time = event.time
  return record
end

-- ---- Events ---------------------------------------------------------------------------------------------------------

-- From the midst of a dialogue nothing can be paired.
local function pair(self, record, event)
  local handler = self.handlers["smtp-out"].exchange
  if not handler or event.subsystem ~= "smtp-out" or not record.is_kept then return end
  call(self, "session", dialogue.take, record, event, self.dialogue, function(exchange)
    call(self, "smtp-out exchange", handler, record.session, exchange)
  end)
end

local function handle(self, record, event)
  local handler = self.handlers[event.subsystem][event.name]
  if not handler then return true, nil end
  local what, fields = event.subsystem .. " " .. event.name, event.fields
  return call(self, what, handler, record.session, fields[1], fields[2], fields[3], fields[4])
end

local function take_report(self, event)
  local record = record_of(self, event)
  pair(self, record, event)
  handle(self, record, event)
  if event.name == "link-disconnect" then self.sessions:drop(event.session) end
  return {}
end

local function dataline(event, line)
  return ("filter-dataline|%s|%s"):format(event.answer_to, line)
end

local function result(event, answer)
  return ("filter-result|%s|%s"):format(event.answer_to, answer)
end

local function take_message_line(self, record, event)
  local state = record.message
  if not state or state.ended then
    state = message.new(function(text) complain(self, "smtp-in data-line", text) end)
    record.message = state
  end
  local handler = self.handlers["smtp-in"]["data-line"]
  local function handle_line(line)
    if not handler then return true, nil end
    return call(self, "smtp-in data-line", handler, record.session, line)
  end
  local answer = message.take(state, handle_line, event.fields[1] or "")
  for at, line in ipairs(answer) do answer[at] = dataline(event, line) end
  return answer
end

-- Half a message is worse than a late one.
local function spoiled(record)
  local state = record.message
  record.message = nil
  return state and state.spoiled and answers.reject(451, "4.3.0", "Message could not be filtered, please try again later")
end

local function take_phase(self, record, event)
  local ok, given = true, event.name == "commit" and spoiled(record) or nil
  if not given then ok, given = handle(self, record, event) end
  local answer = ok and answers.line(given)
  if ok and not answer then
    complain(self, "smtp-in " .. event.name, "expected nil or an answer of replycode.opensmtpd, found " .. type(given))
  end
  return { result(event, answer or "proceed") }
end

local function take_filter(self, event)
  local record = record_of(self, event)
  if event.name == "data-line" then return take_message_line(self, record, event) end
  return take_phase(self, record, event)
end

local function take(self, line)
  if line:sub(1, 7) == "config|" then return configure(self, line) end
  local event = lines.read(line)
  if not event or not events.subsystems[event.subsystem] then
    complain(self, "not understood", line)
    return {}
  end
  if event.kind == "filter" then return take_filter(self, event) end
  return take_report(self, event)
end

-- Without an answer the client would wait for ever.
local function let_pass(line)
  local event = lines.read(line)
  if not event or event.kind ~= "filter" then return {} end
  if event.name == "data-line" then return { dataline(event, event.fields[1] or "") } end
  return { result(event, "proceed") }
end

function filter:take(line)
  local ok, answer = pcall(take, self, line)
  if ok then return answer end
  complain(self, "failed", answer)
  return let_pass(line)
end

-- ---- Running --------------------------------------------------------------------------------------------------------

local function speak(self, input, output)
  for line in function() return input:read("*l") end do
    local answer = self:take(line)
    if #answer > 0 and not output:write(table.concat(answer, "\n"), "\n") then return end
  end
end

function filter:run(input, output)
  local kept = self.streams or { input = io.stdin, output = io.stdout }
  output = output or kept.output
  output:setvbuf("line")
  local ok, problem = pcall(speak, self, input or kept.input, output)
  if self.streams then guard.remove() end
  if not ok then error(problem, 0) end
end

-- ---- Options --------------------------------------------------------------------------------------------------------

local option_types = { classifier = "userdata", limit = "number", sessions = "number", complain = "function",
  guard = "boolean" }

local function check_options(options)
  for name, value in pairs(options) do
    if not option_types[name] then
      error(("unknown option '%s'; expected classifier, limit, sessions, complain or guard"):format(tostring(name)), 3)
    end
    if type(value) ~= option_types[name] then
      error(("option '%s': expected %s, found %s"):format(name, option_types[name], type(value)), 3)
    end
  end
  if options.sessions and options.sessions < 2 then error("option 'sessions': expected 2 or more", 3) end
end

function opensmtpd.new(options)
  options = options or {}
  check_options(options)
  return setmetatable({
    handlers = { ["smtp-in"] = {}, ["smtp-out"] = {} },
    config = {},
    offered = {},
    sessions = sessions.new(options.sessions or 16384),
    dialogue = { classifier = options.classifier, limit = options.limit },
    complain = options.complain or to_stderr,
    streams = options.guard ~= false and guard.install() or nil,
  }, filter)
end

return opensmtpd
