--- What the catalogue knows of a code, status or slug, on a page.

local replycode = require "replycode"
local text = require "replycode.cli.text"

local entries = {}

-- ---- Words ----------------------------------------------------------------------------------------------------------

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

-- What a blocklist lists, in words.
local function lists_of(entry, words)
  local names = {}
  for at, slug in ipairs(entry.lists or {}) do names[at] = words["lists_" .. slug] end
  return joined(names, ", ")
end

-- The page that helps, unless the references name it.
local function help_of(entry, words)
  for _, reference in ipairs(entry.references or {}) do
    if reference == entry.help then return nil end
  end
  return fill(words, "help", entry.help)
end

-- ---- Facts: label and value -----------------------------------------------------------------------------------------

-- An alternative a row; the quotes show where a blank counts.
local function add_pattern(rows, pattern, words)
  local label = words.pattern
  for alternative in pattern:gmatch("[^|]+") do
    rows[#rows + 1] = { label, '"' .. text.printable(alternative) .. '"' }
    label = ""
  end
end

-- What providers, blocklists and rules have beside words.
local function fact_rows(entry, request)
  local rows, words = {}, request.words
  local function add(key, value)
    if value then rows[#rows + 1] = { words[key], value } end
  end
  if entry.cause then
    local cause = replycode.describe(entry.cause, { kind = "cause", lang = request.lang })
    add("cause", ("%s (%s)"):format(entry.cause, cause.title))
  end
  if entry.pattern then add_pattern(rows, entry.pattern, words) end
  add("example", entry.example and text.printable(entry.example))
  add("lists", lists_of(entry, words))
  add("zone", entry.zone)
  add("confirmed", entry.confirmed)
  return rows
end

local programs = { { "kumomta", "KumoMTA" }, { "sisimai", "Sisimai" }, { "zone_mta", "zone-mta" },
  { "postalsys", "postalsys" } }

-- The names that other programs have for a cause.
local function label_rows(entry)
  local rows = {}
  for _, program in ipairs(entry.kind == "cause" and programs or {}) do
    local names = joined(entry.labels and entry.labels[program[1]], ", ")
    if names then rows[#rows + 1] = { program[2], names } end
  end
  return rows
end

-- ---- Printing -------------------------------------------------------------------------------------------------------

-- What is uncertain about the entry, below its title.
local function print_notes(page, entry, request)
  local words = request.words
  local guess = guess_of(entry, request.lang)
  if not entry.exact then page:paragraph(words.inexact:format(entry.slug), 2, nil, "yellow") end
  if guess then page:paragraph(words.guess:format(guess), 2, nil, "yellow") end
  if entry.standing == "nonstandard" or entry.standing == "obsolete" then page:paragraph(words[entry.standing], 2) end
  if entry.closed then page:paragraph(words.closed, 2, nil, "yellow") end
end

--- Prints the title, what is uncertain, and facts.
function entries.print_head(page, entry, request)
  page:title(entry.title, entry.slug)
  page:gap()
  print_notes(page, entry, request)
  local rows = fact_rows(entry, request)
  if #rows > 0 then page:table(rows, 2) end
end

--- Prints the words of an entry, section by section.
function entries.print_words(page, entry, request)
  local words = request.words
  page:section(words.description, entry.meaning)
  page:section(words.when, entry.when, fill(words, "stages", stages_of(entry, words)),
    fill(words, "codes", joined(entry.codes, " ")), fill(words, "classes", joined(entry.classes, " ")),
    fill(words, "send_when", entry.send_when))
  page:section(words.remedy, entry.remedy, fill(words, "server_side", entry.operator_remedy))
  local labels = label_rows(entry)
  if #labels > 0 then
    page:title(words.elsewhere)
    page:table(labels, 2)
  end
  page:section(words.references, joined(entry.references, "; "), help_of(entry, words))
end

return entries
