--- The client's bytes, in any cut: which commands they ask, where a message begins and ends. Keeps no message and no
--- secret.
---
--- Bytes mean something only in a mode: "command" (lines), "message" (after 354, to the dot), "chunk" (octets of BDAT),
--- "auth" (one line that answers a 334), "lost". Where a reply decides the mode, the bytes behind the command are held
--- until it comes: the gate.

local command = require "replycode.session.command"
local message = require "replycode.session.message"

-- Faster interpreted: see replycode.session.
local jit = package.loaded.jit
if jit then jit.off(true, true) end

local client = {}
client.__index = client

--- `open` takes what is asked; `limits` are the session's: held, line.
function client.new(open, limits)
  return setmetatable({
    open = open,
    limits = limits,
    mode = "command",
    line = "",                    -- of a line that is not whole yet, no more than limits.line bytes
    is_cut = false,               -- the line was longer
    text = nil,                   -- where the message ends
    left = 0,                     -- octets of a chunk that are still to come
    gate = nil,                   -- what was asked and decides on the mode
    held = {},                    -- bytes behind the gate
    held_size = 0,
    is_hasty = false,             -- reading what was sent before its time
    is_secret = false,            -- an AUTH was refused: what follows may be a password
    offered = nil,                -- keywords of the last EHLO
  }, client)
end

--- A bound was passed, or the roles have changed: nobody can say what the bytes ask for. What was asked before is still
--- answered in its order.
function client:lose()
  self.mode, self.gate = "lost", nil
  self.held, self.held_size, self.line = {}, 0, ""
end

-- ---- Asking ---------------------------------------------------------------------------------------------------------

-- RFC 2920 section 3.1: these end a group. So do those that open a dialogue of their own.
local ends_group = { ehlo = true, lhlo = true, data = true, vrfy = true, expn = true, turn = true, quit = true,
  noop = true, starttls = true, auth = true, xclient = true, etrn = true, atrn = true }

function client:is_early()
  local newest = self.open:newest()
  if self.is_hasty or not newest then return self.is_hasty end
  if newest.stage == "connect" or ends_group[newest.stage] then return true end
  return not (self.offered and self.offered.PIPELINING)
end

function client:ask(entry)
  if self.open:is_full() then self:lose() return nil end
  self.open:push(entry)
  return entry
end

function client:close_gate(entry)
  self.gate = entry
end

-- ---- Commands -------------------------------------------------------------------------------------------------------

local dialogue = { data = true, auth = true, starttls = true }

-- Who does not offer CHUNKING may not know BDAT, and reads the octets as commands.
function client:begin_chunk(entry, octets)
  entry.is_chunk = true
  if not octets or octets == 0 then return end
  self.mode, self.left = "chunk", octets
  entry.lacks_octets = true
  self.chunk = entry
  if not (self.offered and self.offered.CHUNKING) then self:close_gate(entry) end
end

function client:shown(line, stage)
  if stage == "auth" then return command.login(line) end
  if stage == "other" and self.is_secret then return nil end
  self.is_secret = false
  return line
end

function client:command_line(line, is_cut)
  local stage, part = command.stages(line)
  local entry = self:ask{ stage = stage, part = part, command = self:shown(line, stage), early = self:is_early(),
    is_cut = is_cut, recipient = stage == "rcpt" and command.recipient(line) or nil }
  if not entry then return end
  if is_cut and part then return self:lose() end
  if part == "bdat" then self:begin_chunk(entry, command.octets(line)) end
  if dialogue[stage] then
    self.login = stage == "auth" and entry.command or nil
    self:close_gate(entry)
  end
end

-- ---- Bytes of each mode: from a position, giving the next ----------------------------------------------------------

-- Gives the line when it is whole.
function client:read_line(bytes, at)
  local lf = bytes:find("\n", at, true)
  local last = (lf or #bytes + 1) - 1
  local room = self.limits.line + 1 - #self.line      -- one for the CR
  self.line = self.line .. bytes:sub(at, math.min(last, at + room - 1))
  self.is_cut = self.is_cut or last - at + 1 > room
  if not lf then return #bytes + 1, nil end
  local line, is_cut = self.line:gsub("\r$", ""), self.is_cut
  self.line, self.is_cut = "", false
  if #line > self.limits.line then line, is_cut = line:sub(1, self.limits.line), true end
  return lf + 1, line, is_cut
end

function client:command(bytes, at)
  local after, line, is_cut = self:read_line(bytes, at)
  if line then self:command_line(line, is_cut) end
  return after
end

-- A line that answers a 334 is a secret.
function client:auth(bytes, at)
  local lf = bytes:find("\n", at, true)
  if not lf then return #bytes + 1 end
  self.mode = "command"
  local entry = self:ask{ stage = "auth", command = self.login, early = self.is_hasty }
  if entry then self:close_gate(entry) end
  return lf + 1
end

function client:chunk_octets(bytes, at)
  local octets = math.min(self.left, #bytes - at + 1)
  self.left = self.left - octets
  if self.left == 0 then
    self.mode, self.chunk.lacks_octets = "command", nil
  end
  return at + octets
end

-- ---- The message ----------------------------------------------------------------------------------------------------

function client:begin_message()
  self.mode, self.text = "message", message.new(self.limits.held)
end

function client:end_message()
  self.mode = "command"
  self:ask{ stage = "content", command = ".", early = self.is_hasty, bare_lf = self.text.bare_lf }
end

function client:message(bytes, at)
  local after = self.text:feed(at == 1 and bytes or bytes:sub(at))
  if not after then return #bytes + 1 end
  self:end_message()
  return at + after - 1
end

--- A reply came before CRLF.CRLF. When a bare LF may have ended the message, it has: what followed are commands. True
--- when so.
function client:answered_inside()
  if self.mode ~= "message" or not self.text.bare_lf then return false end
  local behind = self.text:behind_bare_lf()
  self:end_message()
  if behind then self:replay(behind) else self:lose() end
  return true
end

function client.lost(_, bytes)
  return #bytes + 1
end

-- ---- All ------------------------------------------------------------------------------------------------------------

local readers = { command = client.command, auth = client.auth, chunk = client.chunk_octets, message = client.message,
  lost = client.lost }

function client:hold(bytes)
  self.held_size = self.held_size + #bytes
  if self.held_size > self.limits.held then return self:lose() end
  self.held[#self.held + 1] = bytes
end

function client:feed(bytes)
  local at = 1
  while at <= #bytes do
    if self.gate then return self:hold(at == 1 and bytes or bytes:sub(at)) end
    at = readers[self.mode](self, bytes, at)
  end
end

function client:replay(bytes)
  self.is_hasty = bytes ~= ""
  self:feed(bytes)
  self.is_hasty = false
end

local decides = {}

function decides.data(self, reply)
  if reply.code == 354 then self:begin_message() end
end

function decides.auth(self, reply)
  if reply.code == 334 then self.mode = "auth" end
  self.is_secret = reply.code ~= 334 and reply.class ~= "success"
end

-- 500 and 502: BDAT is not known here.
function decides.bdat(self, reply)
  if reply.code == 500 or reply.code == 502 then self.mode, self.left = "command", 0 end
end

--- The reply to what closed the gate: opens it and reads what was held.
function client:answered(entry, reply)
  if self.gate ~= entry then return end
  local decide = decides[entry.part or entry.stage]
  self.gate = nil
  if decide and not reply.malformed then decide(self, reply) end
  local held = table.concat(self.held)
  self.held, self.held_size = {}, 0
  self:replay(held)
end

--- Whether all of a command was sent, the octets of its chunk too.
function client:has_sent(entry)
  return not entry.lacks_octets or (self.gate == entry and self.held_size >= self.left)
end

--- TLS begins: nothing that was sent before its end is a command. True when there was something.
function client:drop()
  local had_bytes = self.held_size > 0
  self.gate, self.held, self.held_size = nil, {}, 0
  self.mode, self.line, self.is_cut = "command", "", false
  return had_bytes
end

--- The connection is gone and the gate's reply never comes. Read as if the server had agreed, so that a message that
--- was sent unasked is in doubt and a secret stays one.
function client:finish()
  local gate = self.gate
  while gate do
    if gate.stage == "starttls" then self:drop() return end
    self.gate = nil
    if gate.stage == "data" then self:begin_message() end
    if gate.stage == "auth" then self.mode = "auth" end
    local held = table.concat(self.held)
    self.held, self.held_size = {}, 0
    if gate.stage == "auth" then return end
    self:replay(held)
    gate = self.gate
  end
end

return client
