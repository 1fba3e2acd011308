--- How many columns of a terminal a character takes: none for marks that stand on the one before, two for the wide
--- characters of East Asia and for pictures, else one (Unicode Standard Annex 11).

local width = {}

-- First and last code point of ranges, in their order.
local marks = {
  0x0300, 0x036F, 0x0483, 0x0489, 0x0591, 0x05BD, 0x0610, 0x061A, 0x064B, 0x065F, 0x0E31, 0x0E31,
  0x0E34, 0x0E3A, 0x0E47, 0x0E4E, 0x1AB0, 0x1AFF, 0x1DC0, 0x1DFF, 0x200B, 0x200F, 0x20D0, 0x20FF,
  0x3099, 0x309A, 0xFE00, 0xFE0F, 0xFE20, 0xFE2F, 0xFEFF, 0xFEFF, 0xE0100, 0xE01EF
}
local wides = {
  0x1100, 0x115F, 0x231A, 0x231B, 0x2E80, 0x303E, 0x3041, 0x33FF, 0x3400, 0x4DBF, 0x4E00, 0xA4CF,
  0xA960, 0xA97C, 0xAC00, 0xD7A3, 0xF900, 0xFAFF, 0xFE30, 0xFE6F, 0xFF00, 0xFF60, 0xFFE0, 0xFFE6,
  0x1F300, 0x1F64F, 0x1F680, 0x1F6FF, 0x1F900, 0x1F9FF, 0x20000, 0x3FFFD
}

local function is_within(ranges, point)
  for at = 1, #ranges, 2 do
    if point < ranges[at] then return false end
    if point <= ranges[at + 1] then return true end
  end
  return false
end

-- The code point of a UTF-8 character of more than one byte.
local function point_of(char)
  local first = char:byte()
  local point = first < 0xE0 and first - 0xC0 or first < 0xF0 and first - 0xE0 or first - 0xF0
  for at = 2, #char do point = point * 64 + char:byte(at) - 0x80 end
  return point
end

--- The columns of one UTF-8 character.
function width.of(char)
  if #char < 2 or char:byte() < 0xCC then return 1 end   -- by number: strings compare by locale
  local point = point_of(char)
  if is_within(marks, point) then return 0 end
  return is_within(wides, point) and 2 or 1
end

return width
