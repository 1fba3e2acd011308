-- judge says what classify says, without a table and without garbage.

local replycode = require "replycode"

local stages = { "connect", "ehlo", "auth", "mail", "rcpt", "data", "content", "delivery", "vrfy", "quit", "local" }

local replies = { "250 ok", "354 go on", "221 bye", "421 4.3.2 Bye", "450 4.2.0 wait", "452 4.5.3 too many", "500",
  "502 5.5.1 no", "503", "521", "530 5.7.0", "535 5.7.8", "550-5.1.1 No\r\n550 5.1.1 user\r\n", "550 5.7.26 spf",
  "552 5.2.2 full", "554", "556", "999 what", "250OK", "550-cut", "hello", "5.1.1 No such user", "", "\0\255",
  "550 No such user", "450 4.7.1 Greylisted, try again in 5 minutes", "554 Blocked using zen.spamhaus.org",
    "Connection timed out",
  "450 host mx.example.org said: 550 5.1.1 No such user", "550 5.7.1 x - gsmtp", "421 Bye, closing connection" }

local fields = { "transience", "cause", "action", "scope", "settles", "closes", "retry_after" }

local function differing(what, where)
  local verdict, values = replycode.classify(what, where), { n = select("#", replycode.judge(what, where)) }
  for at = 1, 7 do values[at] = (select(at, replycode.judge(what, where))) end
  if values.n ~= 7 then return "count" end
  for at, field in ipairs(fields) do
    local expected = verdict[field]
    if field == "closes" then expected = expected or false end
    if values[at] ~= expected then return field end
  end
end

-- How much 10000 calls leave behind, once what is kept for ever has been made.
local function garbage_of(judge, what, where)
  for _ = 1, 200 do judge(what, where) end
  local before = collectgarbage "count"
  for _ = 1, 10000 do judge(what, where) end
  return collectgarbage "count" - before
end

-- What LuaJIT's compiler notes about the loop is not judge's garbage.
local jit = rawget(_G, "jit")
if jit then jit.off(garbage_of) end

-- LuaJIT's compiler allocates for itself when it takes up a loop: it is off meanwhile.
local compiler = rawget(_G, "jit")

local function without_collector(judge, what, where)
  if compiler then compiler.off() end
  collectgarbage()
  collectgarbage "stop"
  local ok, garbage = pcall(garbage_of, judge, what, where)
  collectgarbage "restart"
  if compiler then compiler.on() end
  assert(ok, garbage)
  return garbage
end

describe("judge", function()
  it("gives seven values, in this order", function()
    assert.same({ "transient", "service_unavailable", "reconnect", "server", nil, true, nil },
      { replycode.judge("421 4.3.2 Service shutting down", "mail") })
    assert.same({ "permanent", "recipient_unknown", "drop_recipient", "recipient", "recipient", false, nil },
      { replycode.judge("550 5.1.1 No such user", "rcpt") })
    assert.same({ "none", "accepted", "proceed", "message", "message", false, nil },
      { replycode.judge("250 2.0.0 queued", "content") })
    assert.same({ "transient", "greylisted", "retry", "recipient", nil, false, 300 },
      { replycode.judge("450 4.7.1 Greylisted, try again in 5 minutes", "rcpt") })
    assert.equal(7, select("#", replycode.judge "250 ok"))
  end)

  it("agrees with classify at every stage", function()
    for _, stage in ipairs(stages) do
      for _, bytes in ipairs(replies) do assert.is_nil(differing(bytes, stage), bytes .. " at " .. stage) end
    end
  end)

  it("agrees with classify without a stage, and when nobody was accepted", function()
    for _, bytes in ipairs(replies) do
      assert.is_nil(differing(bytes))
      assert.is_nil(differing(bytes, { stage = "data", accepted = 0 }))
      assert.is_nil(differing(bytes, { stage = "rcpt", accepted = 0 }))
      assert.is_nil(differing(bytes, { accepted = 3 }))
      assert.is_nil(differing(bytes, { stage = "rcpt", host = "mx.google.com" }))
    end
  end)

  it("takes a reply, and what a log has left of one", function()
    for _, bytes in ipairs(replies) do
      local reply = replycode.parse(bytes)
      local left = { code = reply.code, enhanced = reply.enhanced, text = reply.text, malformed = reply.malformed }
      assert.is_nil(differing(reply, "rcpt"))
      assert.same({ replycode.judge(bytes, "rcpt") }, { replycode.judge(reply, "rcpt") })
      assert.same({ replycode.judge(bytes, "rcpt") }, { replycode.judge(left, "rcpt") })
    end
  end)

  it("judges the first reply of the bytes", function()
    assert.equal("recipient_unknown", (select(2, replycode.judge("550 5.1.1 no\r\n250 ok\r\n", "rcpt"))))
  end)
end)

describe("judge makes no garbage", function()
  local reply = replycode.parse "550-5.1.1 No such\r\n550 5.1.1 user here\r\n"
  local rows = {
    { "of bytes", "550-5.1.1 No such\r\n550 5.1.1 user here\r\n", "rcpt" },
    { "of bytes without a stage", "421 4.3.2 Bye", nil },
    { "of a reply", reply, "rcpt" },
    { "with a context", "554 no valid recipients", { stage = "data", accepted = 0 } },
    { "of what is malformed", "HTTP/1.1 400 Bad Request", "connect" },
    { "of words", "450 4.7.1 Greylisted, try again in 5 minutes, closing connection - gsmtp", "rcpt" },
    { "of many words", "550 " .. ("no such é "):rep(500), "rcpt" },
    { "of text without a code", "Connection timed out", "local" },
    { "of parts with text", { code = 550, enhanced = "5.1.1", text = "No such user" }, "rcpt" },
    { "with a host", "550 5.1.1 x", { stage = "rcpt", host = "mx.google.com" } },
  }

  for _, row in ipairs(rows) do
    it(row[1], function() assert.equal(0, without_collector(replycode.judge, row[2], row[3])) end)
  end
end)

describe("judge of a classifier", function()
  local mine = replycode.classifier { rules = { { id = "mine", text = "bad karma", cause = "ip_blocked" } } }
  local function judge(what, where) return mine:judge(what, where) end

  it("says what its classify says", function()
    local found = mine:classify("450 Bad karma, try again in 5 minutes", "rcpt")
    assert.same({ found.transience, found.cause, found.action, found.scope, nil, false, 300 },
      { judge("450 Bad karma, try again in 5 minutes", "rcpt") })
    for _, bytes in ipairs(replies) do assert.same({ replycode.judge(bytes, "rcpt") }, { judge(bytes, "rcpt") }) end
  end)

  it("makes no garbage", function() assert.equal(0, without_collector(judge, "550 5.7.1 Bad karma", "rcpt")) end)
end)

describe("a verdict", function()
  it("of no words judged again is the same: nothing else that it rests on is left out", function()
    for _, bytes in ipairs { "550 5.1.1 x", "250OK", "250-cut", "no code", "421 4.3.2 bye", "150 x", "5.7.26 text" } do
      for _, stage in ipairs { "connect", "rcpt", "content", "local" } do
        local verdict = replycode.classify(bytes, stage)
        assert.same(verdict, replycode.classify(verdict, stage))
      end
    end
  end)
end)
