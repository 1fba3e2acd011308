--- What is kept of each session, by its id. At most so many: the ones that were idle longest go first.
---
--- Two generations: when the young one is full, it becomes the old one, and who is not called up before the next change is
--- forgotten.

local sessions = {}
sessions.__index = sessions

--- A store for at most `limit` sessions.
function sessions.new(limit)
  return setmetatable({ half = math.ceil(limit / 2), young = {}, old = {}, count = 0 }, sessions)
end

--- Keeps a record under an id.
function sessions:put(id, record)
  if self.count >= self.half then self.young, self.old, self.count = {}, self.young, 0 end
  self.young[id] = record
  self.count = self.count + 1
end

--- The record of an id, or nil.
function sessions:get(id)
  local record = self.young[id]
  if record then return record end
  record = self.old[id]
  if not record then return nil end
  self.old[id] = nil
  self:put(id, record)
  return record
end

--- Forgets an id.
function sessions:drop(id)
  if self.young[id] then self.count = self.count - 1 end
  self.young[id], self.old[id] = nil, nil
end

return sessions
