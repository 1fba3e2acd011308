--- Which events there are to handle, and what smtpd is asked to send for the handlers that were given.

local dialogue = require "replycode.opensmtpd.dialogue"
local events = require "replycode.opensmtpd.events"

local registration = {}

local function each_kind(subsystem, take)
  for _, kind in ipairs(events.subsystems[subsystem]) do take(events[kind], kind) end
end

local function names_of(subsystem)
  local names = {}
  each_kind(subsystem, function(_, kind)
    for _, event in ipairs(events.list) do
      if event.kind == kind then names[#names + 1] = event.name end
    end
  end)
  if subsystem == "smtp-out" then names[#names + 1] = "exchange" end
  return table.concat(names, ", ")
end

local function is_event(subsystem, name)
  local found = name == "exchange" and subsystem == "smtp-out"
  each_kind(subsystem, function(of_kind) found = found or of_kind[name] ~= nil end)
  return found
end

--- What is wrong with the name of a subsystem or event; nil when both are right.
function registration.flaw(subsystem, event)
  if not events.subsystems[subsystem] then
    return ("unknown subsystem '%s'; expected smtp-in or smtp-out"):format(tostring(subsystem))
  end
  if is_event(subsystem, event) then return nil end
  return ("unknown event '%s'; %s has %s"):format(tostring(event), subsystem, names_of(subsystem))
end

-- By name: the events that handlers need. Sessions have to begin and end.
local function needs_of(handlers)
  local needs = {}
  for name in pairs(handlers) do needs[name] = true end
  needs["link-connect"], needs["link-disconnect"] = true, true
  if handlers["data-line"] then needs.commit = true end
  for _, name in ipairs(handlers.exchange and dialogue.sources or {}) do needs[name] = true end
  return needs
end

--- The lines that ask for the events of a subsystem.
function registration.lines(subsystem, handlers)
  local found = {}
  if not next(handlers) then return found end
  local needs = needs_of(handlers)
  for _, event in ipairs(events.list) do
    if needs[event.name] then found[#found + 1] = ("register|%s|%s|%s"):format(event.kind, subsystem, event.name) end
  end
  return found
end

return registration
