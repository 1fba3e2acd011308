-- miltertest (Lua 5.3): asks a milter about messages and checks what its replies will mean to those who send mail.
-- A reply that says "for good" of what passes by itself, or whose reason nobody can read, loses mail or makes work
-- for postmasters.
--
--   miltertest -D socket=inet:8891@127.0.0.1 -s miltertest.lua
-- Where the module is not on Lua's own paths, set LUA_PATH and LUA_CPATH.

-- luacheck: globals mt socket SMFIR_REPLYCODE SMFIR_ACCEPT SMFIR_CONTINUE MT_SMTPREPLY

local replycode = require "replycode"

-- Nobody can check it: its key is at a name server that does not answer.
local signature = "v=1; a=rsa-sha256; c=simple/simple; d=example.com; s=key; h=from:subject; " ..
  "bh=g3zLYH4xKxcPrHOD18z9YfpQcnk/GaJedfustWU5uGs=; b=" .. ("A"):rep(172)

-- From whom, the reply that is due (nil: none), and what it has to mean.
local cases = {
  { from = "user@example.org", code = "550", status = "5.7.20",
    text = "No valid DKIM signature, mail from example.org is always signed",
    cause = "domain_auth_failed", action = "fix_sender" },
  { from = "user@example.com", signature = signature, code = "451", status = "4.7.5",
    text = "The DKIM key of example.com cannot be looked up now, try again later",
    cause = "domain_auth_failed", action = "retry" },
  { from = "user@example.net" },
}

local function ask(case)
  local milter = assert(mt.connect(socket, 40, 0.25), "no milter at " .. socket)
  mt.conninfo(milter, "client.example.net", "192.0.2.10")
  mt.mailfrom(milter, "<" .. case.from .. ">")
  mt.rcptto(milter, "<recipient@example.com>")
  mt.header(milter, "From", case.from)
  mt.header(milter, "Subject", "test")
  if case.signature then mt.header(milter, "DKIM-Signature", case.signature) end
  mt.eoh(milter)
  mt.bodystring(milter, "test\r\n")
  mt.eom(milter)
  return milter
end

local function check(case)
  local milter = ask(case)
  local asked = mt.getreply(milter)
  if not case.code then
    assert(asked == SMFIR_ACCEPT or asked == SMFIR_CONTINUE, case.from .. ": refused")
    mt.echo(case.from .. ": accepted")
    return mt.disconnect(milter)
  end
  assert(asked == SMFIR_REPLYCODE and mt.eom_check(milter, MT_SMTPREPLY, case.code, case.status, case.text),
    case.from .. ": another reply, or none")
  local verdict = replycode.classify(table.concat({ case.code, case.status, case.text }, " "), "content")
  assert(verdict.cause == case.cause and verdict.action == case.action, case.from .. ": " .. tostring(verdict))
  mt.echo(case.from .. ": " .. tostring(verdict))
  mt.disconnect(milter)
end

for _, case in ipairs(cases) do check(case) end
