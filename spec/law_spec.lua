-- The law over all that can come: every stage by every code, by every status, and by the words of every rule's example.
-- What holds for each verdict.

local replycode = require "replycode"

local stages = { false, "connect", "ehlo", "helo", "lhlo", "starttls", "auth", "mail", "rcpt", "data", "content",
  "delivery",
  "bdat", "burl", "rset", "vrfy", "expn", "help", "noop", "quit", "etrn", "atrn", "turn", "xclient", "xforward", "other",
  "local" }

local function set(words)
  local members = {}
  for word in words:gmatch "%S+" do members[word] = true end
  return members
end

local door = set "connect ehlo helo lhlo"
local before_rcpt = set "connect ehlo helo lhlo starttls auth mail"
local side = set "vrfy expn help noop rset quit etrn atrn turn"
local echo = set "rcpt data bdat burl"

local actions = {
  none = set "proceed",
  transient = set "retry reconnect try_next_host split",
  permanent = set "try_next_host fall_back fix_client fix_sender fix_message drop_recipient give_up",
}

local settled_by_success = { content = "message", delivery = "recipient" }
local settled_by_failure = { mail = "message", data = "message", bdat = "message", burl = "message", rcpt = "recipient",
  content = "message", delivery = "recipient" }

local passing = set "rate_limited greylisted too_many_recipients too_many_connections"
local healed_by_time = set "mailbox_full recipient_disabled server_full server_error service_unavailable network_failed"
local about_recipient = set "recipient_unknown recipient_disabled recipient_moved recipient_refuses"
local dead = set "recipient_unknown recipient_disabled recipient_moved domain_unroutable"

-- ---- What holds. Each says what is wrong, nil when nothing is. ---------------------------------------------------------

local function out_of_step(v)
  return v.transience == "transient" and v.cause == "protocol_error" and v.scope == "session"
end

local function flaw_of_transience(v)
  if v.digit == 4 then return v.transience ~= "transient" and "4yz is " .. v.transience or nil end
  if v.digit == 5 then
    local expected = passing[v.cause] and "transient" or "permanent"
    return v.transience ~= expected and ("5yz %s is %s"):format(v.cause, v.transience) or nil
  end
  if out_of_step(v) then return nil end
  if v.digit ~= 2 and v.digit ~= 3 then return "taken for SMTP" end
  if v.transience ~= "none" or v.cause ~= "accepted" then return ("success is %s %s"):format(v.transience, v.cause) end
end

local function settles_of(v)
  if v.digit == 2 and v.transience == "none" then return settled_by_success[v.stage] end
  if v.digit ~= 5 or v.transience ~= "permanent" or v.scope == "command" or v.scope == "session" then return nil end
  return settled_by_failure[v.stage]
end

local function closes(v)
  if v.code == 421 or v.code == 521 or v.code == 221 then return true end
  return v.stage == "connect" and (v.digit == 4 or v.digit == 5)
end

local function transient_action(v)
  if v.digit ~= 4 and v.digit ~= 5 then return door[v.stage] and "try_next_host" or "reconnect" end
  if v.cause == "too_many_recipients" then return "split" end
  if door[v.stage] and (v.scope == "server" or v.scope == "session") then return "try_next_host" end
  return v.closes and "reconnect" or "retry"
end

local function hello_action(v)
  local code = v.code
  if v.stage == "lhlo" then return (code == 500 or code == 502) and "fix_client" or nil end
  if v.stage == "ehlo" and (code == 500 or code == 502 or code == 503) then return "fall_back" end
  return v.cause == "client_identity_rejected" and "fix_client" or "try_next_host"
end

local function transaction_action(v)
  local code, at_envelope = v.code, v.stage == "mail" or v.stage == "rcpt"
  if v.cause ~= "protocol_error" then return nil end
  if code == 503 and echo[v.stage] then return "fall_back" end
  if (code == 504 or code == 555) and at_envelope then return "fall_back" end
  if (code == 500 or code == 502) and (at_envelope or v.stage == "data") then return "try_next_host" end
end

-- What the stage says, nil where the cause does.
local function permanent_action(v)
  local code = v.code
  if v.stage == "connect" then return "try_next_host" end
  if door[v.stage] then return hello_action(v) end
  if v.stage == "starttls" then return code == 554 and "try_next_host" or "fall_back" end
  if v.stage == "auth" then return (code == 500 or code == 503 or code == 504) and "fall_back" or "fix_client" end
  if side[v.stage] then return "fall_back" end
  return transaction_action(v) or (v.scope == "session" and "fix_client" or nil)
end

local function flaw_of_action(v)
  local expected
  if not actions[v.transience][v.action] then return ("%s with %s"):format(v.transience, v.action) end
  if v.transience == "transient" then expected = transient_action(v) end
  if v.transience == "permanent" then expected = permanent_action(v) end
  if expected and v.action ~= expected then return ("%s instead of %s"):format(v.action, expected) end
  if v.action == "drop_recipient" and not dead[v.cause] then return "drops for " .. v.cause end
  if v.action == "drop_recipient" and v.bare and v.code ~= 556 then return "drops for a bare code" end
end

local function flaw_of_cause(v)
  if before_rcpt[v.stage] and (about_recipient[v.cause] or v.cause == "mailbox_full") then return v.cause end
end

local function flaw_of(v)
  if v.settles ~= settles_of(v) then return "settles " .. tostring(v.settles) end
  if v.closes ~= closes(v) then return "closes " .. tostring(v.closes) end
  return flaw_of_transience(v) or flaw_of_action(v) or flaw_of_cause(v)
end

-- ---- All that can come -------------------------------------------------------------------------------------------------

-- One table for all of them, so that a walk makes no garbage.
local verdict = {}

local function flaw_at(what, stage)
  local v = verdict
  v.stage, v.code, v.digit, v.bare = stage, what.code, math.floor(what.code / 100), what.enhanced == nil
  v.transience, v.cause, v.action, v.scope, v.settles, v.closes = replycode.judge(what, stage or nil)
  return flaw_of(v)
end

local function check(flaws, what, stage)
  local ok, flaw = pcall(flaw_at, what, stage)
  if (ok and flaw == nil) or #flaws == 10 then return end
  flaws[#flaws + 1] = ("%d %s at %s: %s"):format(what.code, what.enhanced or "", stage or "no stage", tostring(flaw))
end

describe("the law holds", function()
  it("for every code", function()
    local flaws, what = {}, {}
    for _, stage in ipairs(stages) do
      for code = 100, 999 do
        what.code = code
        check(flaws, what, stage)
      end
    end
    assert.same({}, flaws)
  end)

  for _, digit in ipairs { 2, 4, 5 } do
    it("for every status of class " .. digit, function()
      local flaws, what = {}, {}
      local function check_everywhere()
        for _, code in ipairs { 250, 254, 354, 450, 452, 454, 550, 552, 554 } do
          what.code = code
          for _, stage in ipairs(stages) do check(flaws, what, stage) end
        end
      end
      for subject = 0, 7 do
        for detail = 0, 30 do
          what.enhanced = ("%d.%d.%d"):format(digit, subject, detail)
          check_everywhere()
        end
      end
      assert.same({}, flaws)
    end)
  end

  it("for statuses that nobody registered", function()
    local flaws, what = {}, {}
    for _, enhanced in ipairs { "5.7.515", "4.7.650", "5.8.1", "5.999.999", "2.9.0" } do
      what.enhanced = enhanced
      for _, stage in ipairs(stages) do
        for code = 200, 599 do
          what.code = code
          check(flaws, what, stage)
        end
      end
    end
    assert.same({}, flaws)
  end)
end)

-- ---- Words -------------------------------------------------------------------------------------------------------------

-- A 5yz passes by its cause, by a wait, or because it says that time heals.
local function flaw_of_passing(v)
  if v.transience ~= "transient" or passing[v.cause] or healed_by_time[v.cause] or v.retry_after then return nil end
  return "5yz passes: " .. v.cause
end

-- Words may close the session; they never keep it open.
local function flaw_of_words(v)
  if v.settles ~= settles_of(v) then return "settles " .. tostring(v.settles) end
  if closes(v) and not v.closes then return "does not close" end
  if v.retry_after and v.transience ~= "transient" then return "waits for nothing" end
  return (v.digit == 5 and flaw_of_passing(v) or v.digit ~= 5 and flaw_of_transience(v)) or flaw_of_action(v)
    or flaw_of_cause(v)
end

local function flaw_of_bytes(bytes, code, stage)
  local v = verdict
  v.stage, v.code, v.digit, v.bare = stage, code, math.floor(code / 100), false
  v.transience, v.cause, v.action, v.scope, v.settles, v.closes, v.retry_after = replycode.judge(bytes, stage or nil)
  return flaw_of_words(v)
end

-- The example's words behind each of these codes, at each stage.
local function check_words(flaws, words)
  for _, code in ipairs { 250, 354, 421, 450, 503, 550, 552, 554 } do
    local bytes = ("%d %s"):format(code, words)
    for _, stage in ipairs(stages) do
      local flaw = flaw_of_bytes(bytes, code, stage)
      if flaw and #flaws < 10 then flaws[#flaws + 1] = ("%s at %s: %s"):format(bytes, stage or "no stage", flaw) end
    end
  end
end

describe("the law holds for words", function()
  it("of every rule's example, whatever code and stage they come with", function()
    local flaws = {}
    for entry in replycode.entries "rule" do
      if entry.example then check_words(flaws, (replycode.parse(entry.example).text:gsub("\n", " "))) end
    end
    assert.same({}, flaws)
  end)

  it("without a code: nothing is settled, and a failure it is", function()
    for entry in replycode.entries "rule" do
      local text = entry.example and replycode.parse(entry.example).text
      local found = text and replycode.classify({ text = text }, "local")
      if found then
        assert.is_nil(found.settles, text)
        assert.is_true(actions[found.transience][found.action], text)
        assert.is_not.equal("none", found.transience, text)
      end
    end
  end)
end)

describe("no status of class 5 or 4", function()
  it("makes a failure of a success in step", function()
    local places = { rcpt = 250, mail = 250, content = 250, delivery = 250, data = 354, ehlo = 250, vrfy = 252,
      bdat = 250 }
    for stage, code in pairs(places) do
      for _, enhanced in ipairs { "5.1.1", "4.2.2", "5.7.1", "5.5.3", "4.3.2", "2.1.5" } do
        local found = replycode.classify({ code = code, enhanced = enhanced }, stage)
        assert.equal("none accepted proceed", table.concat({ found.transience, found.cause, found.action }, " "))
      end
    end
  end)
end)

describe("what is malformed", function()
  it("settles nothing at any stage, and nothing goes on", function()
    for _, kind in ipairs { "code", "separator", "truncated", "too_long" } do
      for _, stage in ipairs(stages) do
        for _, code in ipairs { 250, 354, 450, 550 } do
          local found = replycode.classify({ code = code, enhanced = "5.1.1", malformed = kind }, stage or nil)
          local where = ("%d %s at %s"):format(code, kind, stage or "no stage")
          assert.equal("transient", found.transience, where)
          assert.is_nil(found.settles, where)
          assert.equal(door[stage] and "try_next_host" or "reconnect", found.action, where)
        end
      end
    end
  end)
end)

describe("the stage of a command line", function()
  local lines = {
    ["EHLO a"] = "ehlo", ["helo a"] = "helo", ["LHLO a"] = "lhlo", ["StartTLS"] = "starttls",
      ["AUTH PLAIN AA=="] = "auth",
    ["MAIL FROM:<>"] = "mail", ["mail from:<i@example.org> SIZE=1"] = "mail", ["RCPT TO:<a@b>\r\n"] = "rcpt",
    ["DATA"] = "data", ["data\n"] = "data", ["."] = "content", [".\r\n"] = "content", ["BDAT 9"] = "bdat",
    ["BDAT 9 LAST"] = "content", ["bdat 0 last\r\n"] = "content", ["BURL imap://a/b"] = "burl",
    ["BURL imap://a/b LAST"] = "content", ["BURL imap://a/LAST"] = "burl", ["RSET"] = "rset", ["VRFY a"] = "vrfy",
    ["EXPN a"] = "expn", ["help"] = "help", ["NOOP"] = "noop", ["quit\r\n"] = "quit", ["ETRN a"] = "etrn",
    ["ATRN a"] = "atrn", ["TURN"] = "turn", ["XCLIENT NAME=a"] = "xclient", ["XFORWARD NAME=a"] = "xforward",
    ["SEND FROM:<a@b>"] = "other", ["GET / HTTP/1.1"] = "other", ["MAILS"] = "other", ["MAI"] = "other", [""] = "other",
    ["\r\n"] = "other", ["MAIL\0"] = "other", ["\255\0"] = "other", ["connect"] = "other", ["content"] = "other",
  }

  it("is known for every command, in any case", function()
    for line, stage in pairs(lines) do assert.equal(stage, replycode.stage(line), line) end
  end)
end)
