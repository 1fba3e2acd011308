--- The lines of a message on their way through a filter. smtpd waits for all of them, and for the "." that ends them.
---
--- Handlers see and give lines without dot stuffing (RFC 5321 section 4.5.2), so that none of theirs ends the message. A
--- line that is not theirs to change passes as it came.

local message = {}

local function is_line(value)
  return type(value) == "string" and not value:find("[%z\r\n]")
end

local function stuffed(line)
  return line:sub(1, 1) == "." and "." .. line or line
end

-- The lines that a handler gave, or nil when they are none.
local function lines_of(result)
  if is_line(result) then return { stuffed(result) } end
  if type(result) ~= "table" then return nil end
  local lines = {}
  for at, line in ipairs(result) do
    if not is_line(line) then return nil end
    lines[at] = stuffed(line)
  end
  return lines
end

-- What the handler makes of a line. It may fail after it took lines away, to give them later: what is left then is not the
-- message any more.
local function handled(state, handle, line, original)
  local ok, result = handle(line)
  if ok and result == nil then return { original } end
  local lines = ok and lines_of(result)
  if lines then
    if #lines == 0 then state.taken = true end
    return lines
  end
  if ok then state.complain("expected nil, a line or a list of lines, without line ends") end
  if state.taken then state.spoiled = true end
  return { original }
end

--- A message that is about to come.
function message.new(complain)
  return { complain = complain }
end

--- The lines to send on for one that came. `handle(line)` calls the handler, without a line at the end of the message, and
--- gives true and its result, or false.
function message.take(state, handle, line)
  if line ~= "." then return handled(state, handle, (line:gsub("^%.", "")), line) end
  local lines = handled(state, handle, nil, nil)
  lines[#lines + 1] = "."
  state.ended = true
  return lines
end

return message
