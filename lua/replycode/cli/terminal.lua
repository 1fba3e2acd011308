--- A page of 80 columns: titles, sections and tables, in colour when it goes to a terminal.

local text = require "replycode.cli.text"

local terminal = { columns = 80 }

local styles = { bold = "1", red = "31", yellow = "33", green = "32" }

--- Whether to use colours: standard output is a terminal that knows them, and the user does not mind (no-color.org).
function terminal.has_colours(output)
  if output ~= io.stdout or (os.getenv("NO_COLOR") or "") ~= "" then return false end
  local name = os.getenv("TERM") or ""
  if name == "" or name == "dumb" then return false end
  local status = os.execute("test -t 1")
  return status == true or status == 0
end

local page = {}
page.__index = page

--- A page on something with a `write` method. A write that fails raises { unwritten = why, number = errno }.
function terminal.page(output)
  return setmetatable({ output = output, colours = terminal.has_colours(output), blank = true }, page)
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
  for at, line in ipairs(text.wrap(words, terminal.columns - indent)) do
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

-- The widths of the columns of these rows, at most `room` in all: the widest column gives way, its cells are wrapped.
-- Then the second value is true.
local function fit(rows, room)
  local widths, sum = {}, 0
  for at = 1, #rows[1] do
    widths[at] = terminal.widest(rows, at)
    sum = sum + widths[at]
  end
  local wrapped = sum > room
  while sum > room do
    local at = 1
    for other = 2, #widths do
      if widths[other] > widths[at] then at = other end
    end
    widths[at], sum = widths[at] - 1, sum - 1
  end
  return widths, wrapped
end

--- Rows as a table as wide as it has to be, columns two blanks apart; `tight`: one, where that saves wrapping a cell.
function page:table(rows, indent, tight)
  local room, gaps, separator = terminal.columns - indent, #rows[1] - 1, "  "
  local widths, wrapped = fit(rows, room - 2 * gaps)
  if tight and wrapped then
    separator = " "
    widths = fit(rows, room - gaps)
  end
  for _, row in ipairs(rows) do self:row(row, widths, separator, indent) end
end

return terminal
