-- The replies in a file, each with the stage that it answers.

local recording = require "replycode.cli.recording"

local function stages_of(bytes)
  local stages = {}
  for at, item in ipairs(recording.read(bytes)) do stages[at] = (item.stage or "-") .. " " .. (item.reply.code or "-") end
  return table.concat(stages, ", ")
end

local session = "#: a note\nS: 220 mx ESMTP\r\nC: EHLO c\r\nS: 250-mx\r\nS: 250 SIZE\r\n"

describe("a recorded session", function()
  it("gives each reply the stage of its command", function()
    assert.equal("connect 220, ehlo 250, vrfy 252, quit 221",
      stages_of(session .. "C: VRFY a\r\nS: 252 2.5.2 ok\r\nC: QUIT\r\nS: 221 bye\r\n"))
  end)

  it("may begin in the midst: then no greeting is to come", function()
    assert.equal("mail 250, rcpt 550", stages_of("C: MAIL FROM:<a>\r\nS: 250 ok\r\nC: RCPT TO:<b>\r\nS: 550 no\r\n"))
    assert.equal("connect 220, ehlo 250", stages_of("C: EHLO c\r\nS: 220 mx\r\nS: 250 mx\r\n"))
  end)

  it("keeps to the order when commands are pipelined", function()
    assert.equal("connect 220, ehlo 250, mail 250, rcpt 550, data 503, quit 221", stages_of(session
      .. "C: MAIL FROM:<a>\r\nC: RCPT TO:<b>\r\nC: DATA\r\nC: QUIT\r\n"
      .. "S: 250 ok\r\nS: 550 no\r\nS: 503 no\r\nS: 221 bye\r\n"))
  end)

  it("takes the lines after 354 for content, whose reply is that of the dot", function()
    assert.equal("connect 220, data 354, content 250, rset 250", stages_of(
      "S: 220 mx\r\nC: DATA\r\nS: 354 go\r\nC: QUIT\r\nC: \r\nC: ..\r\nC: .\r\nS: 250 ok\r\nC: RSET\r\nS: 250 ok\r\n"))
  end)

  it("takes an answer before the dot for one to the content", function()
    assert.equal("connect 220, data 354, content 552", stages_of("S: 220 mx\nC: DATA\nS: 354 go\nC: text\nS: 552 big\n"))
  end)

  it("takes the chunk behind BDAT for no command", function()
    assert.equal("connect 220, bdat 250, content 250, quit 221",
      stages_of("S: 220 mx\r\nC: BDAT 9\r\nC: QUIT\r\nC: x\r\nC: BDAT 3 LAST\r\nC: y\r\nC: QUIT\r\n"
        .. "S: 250 a\r\nS: 250 b\r\nS: 221 bye\r\n"))
  end)

  it("takes the line behind 334 for a part of AUTH", function()
    assert.equal("connect 220, auth 334, auth 535, noop 250",
      stages_of("S: 220 mx\nC: AUTH LOGIN\nS: 334 \nC: QUIT\nS: 535 no\nC: NOOP\nS: 250 ok\n"))
  end)

  it("expects one reply per accepted recipient in LMTP", function()
    assert.equal("connect 220, lhlo 250, mail 250, rcpt 250, rcpt 550, rcpt 250, data 354, delivery 250, delivery 452, "
      .. "quit 221",
      stages_of("S: 220 mx\nC: LHLO c\nS: 250 mx\nC: MAIL FROM:<>\nS: 250 ok\nC: RCPT TO:<a>\nS: 250 ok\nC: RCPT TO:<b>\n"
        .. "S: 550 no\nC: RCPT TO:<c>\nS: 250 ok\nC: DATA\nS: 354 go\nC: .\nS: 250 ok\nS: 452 full\nC: QUIT\nS: 221 bye\n"))
  end)

  it("leaves a reply that nothing asked for without a stage", function()
    assert.equal("connect 220, - 421", stages_of("S: 220 mx\r\nS: 421 shutting down\r\n"))
  end)

  it("reports a reply that was cut off", function()
    local found = recording.read("S: 220 mx\r\nC: EHLO c\r\nS: 250-mx\r\n#: connection closed by server\n")
    assert.equal("ehlo", found[2].stage)
    assert.equal("truncated", found[2].reply.malformed)
  end)

  it("may be followed by another one", function()
    assert.equal("connect 220, connect 554", stages_of(
      "S: 220 mx\nC: NOOP\n#: connection closed by server\nC: QUIT\n#: send failed\nS: 554 no\n"))
  end)
end)

describe("a file of replies", function()
  it("holds one a line, or several lines each, with empty lines between", function()
    assert.equal("- 250, - 550, - 421", stages_of("\n250-a\r\n250 b\r\n\r\n550 5.1.1 c\n\n421 d"))
  end)
end)
