--- Text that is fit to be shown: bytes made visible, and lines that are measured in columns.
---
--- A server may send any byte. What leaves this file is valid UTF-8.

local width = require "replycode.cli.width"

local text = {}

-- The length of the UTF-8 sequence that begins with a byte, and what its second byte may be (RFC 3629 section 4).
local function shape(first)
  if first < 0x80 then return 1 end
  if first < 0xC2 or first > 0xF4 then return nil end
  if first < 0xE0 then return 2, 0x80, 0xBF end
  if first < 0xF0 then return 3, first == 0xE0 and 0xA0 or 0x80, first == 0xED and 0x9F or 0xBF end
  return 4, first == 0xF0 and 0x90 or 0x80, first == 0xF4 and 0x8F or 0xBF
end

-- The character at a position, nil when the bytes there are none.
local function character(bytes, at)
  local size, low, high = shape(bytes:byte(at))
  if not size or size == 1 then return size and bytes:sub(at, at) end
  local second = bytes:byte(at + 1)
  if not second or second < low or second > high then return nil end
  local rest = bytes:sub(at + 2, at + size - 1)
  if #rest < size - 2 or rest:find("[^\128-\191]") then return nil end
  return bytes:sub(at, at + size - 1)
end

local function escape(bytes)
  return (bytes:gsub(".", function(byte) return ("\\x%02X"):format(byte:byte()) end))
end

-- Line separators, and marks that turn the direction of writing around: they would forge what is on the screen.
local function is_mark(char)
  return char:find("^\226\128[\142\143\168-\174]$") or char:find("^\226\129[\166-\169]$") or char == "\216\156"
end

-- Control characters are below 32, 127, and U+0080 to U+009F, which terminals obey as well.
local function is_harmful(char)
  return char:find("^%c$") or char:find("^\194[\128-\159]$") or is_mark(char)
end

-- Calls take(shown, at) with each character, or byte that is none: how it is shown, and where it begins.
local function walk(bytes, is_hidden, take)
  local at = 1
  while at <= #bytes do
    local char = character(bytes, at)
    local shown = char and not is_hidden(char)
    take(shown and char or escape(char or bytes:sub(at, at)), at)
    at = at + (char and #char or 1)
  end
end

local function clean(bytes, is_hidden)
  local parts = {}
  walk(bytes, is_hidden, function(shown) parts[#parts + 1] = shown end)
  return table.concat(parts)
end

--- For a terminal: what is no character, and what a terminal would obey, as \xNN.
function text.printable(bytes)
  if not bytes:find("[^ -~]") then return bytes end
  return clean(bytes, is_harmful)
end

--- The characters of `printable`: { shown =, at =, columns = }, `at` counts the bytes.
function text.cells(bytes)
  local cells = {}
  walk(bytes, is_harmful, function(shown, at)
    cells[#cells + 1] = { shown = shown, at = at, columns = text.length(shown) }
  end)
  return cells
end

--- For JSON, which escapes control characters itself: only what is no UTF-8 as \xNN.
function text.valid(bytes)
  if not bytes:find("[\128-\255]") then return bytes end
  return clean(bytes, function() return false end)
end

--- ASCII letters in lower case; all else as it is, whatever the locale.
function text.fold(bytes)
  return (bytes:gsub("[A-Z]", function(letter) return string.char(letter:byte() + 32) end))
end

--- How many columns valid text takes.
function text.length(line)
  if not line:find("[\204-\255]") then
    local _, followers = line:gsub("[\128-\191]", "")
    return #line - followers
  end
  local columns = 0
  for char in line:gmatch("[^\128-\191][\128-\191]*") do columns = columns + width.of(char) end
  return columns
end

--- Text with blanks behind it, at least so many columns.
function text.pad(line, columns)
  return line .. (" "):rep(columns - text.length(line))
end

--- Whether a word that is too long may be parted behind this character: addresses and slugs stay readable.
function text.parts(char)
  return char:find("^[_@/,;=?&-]$") ~= nil
end

local function split(word, columns)
  local count, last, good = 0, 0, nil
  for at, char in word:gmatch("()([^\128-\191][\128-\191]*)") do
    count = count + width.of(char)
    if count > columns and last > 0 then break end
    last = at + #char - 1
    if text.parts(char) then good = last end
  end
  last = good or last
  return word:sub(1, last), word:sub(last + 1)
end

--- Lines of at most so many columns, parted at blanks. Text without words gives one empty line.
function text.wrap(line, columns)
  local lines, current = {}, nil
  for word in line:gmatch("[^ ]+") do
    if current and text.length(current) + 1 + text.length(word) > columns then
      lines[#lines + 1], current = current, nil
    end
    while not current and text.length(word) > columns do
      lines[#lines + 1], word = split(word, columns)
    end
    if word ~= "" then current = current and current .. " " .. word or word end
  end
  lines[#lines + 1] = current or #lines == 0 and "" or nil
  return lines
end

return text
