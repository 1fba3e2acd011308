--- `replycode advise`: the reply to send in a situation, and what it does at the other side.

local replycode = require "replycode"
local compose = require "replycode.compose"
local json = require "replycode.cli.json"
local text = require "replycode.cli.text"
local verdicts = require "replycode.cli.verdict"

-- ---- What there is --------------------------------------------------------------------------------------------------

local function situations(lang)
  local list = {}
  for entry in replycode.entries("situation", { lang = lang }) do list[#list + 1] = entry end
  return list
end

-- Those whose slug or title has the words.
local function similar(what, lang)
  local found = {}
  for _, entry in ipairs(situations(lang)) do
    local slug = entry.slug:gsub("_", " ")
    local all = text.fold(slug .. "\n" .. entry.title)
    if all:find(what:gsub("_", " "), 1, true) then found[#found + 1] = entry end
  end
  return found
end

local function print_list(page, list, request)
  local rows = {}
  for at, entry in ipairs(list) do rows[at] = { entry.slug, entry.title } end
  if request.json then
    for _, entry in ipairs(list) do page:write(json.line(entry), "\n") end
  elseif #rows > 0 then
    page:table(rows, 0)
  end
end

-- ---- One of them ----------------------------------------------------------------------------------------------------

local function line_of(advice, words)
  local status = advice.enhanced and advice.enhanced .. " " or ""
  return ("%d %s%s"):format(advice.code, status, words)
end

-- What holds for a verdict of the reply where it is sent.
local function at_stage(request, stage)
  return setmetatable({ stage = stage }, { __index = request })
end

local function judge(advice, request)
  return request.classifier:explain(line_of(advice, advice.text), { stage = advice.stage })
end

-- Where it cannot be told the reply is for another stage.
local function print_stage(page, advice, request)
  local title = replycode.describe(advice.stage, { kind = "stage", lang = request.lang }).title
  page:paragraph(request.words.sent_at:format(advice.stage, title), 2)
  if request.stage and request.stage ~= advice.stage then
    page:paragraph(request.words.not_there:format(request.stage, advice.stage), 2, nil, "yellow")
  end
end

local function print_advice(page, advice, request)
  local words = request.words
  page:title(replycode.describe(advice.situation, { kind = "situation", lang = request.lang }).title, advice.situation)
  page:gap()
  page:paragraph(line_of(advice, advice.text), 2, nil, "bold")
  page:gap()
  if advice.utf8_text ~= advice.text then page:paragraph(words.with_utf8:format(advice.utf8_text), 2) end
  print_stage(page, advice, request)
  page:section(words.why_this, advice.why)
  verdicts.print(page, judge(advice, request), at_stage(request, advice.stage))
  page:section(words.references, advice.reference)
end

local function print_json(page, advice, request)
  advice.verdict = judge(advice, request).verdict
  page:write(json.line(advice), "\n")
end

-- ---- Command --------------------------------------------------------------------------------------------------------

local function is_known(what)
  return replycode.describe(what, { kind = "situation" }) ~= nil
end

--- Advises in request.situation, or lists the situations without one. Gives the exit status.
return function(page, request)
  if not request.situation then
    print_list(page, situations(request.lang), request)
    return 0
  end
  local what = text.fold(request.situation)
  if not is_known(what) then
    request.complain("no_situation", request.situation)
    print_list(page, similar(what, request.lang), request)
    return 1
  end
  local advice = compose.advise(what, request.stage, { lang = request.lang })
  local print_as = request.json and print_json or print_advice
  print_as(page, advice, request)
  return 0
end
