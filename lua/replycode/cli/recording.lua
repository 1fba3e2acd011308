--- The replies in a file, each with the stage that it answers.
---
--- A file holds server bytes, one reply after the other, or a recorded session: lines that begin with "C: " (client),
--- "S: " (server) or "#: " (note). In a session, replies answer commands in their order (RFC 5321 section 4.3.1;
--- RFC 2920 section 3.1).

local replycode = require "replycode"
local text = require "replycode.cli.text"

local recording = {}

local session = {}
session.__index = session

local function new_session(found)
  return setmetatable({
    found = found,                -- items as `read` gives them, in the order of the replies
    stream = replycode.stream(),
    expected = { "connect" },     -- stages that wait for their reply
    accepted = 0,                 -- recipients of the transaction
    chunk = 0,                    -- bytes of a BDAT chunk that are still to come (RFC 3030 section 2)
    in_content = false,           -- between 354 and the final dot
    in_auth = false,              -- the next line answers a 334
    is_lmtp = false,
    enhanced = false,             -- ENHANCEDSTATUSCODES was announced (RFC 2034)
    utf8 = false,                 -- the transaction or question has SMTPUTF8 (RFC 6531)
    has_begun = false,            -- a command was seen
  }, session)
end

-- ---- The client's lines ---------------------------------------------------------------------------------------------

function session:expect(stage)
  self.expected[#self.expected + 1] = stage
end

function session:content_line(line)
  if not line:find("^%.\r?\n?$") then return end
  self.in_content = false
  self:expect("content")
end

local begins_session = { ehlo = true, helo = true, lhlo = true }

-- A recording may begin in the midst of a session: then no greeting is to come.
function session:begin(line)
  self.has_begun = true
  if #self.found == 0 and not begins_session[replycode.stage(line)] then self.expected = {} end
end

local asks_utf8 = { mail = true, vrfy = true, expn = true }

function session:command(line)
  if not self.has_begun then self:begin(line) end
  if asks_utf8[replycode.stage(line)] then self.utf8 = line:find(" [Ss][Mm][Tt][Pp][Uu][Tt][Ff]8") ~= nil end
  self.chunk = tonumber(line:match("^[Bb][Dd][Aa][Tt] +(%d+)")) or 0
  self:expect(self.in_auth and "auth" or replycode.stage(line))
  self.in_auth = false
end

function session:sent(line)
  if self.in_content then return self:content_line(line) end
  local rest = line:sub(self.chunk + 1)
  self.chunk = math.max(0, self.chunk - #line)
  if rest ~= "" then self:command(rest) end
end

-- ---- The server's replies -------------------------------------------------------------------------------------------

-- LMTP answers the end of the message once for each accepted recipient (RFC 2033 section 4.2).
function session:next_stage()
  if self.expected[1] == "content" and self.is_lmtp and self.accepted > 0 then
    self.accepted = self.accepted - 1
    if self.accepted == 0 then table.remove(self.expected, 1) end
    return "delivery"
  end
  if #self.expected == 0 and self.in_content then
    self.in_content = false       -- an answer before the final dot
    return "content"
  end
  return table.remove(self.expected, 1)
end

local begins_transaction = { ehlo = true, helo = true, lhlo = true, mail = true, rset = true, content = true }

local function announces_statuses(reply)
  for at = 2, #reply.lines do
    if text.fold(reply.lines[at]) == "enhancedstatuscodes" then return true end
  end
  return false
end

-- What an agreeing reply changes in the dialogue.
function session:learn(stage, reply)
  local done = reply.class == "success" and not reply.malformed
  if done and stage == "rcpt" then self.accepted = self.accepted + 1 end
  if done and begins_transaction[stage] then self.accepted = 0 end
  if done and stage == "lhlo" then self.is_lmtp = true end
  if done and begins_session[stage] then self.enhanced = announces_statuses(reply) end
  if reply.code == 354 and stage == "data" then self.in_content = true end
  if reply.code == 334 and stage == "auth" then self.in_auth = true end
end

function session:take(reply)
  local stage = self:next_stage()
  self.found[#self.found + 1] = { reply = reply, stage = stage, accepted = self.accepted, enhanced = self.enhanced,
    utf8 = self.utf8 }
  self:learn(stage, reply)
end

function session:received(bytes)
  for reply in self.stream:feed(bytes) do self:take(reply) end
end

function session:close()
  local reply = self.stream:finish()
  while reply do
    self:take(reply)
    reply = self.stream:finish()
  end
end

-- ---- Files ----------------------------------------------------------------------------------------------------------

local line_pattern = "^([CS#]): ?(.*)$"

-- Behind a closed connection another session may follow; commands still sent into the closed one get no reply.
local function read_session(bytes)
  local found = {}
  local current, is_closed = new_session(found), false
  for line in bytes:gmatch("[^\n]*\n?") do
    local who, what = line:match(line_pattern)
    if who == "#" and what:find("^connection closed") then
      current:close()
      current, is_closed = new_session(found), true
    elseif who == "S" then
      is_closed = false
      current:received(what)
    elseif who == "C" and not is_closed then
      current:sent(what)
    end
  end
  current:close()
  return found
end

-- Empty lines between replies are the file's, not the server's.
local function read_replies(bytes, stage)
  local found = {}
  local at = bytes:find("[^\r\n]")
  while at do
    local reply, after = replycode.parse(bytes, at)
    found[#found + 1] = { reply = reply, stage = stage }
    at = bytes:find("[^\r\n]", after)
  end
  return found
end

--- { reply =, stage =, accepted =, enhanced =, utf8 = } for each reply. The last three are known of recorded sessions:
--- recipients accepted before, whether ENHANCEDSTATUSCODES was announced, whether SMTPUTF8 was asked for. `stage` holds
--- for replies that are no recorded session.
function recording.read(bytes, stage)
  local first = bytes:match("[^\r\n]+")
  if first and first:find(line_pattern) then return read_session(bytes) end
  return read_replies(bytes, stage)
end

return recording
