--- `replycode explain`: the entry of a code, status or slug; the verdict of a reply.

local replycode = require "replycode"
local text = require "replycode.cli.text"

-- ---- Entries --------------------------------------------------------------------------------------------------------

local function fill(words, key, value)
  return value and words[key]:format(value)
end

local function joined(list, separator)
  return list and #list > 0 and table.concat(list, separator) or nil
end

local function guess_of(entry, lang)
  if not entry.guess then return nil end
  local status = replycode.describe(entry.guess, { kind = "status", lang = lang })
  return status and status.exact and ("%s (%s)"):format(entry.guess, status.title) or entry.guess
end

-- Stages as slugs; a code that any command can draw needs no list of all.
local function stages_of(entry, words)
  if not entry.stages or entry.kind == "command_reply" then return nil end
  return #entry.stages > 20 and words.all_stages or joined(entry.stages, " ")
end

-- ---- Replies --------------------------------------------------------------------------------------------------------

local styles = { none = "green", transient = "yellow", permanent = "red" }

-- A slug of a kind with its title: the label and two cells of a verdict's table.
local function row_of(request, kind, slug, label)
  return { request.words[label or kind], slug, replycode.describe(slug, { kind = kind, lang = request.lang }).title }
end

local function settles_row(request, verdict)
  if verdict.settles then return row_of(request, "scope", verdict.settles, "settles") end
  if verdict.transience == "none" then return nil end
  return { request.words.settles, "-", request.stage and request.words.nothing or request.words.no_stage }
end

local function is_same(a, b)
  return a.transience == b.transience and a.cause == b.cause and a.action == b.action and a.scope == b.scope
end

-- Without a status in the reply, the code alone is all there was.
local function alone_row(request, why)
  if not why.verdict.enhanced or not why.verdict.code then return nil end
  local alone = why.code_alone
  if is_same(why.verdict, alone) then return { request.words.code_alone, "-", request.words.same } end
  return { request.words.code_alone, alone.transience, alone.cause .. ", " .. alone.action }
end

local function verdict_rows(request, why)
  local words, verdict = request.words, why.verdict
  local rows = {}
  local function add(row) rows[#rows + 1] = row or nil end
  add(row_of(request, "transience", verdict.transience))
  rows[1].style = styles[verdict.transience]
  add(row_of(request, "cause", verdict.cause))
  add(row_of(request, "scope", verdict.scope))
  add(row_of(request, "action", verdict.action))
  add(settles_row(request, verdict))
  add(verdict.closes and { words.closes, words.yes, words.closing })
  add(verdict.waiting and { words.waiting, verdict.waiting, words[verdict.waiting] })
  add(request.stage and row_of(request, "stage", request.stage))
  add(row_of(request, "basis", verdict.basis))
  rows[#rows][3] = rows[#rows][3] .. ", " .. verdict.rule
  add(alone_row(request, why))
  return rows
end

-- What was wrong or odd about the bytes, below the verdict.
local function deviation_rows(request, reply, is_cut_off)
  local rows = {}
  if is_cut_off then rows[1] = { request.words.malformed, "truncated", request.words.cut_off }
  elseif reply.malformed then rows[1] = row_of(request, "malformed", reply.malformed) end
  for _, oddity in ipairs(reply.oddities or {}) do rows[#rows + 1] = row_of(request, "oddity", oddity) end
  return rows
end

local function print_verdict(page, why, request, deviations)
  page:title(request.words.verdict)
  local rows = verdict_rows(request, why)
  for _, row in ipairs(deviations or {}) do rows[#rows + 1] = row end
  page:table(rows, 2)
end

-- What is uncertain about the entry, below its title.
local function print_notes(page, entry, request)
  local words = request.words
  local guess = guess_of(entry, request.lang)
  if not entry.exact then page:paragraph(words.inexact:format(entry.slug), 2, nil, "yellow") end
  if guess then page:paragraph(words.guess:format(guess), 2, nil, "yellow") end
  if entry.standing == "nonstandard" or entry.standing == "obsolete" then page:paragraph(words[entry.standing], 2) end
end

-- `why` explains the bare code at a stage; nil without one.
local function print_entry(page, entry, request, why)
  local words = request.words
  page:title(entry.title, entry.slug)
  page:gap()
  print_notes(page, entry, request)
  if why then print_verdict(page, why, request) end
  page:section(words.description, entry.meaning)
  page:section(words.when, entry.when, fill(words, "stages", stages_of(entry, words)),
    fill(words, "codes", joined(entry.codes, " ")), fill(words, "classes", joined(entry.classes, " ")),
    fill(words, "send_when", entry.send_when))
  page:section(words.remedy, entry.remedy, fill(words, "server_side", entry.operator_remedy))
  page:section(words.references, joined(entry.references, "; "))
end

local function print_bytes(page, reply)
  page:gap()
  for line in reply.raw:gmatch("[^\n]+") do page:paragraph(text.printable((line:gsub("\r$", ""))), 0, nil, "bold") end
end

-- Somebody who pastes one line of a longer reply asks about that line: the verdict of a lost connection is no answer.
local function judge(reply, request)
  local is_cut_off = reply.malformed == "truncated" and reply.code ~= nil
  local what = is_cut_off and { code = reply.code, enhanced = reply.enhanced } or reply
  return replycode.explain(what, request.stage), is_cut_off
end

local function print_reply(page, reply, request)
  local why, is_cut_off = judge(reply, request)
  local cause = replycode.describe(why.verdict, { lang = request.lang })
  print_bytes(page, reply)
  print_verdict(page, why, request, deviation_rows(request, reply, is_cut_off))
  page:section(request.words.description, cause.meaning)
  page:section(request.words.remedy, cause.remedy)
  page:section(request.words.references, why.reference)
end

-- ---- Command --------------------------------------------------------------------------------------------------------

local function trim(bytes)
  return (bytes:gsub("^[ \t\r\n]+", ""):gsub("[ \t\r\n]+$", ""))
end

-- A reply has a code and something behind it, or words; a lone word is a slug that nobody knows.
local function is_reply(bytes)
  return bytes:find("^%d%d%d") and #bytes > 3 and not bytes:find("^%d+$") or bytes:find("[ \r\n]") ~= nil
end

local function print_replies(page, bytes, request)
  local at = 1
  while at do
    local reply, after = replycode.parse(bytes, at)
    print_reply(page, reply, request)
    at = bytes:find("[^\r\n]", after)
  end
end

--- Explains request.what on the page. Gives the exit status.
return function(page, request)
  local bytes = trim(request.what == "-" and request.input:read("*a") or request.what):gsub("\\r\\n", "\r\n")
  local options = { stage = request.stage, lang = request.lang }
  local entry = replycode.describe(text.fold(bytes), options) or replycode.describe(bytes, options)
  if entry then
    local is_judged = request.stage and bytes:find("^%d+$")
    print_entry(page, entry, request, is_judged and replycode.explain(bytes, request.stage))
  elseif is_reply(bytes) then
    print_replies(page, bytes, request)
  else
    request.complain("unknown", bytes)
    return 1
  end
  return 0
end
