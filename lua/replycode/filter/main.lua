--- `filter-replycode`: a filter for OpenSMTPD that writes why remote servers refuse or defer mail.

local argparse = require "argparse"
local replycode = require "replycode"
local opensmtpd = require "replycode.opensmtpd"
local journal = require "replycode.filter.journal"
local line_of = require "replycode.filter.line"
local redact = require "replycode.filter.redact"
local refusal = require "replycode.filter.refusal"
local rules = require "replycode.cli.rules"
local text = require "replycode.cli.text"
local words = require("replycode.cli.words").of "en"

local filter = {}

-- ---- Arguments ------------------------------------------------------------------------------------------------------

-- argparse prints and exits by itself; here it raises what is to be said instead, and `main` says it.
local function stop(status, message)
  error({ status = status, message = message }, 0)
end

local function new_parser()
  local parser = argparse("filter-replycode", "A filter for OpenSMTPD: writes why remote servers refuse or defer mail.")
    :epilog("'man filter-replycode' has all."):usage_max_width(78):help_max_width(78):add_help(false)
  parser:option("--log", "Append what was refused or deferred to this file as well, as a CBOR sequence."):argname("<file>")
  parser:option("--rules", "Your rules, a file of Lua; they come before the built-in ones."):argname("<file>")
  parser:flag("--redact", "Write of addresses only the domain.")
  parser:flag("--version", "Show the version and exit.")
    :action(function() stop(0, "filter-replycode " .. replycode._VERSION) end)
  parser:flag("-h --help", "Show this help and exit."):action(function() stop(0, parser:get_help()) end)
  return parser
end

local function read_arguments(arguments)
  local parser = new_parser()
  function parser.error(_, message) stop(2, "filter-replycode: " .. message .. "\n" .. parser:get_usage()) end
  return parser:parse(arguments)
end

-- ---- Parts that may be missing: mail goes on without them ---------------------------------------------------------------

local function load_rules(request, complain)
  if request.rules == "-" then return complain("rules: standard input belongs to smtpd; going on without") end
  local classifier, problem = rules.load(request.rules, nil, words)
  if not classifier then complain(problem .. "; going on with the built-in rules") end
  return classifier
end

-- CBOR needs a library that the rest does not.
local function open_journal(request, complain)
  if not request.log then return nil end
  local ok, cbor = pcall(require, "replycode.cbor")
  if ok then return journal.new(request.log, cbor, complain) end
  complain("--log needs replycode.cbor, which cannot be loaded; going on without: " .. tostring(cbor))
end

-- ---- Handlers -------------------------------------------------------------------------------------------------------

-- What a refusal needs to know of its session.
local function remember(smtpd)
  smtpd:on("smtp-out", "link-connect", function(session, _, _, _, destination) session.relay = destination end)
  smtpd:on("smtp-out", "link-greeting", function(session, hostname) session.host = hostname end)
  smtpd:on("smtp-out", "tx-begin", function(session, message) session.message = message end)
  smtpd:on("smtp-out", "tx-envelope", function(session, message, envelope)
    session.message, session.envelope = message, envelope
  end)
end

-- A new transaction: the ids of the one before are over.
local function note_sender(session, exchange)
  if exchange.stage ~= "mail" then return end
  session.sender = exchange.command and exchange.command:match("<(.*)>")
  session.message, session.envelope = nil, nil
end

local function writer_of(request, write_line, log)
  return function(found)
    if request.redact then found = redact.refusal(found) end
    write_line(line_of(found))
    if log then log:write(found) end
  end
end

-- smtpd may go on after these are refused: with HELO, without TLS. Then nothing was lost.
local may_go_on = { ehlo = true, lhlo = true, starttls = true, auth = true }

-- A session is refused once; what fails in it afterwards fails for that reason.
local function write_found(session, found, write)
  if found.concerns == "session" then
    if session.is_refused then return end
    session.is_refused = true
  end
  write(found)
end

local function settle_held(session, exchange, write)
  local held = session.held
  session.held = nil
  if not held then return end
  local went_on = exchange and exchange.stage ~= "quit" and not exchange.missing
  if not went_on then write_found(session, held, write) end
end

local function take_exchange(session, exchange, write)
  note_sender(session, exchange)
  settle_held(session, exchange, write)
  local found = refusal.of(session, exchange)
  if not found then return end
  if may_go_on[found.stage] then session.held = found else write_found(session, found, write) end
end

local function watch(smtpd, write)
  remember(smtpd)
  smtpd:on("smtp-out", "exchange", function(session, exchange) take_exchange(session, exchange, write) end)
  smtpd:on("smtp-out", "link-disconnect", function(session) settle_held(session, nil, write) end)
end

-- ---- Running --------------------------------------------------------------------------------------------------------

local function run(arguments, errors, input, output)
  local request = read_arguments(arguments)
  local function write_line(line) errors:write(line, "\n") end
  local function complain(problem) write_line("filter-replycode: " .. text.printable(problem)) end
  local classifier = load_rules(request, complain)
  local log = open_journal(request, complain)
  local smtpd = opensmtpd.new{ classifier = classifier, complain = complain, guard = input == nil }
  watch(smtpd, writer_of(request, write_line, log))
  smtpd:run(input, output)
  return 0
end

--- Speaks with smtpd until it hangs up; gives the exit status. Lines go to `errors`, standard error when not given, and so
--- does misuse. `input` and `output` are for tests.
function filter.main(arguments, errors, input, output)
  errors = errors or io.stderr
  local ok, result = pcall(run, arguments, errors, input, output)
  if ok then return result end
  if type(result) ~= "table" then error(result, 0) end
  local to = result.status == 0 and (output or io.stdout) or errors
  to:write(result.message, "\n")
  return result.status
end

return filter
