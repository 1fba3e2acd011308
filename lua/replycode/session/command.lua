--- One command line: its stage, what of it may be shown, its recipient, its octets.

local replycode = require "replycode"

-- Faster interpreted: see replycode.session.
local jit = package.loaded.jit
if jit then jit.off(true, true) end

local command = {}

local recipient_forms = { '^[^:]*:[ \t]*<("[^"]*"@[^>]*)>', "^[^:]*:[ \t]*<([^>]*)>", "^[^:]*:[ \t]*([^ \t<>]+)" }

--- The mailbox of RCPT; a source route before it means nothing (RFC 5321 appendix C).
function command.recipient(line)
  for _, form in ipairs(recipient_forms) do
    local path = line:match(form)
    if path then return (path:gsub("^@[^:]*:", "")) end
  end
end

--- What may be shown of AUTH: the verb and the name of a mechanism (RFC 4422 section 3.1), nothing that follows.
function command.login(line)
  local verb, mechanism = line:match("^([^ \t]+)[ \t]*([^ \t]*)")
  if #mechanism > 20 or not mechanism:find("^[A-Za-z0-9_-]+$") then return verb end
  return verb .. " " .. mechanism
end

--- Octets of BDAT (RFC 3030 section 2), nil when the command is wrong: then none follow.
function command.octets(line)
  local digits, rest = line:match("^[Bb][Dd][Aa][Tt][ \t]+([0-9]+)(.*)$")
  if not digits then return nil end
  if not rest:find("^[ \t]*$") and not rest:find("^[ \t]+[Ll][Aa][Ss][Tt][ \t]*$") then return nil end
  return #digits <= 15 and tonumber(digits) or math.huge
end

local parts = { bdat = true, burl = true }

--- `BDAT n LAST` and `BURL .. LAST` are at stage content; `part` says what they are.
function command.stages(line)
  local stage = replycode.stage(line)
  if stage ~= "content" then return stage, parts[stage] and stage end
  local verb = line:match("^([^ \t]*)")
  if verb == "." then return "other" end
  return stage, replycode.stage(verb)
end

return command
