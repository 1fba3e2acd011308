-- HAProxy (Lua 5.3): a log line for each SMTP reply that refuses something, with what it means and whom it
-- concerns, and two variables for the log line of the connection. For the frontend that your servers send through:
-- drop_recipient is for bounce handling, fix_client and try_next_host for whoever runs the sending hosts, retry for
-- nobody. All bytes pass unchanged.
--
-- haproxy.cfg (the first two lines where the module is not on Lua's own paths):
--   global
--     lua-prepend-path /opt/replycode/share/lua/5.3/?.lua
--     lua-prepend-path /opt/replycode/lib/lua/5.3/?.so cpath
--     lua-load /etc/haproxy/replycode.lua
--   frontend smtp
--     mode tcp
--     filter lua.replycode
--     log-format "%ci %s %Tt ms, last refusal %[var(sess.replycode.cause)], to do %[var(sess.replycode.action)]"

-- luacheck: globals core filter

local session = require "replycode.session"

local watch = { id = "replycode", flags = 0 }
watch.__index = watch

function watch.new() return setmetatable({ session = session.new() }, watch) end

function watch:start_analyze(_, channel) filter.register_data_filter(self, channel) end

local function report(txn, exchange)
  local verdict = exchange.verdict
  if not verdict or verdict.transience == "none" then return end
  txn:set_var("sess.replycode.cause", verdict.cause)
  txn:set_var("sess.replycode.action", verdict.action)
  local whom = exchange.recipient or "-"
  txn:Info(("replycode: stage=%s recipient=%s %s"):format(exchange.stage, whom, tostring(verdict)))
end

-- A fault of ours must cost a log line, never a connection.
function watch:tcp_payload(txn, channel)
  local bytes = channel:data()
  if type(bytes) ~= "string" then return end
  local ok, problem = pcall(function()
    if not channel:is_resp() then return self.session:client(bytes) end
    for exchange in self.session:server(bytes) do report(txn, exchange) end
  end)
  if not ok then txn:Warning("replycode: " .. problem) end
end

core.register_filter("replycode", watch, function(self) return self end)
