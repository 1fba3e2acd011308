--- The lines of a reply as they came, with what a rule matched marked: in colour, or by a line of ^ below.

local text = require "replycode.cli.text"

local marked = {}

-- Behind a line that is wrapped: no code can stand there.
local indent = 4

-- ---- Where the mark is ----------------------------------------------------------------------------------------------

-- The bytes of each line as it came, without the line end.
local function raw_lines(reply)
  local lines = {}
  for line in (reply.raw:gsub("\n$", "") .. "\n"):gmatch("([^\n]*)\n") do lines[#lines + 1] = (line:gsub("\r$", "")) end
  return lines
end

-- Positions count in the text: its lines, parted by one byte. What stands before a line's text, code and status, is no
-- part of it.
local function span_of(raw, line, begin, first, last)
  local before = #raw - #line
  if raw:sub(before + 1) ~= line then return nil end
  local from, to = math.max(first - begin, 1), math.min(last - begin, #line)
  if from <= to then return before + from, before + to end
end

-- ---- Wrapping -------------------------------------------------------------------------------------------------------

-- The last cell of a line that begins at `from`: behind a blank, else where a long word may be parted, else where the room
-- ends. The blank itself may stand outside.
local function last_cell(cells, from, room)
  local used, last, good, blank = 0, from, nil, nil
  for at = from, #cells do
    if cells[at].shown == " " and at > from then blank = at end
    used = used + cells[at].columns
    if used > room and at > from then return blank or good or last end
    last = at
    if text.parts(cells[at].shown) then good = at end
  end
  return last
end

local function skip_blanks(cells, from)
  while cells[from] and cells[from].shown == " " do from = from + 1 end
  return from
end

-- Calls print(cells, from, to, margin) for each piece that fits.
local function wrap(cells, columns, print)
  local from, margin = 1, 0
  repeat
    local to = last_cell(cells, from, columns - margin)
    print(cells, from, to, margin)
    from, margin = skip_blanks(cells, to + 1), indent
  until from > #cells
end

-- ---- Printing -------------------------------------------------------------------------------------------------------

-- Neighbours that are marked alike, one string.
local function paint(page, cells, from, to, style)
  local parts, run = {}, {}
  for at = from, to do
    run[#run + 1] = cells[at].shown
    if at == to or cells[at + 1].marked ~= cells[at].marked then
      parts[#parts + 1] = page:paint(table.concat(run), cells[at].marked and style or "bold")
      run = {}
    end
  end
  return table.concat(parts)
end

local function carets(cells, from, to)
  local parts = {}
  for at = from, to do parts[#parts + 1] = (cells[at].marked and "^" or " "):rep(cells[at].columns) end
  return (table.concat(parts):gsub(" +$", ""))
end

local function print_cells(page, all, style)
  wrap(all, page.columns, function(cells, from, to, margin)
    while to > from and cells[to].shown == " " do to = to - 1 end
    page:line((" "):rep(margin) .. (to >= from and paint(page, cells, from, to, style) or ""))
    local below = page.colours and "" or carets(cells, from, math.min(to, #cells))
    if below ~= "" then page:line((" "):rep(margin) .. below) end
  end)
end

local function cells_of(raw, from, to)
  local cells = text.cells(raw)
  for _, cell in ipairs(cells) do cell.marked = from ~= nil and cell.at >= from and cell.at <= to end
  return cells
end

--- Prints the reply; `first` and `last` are the bytes of its text to mark, nil: none. The style is that of the mark.
function marked.print(page, reply, first, last, style)
  local begin = 0
  page:gap()
  for at, raw in ipairs(raw_lines(reply)) do
    local line = reply.lines[at] or ""
    local from, to
    if first then from, to = span_of(raw, line, begin, first, last) end
    local cells = cells_of(raw, from, to)
    if #cells > 0 then print_cells(page, cells, style) else page:line("") end
    begin = begin + #line + 1
  end
end

return marked
