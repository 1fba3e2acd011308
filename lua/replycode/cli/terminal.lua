--- A page of 80 columns, fewer on a narrow terminal: titles, sections and tables, in colour when it goes to a terminal.

local text = require "replycode.cli.text"

local terminal = { columns = 80 }

-- A narrower page has no room for a table.
local fewest = 40

-- A mark is underlined too, for those who do not see its colour.
local styles = { bold = "1", red = "31", yellow = "33", green = "32", mark_none = "1;4;32", mark_transient = "1;4;33",
  mark_permanent = "1;4;31" }

local function is_terminal(output)
  if output ~= io.stdout then return false end
  local status = os.execute("test -t 1")
  return status == true or status == 0
end

-- Colours for a terminal that knows them, unless the user minds (no-color.org).
local function has_colours()
  if (os.getenv("NO_COLOR") or "") ~= "" then return false end
  local name = os.getenv("TERM") or ""
  return name ~= "" and name ~= "dumb"
end

-- The columns of the terminal, nil where nothing tells. Some Luas have no popen.
local function measure()
  local ok, pipe = pcall(io.popen, "{ stty size < /dev/tty; } 2> /dev/null")
  if not ok or not pipe then return nil end
  local size = pipe:read("*a")
  pipe:close()
  return tonumber(size:match("^%d+ ([1-9]%d*)"))
end

local page = {}
page.__index = page

--- A page on something with a `write` method. A write that fails raises { unwritten = why, number = errno }.
--- `shown`: it is a terminal. `columns` are for text, `breadth` for tables of many columns: as wide as the terminal is.
function terminal.page(output)
  local shown = is_terminal(output)
  local breadth = math.max(fewest, shown and measure() or terminal.columns)
  return setmetatable({ output = output, shown = shown, colours = shown and has_colours(), blank = true,
    breadth = breadth, columns = math.min(terminal.columns, breadth) }, page)
end

function page:write(...)
  local ok, message, number = self.output:write(...)
  if not ok then error({ unwritten = message, number = number }, 0) end
end

--- What was written has arrived, or this raises like a write.
function page:finish()
  if not self.output.flush then return end
  local ok, message, number = self.output:flush()
  if not ok then error({ unwritten = message, number = number }, 0) end
end

function page:line(line)
  self:write(line, "\n")
  self.blank = line == ""
end

--- An empty line, never two and none on top.
function page:gap()
  if not self.blank then self:line("") end
end

function page:paint(line, style)
  if not self.colours or not style or line == "" then return line end
  return "\27[" .. styles[style] .. "m" .. line .. "\27[0m"
end

--- Wrapped text, indented; `first` stands before the first line instead of the indent.
function page:paragraph(words, indent, first, style)
  local margin = (" "):rep(indent)
  for at, line in ipairs(text.wrap(words, self.columns - indent)) do
    self:line(self:paint((at == 1 and text.pad(first or "", indent) or margin) .. line, style))
  end
end

--- A bold line below an empty one; `slug` stands before it.
function page:title(words, slug)
  local indent = slug and text.length(slug) + 2 or 0
  self:gap()
  self:paragraph(words, indent, slug, "bold")
end

--- A heading and what stands below it: nothing when all of it is absent.
function page:section(heading, ...)
  local begun = false
  for at = 1, select("#", ...) do
    local words = (select(at, ...))
    if words and words ~= "" then
      if not begun then self:title(heading) end
      begun = true
      self:paragraph(words, 2)
    end
  end
end

-- The cells of a row, each wrapped to the width of its column, and how many lines the longest has.
local function wrap_cells(row, widths)
  local cells, height = {}, 1
  for at, width in ipairs(widths) do
    cells[at] = text.wrap(row[at] or "", width)
    height = math.max(height, #cells[at])
  end
  return cells, height
end

--- One row of a table: cells in columns of these widths, parted by `separator`. row.style colours it.
function page:row(row, widths, separator, indent)
  local cells, height = wrap_cells(row, widths)
  for number = 1, height do
    local parts = {}
    for at, width in ipairs(widths) do parts[at] = text.pad(cells[at][number] or "", width) end
    local line = table.concat(parts, separator):gsub(" +$", "")
    self:line((" "):rep(indent) .. self:paint(line, row.style))
  end
end

--- The width of a column: cell `at` of each row.
function terminal.widest(rows, at)
  local width = 0
  for _, row in ipairs(rows) do width = math.max(width, text.length(row[at] or "")) end
  return width
end

-- The longest part of cell `at` that is not to be broken: words, and parts of slugs.
local function longest_part(rows, at)
  local longest = 1
  for _, row in ipairs(rows) do
    for part in (row[at] or ""):gmatch("[^ _]+_?") do longest = math.max(longest, text.length(part)) end
  end
  return longest
end

-- The column to make narrower: the widest that need not break a word, else the widest.
local function yielding(widths, parts)
  local widest, gentle = 1, nil
  for at, width in ipairs(widths) do
    if width > widths[widest] then widest = at end
    if width > parts[at] and (not gentle or width > widths[gentle]) then gentle = at end
  end
  return gentle or widest
end

-- The widths of the columns of these rows, at most `room` in all: columns give way and their cells are wrapped. Then the
-- second value is true.
local function fit(rows, room)
  local widths, parts, sum = {}, {}, 0
  for at = 1, #rows[1] do
    widths[at], parts[at] = terminal.widest(rows, at), longest_part(rows, at)
    sum = sum + widths[at]
  end
  local wrapped = sum > room
  while sum > room do
    local at = yielding(widths, parts)
    widths[at], sum = widths[at] - 1, sum - 1
  end
  return widths, wrapped
end

--- Rows as a table as wide as it has to be, columns two blanks apart. `broad`: over all the terminal, and one blank apart
--- where that saves wrapping a cell.
function page:table(rows, indent, broad)
  local room, gaps, separator = (broad and self.breadth or self.columns) - indent, #rows[1] - 1, "  "
  local widths, wrapped = fit(rows, room - 2 * gaps)
  if broad and wrapped then
    separator = " "
    widths = fit(rows, room - gaps)
  end
  for _, row in ipairs(rows) do self:row(row, widths, separator, indent) end
end

return terminal
