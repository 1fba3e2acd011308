--- `replycode list`: slugs and titles of the catalogue, by kind, by pattern, or by a text in them; in CBOR all fields.

local replycode = require "replycode"
local sequences = require "replycode.cli.sequence"
local text = require "replycode.cli.text"

local kinds = { "code", "status", "command_reply", "cause", "provider", "blocklist", "stage", "scope", "action",
  "transience", "class", "malformed", "oddity", "situation", "finding" }

-- What the user calls a kind.
local names = { codes = "code", statuses = "status", commands = "command_reply", causes = "cause", stages = "stage",
  scopes = "scope", actions = "action", oddities = "oddity", malformed = "malformed", providers = "provider",
  blocklists = "blocklist", rules = "rule", situations = "situation",
  findings = "finding" }

-- The whole catalogue. No text is looked for in the last two: the one has no words of its own, the other hardly any.
local all_kinds = { "rule", "basis" }
for at, kind in ipairs(kinds) do table.insert(all_kinds, at, kind) end

local shown = { "codes", "statuses", "commands", "causes", "providers", "blocklists", "rules", "stages", "scopes",
  "actions", "situations", "findings" }

-- ---- What to take: filters give the slug to print, or nil ------------------------------------------------------------

local function every(entry)
  return entry.slug
end

-- "4xx", "45z", "5*": a digit each, from the front.
local function code_filter(what)
  if not what:find("^[1-9][0-9x-z*]?[0-9x-z*]?$") or not what:find("[x-z*]") then return nil end
  local pattern = "^" .. what:gsub("%*$", "[0-9]*"):gsub("[x-z]", "[0-9]") .. "$"
  return function(entry) return entry.slug:find(pattern) and entry.slug end
end

local function has(list, wanted)
  for _, value in ipairs(list or {}) do
    if value == wanted then return true end
  end
end

-- "5.7.*", "x.7.*", "5.*", "5.7.1": a class that occurs, and the numbers that are given.
local function status_filter(what)
  local class, rest = what:match("^([245x])%.([0-9x*.]+)$")
  if not class or not rest:find("[*x]") and not rest:find("^%d+%.%d+$") then return nil end
  local pattern = "^X%." .. rest:gsub("%.", "%%."):gsub("[*x]", "[0-9.]+") .. "$"
  return function(entry)
    if not entry.slug:find(pattern) then return nil end
    if class == "x" then return entry.slug end
    return has(entry.classes, tonumber(class)) and class .. entry.slug:sub(2) or nil
  end
end

-- The names that other programs have for an entry.
local function labels_of(entry)
  local all = {}
  for _, labels in pairs(entry.labels or {}) do all[#all + 1] = table.concat(labels, "\n") end
  return table.concat(all, "\n")
end

local function text_filter(what)
  return function(entry)
    local all = table.concat({ entry.slug, entry.title, entry.meaning or "", labels_of(entry), entry.zone or "" }, "\n")
    return text.fold(all):find(what, 1, true) and entry.slug
  end
end

-- A rule has the words of its cause; its own are the pattern.
local function rule_filter(what)
  return function(entry)
    local all = entry.slug .. "\n" .. (entry.pattern or "")
    return text.fold(all):find(what, 1, true) and entry.slug
  end
end

-- What the argument names: { kinds =, filter =, is_headed = several kinds are to be told apart }, in the order to try.
-- There are many rules: they are searched when nothing else has the text.
local function attempts_of(what)
  if names[what] then return { { kinds = { names[what] }, filter = every } } end
  local codes, statuses = code_filter(what), status_filter(what)
  if codes then return { { kinds = { "code" }, filter = codes } } end
  if statuses then return { { kinds = { "status" }, filter = statuses } } end
  return { { kinds = kinds, filter = text_filter(what), is_headed = true },
    { kinds = { "rule" }, filter = rule_filter(what), is_headed = true } }
end

-- The first attempt that take(kind, filter, is_headed) finds anything for. False when none does.
local function take_first(attempts, take)
  for _, attempt in ipairs(attempts) do
    local found = false
    for _, kind in ipairs(attempt.kinds) do found = take(kind, attempt.filter, attempt.is_headed) or found end
    if found then return true end
  end
  return false
end

-- ---- Printing -------------------------------------------------------------------------------------------------------

local function collect(kind, filter, lang)
  local rows, width = {}, 0
  for entry in replycode.entries(kind, { lang = lang }) do
    local slug = filter(entry)
    if slug then
      rows[#rows + 1] = { slug, entry.title }
      width = math.max(width, #slug)
    end
  end
  return rows, width
end

local function print_kind(page, kind, filter, request, heading)
  local rows, width = collect(kind, filter, request.lang)
  if #rows == 0 then return false end
  if heading then page:title(heading) end
  for _, row in ipairs(rows) do page:paragraph(row[2], width + 2, text.pad(row[1], width + 2)) end
  return true
end

local function print_kinds(page, request)
  local rows = {}
  for _, name in ipairs(shown) do
    local found = collect(names[name], every, request.lang)
    rows[#rows + 1] = { name, tostring(#found), request.words["kind_" .. names[name]] }
  end
  page:table(rows, 0)
end

-- Whether there was anything to print.
local function print_named(page, what, request)
  return take_first(attempts_of(what), function(kind, filter, is_headed)
    return print_kind(page, kind, filter, request, is_headed and request.words["kind_" .. kind])
  end)
end

-- ---- CBOR -----------------------------------------------------------------------------------------------------------

-- The languages side by side: an entry in each, nil behind the last. They have the same order.
local function entries_in(kind, langs)
  local nexts = {}
  for at, lang in ipairs(langs) do nexts[at] = replycode.entries(kind, { lang = lang }) end
  return function()
    local same = {}
    for at, lang in ipairs(langs) do
      same[at] = nexts[at]()
      if same[at] then same[at].lang = lang end
    end
    return same[1] and same
  end
end

-- What the filter finds in one language is wanted in all.
local function slug_of(same, filter)
  for _, entry in ipairs(same) do
    local slug = filter(entry)
    if slug then return slug end
  end
end

local function write_kind(write, kind, filter, langs)
  local found = false
  for same in entries_in(kind, langs) do
    local slug = slug_of(same, filter)
    for _, entry in ipairs(slug and same or {}) do
      entry.slug, found = slug, true
      write(entry)
    end
  end
  return found
end

-- Whether there was anything to write.
local function write_named(write, what, langs)
  local attempts = what and attempts_of(what) or { { kinds = all_kinds, filter = every } }
  return take_first(attempts, function(kind, filter) return write_kind(write, kind, filter, langs) end)
end

-- ---- Command --------------------------------------------------------------------------------------------------------

local function write(page, what, request)
  local put, status = sequences.begin(page, request)
  if not put then return nil, status end
  return write_named(put, what, request.asked_lang and { request.asked_lang } or { "en", "tr" })
end

--- Lists what request.what names. Gives the exit status.
return function(page, request)
  local what = request.what and text.fold(request.what)
  if not what and not request.cbor then
    print_kinds(page, request)
    return 0
  end
  local found, status = (request.cbor and write or print_named)(page, what, request)
  if found then return 0 end
  if found == false then request.complain("nothing_listed", request.what) end
  return status or 1
end
