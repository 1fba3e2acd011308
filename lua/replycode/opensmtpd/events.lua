--- What OpenSMTPD tells a filter and asks it, one row an event (smtpd-filters(7); lka_filter.c of OpenSMTPD).
---
--- Handlers get the fields in the order of protocol 0.7, whatever the daemon speaks. The last field takes what is left of
--- a line, "|" too, unless another is marked with "+".

local events = {}

local rows = {
  -- event             fields                            earlier: before protocol 0.N, in another order
  report = {
    { "link-connect",    "rdns fcrdns source destination" },
    { "link-greeting",   "hostname" },
    { "link-identify",   "method identity" },
    { "link-tls",        "tls" },
    { "link-auth",       "result user",                  { 7, "user+ result" } },
    { "link-disconnect", "" },
    { "tx-reset",        "message" },
    { "tx-begin",        "message" },
    { "tx-mail",         "message result address",       { 6, "message address+ result" } },
    { "tx-rcpt",         "message result address",       { 6, "message address+ result" } },
    { "tx-envelope",     "message envelope" },
    { "tx-data",         "message result" },
    { "tx-commit",       "message size" },
    { "tx-rollback",     "message" },
    { "protocol-client", "line" },
    { "protocol-server", "line" },
    { "filter-report",   "filter name text" },
    { "filter-response", "phase response text" },
    { "timeout",         "" },
  },
  filter = {
    { "connect",         "rdns source" },
    { "helo",            "identity" },
    { "ehlo",            "identity" },
    { "starttls",        "tls" },
    { "auth",            "mechanism" },
    { "mail-from",       "address" },
    { "rcpt-to",         "address" },
    { "data",            "" },
    { "data-line",       "line" },
    { "commit",          "" },
    { "rset",            "" },
    { "quit",            "" },
    { "noop",            "" },
    { "help",            "" },
    { "wiz",             "" },
  },
}

--- The subsystems, and the kinds of event that each has: smtp-out has reports only, a filter there is fatal to smtpd.
events.subsystems = { ["smtp-in"] = { "report", "filter" }, ["smtp-out"] = { "report" } }

-- ---- Orders of fields -----------------------------------------------------------------------------------------------

-- "a b+ c": the names, and which of them may hold "|".
local function read_order(text)
  local order = { wide = 0 }
  for name, mark in text:gmatch("([a-z]+)(%+?)") do
    order[#order + 1] = name
    if mark == "+" then order.wide = #order end
  end
  if order.wide == 0 then order.wide = #order end
  return order
end

-- Where each field of the order of 0.7 stands in an earlier one.
local function places(order, earlier)
  local at, found = {}, {}
  for place, name in ipairs(earlier) do at[name] = place end
  for place, name in ipairs(order) do found[place] = at[name] end
  return found
end

local function read_row(kind, row)
  local event = { kind = kind, name = row[1], order = read_order(row[2]) }
  if row[3] then
    event.until_minor, event.earlier = row[3][1], read_order(row[3][2])
    event.places = places(event.order, event.earlier)
  end
  return event
end

--- By kind and name: { kind =, name =, order = }; and in their order, for registration.
events.report, events.filter, events.list = {}, {}, {}

for _, kind in ipairs { "report", "filter" } do
  for _, row in ipairs(rows[kind]) do
    local event = read_row(kind, row)
    events[kind][event.name] = event
    events.list[#events.list + 1] = event
  end
end

-- ---- Fields of a line -----------------------------------------------------------------------------------------------

-- The fields before the wide one, from the left.
local function take_left(rest, count, found)
  for at = 1, count do
    local field, behind = rest:match("^([^|]*)|(.*)$")
    if not field then
      found[at] = rest
      return nil
    end
    found[at], rest = field, behind
  end
  return rest
end

-- The fields behind the wide one, from the right.
local function take_right(rest, first, last, found)
  for at = last, first, -1 do
    local before, field = rest:match("^(.*)|([^|]*)$")
    if not before then return rest end
    found[at], rest = field, before
  end
  return rest
end

local function split(rest, order)
  local found = {}
  if #order == 0 then return found end
  local left = take_left(rest, order.wide - 1, found)
  if left then found[order.wide] = take_right(left, order.wide + 1, #order, found) end
  return found
end

--- The fields in the order of 0.7, from what follows the session, or the token; `minor` is the N of protocol 0.N. Fields
--- that the line does not have are nil.
function events.fields(event, rest, minor)
  if not event.earlier or minor >= event.until_minor then return split(rest, event.order) end
  local found, fields = split(rest, event.earlier), {}
  for at, place in ipairs(event.places) do fields[at] = found[place] end
  return fields
end

return events
