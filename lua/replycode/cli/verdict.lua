--- The verdict of a reply on a page: what it says, what decided, and what less of the reply would have said.

local replycode = require "replycode"
local marked = require "replycode.cli.marked"
local text = require "replycode.cli.text"

local verdicts = {}

local styles = { none = "green", transient = "yellow", permanent = "red" }

-- ---- Rows: a label and two cells ------------------------------------------------------------------------------------

local function describe(request, kind, slug)
  return replycode.describe(slug, { kind = kind, lang = request.lang })
end

-- A slug of a kind with its title. An absent one gives no row.
local function row_of(request, kind, slug, label)
  return slug and { request.words[label or kind], slug, describe(request, kind, slug).title }
end

local function settles_row(request, verdict)
  if verdict.settles then return row_of(request, "scope", verdict.settles, "settles") end
  if verdict.transience == "none" then return nil end
  return { request.words.settles, "-", request.stage and request.words.nothing or request.words.no_stage }
end

local function basis_row(request, verdict)
  local row = row_of(request, "basis", verdict.basis)
  row[3] = row[3] .. ", " .. text.printable(verdict.rule)
  return row
end

-- The words that ask for a wait, as they stand in the reply.
local function wait_row(request, why)
  if not why.verdict.retry_after then return nil end
  local words, meant = request.words, verdicts.duration(why.verdict.retry_after, request.words)
  local said = why.waited and why.reply.text:sub(why.waited.first, why.waited.last):gsub("\n", " ")
  return { words.retry_after, tostring(why.verdict.retry_after),
    said and words.read_in:format(meant, text.printable(said)) or meant }
end

local function is_same(a, b)
  return a.transience == b.transience and a.cause == b.cause and a.action == b.action and a.scope == b.scope
end

local function lesser_row(label, lesser)
  return { label, lesser.transience, ("%s, %s, %s"):format(lesser.cause, lesser.scope, lesser.action) }
end

-- What less of the reply would have said, where that is something else.
local function add_lesser(add, request, why)
  local verdict, without, alone = why.verdict, why.without_text, why.code_alone
  local differs = without and not is_same(verdict, without)
  if differs then add(lesser_row(request.words.without_text, without)) end
  if not verdict.code or is_same(verdict, alone) or differs and is_same(without, alone) then return end
  add(lesser_row(request.words.code_alone, alone))
end

local function verdict_rows(request, why)
  local words, verdict, rows = request.words, why.verdict, {}
  local function add(row) rows[#rows + 1] = row or nil end
  add(row_of(request, "transience", verdict.transience))
  rows[1].style = styles[verdict.transience]
  add(row_of(request, "cause", verdict.cause))
  add(row_of(request, "cause", verdict.also, "also"))
  add(row_of(request, "scope", verdict.scope))
  add(row_of(request, "action", verdict.action))
  add(wait_row(request, why))
  add(settles_row(request, verdict))
  add(verdict.closes and { words.closes, words.yes, words.closing })
  add(verdict.waiting and { words.waiting, verdict.waiting, words[verdict.waiting] })
  add(row_of(request, "stage", request.stage))
  add(row_of(request, "provider", verdict.provider))
  add(row_of(request, "blocklist", verdict.blocklist))
  add(basis_row(request, verdict))
  add_lesser(add, request, why)
  return rows
end

-- What was wrong or odd about the bytes, below the verdict.
local function add_deviations(rows, request, reply, is_cut_off)
  if is_cut_off then rows[#rows + 1] = { request.words.malformed, "truncated", request.words.cut_off }
  elseif reply.malformed then rows[#rows + 1] = row_of(request, "malformed", reply.malformed) end
  for _, oddity in ipairs(reply.oddities or {}) do rows[#rows + 1] = row_of(request, "oddity", oddity) end
end

-- ---- Words of the rule, and pages that help -------------------------------------------------------------------------

-- A row of a provider has a remedy of its own; a rule of the caller has no entry, its cause has.
local function about_rule(request, verdict)
  return describe(request, "rule", verdict.rule) or describe(request, "cause", verdict.cause)
end

-- Each page once: the rule's own, then those of who speaks and of the list.
local function help_pages(request, verdict, rule)
  local pages, seen = {}, {}
  local function add(page, title)
    if not page or seen[page] then return end
    pages[#pages + 1], seen[page] = title and ("%s: %s"):format(title, page) or page, true
  end
  local provider = verdict.provider and describe(request, "provider", verdict.provider)
  local list = verdict.blocklist and describe(request, "blocklist", verdict.blocklist)
  add(list and list.help, list and list.title)
  add(rule.help, provider and provider.title)
  add(provider and provider.help, provider and provider.title)
  return pages, list
end

-- ---- Printing -------------------------------------------------------------------------------------------------------

--- Seconds as people say them, in the largest unit that they fill.
function verdicts.duration(seconds, words)
  for _, unit in ipairs { { 86400, "days" }, { 3600, "hours" }, { 60, "minutes" } } do
    if seconds % unit[1] == 0 then return words[unit[2]]:format(("%d"):format(seconds / unit[1])) end
  end
  return words.seconds:format(("%d"):format(seconds))
end

--- Prints the table of a verdict; `reply` tells deviations, nil where there was none.
function verdicts.print(page, why, request, reply, is_cut_off)
  page:title(request.words.verdict)
  local rows = verdict_rows(request, why)
  if reply then add_deviations(rows, request, reply, is_cut_off) end
  page:table(rows, 2)
end

-- Somebody who pastes one line of a longer reply asks about that line: the verdict of a lost connection is no answer.
local function judge(reply, request)
  local is_cut_off = reply.malformed == "truncated" and reply.code ~= nil
  local what = is_cut_off and { code = reply.code, enhanced = reply.enhanced, text = reply.text } or reply
  return request.classifier:explain(what, { stage = request.stage, host = request.host }), is_cut_off
end

--- Prints a reply: what was matched in it, its verdict, what that means and what to do.
function verdicts.print_reply(page, reply, request)
  local why, is_cut_off = judge(reply, request)
  local rule = about_rule(request, why.verdict)
  local pages, list = help_pages(request, why.verdict, rule)
  marked.print(page, reply, why.first, why.last, "mark_" .. why.verdict.transience)
  verdicts.print(page, why, request, reply, is_cut_off)
  page:section(request.words.description, rule.meaning)
  page:section(request.words.remedy, list and list.remedy or rule.remedy)
  page:section(request.words.references, why.reference, pages[1], pages[2], pages[3])
end

return verdicts
