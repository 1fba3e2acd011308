-- opendkim (Lua 5.3), final policy: mail from domains that always sign is refused without a valid signature. A
-- reply is written once, in words; what the sender's side will make of them decides whether it is a refusal or
-- "later", and is logged. So nobody's mail bounces for a name server that was down, and no reply goes out that
-- others cannot read: one whose cause would be "unknown" to them is not sent, and the message passes with a
-- complaint in the log.
--
-- /etc/opendkim.conf:
--   FinalPolicyScript /etc/opendkim/replycode.lua
-- Where the module is not on Lua's own paths, set LUA_PATH and LUA_CPATH in /etc/default/opendkim.

-- luacheck: globals odkim ctx SMFIS_REJECT SMFIS_TEMPFAIL DKIM_SIGERROR_OK DKIM_SIGERROR_KEYFAIL

local replycode = require "replycode"

local always_sign = { ["example.org"] = true, ["example.com"] = true }

local function refuse(code, status, text)
  local verdict = replycode.classify(("%s %s %s"):format(code, status, text), "content")
  odkim.log(ctx, "replycode: " .. tostring(verdict))
  if verdict.cause == "unknown" then return odkim.log(ctx, "replycode: nobody will understand: " .. text) end
  odkim.set_reply(ctx, code, status, text)
  odkim.set_result(ctx, verdict.transience == "permanent" and SMFIS_REJECT or SMFIS_TEMPFAIL)
end

local domain = odkim.get_fromdomain(ctx)
if not domain or not always_sign[domain] or odkim.internal_ip(ctx) == 1 then return nil end

local results = {}
for _, signature in ipairs(odkim.get_sigarray(ctx) or {}) do results[odkim.sig_result(signature)] = true end
if results[DKIM_SIGERROR_OK] then return nil end
if results[DKIM_SIGERROR_KEYFAIL] then
  refuse("451", "4.7.5", "The DKIM key of " .. domain .. " cannot be looked up now, try again later")
else
  refuse("550", "5.7.20", "No valid DKIM signature, mail from " .. domain .. " is always signed")
end
return nil
