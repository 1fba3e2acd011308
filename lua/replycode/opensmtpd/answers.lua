--- What a filter may answer, made in one place so that it cannot be wrong on the wire.
---
--- smtpd takes an error only as one line `[45]dd SPACE text`; a line end in it, or an answer that it does not know, stops
--- the whole daemon. So answers are opaque: only the functions here make them, and they check when they do.

local answers = {}

-- RFC 5321 section 4.5.3.1.5: 512 octets with the line end.
local longest = 510

-- What stands on the line for each answer that was made; a caller cannot change it.
local made = setmetatable({}, { __mode = "k" })

local function make(line)
  local answer = {}
  made[answer] = line
  return answer
end

--- The words behind the session and token for a handler's result; nil when no answer was made for it.
function answers.line(result)
  if result == nil then return "proceed" end
  return made[result]
end

local function bad_argument(at, name, expected, found)
  local shown = type(found) == "number" and tostring(found) or type(found)
  error(("bad argument #%d to '%s' (expected %s, found %s)"):format(at, name, expected, shown), 4)
end

local function check_code(code, name)
  if type(code) ~= "number" or code < 400 or code > 599 or code % 1 ~= 0 then
    bad_argument(1, name, "an integer from 400 to 599", code)
  end
end

-- RFC 3463 section 2; RFC 2034 section 4: its class is the first digit of the code.
local function check_status(enhanced, code, name)
  if enhanced == nil then return end
  local class = type(enhanced) == "string" and enhanced:match("^([45])%.%d%d?%d?%.%d%d?%d?$")
  if class ~= ("%d"):format(code):sub(1, 1) then
    bad_argument(2, name, "nil or a status such as \"5.1.1\" that begins with the digit of the code", enhanced)
  end
end

-- One line of printable ASCII (RFC 5321 section 4.2): the words may hold what a client sent.
local function one_line(text, name)
  if type(text) ~= "string" then bad_argument(3, name, "a text with words", text) end
  local line = text:gsub("[%z\1-\32\127]+", " "):gsub("[\128-\255]+", "?"):gsub("^ ", ""):gsub(" $", "")
  if line == "" then bad_argument(3, name, "a text with words", text) end
  return line
end

local function error_line(name, code, enhanced, text)
  check_code(code, name)
  check_status(enhanced, code, name)
  local words = one_line(text, name)
  local head = enhanced and ("%d %s "):format(code, enhanced) or ("%d "):format(code)
  return make(name .. "|" .. (head .. words):sub(1, longest))
end

--- Refuses the command with this reply; 421 ends the session as well.
function answers.reject(code, enhanced, text)
  return (error_line("reject", code, enhanced, text))
end

--- Refuses with this reply and ends the session.
function answers.disconnect(code, enhanced, text)
  return (error_line("disconnect", code, enhanced, text))
end

local proceed, junk = make "proceed", make "junk"

--- Lets it pass; so does nil.
function answers.proceed()
  return proceed
end

--- Lets it pass, and has the message marked as junk.
function answers.junk()
  return junk
end

--- Lets it pass with another value.
function answers.rewrite(value)
  if type(value) ~= "string" or value == "" or value:find("[%z\1-\31\127]") then
    error("bad argument #1 to 'rewrite' (expected a text without control bytes)", 2)
  end
  return make("rewrite|" .. value)
end

return answers
