-- Whatever the order in which the two directions are seen, as long as it is possible on a wire, and whatever the cuts:
-- the pairs are the same. Dialogues are made up at random together with their pairs.

local session = require "replycode.session"
local dialogue = require "spec.tools.dialogue"

local function new_random(seed)
  return function(most)
    seed = (seed * 16807) % 2147483647
    return seed % most + 1
  end
end

-- ---- A dialogue -----------------------------------------------------------------------------------------------------
-- A list of { sent =, replies = { bytes }, pairs = { digests }, waits = true when the client needs the replies to go
-- on }.

local script = {}
script.__index = script

function script:add(sent, replies, pairs, waits)
  self[#self + 1] = { sent = sent, replies = replies, pairs = pairs, waits = waits }
end

function script:one(line, reply, pair, waits)
  local shown = pair:gsub("@", "[" .. line .. "]", 1)
  self:add(line .. "\r\n", { reply .. "\r\n" }, { shown }, waits)
end

function script:hello()
  local verb = self.is_lmtp and "LHLO" or "EHLO"
  self:one(verb .. " c.example.org", "250-mx.example.org\r\n250-CHUNKING\r\n250 PIPELINING",
    verb:lower() .. " 250 @ accepted", true)
end

function script:recipients()
  local accepted, refused = {}, 0
  for at = 1, self.random(4) do
    local address = ("r%d.%d"):format(self.random(3), at % 2)
    local line = "RCPT TO:<" .. address .. ">"
    if self.random(3) > 1 then
      accepted[#accepted + 1] = address
      self:one(line, "250 2.1.5 Ok", "rcpt 250 @ <" .. address .. "> accepted")
    else
      refused = refused + 1
      self:one(line, "550-5.1.1 No such\r\n550 5.1.1 user", "rcpt 550 @ <" .. address .. "> recipient_unknown")
    end
  end
  return accepted, refused
end

-- The end of a message: one reply, or one for each recipient.
function script:content(sent, command, accepted)
  if not self.is_lmtp then
    return self:add(sent, { "250 2.0.0 Queued\r\n" }, { "content 250 [" .. command .. "] accepted" })
  end
  local replies, pairs = {}, {}
  for at, address in ipairs(accepted) do
    replies[at] = at % 2 == 1 and "250 2.0.0 Saved\r\n" or "552 5.2.2 Mailbox full\r\n"
    pairs[at] = ("delivery %s [%s] <%s> %s"):format(replies[at]:sub(1, 3), command, address,
      at % 2 == 1 and "accepted" or "mailbox_full")
  end
  self:add(sent, replies, pairs)
end

local bodies = { "", "QUIT\r\n", "Subject: x\r\n\r\n..\r\n.x\r\nRSET\r\n", "a\rb\r\n", ("line\r\n"):rep(50), "x.\r\n" }

function script:message(accepted)
  local body = bodies[self.random(#bodies)]
  if self.random(2) == 1 then
    self:one("DATA", "354 Go on", "data 354 @ accepted", true)
    return self:content(body .. ".\r\n", ".", accepted)
  end
  self:add("BDAT 7\r\nQUIT\r\n.", { "250 Ok\r\n" }, { "bdat 250 [BDAT 7] accepted" })
  local command = ("BDAT %d LAST"):format(#body)
  self:content(command .. "\r\n" .. body, command, accepted)
end

function script:transaction()
  self:one("MAIL FROM:<s@example.org>", "250 2.1.0 Ok", "mail 250 @ accepted")
  local accepted = self:recipients()
  if #accepted == 0 then
    self:one("DATA", "554 5.5.1 No valid recipients", "data 554 @ recipient_unknown = rcpt 550", true)
    return self:one("RSET", "250 Ok", "rset 250 @ accepted")
  end
  self:message(accepted)
end

function script:login()
  self:add("AUTH LOGIN\r\n", { "334 VXNlcm5hbWU6\r\n" }, { "auth 334 [AUTH LOGIN] accepted" }, true)
  self:add("QUIT\r\n", { "334 UGFzc3dvcmQ6\r\n" }, { "auth 334 [AUTH LOGIN] accepted" }, true)
  local ok = self.random(2) == 1
  self:add("DATA\r\n", { ok and "235 Ok\r\n" or "535 5.7.8 No\r\n" },
    { ok and "auth 235 [AUTH LOGIN] accepted" or "auth 535 [AUTH LOGIN] client_auth_failed" }, true)
end

function script:refused_data()
  self:one("MAIL FROM:<s@example.org>", "451 4.3.0 Error", "mail 451 @ server_error")
  self:one("RCPT TO:<a@example.org>", "503 Need MAIL", "rcpt 503 @ <a@example.org> server_error = mail 451")
  self:one("DATA", "503 Need RCPT", "data 503 @ server_error = mail 451", true)
end

function script:trifle()
  self:one("NOOP", "250 Ok", "noop 250 @ accepted", true)
  self:one("XYZZY", "500 What?", "other 500 @ protocol_error")
end

local acts = { "transaction", "transaction", "transaction", "login", "refused_data", "trifle", "hello" }

local function new_script(random)
  local made = setmetatable({ random = random, is_lmtp = random(2) == 1 }, script)
  made:add("", { "220 mx.example.org ESMTP\r\n" }, { "connect 220 accepted" }, true)
  made:hello()
  for _ = 1, 6 do made[acts[random(#acts)]](made) end
  made:one("QUIT", "221 Bye", "quit 221 @ accepted", true)
  return made
end

local function expected_of(made)
  local found = {}
  for _, step in ipairs(made) do
    for _, pair in ipairs(step.pairs) do found[#found + 1] = pair end
  end
  return found
end

-- ---- An order -------------------------------------------------------------------------------------------------------

-- The client may send a step when the replies to those before that it waits for were seen; the server answers what it
-- has.
local function order(made, random)
  local events, sent, answered = {}, 0, 0
  while answered < #made do
    local step = made[sent + 1]
    local may_send = step and (sent == answered or not made[sent].waits)
    if may_send and (sent == answered or random(2) == 1) then
      sent = sent + 1
      events[#events + 1] = { who = "client", bytes = step.sent }
    else
      answered = answered + 1
      for _, reply in ipairs(made[answered].replies) do events[#events + 1] = { who = "server", bytes = reply } end
    end
  end
  return events
end

local function cut(events, random, longest)
  local found = {}
  for _, event in ipairs(events) do
    local at = 1
    repeat
      local size = random(longest)
      found[#found + 1] = { who = event.who, bytes = event.bytes:sub(at, at + size - 1) }
      at = at + size
    until at > #event.bytes
  end
  return found
end

local function join(events)
  local found = {}
  for _, event in ipairs(events) do
    local last = found[#found]
    if last and last.who == event.who then last.bytes = last.bytes .. event.bytes
    else found[#found + 1] = { who = event.who, bytes = event.bytes } end
  end
  return found
end

local function calm(exchange)
  return (dialogue.digest(exchange):gsub(" {early}", ""))
end

describe("the pairs of a dialogue", function()
  it("are the same in every order and every cut", function()
    local replies = 0
    for seed = 1, 150 do
      local random = new_random(seed * 7919)
      local made = new_script(random)
      local expected = expected_of(made)
      for _ = 1, 6 do
        local s = session.new()
        local events = cut(join(order(made, random)), random, ({ 1, 5, 40, 4000 })[random(4)])
        assert.same(expected, dialogue.finish(s, dialogue.play(s, events, calm), calm))
        replies = replies + #expected
      end
    end
    assert.is_true(replies > 10000, replies)
  end)

  it("are the same when a message is sent without waiting for 354", function()
    for seed = 1, 50 do
      local random = new_random(seed * 104729)
      local made = new_script(random)
      for _, step in ipairs(made) do
        if step.sent == "DATA\r\n" and step.replies[1]:find("^354") then step.waits = nil end
      end
      local s = session.new()
      local events = cut(join(order(made, random)), random, 30)
      assert.same(expected_of(made), dialogue.finish(s, dialogue.play(s, events, calm), calm))
    end
  end)
end)
