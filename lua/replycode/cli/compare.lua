--- `replycode compare`: two codes or statuses side by side.

local replycode = require "replycode"
local terminal = require "replycode.cli.terminal"

-- A wider label is wrapped, for the cells need the room.
local widest_label = 19

-- The widths of label, a and b: labels as they need, the two sides what is left.
local function column_widths(page, both)
  local labels = {}
  for at, row in ipairs(both.rows) do labels[at] = { row.label } end
  local label = math.min(widest_label, terminal.widest(labels, 1))
  local side = math.floor((page.columns - label - 4) / 2)
  return { label, side, side }
end

local function print_head(page, both, widths, stage)
  page:row({ stage or "", both.a.slug, both.b.slug, style = "bold" }, widths, "  ", 0)
  page:row({ "", both.a.title, both.b.title, style = "bold" }, widths, "  ", 0)
  local lines = {}
  for at, width in ipairs(widths) do lines[at] = ("-"):rep(width) end
  page:row(lines, widths, "  ", 0)
end

local function cell(value)
  return value ~= "" and value or "-"
end

-- An equal value stands once. What applies to neither says nothing.
local function print_rows(page, both, words, widths)
  for _, row in ipairs(both.rows) do
    if row.a ~= "" or row.b ~= "" then
      page:row({ row.label, cell(row.a), row.equal and words.equal or cell(row.b) }, widths, "  ", 0)
    end
  end
end

local function references_of(entry)
  return entry.slug .. ": " .. table.concat(entry.references, "; ")
end

local function print_comparison(page, both, request)
  page:gap()
  local words, widths = request.words, column_widths(page, both)
  print_head(page, both, widths, request.stage)
  print_rows(page, both, words, widths)
  page:section(words.difference, both.difference)
  page:section(words.which, both.which)
  page:section(words.references, table.concat(both.references, "; "), references_of(both.a), references_of(both.b))
end

-- A code or status to compare: it has an entry, exact or of its class, and names no group such as 5.X.X.
local function is_comparable(what)
  return (pcall(replycode.compare, what, what))
end

--- Compares request.a and request.b. Gives the exit status.
return function(page, request)
  for _, what in ipairs { request.a, request.b } do
    if not is_comparable(what) then
      request.complain("not_comparable", what)
      return 2
    end
  end
  local both = replycode.compare(request.a, request.b, { stage = request.stage, lang = request.lang })
  print_comparison(page, both, request)
  return 0
end
