--- What a server said without whom it was said to: for grouping, for labels of few values, for logs that may be kept.
---
--- Best effort. Names of people without an address, ids made of letters alone and words of other scripts stay; a
--- sentence that goes on without a blank behind its dot may be taken for a host name. What never stays is an address:
--- no "@" has a letter, a digit or a byte above 127 beside it.
---
--- Examples show the values of a line behind `-->`.

-- luacheck: no max comment line length
-- (an annotation of a function has to stand on one line)

local log = {}

-- ---- Atoms: letters, digits, dots, dashes ---------------------------------------------------------------------------

local days_and_months = {}
for name in ("Mon Tue Wed Thu Fri Sat Sun Jan Feb Mar Apr Jun Jul Aug Sep Oct Nov Dec"):gmatch("%a+") do
  days_and_months[name] = "<time>"
end

local protocols = { IPv4 = true, IPv6 = true, ipv4 = true, ipv6 = true, ["8BITMIME"] = true }

-- A status says what happened (RFC 3463), and so does the number of an error: S3150, OFR_102.
local function is_meant(atom)
  return atom:find("^[245]%.%d%d?%d?%.%d%d?%d?$") or #atom <= 10 and atom:find("^[A-Z][A-Z_-]*%d%d?%d?%d?$")
    or protocols[atom]
end

-- The last label is of letters, or begins as one of other scripts does in ASCII (RFC 5891 section 5).
local function is_host(atom)
  local label = atom:match("^[^.].*%.([^.]+)$")
  if not label or atom:find("..", 1, true) then return false end
  return label:find("^[A-Za-z\128-\255][A-Za-z\128-\255]+$") or label:find("^[Xx][Nn]%-%-")
end

local function redact_atom(atom)
  if not atom:find("[0-9.]") then return days_and_months[atom] end
  if is_meant(atom) then return nil end
  if atom:find("^%d+%.%d+%.%d+%.%d+$") then return "<ip>" end
  if is_host(atom) then return "<host>" end
  if not atom:find("%d") then return nil end
  return atom:find("^[0-9.-]+$") and "<number>" or "<id>"
end

-- The atom without the dots and dashes that belong to the sentence.
local function redact_dotted(dotted)
  local first, last = dotted:find("[^.-]"), #dotted
  if not first then return nil end
  while dotted:find("^[.-]", last) do last = last - 1 end
  local atom = dotted:sub(first, last)
  return dotted:sub(1, first - 1) .. (redact_atom(atom) or atom) .. dotted:sub(last + 1)
end

-- ---- Words: what stands between blanks, brackets, commas and quotes -------------------------------------------------

local function is_time(word)
  return word:find("^%d%d?:%d%d$") or word:find("^%d%d?:%d%d:%d%d[0-9.,]*$")
    or word:find("^%d%d%d%d%-%d%d%-%d%d$") or word:find("^%d%d%d%d%-%d%d%-%d%d[T_]%d[0-9:.Z+-]*$")
end

local longest_ip = 45

local function is_ip6(word)
  return #word <= longest_ip and word:find("^[0-9A-Fa-f:]*[0-9A-Fa-f:.]+$") and word:find(":.*:") and word:find("%x")
end

local function redact_parts(parts)
  return (parts:gsub("[A-Za-z0-9_.\128-\255-]+", redact_dotted))
end

local function redact_ip6(part)
  local address = part:match("^[Ii][Pp][Vv]6:(.+)$") or part
  return is_ip6(address) and "<ip>" or nil
end

-- An address swallows what stands before it without a blank, as in "to=user@example.org": "=" may be a part of it.
local function redact_address(part)
  if not part:find("@", 1, true) or not part:find("[A-Za-z0-9\128-\255]") then return nil end
  local last = #part
  while part:find("^[.!?']", last) do last = last - 1 end
  return "<address>" .. part:sub(last + 1)
end

-- The sentence's marks at both ends of a word.
local function cut_marks(word)
  local first, last = word:find("[A-Za-z0-9\128-\255:]"), #word
  if not first then return word, "", "" end
  while last > first and word:find("^[^A-Za-z0-9\128-\255]", last) and not word:find("^::", last - 1) do
    last = last - 1
  end
  return word:sub(1, first - 1), word:sub(first, last), word:sub(last + 1)
end

-- A word beside a placeholder is the rest of one that was no IPv6 address.
local function redact_plain(word, is_rest)
  if word:find("@", 1, true) then return redact_parts((word:gsub("[^:]+", redact_address))) end
  local before, core, behind = cut_marks(word)
  if is_time(core) then return before .. "<time>" .. behind end
  if not is_rest and core:find(":", 1, true) then core = core:gsub("[^/]+", redact_ip6) end
  return before .. redact_parts(core) .. behind
end

local longest_scheme = 10

-- The scheme is a few letters before "://"; the URL ends with the word, but for the sentence's marks.
local function redact_url(word, is_rest)
  local mark = word:find("://", 1, true)
  if not mark then return redact_plain(word, is_rest) end
  local first, last = mark, #word
  while first > 1 and mark - first < longest_scheme and word:find("^[A-Za-z]", first - 1) do first = first - 1 end
  while last > mark + 2 and word:find("^[.:!?']", last) do last = last - 1 end
  return redact_plain(word:sub(1, first - 1), true) .. "<url>" .. word:sub(last + 1)
end

local function redact_word(before, word, behind)
  return before .. redact_url(word, before ~= "" or behind ~= "") .. behind
end

-- A local part in quotes, with what stands behind it; but not what stands between two others.
local function redact_quoted(quoted)
  if not quoted:find("<%l+>") then return "<address>" end
end

-- ---- Texts ----------------------------------------------------------------------------------------------------------

-- A code in front stays: it says what happened, too.
local function redact(text)
  local line = text:gsub("[%z\1-\32\127]+", " "):gsub("^ ", ""):gsub(" $", "")
  local code = line:match("^[2-5][0-5]%d[ -]") or ""
  local template = line:sub(#code + 1)
    :gsub('%f[\\]\\+"', "'"):gsub('("[^"]*")@[^ <>()",;]*', redact_quoted)
    :gsub('(>?)([^ <>()%[%]",;\\]+)(<?)', redact_word)
    :gsub("(<number>[ -])May%f[%A]", "%1<time>")
    :gsub("%f[<]<+(<%l+>)>+", "%1")
  return code .. template
end

-- ---- FNV-1a, 32 bits, exact with doubles ----------------------------------------------------------------------------

local function xor_bits(a, b)
  local result, bit = 0, 1
  for _ = 1, 4 do
    if a % 2 ~= b % 2 then result = result + bit end
    a, b, bit = math.floor(a / 2), math.floor(b / 2), bit * 2
  end
  return result
end

local xor = {}
for a = 0, 15 do
  for b = 0, 15 do xor[a * 16 + b] = xor_bits(a, b) end
end

-- The prime is 2^24 + 403; no product is over 2^41.
local function fnv1a(text)
  local hash = 2166136261
  for at = 1, #text do
    local byte, low = text:byte(at), hash % 256
    local mixed = xor[(low - low % 16) + (byte - byte % 16) / 16] * 16 + xor[low % 16 * 16 + byte % 16]
    hash = hash - low + mixed
    hash = (hash * 403 + mixed * 16777216) % 4294967296
  end
  return ("%04x%04x"):format(math.floor(hash / 65536), hash % 65536)
end

-- ---- Module ---------------------------------------------------------------------------------------------------------

--- The template of a text, and its fingerprint: FNV-1a of the template as eight hexadecimal digits, the same on every
--- Lua.
--- In the template stand `<address>`, `<ip>`, `<host>`, `<url>`, `<time>`, `<number>` and `<id>`, and it is one line
--- without control bytes; the template of a template is itself. A code in front, enhanced statuses and short numbers of
--- errors ("S3150") stay, for they say what happened. The time it takes grows with the text and not faster. Raises when `text` is no
--- string.
--- ```lua
--- log.redact("<bob@example.org>: Recipient rejected (S3150)")  --> <address>: Recipient rejected (S3150), 0b0297c7
--- log.redact("queued as 4YkT2J0Vq0z9sT3 at 10:30")             --> queued as <id> at <time>, a4a120cf
--- ```
---@param text string
---@return string template
---@return string fingerprint
function log.redact(text)
  if type(text) ~= "string" then
    error(("bad argument #1 to 'redact' (expected a string, found %s)"):format(type(text)), 2)
  end
  local template = redact(text)
  return template, fnv1a(template)
end

return log
