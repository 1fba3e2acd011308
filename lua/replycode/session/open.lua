--- What waits for a reply, oldest first: a queue of { stage =, command =, recipient =, ... }.

-- Faster interpreted: see replycode.session.
local jit = package.loaded.jit
if jit then jit.off(true, true) end

local open = {}
open.__index = open

function open.new(limit)
  return setmetatable({ first_at = 1, last_at = 0, limit = limit }, open)
end

function open:count()
  return self.last_at - self.first_at + 1
end

function open:is_full()
  return self:count() >= self.limit
end

function open:oldest()
  return self[self.first_at]
end

function open:second()
  return self[self.first_at + 1]
end

function open:newest()
  return self.last_at >= self.first_at and self[self.last_at] or nil
end

function open:push(entry)
  self.last_at = self.last_at + 1
  self[self.last_at] = entry
end

function open:pop()
  local entry = self[self.first_at]
  self[self.first_at] = nil
  self.first_at = self.first_at + 1
  return entry
end

return open
