--- What a server offers, from its reply to EHLO or LHLO (RFC 5321 section 4.1.1.1).

local replycode = require "replycode"

--- Numbers of more digits than this are no limits that anyone could reach.
local most_digits = 15

---@class replycode.capabilities
---@field domain string the server's name, the first word; "" when there is none
---@field greeting string the words behind it; "" when there are none
---@field keywords table<string, string[]> keyword in upper case -> its parameters, {} when it has none; of a keyword on
--- several lines those of all, each once (`AUTH=LOGIN` beside `AUTH LOGIN PLAIN`)
---@field size integer? octets of the largest message (RFC 1870 section 4); 0: SIZE is offered, without a fixed limit;
--- nil: SIZE is not offered
---@field limits table<string, integer> of LIMITS (RFC 9422): MAILMAX, RCPTMAX, RCPTDOMAINMAX and what else has a
--- number; {} when there are none
---@field masked true? something in between has overwritten keywords by XXXX (a firewall): more is offered than is said

local function upper(word)
  return (word:gsub("[a-z]", function(letter) return string.char(letter:byte() - 32) end))
end

-- AUTH=LOGIN is from before the standard.
local function split(line)
  local keyword, rest = line:match("^([A-Za-z0-9][A-Za-z0-9-]*)(.*)$")
  if not keyword then return nil end
  keyword = upper(keyword)
  if keyword == "AUTH" then rest = rest:gsub("^=", " ") end
  if rest ~= "" and not rest:find("^[ \t]") then return nil end
  return keyword, rest
end

-- Mechanisms are written in upper case (RFC 4422 section 3.1); other parameters stay as they are.
local function add(keywords, known, keyword, rest)
  local parameters = keywords[keyword] or {}
  known[keyword] = known[keyword] or {}
  for parameter in rest:gmatch("[^ \t]+") do
    if keyword == "AUTH" then parameter = upper(parameter) end
    if not known[keyword][parameter] then parameters[#parameters + 1] = parameter end
    known[keyword][parameter] = true
  end
  keywords[keyword] = parameters
end

local function number(digits)
  if not digits:find("^[0-9]+$") then return nil end
  digits = digits:gsub("^0+", "")
  return #digits <= most_digits and tonumber(digits) or 0
end

local function size_of(keywords)
  return keywords.SIZE and (number(keywords.SIZE[1] or "") or 0)
end

-- RFC 9422 section 3: NAME=VALUE; zero is no limit.
local function limits_of(keywords)
  local limits = {}
  for _, parameter in ipairs(keywords.LIMITS or {}) do
    local name, digits = parameter:match("^([A-Za-z0-9][A-Za-z0-9-]*)=([0-9]+)$")
    local value = name and number(digits)
    if value and value > 0 then limits[upper(name)] = value end
  end
  return limits
end

local function keywords_of(lines)
  local keywords, known, masked = {}, {}, nil
  for at = 2, #lines do
    local keyword, rest = split(lines[at])
    if keyword and keyword:find("^XXXX+[A-Z]?$") then masked = true
    elseif keyword then add(keywords, known, keyword, rest) end
  end
  return keywords, masked
end

--- The capabilities in a reply, or in the bytes of one; nil when the server did not agree. Unknown keywords are kept,
--- lines that are no keyword are left out. Raises when `reply` is neither a reply nor a string.
---@param reply replycode.reply|string
---@return replycode.capabilities?
return function(reply)
  if type(reply) == "string" then reply = replycode.parse(reply) end
  if type(reply) ~= "table" or type(reply.lines) ~= "table" then
    error(("bad argument #1 to 'capabilities' (expected a reply or its bytes, found %s)"):format(type(reply)), 2)
  end
  if reply.class ~= "success" or reply.malformed then return nil end
  local domain, greeting = (reply.lines[1] or ""):match("^[ \t]*([^ \t]*)[ \t]*(.-)[ \t]*$")
  local keywords, masked = keywords_of(reply.lines)
  return { domain = domain, greeting = greeting, keywords = keywords, size = size_of(keywords),
    limits = limits_of(keywords), masked = masked }
end
