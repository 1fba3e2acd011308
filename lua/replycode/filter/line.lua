--- A refusal as one line of key=value for the mail log.

local text = require "replycode.cli.text"

-- A log may cut its lines; the words of the server come last.
local most_words = 400

-- Plain when it is printable ASCII without blanks; else in quotes, other bytes as \xNN.
local function quoted(value)
  if value ~= "" and not value:find('[^!-~]') and not value:find('["\\]') then return value end
  return '"' .. text.printable((value:gsub('["\\]', "\\%0"))) .. '"'
end

local function path(address)
  return address and "<" .. address .. ">"
end

local function flag(value)
  return value and "yes" or nil
end

local function words_of(reply)
  if not reply or not reply.text then return nil end
  local words = reply.text:gsub("\n", " / ")
  return #words > most_words and words:sub(1, most_words) .. "..." or words
end

-- The keys in their order, and where each value comes from.
local function pairs_of(refusal)
  local verdict, reply = refusal.verdict, refusal.reply
  return {
    { "session", refusal.session }, { "result", refusal.result }, { "concerns", refusal.concerns },
    { "stage", refusal.stage }, { "to", path(refusal.recipient) }, { "from", path(refusal.sender) },
    { "msgid", refusal.message }, { "evpid", refusal.envelope }, { "relay", refusal.relay }, { "host", refusal.host },
    { "code", verdict.code }, { "enhanced", verdict.enhanced }, { "transience", verdict.transience },
    { "cause", verdict.cause }, { "also", verdict.also }, { "scope", verdict.scope }, { "action", verdict.action },
    { "settles", verdict.settles }, { "closes", flag(verdict.closes) }, { "waiting", verdict.waiting },
    { "retry_after", verdict.retry_after }, { "provider", verdict.provider }, { "blocklist", verdict.blocklist },
    { "rule", verdict.rule }, { "malformed", reply and reply.malformed }, { "missing", flag(refusal.missing) },
    { "in_doubt", flag(refusal.in_doubt) }, { "unusual", refusal.unusual and table.concat(refusal.unusual, ",") },
    { "reply", words_of(reply) },
  }
end

--- The line, without a line end. What does not apply has no key; values with blanks are in quotes.
return function(refusal)
  local parts = {}
  for _, pair in ipairs(pairs_of(refusal)) do
    local key, value = pair[1], pair[2]
    if value ~= nil then parts[#parts + 1] = key .. "=" .. quoted(tostring(value)) end
  end
  return table.concat(parts, " ")
end
