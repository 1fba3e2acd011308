--- A file of refusals, a CBOR sequence (RFC 8742) that begins with { format = }.
---
--- It is opened for each record, so that a file that log rotation has moved away is made anew, and trouble passes as it
--- came: when a record cannot be written, that is said once, the mail goes on, and the next record tries again. A record
--- that a full disk has cut off is written again over its remains, so that what follows can be read.

local journal = {}
journal.__index = journal

--- A journal in the file of this name, a regular one. `cbor` is the module that encodes, `complain` takes what is to be
--- said; `open` is io.open unless given.
function journal.new(name, cbor, complain, open)
  return setmetatable({ name = name, cbor = cbor, complain = complain, open = open or io.open, lost = 0 }, journal)
end

-- ---- One write ------------------------------------------------------------------------------------------------------

-- The file that still ends with the remains of a record.
local function open_torn(self)
  local file = self.open(self.name, "r+b")
  if not file then return nil end
  if file:seek("end") == self.torn.last then return file end
  file:close()
end

-- The file, where to write, and what has to be written first.
local function open_file(self)
  local torn = self.torn
  local torn_file = torn and open_torn(self)
  if torn_file then return torn_file, nil, torn.first, torn.bytes end
  local file, problem = self.open(self.name, "ab")
  if not file then return nil, problem end
  if torn then self.torn, self.lost = nil, self.lost + 1 end
  return file, nil, file:seek("end"), ""
end

-- Which record was cut off: the one from before, or the new one.
local function note_remains(self, first, last, before, bytes)
  local size = last - first
  if size > 0 and size < #before then
    self.torn, self.lost = { first = first, last = last, bytes = before }, self.lost + 1
  elseif size > #before then
    self.torn = { first = first + #before, last = last, bytes = bytes }
  else
    self.torn, self.lost = nil, self.lost + 1
  end
end

-- Unbuffered, so that an error is that of the write.
local function put(self, file, first, before, bytes)
  file:setvbuf("no")
  if first then file:seek("set", first) end
  local done, problem = file:write(before .. bytes)
  if done then self.torn = nil return true end
  note_remains(self, first or 0, first and file:seek("end") or 0, before, bytes)
  return nil, problem
end

local function write(self, bytes)
  local file, problem, first, before = open_file(self)
  if not file then
    self.lost = self.lost + 1
    return nil, problem
  end
  if first == 0 and before == "" then bytes = self.cbor.encode{ format = self.cbor.format } .. bytes end
  local done
  done, problem = put(self, file, first, before, bytes)
  file:close()
  return done, problem
end

-- ---- Trouble --------------------------------------------------------------------------------------------------------

local function note_failure(self, problem)
  if self.is_failing then return end
  self.is_failing = true
  self.complain(("cannot write %s: %s; the mail goes on"):format(self.name, tostring(problem)))
end

local function note_success(self)
  if not self.is_failing then return end
  self.complain(("%s can be written again; records lost: %d"):format(self.name, self.lost))
  self.is_failing, self.lost = false, 0
end

--- Writes a refusal. Never raises.
function journal:write(refusal)
  local ok, done, problem = pcall(function() return write(self, self.cbor.encode(refusal)) end)
  if ok and done then return note_success(self) end
  note_failure(self, ok and problem or done)
end

return journal
