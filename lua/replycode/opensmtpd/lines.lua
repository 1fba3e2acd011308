--- One line of smtpd, taken apart.
---
---     report|VERSION|TIME|SUBSYSTEM|EVENT|SESSION|FIELDS
---     filter|VERSION|TIME|SUBSYSTEM|EVENT|SESSION|TOKEN|FIELDS
---     config|KEY|VALUE

local events = require "replycode.opensmtpd.events"

local lines = {}

-- The N of protocol 0.N; what comes after 0 is taken for the newest that is known.
local function minor_of(version)
  local minor = version:match("^0%.(%d%d?)$")
  return minor and tonumber(minor) or 7
end

-- Seconds since 1970, or nil. In two parts: `tonumber` reads the decimal point of a locale.
local function time_of(text)
  local seconds, digits = text:match("^(%d%d?%d?%d?%d?%d?%d?%d?%d?%d?%d?)%.?(%d?%d?%d?%d?%d?%d?)$")
  if not seconds then return nil end
  return tonumber(seconds) + (digits ~= "" and tonumber(digits) / 10 ^ #digits or 0)
end

-- Up to 0.4 the token comes first in an answer.
local function answer_to(minor, session, token)
  return minor < 5 and token .. "|" .. session or session .. "|" .. token
end

--- { kind =, subsystem =, name =, session =, fields = ({} when the event is not known), time =, answer_to = (for filter) },
--- or nil for a line of another form.
function lines.read(line)
  local kind, version, time, subsystem, name, session, rest =
    line:match("^([a-z]+)|([^|]*)|([^|]*)|([^|]*)|([^|]*)|([^|]+)|?(.*)$")
  if kind ~= "report" and kind ~= "filter" then return nil end
  local minor, answer = minor_of(version), nil
  if kind == "filter" then
    local token, behind = rest:match("^([^|]+)|?(.*)$")
    if not token then return nil end
    answer, rest = answer_to(minor, session, token), behind
  end
  local event = events[kind][name]
  return { kind = kind, subsystem = subsystem, session = session, name = name, time = time_of(time),
    fields = event and events.fields(event, rest, minor) or {}, answer_to = answer }
end

return lines
