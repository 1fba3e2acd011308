-- CBOR items (RFC 8949) read by a decoder that shares nothing with the module's and keeps apart what Lua values do not:
-- types, how a head was written, the order of keys.
--
-- An item: major (0 to 7), argument (of the head), first and last (positions of its bytes), definite, shortest (its own
-- head), and by its kind: bytes (strings), list (arrays), keys and values (maps), content (tags), float (floats).

local items = {}

local DEEPEST = 300
local INDEFINITE = 31

local widths = { [24] = 1, [25] = 2, [26] = 4, [27] = 8 }
-- What has to be written in so many bytes.
local least = { [1] = 24, [2] = 2 ^ 8, [4] = 2 ^ 16, [8] = 2 ^ 32 }

local function refuse(at, message)
  error({ message = message, position = at }, 0)
end

-- ---- UTF-8 ----------------------------------------------------------------------------------------------------------

-- First bytes of a sequence, its length, and the least and the most that the second may be (RFC 3629 section 4).
local leads = {
  { 0xC2, 0xDF, 2, 0x80, 0xBF }, { 0xE0, 0xE0, 3, 0xA0, 0xBF }, { 0xE1, 0xEC, 3, 0x80, 0xBF }, { 0xED, 0xED, 3, 0x80, 0x9F },
  { 0xEE, 0xEF, 3, 0x80, 0xBF }, { 0xF0, 0xF0, 4, 0x90, 0xBF }, { 0xF1, 0xF3, 4, 0x80, 0xBF }, { 0xF4, 0xF4, 4, 0x80, 0x8F },
}

local function within(byte, low, high)
  return byte ~= nil and byte >= low and byte <= high
end

local function character_size(bytes, at)
  local byte = bytes:byte(at)
  if byte < 0x80 then return 1 end
  for _, lead in ipairs(leads) do
    if within(byte, lead[1], lead[2]) then
      if not within(bytes:byte(at + 1), lead[4], lead[5]) then return nil end
      for later = at + 2, at + lead[3] - 1 do
        if not within(bytes:byte(later), 0x80, 0xBF) then return nil end
      end
      return lead[3]
    end
  end
end

function items.is_utf8(bytes)
  local at = bytes:find("[\128-\255]") or #bytes + 1
  while at <= #bytes do
    local size = character_size(bytes, at)
    if not size then return false end
    at = at + size
  end
  return true
end

-- ---- Floats ---------------------------------------------------------------------------------------------------------

-- Of each width: bits of the fraction, and the exponents of normal numbers.
local formats = {
  [2] = { fraction = 10, low = -14, high = 15 },
  [4] = { fraction = 23, low = -126, high = 127 },
  [8] = { fraction = 52, low = -1022, high = 1023 },
}

-- Sign, exponent and fraction. The first two bytes hold the sign, the exponent and the first bits of the fraction.
local function float_parts(argument_bytes, format)
  local first, second = argument_bytes:byte(1, 2)
  local head, bits = first * 256 + second, format.fraction - 8 * (#argument_bytes - 2)
  local fraction = head % 2 ^ bits
  for at = 3, #argument_bytes do fraction = fraction * 256 + argument_bytes:byte(at) end
  local exponent = math.floor(head / 2 ^ bits) % 2 ^ (15 - bits)
  return first >= 128 and -1 or 1, exponent + format.low - 1, fraction
end

local function float_value(sign, exponent, fraction, format)
  if exponent > format.high then return fraction == 0 and sign / 0 or 0 / 0 end
  if exponent < format.low then return sign * fraction * 2 ^ (format.low - format.fraction) end
  return sign * (2 ^ format.fraction + fraction) * 2 ^ (exponent - format.fraction)
end

-- Whether the narrower format has this very number.
local function fits(exponent, fraction, from, to)
  if exponent > from.high then return fraction % 2 ^ (from.fraction - to.fraction) == 0 end
  if exponent < from.low then return fraction == 0 end
  local significand, dropped = 2 ^ from.fraction + fraction, from.fraction - to.fraction
  if exponent < to.low then dropped = dropped + to.low - exponent end
  return exponent <= to.high and dropped <= from.fraction and significand % 2 ^ dropped == 0
end

local function read_float(item, argument_bytes)
  local from = formats[#argument_bytes]
  local sign, exponent, fraction = float_parts(argument_bytes, from)
  item.float = float_value(sign, exponent, fraction, from)
  local narrower = formats[#argument_bytes / 2]
  item.shortest = not narrower or not fits(exponent, fraction, from, narrower)
  return item
end

-- ---- Items ----------------------------------------------------------------------------------------------------------

local read_item

local function take(input, count)
  local first = input.at
  if count > #input.bytes - first + 1 then refuse(#input.bytes + 1, "cut off") end
  input.at = first + count
  return input.bytes:sub(first, input.at - 1)
end

-- A float in every Lua: an integer of 64 bits would be cut.
local function number_of(bytes)
  local number = 0.0
  for at = 1, #bytes do number = number * 256 + bytes:byte(at) end
  return number
end

local function read_head(input)
  local first = input.at
  local byte = take(input, 1):byte()
  local item = { first = first, major = math.floor(byte / 32), definite = true, shortest = true }
  local info = byte % 32
  if info < 24 then item.argument = info return item end
  if info == INDEFINITE then item.definite = false return item end
  if not widths[info] then refuse(first, "reserved additional information") end
  local argument_bytes = take(input, widths[info])
  item.argument = number_of(argument_bytes)
  if item.major == 7 and #argument_bytes > 1 then return read_float(item, argument_bytes) end
  item.shortest = item.argument >= least[#argument_bytes]
  return item
end

local function is_break(item)
  return item.major == 7 and not item.definite
end

-- The next item inside; nil where the outer one ends.
local function read_inside(input, outer, count, depth)
  if outer.definite and count == outer.argument then return nil end
  local item = read_item(input, depth)
  if not is_break(item) then return item end
  if outer.definite then refuse(item.first, "a break inside a definite item") end
end

local function read_string(input, item)
  item.bytes = take(input, item.argument)
  if item.major == 3 and not items.is_utf8(item.bytes) then item.invalid = true end
end

local function read_chunks(input, item)
  local chunks = {}
  while true do
    local chunk = read_head(input)
    if is_break(chunk) then break end
    local is_string = chunk.definite and (chunk.major == 2 or chunk.major == 3)
    if is_string then read_string(input, chunk) end
    if not is_string or chunk.major ~= item.major then refuse(chunk.first, "a chunk of another kind") end
    item.invalid = item.invalid or chunk.invalid
    chunks[#chunks + 1] = chunk.bytes
  end
  item.bytes = table.concat(chunks)
end

local function read_array(input, item, depth)
  item.list = {}
  repeat
    local inside = read_inside(input, item, #item.list, depth)
    item.list[#item.list + 1] = inside
  until not inside
end

local function read_map(input, item, depth)
  item.keys, item.values = {}, {}
  local key = read_inside(input, item, 0, depth)
  while key do
    local value, count = read_item(input, depth), #item.keys + 1
    if is_break(value) then refuse(value.first, "a key without a value") end
    item.keys[count], item.values[count] = key, value
    key = read_inside(input, item, count, depth)
  end
end

local function read_tag(input, item, depth)
  item.content = read_item(input, depth)
  if is_break(item.content) then refuse(item.content.first, "a tag without content") end
end

local function check_definite(item)
  if not item.definite and (item.major < 2 or item.major == 6) then refuse(item.first, "no number can be indefinite") end
end

function read_item(input, depth)
  if depth > DEEPEST then refuse(input.at, "too deep") end
  local item = read_head(input)
  check_definite(item)
  if item.major == 2 or item.major == 3 then (item.definite and read_string or read_chunks)(input, item)
  elseif item.major == 4 then read_array(input, item, depth + 1)
  elseif item.major == 5 then read_map(input, item, depth + 1)
  elseif item.major == 6 then read_tag(input, item, depth + 1)
  elseif item.major == 7 and item.argument and item.argument < 32 and input.at - item.first == 2 then
    refuse(item.first, "reserved simple value")
  end
  item.last = input.at - 1
  return item
end

--- The item at position first, 1 when not said, and the position behind it; or nil, a message and a position.
function items.read(bytes, first)
  local input = { bytes = bytes, at = first or 1 }
  local ok, item = pcall(read_item, input, 0)
  if not ok then
    if type(item) ~= "table" then error(item, 0) end
    return nil, item.message, item.position
  end
  if is_break(item) then return nil, "a break by itself", item.first end
  return item, input.at
end

-- ---- Core deterministic encoding ------------------------------------------------------------------------------------

--- Whether one string comes before another by its bytes, whatever the locale.
function items.is_before(a, b)
  for at = 1, math.min(#a, #b) do
    local left, right = a:byte(at), b:byte(at)
    if left ~= right then return left < right end
  end
  return #a < #b
end

local flaw_of

local function flaw_of_keys(item, bytes, path)
  local before
  for at, key in ipairs(item.keys) do
    local encoded = bytes:sub(key.first, key.last)
    if before and not items.is_before(before, encoded) then return ("%s: key %d is out of order"):format(path, at) end
    before = encoded
    local flaw = flaw_of(key, bytes, ("%s: key %d"):format(path, at))
      or flaw_of(item.values[at], bytes, ("%s.%s"):format(path, key.bytes or at))
    if flaw then return flaw end
  end
end

-- No integer has the sign of -0.
local function flaw_of_float(item, path)
  local float = item.float
  if float ~= math.floor(float) or math.abs(float) >= 2 ^ 64 or 1 / float == -math.huge then return nil end
  return path .. ": a whole number as float"
end

local function flaw_of_list(item, bytes, path)
  for at, inside in ipairs(item.list) do
    local flaw = flaw_of(inside, bytes, ("%s[%d]"):format(path, at))
    if flaw then return flaw end
  end
end

function flaw_of(item, bytes, path)
  if not item.definite then return path .. ": indefinite" end
  if not item.shortest then return path .. ": longer than needed" end
  if item.invalid then return path .. ": not UTF-8" end
  if item.major == 6 then return path .. ": a tag" end
  if item.major == 2 and items.is_utf8(item.bytes) then return path .. ": UTF-8 in a byte string" end
  if item.float then return flaw_of_float(item, path) end
  if item.list then return flaw_of_list(item, bytes, path) end
  if item.keys then return flaw_of_keys(item, bytes, path) end
end

--- What of an item is not as replycode encodes: core deterministic encoding (section 4.2.1), whole numbers as integers, text
--- wherever it is UTF-8, no tags. Nil when all is.
function items.flaw_of(item, bytes)
  return flaw_of(item, bytes, "$")
end

return items
