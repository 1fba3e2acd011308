-- Dovecot auth (Lua 5.4): logins are asked of an SMTP submission server. When that server is down, busy or in
-- doubt, the user must not hear "wrong password", type it again and have the mail program forget it: only a
-- permanent client_auth_failed says so. All else is a temporary failure. Both are logged with what the server's
-- reply means.
--
-- /etc/dovecot/conf.d/auth-replycode.conf.ext:
--   passdb {
--     driver = lua
--     args = file=/etc/dovecot/replycode.lua blocking=yes
--   }
-- Needs LuaSocket. Without STARTTLS the way to that server has to be your own machine or a tunnel.

-- luacheck: globals dovecot auth_password_verify auth_passdb_lookup

local mime = require "mime"
local socket = require "socket"
local replycode = require "replycode"

local host, port = "127.0.0.1", 587

-- The next whole reply of the server, or one that stands for its silence.
local function reply_of(peer, replies)
  repeat
    local line, problem = peer:receive("*l")
    if not line then return "421 4.4.2 " .. problem end
    local reply = replies:line(line)
    if reply then return reply end
  until false
end

local function login(user, password)
  local peer = socket.tcp()
  peer:settimeout(20)
  local connected, problem = peer:connect(host, port)
  if not connected then return replycode.classify("421 4.4.1 " .. problem, "connect") end
  local replies = replycode.stream()
  local verdict = replycode.classify(reply_of(peer, replies), "connect")
  local initial = mime.b64("\0" .. user .. "\0" .. password)
  for _, command in ipairs{ "EHLO localhost", "AUTH PLAIN " .. initial } do
    if verdict.transience ~= "none" then break end
    peer:send(command .. "\r\n")
    verdict = replycode.classify(reply_of(peer, replies), replycode.stage(command))
  end
  peer:send("QUIT\r\n")
  peer:close()
  return verdict
end

function auth_password_verify(request, password)
  local result, verdict = dovecot.auth, login(request.user, password)
  if verdict.transience == "none" then return result.PASSDB_RESULT_OK, {} end
  local wrong = verdict.transience == "permanent" and verdict.cause == "client_auth_failed"
    and verdict.scope == "sender"   -- not the session's: "start TLS first"
  dovecot.i_info(("replycode: %s %s"):format(wrong and "refused" or "failed", tostring(verdict)))
  if wrong then return result.PASSDB_RESULT_PASSWORD_MISMATCH, {} end
  return result.PASSDB_RESULT_INTERNAL_FAILURE, "no answer about this login"
end

-- Users are known where their mail is; here nobody is looked up.
function auth_passdb_lookup()
  return dovecot.auth.PASSDB_RESULT_USER_UNKNOWN, {}
end
