-- rspamd (LuaJIT): why did it bounce? In each delivery status notification (RFC 3464) that comes in, the other
-- server's reply about each recipient is judged. The bounce gets a symbol by its cause, REPLYCODE_RECIPIENT_UNKNOWN
-- for instance, with the action and the address, and a header X-Bounce-Action by which Sieve, a list manager or a
-- script may sort: unsubscribe an address on drop_recipient only; give_up and retry say nothing about the address;
-- fix_client is for whoever runs your mail server. The symbols weigh nothing.
--
-- /etc/rspamd/rspamd.local.lua (the first two lines where the module is not on LuaJIT's own paths):
--   package.path = "/opt/replycode/share/lua/5.1/?.lua;" .. package.path
--   package.cpath = "/opt/replycode/lib/lua/5.1/?.so;" .. package.cpath
--   dofile("/etc/rspamd/replycode.lua")

-- luacheck: globals rspamd_config

local replycode = require "replycode"

-- Letters of ASCII only, whatever the locale.
local function shift(word, letters, by)
  return (word:gsub(letters, function(letter) return string.char(letter:byte() + by) end))
end
local function lower(word) return shift(word, "[A-Z]", 32) end

local function symbol_of(cause) return "REPLYCODE_" .. shift(cause, "[a-z]", -32) end

local is_failure = { failed = true, delayed = true }

-- The fields of one recipient in a message/delivery-status, lower-case name to unfolded value.
local function fields(group)
  local found = {}
  for name, value in group:gsub("\n[ \t]+", " "):gmatch("([A-Za-z-]+):[ \t]*([^\n]*)") do
    found[lower(name)] = value
  end
  return found
end

local function verdict_of(recipient)
  local diagnostic = recipient["diagnostic-code"] or ""
  local host = (recipient["remote-mta"] or ""):match(";%s*([A-Za-z0-9.-]+)")
  -- A bounce does not tell which command failed; without a stage words, status and code decide.
  local reply = diagnostic:match("^[Ss][Mm][Tt][Pp];%s*(.+)")
  local status = (recipient.status or ""):match("^[245]%.%d%d?%d?%.%d%d?%d?")
  return replycode.classify(reply or { enhanced = status, text = diagnostic }, { host = host })
end

local function judge_recipient(task, recipient)
  local verdict = verdict_of(recipient)
  local address = recipient["final-recipient"]:match(";%s*(.-)%s*$")
  task:insert_result(symbol_of(verdict.cause), 1.0, { verdict.action, address })
  return verdict.action
end

local function judge_bounce(task)
  local actions = {}
  for _, part in ipairs(task:get_parts()) do
    local kind, subkind = part:get_type()
    local is_status = kind == "message" and (subkind or ""):match("delivery%-status$")
    local text = is_status and tostring(part:get_content()):gsub("\r\n", "\n") or ""
    for group in (text .. "\n\n"):gmatch("(.-)\n\n+") do
      local recipient = fields(group)
      if recipient["final-recipient"] and is_failure[lower(recipient.action or ""):match("%a*")] then
        actions[#actions + 1] = judge_recipient(task, recipient)
      end
    end
  end
  if #actions == 0 then return end
  task:set_milter_reply{ add_headers = { ["X-Bounce-Action"] = table.concat(actions, ", ") } }
end

local parent = rspamd_config:register_symbol{ name = "REPLYCODE", type = "callback", callback = judge_bounce }
for cause in replycode.entries "cause" do
  rspamd_config:register_symbol{ name = symbol_of(cause.slug), type = "virtual", parent = parent, score = 0,
    group = "replycode", description = cause.title }
end
