-- Bytes become a reply, whatever they are: RFC 5321 section 4.2, RFC 2034 section 4, and what real servers send.

local replycode = require "replycode"

-- "550 5.1.1 [No such|user here] bare_lf !truncated": code, status, lines, oddities, why it is malformed.
local function digest(reply)
  local words = { reply.code or "-", reply.enhanced or "-", "[" .. table.concat(reply.lines, "|") .. "]" }
  for _, oddity in ipairs(reply.oddities or {}) do words[#words + 1] = oddity end
  if reply.malformed then words[#words + 1] = "!" .. reply.malformed end
  return table.concat(words, " ")
end

local function shown(bytes)
  if #bytes > 60 then bytes = bytes:sub(1, 25) .. " ... " .. bytes:sub(-10) end
  return (bytes:gsub("\r\n", " / "):gsub("[^ -~]", function(byte) return ("\\x%02x"):format(byte:byte()) end))
end

-- Rows of { bytes, digest }. Whatever is read, all bytes are taken and kept.
local function reads(rows)
  for _, row in ipairs(rows) do
    it(shown(row[1]) .. " is " .. shown(row[2]), function()
      local reply, behind = replycode.parse(row[1])
      assert.equal(row[2], digest(reply))
      assert.equal(row[1], reply.raw)
      assert.equal(#row[1] + 1, behind)
    end)
  end
end

-- The same numbers on every Lua.
local function randoms(seed)
  return function(most)
    seed = seed * 16807 % 2147483647
    return seed % most + 1
  end
end

describe("what breaks elsewhere", function()
  reads {
    { "334\r\n", "334 - []" },
    { "250\r\n", "250 - []" },
    { "250-a\r\n250\r\n", "250 - [a|]" },
    { "550-a\r\n450 b\r\n", "450 - [a|b] mixed_codes" },
    { "220-x\r\n521 5.7.1 blocked\r\n", "521 5.7.1 [x|blocked] mixed_codes" },
    { "220-wait\r\n250-name\r\n250 SIZE\r\n", "250 - [wait|name|SIZE] mixed_codes" },
    { "550-5.7.26 no\r\n550 5.7.26 pass\r\n", "550 5.7.26 [no|pass]" },
    { "421-4.7.28 slow\r\n421-4.7.28 down\r\n421 4.7.28 now\r\n", "421 4.7.28 [slow|down|now]" },
    { "556-5.1.10 no\r\n556 5.1.10 mail\r\n", "556 5.1.10 [no|mail]" },
    { "550 5.7.515 Access denied\r\n", "550 5.7.515 [Access denied]" },
    { "550 5.7.606 Access denied\r\n", "550 5.7.606 [Access denied]" },
    { "421 relay 92.5.1.10 timeout\r\n", "421 - [relay 92.5.1.10 timeout]" },
    { "550 4.2.2.1 is listed\r\n", "550 - [4.2.2.1 is listed]" },
    { "503-503 sender not yet given\r\n503 Bad\r\n", "503 - [503 sender not yet given|Bad]" },
    { "250-#2.1.5 ok\r\n250 #2.1.5 go\r\n", "250 2.1.5 [ok|go] status_misplaced" },
    { "550 no such user here (#5.1.1)\r\n", "550 5.1.1 [no such user here (#5.1.1)] status_misplaced" },
    { "2500 x\r\n", "250 - [0 x] !separator" },
    { "250_x\r\n", "250 - [_x] !separator" },
    { "250OK\r\n", "250 - [OK] !separator" },
    { "2xx oops\r\n", "- - [2xx oops] !code" },
    { "250 a\0b\r\n", "250 - [a\0b] nul_byte" },
    { "250\tok\r\n", "250 - [ok] tab_separator" },
    { "250-a\n250 b\n", "250 - [a|b] bare_lf" },
    { "250 a\rb\r\n", "250 - [a\rb] bare_cr" },
    { "550 \211\195\187\167\r\n", "550 - [\211\195\187\167] eight_bit" },
    { "250 " .. ("x"):rep(8192) .. "\r\n", "250 - [" .. ("x"):rep(8192) .. "] long_line" },
    { "250 " .. ("x"):rep(65536) .. "\r\n", "250 - [" .. ("x"):rep(65536) .. "] long_line" },
    { "250-a\r\n\r\n250 b\r\n", "250 - [a||b] uncoded_line" },
    { "user unknown\r\n", "- - [user unknown] !code" },
    { "250 \r\n", "250 - []" },
    { "254 what\r\n", "254 - [what]" },
  }
end)

describe("the grammar of a reply", function()
  reads {
    { "250-a\r\n250-b\r\n250 c\r\n", "250 - [a|b|c]" },
    { "250 ok", "250 - [ok]" },
    { "250 ok\r", "250 - [ok]" },
    { "571 x\r\n", "571 - [x] code_range" },
    { "591 x\r\n", "591 - [x] code_range" },
    { "559 x\r\n", "559 - [x]" },
    { "150 x\r\n", "150 - [x] code_range" },
    { "650 x\r\n", "650 - [x] code_range" },
    { "050 x\r\n", "- - [050 x] !code" },
    { "250 a\tb\r\n", "250 - [a\tb]" },
    { "250 caf\195\169\r\n", "250 - [caf\195\169] eight_bit" },
    { "550-a\r\n250 b\r\n", "250 - [a|b] mixed_codes" },
    { "250-a\r\n550 b\r\n", "550 - [a|b] mixed_codes" },
    { "250-234 text\r\n250 251 text\r\n", "250 - [234 text|251 text]" },
    { "250-250-a\r\n250 250 b\r\n", "250 - [250-a|250 b]" },
    { "250-a\r\n250b\r\n", "250 - [a|b] !separator" },
    { "250 " .. ("x"):rep(506) .. "\r\n", "250 - [" .. ("x"):rep(506) .. "]" },
    { "250 " .. ("x"):rep(507) .. "\r\n", "250 - [" .. ("x"):rep(507) .. "] long_line" },
    { "334 " .. ("A"):rep(12282) .. "\r\n", "334 - [" .. ("A"):rep(12282) .. "] long_line" },
    { "250-a\r250 b\r\n250 c\r\n", "250 - [a\r250 b|c] bare_cr" },
    { "250 a\r\r\n", "250 - [a] bare_cr" },
    { "250 a\27[2J\r\n", "250 - [a\27[2J] control_byte" },
    { "250 a\127\r\n", "250 - [a\127] control_byte" },
    { "220 mx.example.org ESMTP\r\n", "220 - [mx.example.org ESMTP]" },
    { "250-a\r\nb\r\n250 c\r\n", "250 - [a|b|c] uncoded_line" },
    { "\r\n", "- - [] !code" },
    { "\n", "- - [] bare_lf !code" },
    { "25\r\n", "- - [25] !code" },
    { " 250 a\r\n", "- - [ 250 a] !code" },
  }

  it("takes bytes that end inside a reply as truncated", function()
    assert.equal("250 - [a] !truncated", digest(replycode.parse "250-a\r\n"))
    assert.equal("250 - [] !truncated", digest(replycode.parse "250-"))
    assert.equal("- - [] !truncated", digest(replycode.parse ""))
  end)

  it("has a class by the first digit, and none for what is not SMTP", function()
    local classes = { [2] = "success", [3] = "intermediate", [4] = "transient", [5] = "permanent" }
    for digit = 1, 9 do assert.equal(classes[digit], (replycode.parse(digit .. "54 x\r\n")).class) end
    assert.is_nil((replycode.parse "x\r\n").class)
    assert.equal("transient", (replycode.parse "250-a\r\n450 b\r\n").class)
  end)

  it("keeps raw bytes, lines and text apart", function()
    local reply = replycode.parse "550-5.1.1 No such\n550 5.1.1 user here\r\nrest"
    assert.equal("550-5.1.1 No such\n550 5.1.1 user here\r\n", reply.raw)
    assert.same({ "No such", "user here" }, reply.lines)
    assert.equal("No such\nuser here", reply.text)
    assert.same({ "bare_lf" }, reply.oddities)
    assert.is_nil(reply.malformed)
    assert.is_nil((replycode.parse "250 ok\r\n").oddities)
  end)

  it("reports all that is odd", function()
    local odd = "555 - [\0\1\128|] bare_lf mixed_codes nul_byte control_byte eight_bit"
    assert.equal(odd, digest(replycode.parse "554-\0\1\128\n555\n"))
  end)

  it("is a line for a log without the server's control bytes", function()
    local reply = replycode.parse "550-5.1.1 No such\r\n550 5.1.1 \27[2J\0\r\n"
    assert.equal("550 5.1.1 No such / \\x1b[2J\\x00", tostring(reply))
  end)
end)

describe("the enhanced status", function()
  reads {
    { "250 2.1.0 Sender ok\r\n", "250 2.1.0 [Sender ok]" },
    { "250 2.1.0   Sender ok\r\n", "250 2.1.0 [Sender ok]" },
    { "550 5.1.1\r\n", "550 5.1.1 []" },
    { "550 5.1.99 unregistered\r\n", "550 5.1.99 [unregistered]" },
    { "550 5.999.999 x\r\n", "550 5.999.999 [x]" },
    { "550 5.0.0 x\r\n", "550 5.0.0 [x]" },
    { "550 5.01.1 x\r\n", "550 - [5.01.1 x]" },
    { "550 5.1.01 x\r\n", "550 - [5.1.01 x]" },
    { "550 5.1.1000 x\r\n", "550 - [5.1.1000 x]" },
    { "550 5.1000.1 x\r\n", "550 - [5.1000.1 x]" },
    { "550 5. 1.1 x\r\n", "550 - [5. 1.1 x]" },
    { "550 3.1.1 x\r\n", "550 - [3.1.1 x]" },
    { "550 15.1.1 x\r\n", "550 - [15.1.1 x]" },
    { "550 5.7 is a version\r\n", "550 - [5.7 is a version]" },
    { "550 5.1.1a is a version\r\n", "550 - [5.1.1a is a version]" },
    { "550 5.1.1: unknown\r\n", "550 5.1.1 [unknown]" },
    { "550 [192.0.2.5] 5.1.1 x\r\n", "550 - [[192.0.2.5] 5.1.1 x]" },
    { "550 Postfix 4.2.2 (#5)\r\n", "550 - [Postfix 4.2.2 (#5)]" },
    { "550 #5.1.0 Address rejected.\r\n", "550 5.1.0 [Address rejected.] status_misplaced" },
    { "354 2.0.0 go on\r\n", "354 - [2.0.0 go on]" },
    { "220 mx.example.org 5.1.1 ESMTP\r\n", "220 - [mx.example.org 5.1.1 ESMTP]" },
    { "550-5.1.1 only\r\n550 here\r\n", "550 5.1.1 [only|here]" },
    { "550-only\r\n550 5.1.1 there\r\n", "550 5.1.1 [only|there]" },
    { "550-5.1.1 a\r\n550 5.2.2 b\r\n", "550 5.1.1 [a|5.2.2 b] mixed_statuses" },
    { "550-5.1.1 a\r\n450 4.2.2 b\r\n", "450 4.2.2 [5.1.1 a|b] mixed_codes" },
    { "421 5.7.32 x\r\n", "421 5.7.32 [x] status_mismatch" },
    { "550 4.4.7 expired\r\n", "550 4.4.7 [expired] status_mismatch" },
  }
end)

describe("the position behind a reply", function()
  local session = "220 mx\r\n250-mx\r\n250 SIZE\r\n2500\r\nhm\r\n421 bye"

  it("leads through a session", function()
    local found, first = {}, 1
    while first <= #session do
      local reply, behind = replycode.parse(session, first)
      found[#found + 1] = first .. " " .. digest(reply)
      first = behind
    end
    assert.same({ "1 220 - [mx]", "9 250 - [mx|SIZE]", "27 250 - [0] !separator", "33 - - [hm] !code", "37 421 - [bye]" },
      found)
    assert.equal(44, first)
  end)

  it("may be the end", function()
    local reply, behind = replycode.parse(session, 44)
    assert.equal("- - [] !truncated", digest(reply))
    assert.equal(44, behind)
    assert.equal("", reply.raw)
  end)

  it("is an integer from 1 to the end", function()
    for _, first in ipairs { 0, -1, 45, 2 ^ 40, 1 / 0, -1 / 0, 0 / 0, 1.5, "2", {}, true } do
      local ok, message = pcall(replycode.parse, session, first)
      assert.is_false(ok, tostring(first) .. " is taken for a position")
      assert.truthy(message:find("bad argument #2", 1, true), message)
    end
  end)
end)

describe("a wrong argument", function()
  it("raises with its number and what is right", function()
    for _, wrong in ipairs { 250, true, {}, print } do
      local ok, message = pcall(replycode.parse, wrong)
      assert.is_false(ok)
      assert.truthy(message:find("bad argument #1", 1, true), message)
      assert.truthy(message:find("expected a string of bytes, found " .. type(wrong), 1, true), message)
    end
    assert.is_false((pcall(replycode.parse)))
  end)
end)

describe("any bytes", function()
  local malformed = { code = true, separator = true, truncated = true }
  local parts = { "250", "550", "2", "9", "-", " ", "\r\n", "\n", "\r", "5.1.1", ".", "#", "(#", "\0", "\t", "\255", "x" }

  local function any_bytes(random)
    local bytes = {}
    for at = 1, random(24) do bytes[at] = random(4) == 1 and string.char(random(256) - 1) or parts[random(#parts)] end
    return table.concat(bytes)
  end

  local function flaw_of(bytes)
    local reply, behind = replycode.parse(bytes)
    if behind < 2 or behind > #bytes + 1 then return "position " .. behind end
    if reply.raw ~= bytes:sub(1, behind - 1) then return "raw" end
    if reply.text ~= table.concat(reply.lines, "\n") then return "text" end
    if reply.malformed and not malformed[reply.malformed] then return "malformed" end
    if reply.code and (reply.code < 100 or reply.code > 999) then return "code" end
    if tostring(reply):find("[^ -~]") then return "log line" end
    if replycode.classify(bytes, "rcpt").cause ~= replycode.classify(reply, "rcpt").cause then return "verdict" end
  end

  it("give a reply", function()
    local random = randoms(20240229)
    for _ = 1, 5000 do
      local bytes = any_bytes(random)
      local ok, flaw = pcall(flaw_of, bytes)
      assert(ok and flaw == nil, ("%s: %s"):format(tostring(flaw), shown(bytes)))
    end
  end)
end)
