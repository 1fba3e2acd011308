--- Values as tables, block by block: memory and the wait for the first row do not grow with the values.

local json = require "replycode.cli.json"
local record = require "replycode.cli.record"
local text = require "replycode.cli.text"

local blocks = {}
blocks.__index = blocks

-- Columns are as wide as a block of so many rows needs.
local longest = 1000

-- ---- Shapes: what has a table of its own ----------------------------------------------------------------------------

local entry = {}

function entry.is_one(value)
  return type(value) == "table" and type(value.kind) == "string" and type(value.slug) == "string"
    and type(value.title) == "string"
end

function entry.head(words)
  return { words.kind_column, words.slug_column, words.title_column, style = "bold" }
end

function entry.row(value)
  return { text.printable(value.kind), text.printable(value.slug), text.printable(value.title) }
end

local function shape_of(value)
  return entry.is_one(value) and entry or record.is_one(value) and record or nil
end

-- ---- Blocks ---------------------------------------------------------------------------------------------------------

--- `title` stands on top, nil for none; `null` is printed as JSON's null.
function blocks.new(page, words, title, null)
  return setmetatable({ page = page, words = words, title = title, null = null,
    rows = {},         -- of the block to print next
    shape = nil,       -- of these rows
    file = nil,        -- of the last record
    has_file = false,  -- a record was there
    is_named = false,  -- records of several files: each block tells which
  }, blocks)
end

function blocks:begin()
  self.page:gap()
  if self.title then self.page:title(self.title) end
  self.title = nil
end

--- Prints what waits.
function blocks:flush()
  if #self.rows == 0 then return end
  self:begin()
  if self.is_named and self.shape == record then
    self.page:title(text.printable(self.file or self.words.standard_input))
  end
  table.insert(self.rows, 1, self.shape.head(self.words))
  self.page:table(self.rows, 0, true)
  self.rows = {}
end

-- As in `read`, the file stands above its table where there are several.
function blocks:turn_to(file)
  if self.has_file and file ~= self.file then
    self.is_named = true
    self:flush()
  end
  self.file, self.has_file = file, true
end

function blocks:line(value)
  if #self.rows > 0 then
    self:flush()
    self.page:gap()
  elseif self.title then
    self:begin()
  end
  self.page:line(text.printable(json.line(value, self.null)))
end

--- Takes a value: a row of a table, or a line of JSON.
function blocks:add(value)
  local shape = shape_of(value)
  if not shape then return self:line(value) end
  if shape ~= self.shape or #self.rows >= longest then self:flush() end
  if shape == record then self:turn_to(value.file) end
  self.shape = shape
  self.rows[#self.rows + 1] = shape.row(value, self.words)
end

return blocks
