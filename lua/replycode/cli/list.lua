--- `replycode list`: slugs and titles of the catalogue, by kind, by pattern, or by a text in them.

local replycode = require "replycode"
local text = require "replycode.cli.text"

local kinds = { "code", "status", "command_reply", "cause", "provider", "blocklist", "stage", "scope", "action",
  "transience", "class", "malformed", "oddity" }

-- What the user calls a kind.
local names = { codes = "code", statuses = "status", commands = "command_reply", causes = "cause", stages = "stage",
  scopes = "scope", actions = "action", oddities = "oddity", malformed = "malformed", providers = "provider",
  blocklists = "blocklist", rules = "rule" }

local shown = { "codes", "statuses", "commands", "causes", "providers", "blocklists", "rules", "stages", "scopes",
  "actions" }

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

-- There are many rules: they are searched when nothing else has the text.
local function print_matches(page, what, request)
  local found = false
  for _, kind in ipairs(kinds) do
    found = print_kind(page, kind, text_filter(what), request, request.words["kind_" .. kind]) or found
  end
  return found or print_kind(page, "rule", rule_filter(what), request, request.words.kind_rule)
end

-- Whether there was anything to print.
local function print_named(page, what, request)
  local codes, statuses = code_filter(what), status_filter(what)
  if names[what] then return print_kind(page, names[what], every, request) end
  if codes then return print_kind(page, "code", codes, request) end
  if statuses then return print_kind(page, "status", statuses, request) end
  return print_matches(page, what, request)
end

--- Lists what request.what names. Gives the exit status.
return function(page, request)
  if not request.what then
    print_kinds(page, request)
    return 0
  end
  if print_named(page, text.fold(request.what), request) then return 0 end
  request.complain("nothing_listed", request.what)
  return 1
end
