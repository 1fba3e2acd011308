--- The command line: arguments in, one of its commands, an exit status out.
---
--- Exit status: 0 done; 1 something asked for was not found, readable or writable, or `check` or `lint` found something;
--- 2 misuse.

local argparse = require "argparse"
local replycode = require "replycode"
local language = require "replycode.cli.language"
local rules = require "replycode.cli.rules"
local terminal = require "replycode.cli.terminal"
local text = require "replycode.cli.text"
local all_words = require "replycode.cli.words"

local cli = {}

local commands = {
  explain = require "replycode.cli.explain",
  compare = require "replycode.cli.compare",
  list = require "replycode.cli.list",
  read = require "replycode.cli.read",
  decode = require "replycode.cli.decode",
  check = require "replycode.cli.check",
  advise = require "replycode.cli.advise",
  lint = require "replycode.cli.lint",
}

local names = "explain, compare, list, read, decode, check, lint, advise"

-- ---- Arguments ------------------------------------------------------------------------------------------------------

-- argparse prints and exits by itself; here it raises what is to be said instead, and `main` says it.
local function stop(status, words)
  error({ status = status, words = words }, 0)
end

local function add_help(parser)
  parser:add_help(false)
  parser:flag("-h --help", "Show this help and exit."):action(function() stop(0, parser:get_help()) end)
end

local function to_stage(name)
  local slugs = {}
  for entry in replycode.entries "stage" do
    if entry.slug == text.fold(name) then return entry.slug end
    slugs[#slugs + 1] = entry.slug
  end
  return nil, ("unknown stage '%s'; expected one of %s"):format(name, table.concat(slugs, ", "))
end

local function to_language(name)
  if name == "en" or name == "tr" then return name end
  return nil, ("unknown language '%s'; expected en or tr"):format(name)
end

-- On the program and on each command: it may stand before and behind the command. A target of its own each, for argparse
-- forgets the program's value when the command has the same.
local function add_language(parser, target)
  parser:option("--lang", "en or tr; else LC_ALL, LC_MESSAGES or LANG decides."):argname("<lang>"):convert(to_language)
    :target(target)
end

local function add_stage(command, words)
  command:option("--stage", words):argname("<stage>"):convert(to_stage)
end

local function add_host(command)
  command:option("--host", "The server's name; it may tell which provider speaks."):argname("<host>")
end

local function add_rules(command, words)
  command:option("--rules", words or "Your rules, a file of Lua; they come before the built-in ones."):argname("<file>")
end

local function add_explain(parser)
  local command = parser:command("explain", "Tell what a code, status, slug or reply means and what to do.")
  command:argument("what", "421, 5.7.26, mailbox_full, or a reply in quotes, in which \\r\\n may part "
    .. "lines; - reads it."):args("+")
  command:usage("Usage: replycode explain [--stage <stage>] [--host <host>] [--rules <file>]\n"
    .. "       [--lang <lang>] [-h] <what>")
  add_stage(command, "What the reply answers: connect, ehlo, mail, rcpt, data, content, ...")
  add_host(command)
  add_rules(command)
  return command
end

local function add_compare(parser)
  local command = parser:command("compare", "Set two codes or statuses side by side.")
  command:argument("a", "A code or status, such as 421 or 5.1.1.")
  command:argument("b", "Another.")
  add_stage(command, "Judge both as answers to this.")
  return command
end

local function add_list(parser)
  local command = parser:command("list", "List slugs and titles.")
  command:argument("what", "codes, statuses, commands, causes, providers, blocklists, rules, stages, scopes, actions, "
    .. "situations; "
    .. "a pattern such as 4xx or 5.7.*; or a text to look for. Without: what there is."):args("?")
  command:flag("--cbor", "Whole entries as a CBOR sequence instead, in both languages unless --lang is given; without "
    .. "an argument, all.")
  return command
end

local function add_read(parser)
  local command = parser:command("read", "Judge the replies in files: one per line, server bytes, or a recorded session.")
  command:argument("files", "Files to read; standard input without one, or for -."):args("*")
  command:mutex(
    command:flag("--json", "One JSON object a line instead of a table."),
    command:flag("--cbor", "A CBOR sequence instead of a table, which 'decode' reads."))
  command:flag("--group", "How often which reply came, without addresses, hosts, ids and numbers, instead of each.")
  add_stage(command, "What the replies answer, where no recorded session tells.")
  add_host(command)
  add_rules(command)
  return command
end

local function add_decode(parser)
  local command = parser:command("decode", "Print what 'read --cbor' and 'list --cbor' wrote.")
  command:argument("files", "CBOR sequences to read; standard input without one, or for -."):args("*")
  command:flag("--json", "One line of JSON for each value instead of tables.")
  return command
end

local function add_check(parser)
  local command = parser:command("check", "Test rules: tell which samples they decide otherwise than expected.")
  command:argument("samples", "Tab-separated values; the first line names the columns: reply, stage, host, accepted, and "
    .. "fields of a verdict to expect. - reads it.")
  add_rules(command, "The rules to test, a file of Lua; without it the built-in ones are.")
  command:flag("--json", "One JSON object a line for each finding.")
  return command
end

local function add_lint(parser)
  local command = parser:command("lint", "Tell what is wrong with replies that a server sends.")
  command:argument("files", "Files to read, as for 'read'; standard input without one, or for -."):args("*")
  command:flag("--json", "One JSON object a line for each finding.")
  add_stage(command, "What the replies answer, where no recorded session tells.")
  return command
end

local function add_advise(parser)
  local command = parser:command("advise", "Tell which reply to send as a server, filter or proxy.")
  command:argument("situation", "greylisted, mailbox_full, shutdown, ...; without it the situations are listed.")
    :args("?")
  command:flag("--json", "One line of JSON instead.")
  add_stage(command, "What the reply answers; else where it is usually said.")
  return command
end

-- The parser, and that of `explain`.
local function new_parser()
  local parser = argparse("replycode", "What SMTP replies mean, and what to do about them."):command_target("command")
    :epilog("Exit status: 0 done, 1 something was not found, readable or as expected, 2 misuse. 'man replycode' has all.")
    :usage_max_width(78):help_max_width(78)
  parser:flag("--version", "Show the version and exit."):action(function() stop(0, "replycode " .. replycode._VERSION) end)
  add_language(parser, "lang")
  add_help(parser)
  local added = {}
  for at, add in ipairs { add_explain, add_compare, add_list, add_read, add_decode, add_check, add_lint, add_advise } do
    added[at] = add(parser)
    added[at]:usage_max_width(78):help_max_width(78)
    add_language(added[at], "command_lang")
    add_help(added[at])
  end
  return parser, added[1]
end

-- What was wrong, within 80 columns.
local function complaint(message)
  return table.concat(text.wrap("replycode: " .. text.printable((message:gsub("\n", " "))), terminal.columns), "\n")
end

-- What is wrong, then what is right.
local function on_misuse(parser, message)
  if message:find("^unknown command") or message:find("^a command is required") then
    message = message .. "; expected one of " .. names
  end
  stop(2, complaint(message) .. "\n" .. parser:get_usage())
end

-- A reply without quotes comes as many arguments.
local function only_one(parser, what)
  if #what == 1 then return what[1] end
  on_misuse(parser, ('explain takes one argument; quote a reply: replycode explain "%s"'):format(table.concat(what, " ")))
end

local function read_arguments(arguments)
  local parser, explain = new_parser()
  parser.error = on_misuse
  local request = parser:parse(arguments)
  if request.command == "explain" then request.what = only_one(explain, request.what) end
  return request
end

-- ---- Running --------------------------------------------------------------------------------------------------------

-- A rule that is wrong is a misuse, like an argument.
local function load_rules(request)
  local classifier, message = rules.load(request.rules, request.input, request.words)
  if not classifier then stop(2, complaint(message)) end
  request.classifier = classifier
end

local function run(arguments, output, errors, input)
  local request = read_arguments(arguments)
  request.asked_lang = request.command_lang or request.lang
  request.lang = language.choose(request.asked_lang)
  request.words = all_words.of(request.lang)
  request.input = input
  load_rules(request)
  function request.complain(key, what)
    errors:write("replycode: ", request.words[key]:format(text.printable(what)), "\n")
  end
  local page = terminal.page(output)
  local status = commands[request.command](page, request)
  page:finish()
  return status
end

local EPIPE = 32

-- What was raised: help or misuse to say, or output that nobody takes. A reader that has gone away needs no message.
local function report(problem, output, errors)
  if type(problem) ~= "table" then error(problem, 0) end
  if problem.words then
    local to = problem.status == 0 and output or errors
    local done = to:write(problem.words, "\n") and (not to.flush or to:flush())
    return done and problem.status or 1
  end
  if problem.number ~= EPIPE then
    errors:write("replycode: ", all_words.of(language.choose()).unwritable:format(tostring(problem.unwritten)), "\n")
  end
  return 1
end

--- Runs the command line with a list of arguments. Writes to `output` and `errors`, reads from `input`: files, or tables
--- with the methods write and read; standard output, error and input when not given. Gives the exit status.
function cli.main(arguments, output, errors, input)
  output, errors = output or io.stdout, errors or io.stderr
  local ok, result = pcall(run, arguments, output, errors, input or io.stdin)
  return ok and result or report(result, output, errors)
end

return cli
