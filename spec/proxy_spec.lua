-- The proxy of spec/examples, between clients and a server of a few lines.

local usable = pcall(require, "cqueues") and (_VERSION ~= "Lua 5.1" or _G.jit ~= nil)
if not usable then
  describe("the proxy", function()
    pending("passes mail: skipped, cqueues does not work with this Lua")
  end)
  return
end

local cqueues = require "cqueues"
local loopback = require "spec.tools.loopback"

local ask, answer, send, through = loopback.ask, loopback.answer, loopback.send, loopback.through
local read, read_all, read_line = loopback.read, loopback.read_all, loopback.read_line
local through_policy = loopback.through_policy

-- What a client and a server may say, right and wrong; a session cannot pair it, and it passes all the same.
local COMMANDS = "EHLO client.example.org\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\n" ..
  "RCPT TO:<c@example.org>\r\nfrob \0\255\rxyz\nDATA\r\nSubject: x\r\n\r\n..\r\n.\r\n" ..
  "BDAT 12 LAST\r\nMAIL \r\n.\r\n\0\1AUTH PLAIN\r\nAGEAYg==\r\n" .. ("y"):rep(70000) .. "\r\nQUIT\r\n"
local REPLIES = "220 mx.example.org\r\n250-mx.example.org\r\n250-PIPELINING\r\n250 SIZE 1000\r\n250 2.1.0 Ok\r\n" ..
  "550-5.1.1 No such\n550 5.1.1 user\r\n450 4.2.0 \195\188\255\0\r\n500\r\n\r\n250-a\r\n550 b\r\n354 Go\r\r\n" ..
  "no reply at all\r\n452 4.3.1 " .. ("x"):rep(9000) .. "\r\n334 \r\n235 ok\r\n999 ?\r\n221 2.0.0 Bye\r\n" ..
  "421 unasked\r\n250 " .. ("z"):rep(70000) .. "\r\n550 behind\r\n250-cut"

-- One transaction, its commands at once, and the server's replies to it.
local TRANSACTION = "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nRCPT TO:<c@example.org>\r\n" ..
  "RCPT TO:<d@example.org>\r\nDATA\r\n"
local TO_EHLO = "220 mx.example.org ESMTP\r\n250-mx.example.org\r\n250 PIPELINING\r\n"
local TO_TRANSACTION = "250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n552-5.5.3 Too many\r\n552 5.5.3 recipients\r\n" ..
  "550 5.1.1 No such user\r\n354 Go ahead\r\n"
local SPLIT = [[if exchange.verdict.action == "split" then return "452 4.5.3 Later" end]]

local function pipelining(peer)
  send(peer, "EHLO client.example.org\r\n")
  local came = read(peer, #TO_EHLO)
  return came .. loopback.swap(peer, TRANSACTION, 3)
end

local function serving_pipelined(peer)
  send(peer, "220 mx.example.org ESMTP\r\n")
  read_line(peer)
  send(peer, TO_EHLO:sub(27))
  read(peer, #TRANSACTION)
  loopback.swap(peer, TO_TRANSACTION, 4)
end

describe("the proxy", function()
  after_each(loopback.clean)

  it("passes every byte unchanged, in any cut, in both directions at once", function()
    for seed = 1, 4 do
      local at_server, at_client
      through("", function(peer) at_server = loopback.swap(peer, REPLIES, seed) end,
        function(peer) at_client = loopback.swap(peer, COMMANDS, seed + 9) end)
      assert.is_true(at_server == COMMANDS)
      assert.is_true(at_client == REPLIES)
    end
  end)

  it("passes every byte unchanged with a policy that replaces nothing", function()
    for seed = 1, 4 do
      local at_server, at_client
      local said = through_policy("", function(peer) at_server = loopback.swap(peer, REPLIES, seed) end,
        function(peer) at_client = loopback.swap(peer, COMMANDS, seed + 9) end)
      assert.is_true(at_server == COMMANDS)
      assert.is_true(at_client == REPLIES)
      assert.is_nil(said:find("proxy: ", 1, true))
    end
  end)

  it("says what each reply means that is no plain success", function()
    local said = through("", function(peer)
      answer(peer, { "220 mx.example.org\r\n", "250 mx.example.org\r\n", "250 2.1.0 Ok\r\n",
        "550 5.1.1 No such user\r\n", "554 5.5.1 No valid recipients\r\n", "221 2.0.0 Bye\r\n" })
    end, function(peer)
      ask(peer, { "EHLO client.example.org\r\n", "MAIL FROM:<a@example.org>\r\n", "RCPT TO:<none@example.org>\r\n",
        "DATA\r\n", "QUIT\r\n" })
    end)
    assert.equal("session=1 stage=rcpt recipient=<none@example.org> code=550 status=5.1.1 cause=recipient_unknown " ..
      "action=drop_recipient\n" ..
      "session=1 stage=data code=554 status=5.5.1 cause=recipient_unknown action=drop_recipient\n", said)
  end)

  it("does not hold back half a reply", function()
    local came, in_time
    through("", function(peer)
      send(peer, "220-mx.exam")
      in_time = loopback.await(function() return came end, 5)
    end, function(peer) came = read(peer, 11) end)
    assert.equal("220-mx.exam", in_time)
  end)

  it("replaces a reply where the policy says so, in its place among pipelined ones", function()
    local came
    local said = through_policy(SPLIT, serving_pipelined, function(peer) came = pipelining(peer) end)
    assert.equal(TO_EHLO .. "250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n452 4.5.3 Later\r\n550 5.1.1 No such user\r\n" ..
      "354 Go ahead\r\n", came)
    assert.truthy(said:find("stage=rcpt recipient=<c@example.org> code=552 status=5.5.3 cause=too_many_recipients " ..
      "action=split instead=452\n", 1, true))
    assert.truthy(said:find("recipient=<d@example.org> code=550", 1, true))
  end)

  it("comes with a policy that does so", function()
    local came
    through("--policy spec/examples/proxy_policy.lua", serving_pipelined, function(peer) came = pipelining(peer) end)
    assert.truthy(came:find("\r\n452 4.5.3 Too many recipients, send the rest separately\r\n550 5.1.1", 1, true))
  end)

  it("passes the server's reply when the policy fails or gives no reply", function()
    for body, message in pairs{ ["error('oops')"] = "the policy failed: ", ["return 452"] = "the policy gave a number",
      ["return '452 a\\r\\n250 b'"] = "the policy's reply is none",
      ["return 'later'"] = "the policy's reply is none" } do
      local came
      local said = through_policy(body, function(peer) answer(peer, { "554 5.7.1 No\r\n" }) end,
        function(peer) came = ask(peer, {}) end)
      assert.equal("554 5.7.1 No\r\n", came)
      assert.truthy(said:find("proxy: " .. message, 1, true))
    end
  end)

  it("neither judges nor replaces behind 220 to STARTTLS, but for a line about what was injected", function()
    local came, got, in_time
    local said = through_policy("if exchange.reply.code ~= 220 then return '452 4.5.3 Later' end", function(peer)
      send(peer, "220 2.0.0 mx.example.org\r\n")
      read_line(peer)
      send(peer, "220 2.0.0 Go ahead\r\n550 injected\r\n")
      got = read(peer, 9)
      send(peer, "550 5.1.1 \0\r\n")
      in_time = loopback.await(function() return came and came:find("5.1.1", 1, true) end, 5)
      send(peer, "55")
    end, function(peer)
      came = read_line(peer)
      send(peer, "STARTTLS\r\n")
      came = came .. read(peer, #"220 2.0.0 Go ahead\r\n550 injected\r\n")
      send(peer, "RCPT TO\r\n")
      came = came .. read_line(peer)
      came = came .. read_all(peer)
    end)
    assert.equal("RCPT TO\r\n", got)
    assert.equal("220 2.0.0 mx.example.org\r\n220 2.0.0 Go ahead\r\n550 injected\r\n550 5.1.1 \0\r\n55", came)
    assert.truthy(in_time)
    assert.equal("session=1 code=550 cause=protocol_error action=reconnect unusual=injected\n", said)
  end)

  it("answers 421 when the server is not there", function()
    local server, port = loopback.listen()
    server:close()
    local proxy, came = loopback.start(port), nil
    loopback.together{ function()
      local peer = loopback.connect(proxy.port)
      send(peer, "EHLO client.example.org\r\n")
      came = read_all(peer)
    end }
    assert.equal("421 4.4.1 127.0.0.1 Mail server not reached, try again later\r\n", came)
    assert.equal("proxy: session=1 cannot reach 127.0.0.1:" .. port .. ": Connection refused\n", proxy:stop())
  end)

  it("lets a client close its half and still hear the reply", function()
    local got, came
    through("", function(peer)
      send(peer, "220 mx.example.org\r\n")
      got = read_all(peer)
      cqueues.sleep(0.05)
      send(peer, "221 2.0.0 Bye\r\n")
    end, function(peer) came = ask(peer, { "QUIT\r\n" }) end)
    assert.equal("QUIT\r\n", got)
    assert.equal("220 mx.example.org\r\n221 2.0.0 Bye\r\n", came)
  end)

  it("passes the end that the server makes, and a reply that was not whole", function()
    for _, run in ipairs{ through, through_policy } do
      local came
      local said = run("", function(peer) send(peer, "220 mx.example.org\r\n421-4.3.2 Shut") end,
        function(peer) came = read_all(peer) end)
      assert.equal("220 mx.example.org\r\n421-4.3.2 Shut", came)
      assert.truthy(said:find("session=1 ", 1, true))
    end
  end)

  it("passes half a reply that a policy waits for when nothing moves any more", function()
    local came
    through_policy("", function(peer)
      send(peer, "220-mx.example.org")
      read_all(peer)
    end, function(peer) came = read_all(peer) end, "--timeout 0.3")
    assert.equal("220-mx.example.org", came)
  end)

  it("passes a whole reply at once while a policy waits for the next", function()
    local came, in_time
    through_policy("", function(peer)
      send(peer, "220 mx.example.org\r\n250-ha")
      in_time = loopback.await(function() return came end, 5)
    end, function(peer) came = read_line(peer) end)
    assert.equal("220 mx.example.org\r\n", in_time)
  end)

  it("reads no faster than the other side takes, and loses nothing", function()
    local block, blocks = ("250-2.0.0 Ok, and so on\r\n"):rep(2000) .. "250 2.0.0 Ok\r\n", 800
    local sent, count, memory = 0, 0, nil
    through("", function(peer)
      for _ = 1, blocks do
        send(peer, block)
        sent = sent + 1
      end
    end, function(peer, proxy)
      local before
      repeat
        before = sent
        cqueues.sleep(0.2)
      until sent == before
      assert(sent < blocks, "all was taken though nobody read")
      memory = proxy:memory()
      count = #read_all(peer)
    end)
    assert.equal(#block * blocks, count)
    assert.is_true(memory == nil or memory < 40000)
  end)

  it("ends a session in which nothing moves, not one that is slow", function()
    local began, waited = cqueues.monotime(), nil
    through("--timeout 0.5", function(peer) read_all(peer) end, function(peer)
      for _ = 1, 4 do
        cqueues.sleep(0.25)
        send(peer, "N")
      end
      read_all(peer)
      waited = cqueues.monotime() - began
    end)
    assert.is_true(waited > 1.2 and waited < 5)
  end)

  it("takes no more of a message than the server does, and loses nothing", function()
    local line, lines, sent, got = ("x"):rep(998) .. "\r\n", 40000, 0, nil
    through("", function(peer)
      local before
      send(peer, "220 mx.example.org\r\n354 Go ahead\r\n")
      repeat
        before = sent
        cqueues.sleep(0.2)
      until sent == before and sent > 0
      assert(sent < lines, "all was taken though nobody read")
      got = read_all(peer)
    end, function(peer)
      send(peer, "DATA\r\n")
      read_line(peer)
      for _ = 1, lines do
        send(peer, line)
        sent = sent + 1
      end
      peer:shutdown("w")
      read_all(peer)
    end)
    assert.equal(6 + #line * lines, #got)
  end)

  it("serves 200 sessions at once", function()
    local server, port = loopback.listen()
    local proxy, list, connected, came = loopback.start(port), {}, 0, {}
    local function serve(peer)
      send(peer, "220 mx.example.org\r\n")
      read_line(peer)
      while connected < 200 do cqueues.sleep(0.02) end
      answer(peer, { "250 mx.example.org\r\n", "550 5.7.1 No\r\n" })
      peer:close()
    end
    list[1] = function()
      for _ = 1, 200 do cqueues.running():wrap(serve, loopback.quiet(server:accept{ nodelay = true })) end
    end
    for number = 1, 200 do
      list[#list + 1] = function()
        local peer = loopback.connect(proxy.port)
        came[number] = read_line(peer)
        connected = connected + 1
        send(peer, "EHLO client.example.org\r\n")
        came[number] = came[number] .. ask(peer, { "MAIL FROM:<a@example.org>\r\n" })
        peer:close()
      end
    end
    loopback.together(list)
    server:close()
    for number = 1, 200 do
      assert.equal("220 mx.example.org\r\n250 mx.example.org\r\n550 5.7.1 No\r\n", came[number])
    end
    local said, heard = {}, 0
    for id in proxy:stop():gmatch("session=(%d+) stage=mail code=550 ") do
      assert.is_nil(said[id])
      said[id], heard = true, heard + 1
    end
    assert.equal(200, heard)
  end)

  it("ends at SIGTERM and SIGINT, also amid a session", function()
    for _, name in ipairs{ "TERM", "INT" } do
      local server, port = loopback.listen()
      local proxy, came = loopback.start(port), nil
      loopback.together{
        function() send(loopback.quiet(server:accept()), "220 mx.example.org\r\n") end,
        function()
          local peer = loopback.connect(proxy.port)
          read_line(peer)
          proxy:stop(name)
          came = read_all(peer)
        end,
      }
      server:close()
      assert.equal("", came)
    end
  end)
end)
