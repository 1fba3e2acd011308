-- Counters in OpenMetrics text form (any Lua): how many replies of each transience, cause, scope, action and
-- provider. Labels are slugs of replycode, so there are few series however many addresses, hosts and texts there
-- are. Alert on what you can repair: a rise of fix_client is your own listing, PTR or login; of drop_recipient an
-- old list of addresses.
--
--   replycode read --json FILE... | lua openmetrics.lua > /var/lib/prometheus/node-exporter/replycode.prom
-- In your own program give each verdict to `count` and answer a scrape with `text` as application/openmetrics-text:
--   local metrics = require "openmetrics"

local labels = { "transience", "cause", "scope", "action", "provider" }
local counters = {}

local escapes = { ["\\"] = "\\\\", ['"'] = '\\"', ["\n"] = "\\n" }
local function escape(value) return (value:gsub('[\\"\n]', escapes)) end

-- One verdict more. An absent provider is an absent label.
local function count(verdict)
  local pairs_of = {}
  for _, name in ipairs(labels) do
    if verdict[name] then pairs_of[#pairs_of + 1] = ('%s="%s"'):format(name, escape(verdict[name])) end
  end
  local series = table.concat(pairs_of, ",")
  counters[series] = (counters[series] or 0) + 1
end

local function text()
  local lines = {}
  for series, number in pairs(counters) do
    lines[#lines + 1] = ("smtp_replies_total{%s} %d"):format(series, number)
  end
  table.sort(lines)
  table.insert(lines, 1, "# TYPE smtp_replies counter")
  table.insert(lines, 2, "# HELP smtp_replies SMTP replies by what they mean")
  lines[#lines + 1] = "# EOF\n"
  return table.concat(lines, "\n")
end

if ... == nil and arg then   -- run, not loaded
  local json = require "dkjson"
  for line in io.lines() do
    local verdict = json.decode(line)
    if type(verdict) == "table" and verdict.cause then count(verdict) end
  end
  io.write(text())
end

return { count = count, text = text }
