-- A client with a fixed script that writes down every byte the server sends: talk.lua PORT smtp|lmtp step|group|cut
--
-- step: each command waits for the reply to the one before. group: the commands of a group go at once, as RFC 2920
-- allows. cut: the same, in pieces of a few bytes.

local cqueues = require "cqueues"
local replycode = require "replycode"
local loopback = require "spec.tools.loopback"

local MESSAGE = "Date: Thu, 1 Jan 1970 00:00:00 +0000\r\nFrom: sender@example.org\r\nTo: user@example.org\r\n" ..
  "Message-ID: <1@example.org>\r\nSubject: one\r\n\r\n..a dot, \195\188 and " .. ("x"):rep(900) .. "\r\n" ..
  ("line after line\r\n"):rep(3000) .. ".\r\n"

local scripts = {
  smtp = {
    { "EHLO client.example.org\r\n" },
    { "MAIL FROM:<sender@example.org>\r\n", "RCPT TO:<user@example.org>\r\n", "RCPT TO:<nobody@example.org>\r\n",
      "RCPT TO:<full@example.org>\r\n", "RCPT TO:<many@example.org>\r\n", "RCPT TO:<later@example.org>\r\n",
      "RCPT TO:<user@example.com>\r\n", "DATA\r\n" },
    { MESSAGE, content = true },
    { "MAIL FROM:<>\r\n", "RCPT TO:<nobody@example.org>\r\n", "RSET\r\n" },
    { "DATA\r\n" },
    { "frob\r\n" },
    { "MAIL FROM:<sender@example.org>\r\n", "RCPT TO:<nobody@example.org>\r\n", "DATA\r\n" },
    { "VRFY user\r\n" },
    { "QUIT\r\n" },
  },
  lmtp = {
    { "LHLO client.example.org\r\n" },
    { "MAIL FROM:<sender@example.org>\r\n", "RCPT TO:<user@example.org>\r\n", "RCPT TO:<nobody@example.org>\r\n",
      "RCPT TO:<other@example.org>\r\n", "DATA\r\n" },
    { MESSAGE, content = true, replies = 2 },
    { "DATA\r\n" },
    { "frob\r\n" },
    { "QUIT\r\n" },
  },
}

local function pieces(script, mode)
  local list = {}
  for _, group in ipairs(script) do
    if mode == "step" then
      for _, command in ipairs(group) do list[#list + 1] = { command, group.replies or 1, group.content } end
    else
      list[#list + 1] = { table.concat(group), group.replies or #group, group.content }
    end
  end
  return list
end

local function talk(port, script, mode)
  local peer, stream, code = loopback.connect(port), replycode.stream(), nil
  local function await(count)
    while count > 0 do
      local bytes = peer:xread(-65536, "bn", 30)
      if not bytes then return end
      io.write(bytes)
      for reply in stream:feed(bytes) do count, code = count - 1, reply.code end
    end
  end
  local function say(bytes)
    if mode == "cut" then return loopback.send_cut(peer, bytes, loopback.random_numbers(#bytes)) end
    loopback.send(peer, bytes)
  end
  await(1)
  for _, piece in ipairs(pieces(script, mode)) do
    if not piece[3] or code == 354 then
      say(piece[1])
      await(piece[2])
    end
  end
  io.write(loopback.read_all(peer))
end

local loop = cqueues.new()
loop:wrap(talk, tonumber(arg[1]), scripts[arg[2]], arg[3])
assert(loop:loop())
