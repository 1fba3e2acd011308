--- Where a message ends: at CRLF.CRLF (RFC 5321 section 4.1.1.4). Keeps nothing of it.
---
--- A dot alone with a bare LF before or behind it ends it for some servers and not for others, which smugglers use:
--- what follows it is held, and the server's reply tells.

-- Faster interpreted: see replycode.session.
local jit = package.loaded.jit
if jit then jit.off(true, true) end

local message = {}
message.__index = message

--- `limit` bounds what is held behind such a dot.
function message.new(limit)
  return setmetatable({ limit = limit, tail = "\r\n", bare_lf = nil, held = nil, held_size = 0 }, message)
end

-- Ends of the text up to and with CRLF.CRLF, and up to and with a dot between line ends one of which is a bare LF.
local function ends_of(text)
  local _, bare = text:find("\n.\n", 1, true)
  local at = text:find("\n.\r\n", 1, true)
  while at and text:byte(at - 1) ~= 13 do
    bare = math.min(bare or at + 3, at + 3)
    at = text:find("\n.\r\n", at + 1, true)
  end
  local dot = at and at + 3
  if dot and bare and bare > dot then bare = nil end
  return dot, bare
end

function message:hold(bytes)
  if not self.held then return end
  self.held_size = self.held_size + #bytes
  if self.held_size > self.limit then
    self.held = nil
  else
    self.held[#self.held + 1] = bytes
  end
end

--- The position behind the message, nil when it goes on.
function message:feed(bytes)
  local known = #self.tail
  local text = self.tail .. bytes
  local dot, bare = ends_of(text)
  if self.bare_lf then
    self:hold(bytes)
  elseif bare then
    self.bare_lf, self.held = true, {}
    self:hold(text:sub(bare + 1))
  end
  self.tail = text:sub(-4)
  return dot and dot - known + 1
end

--- What followed the dot between bare line feeds; nil when it was too much.
function message:behind_bare_lf()
  return self.held and table.concat(self.held)
end

return message
