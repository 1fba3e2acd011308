-- A stream gives the same replies in whatever cuts the bytes come, within its limit.

local replycode = require "replycode"

local here = debug.getinfo(1, "S").source:match "^@(.*)[/\\]" or "."

-- "550 5.1.1 [No such|user here] !truncated".
local function digest(reply)
  if reply == nil then return nil end
  local words = { reply.code or "-", reply.enhanced or "-", "[" .. table.concat(reply.lines, "|") .. "]" }
  if reply.malformed then words[#words + 1] = "!" .. reply.malformed end
  return table.concat(words, " ")
end

local function add(found, stream, bytes)
  for reply in stream:feed(bytes) do found[#found + 1] = digest(reply) end
end

-- The replies of all parts, and what is left at the end.
local function replies_of(parts, options)
  local stream, found = replycode.stream(options), {}
  for _, part in ipairs(parts) do add(found, stream, part) end
  found[#found + 1] = digest(stream:finish())
  return found
end

local function cut(bytes, cuts)
  local parts, from = {}, 1
  for _, at in ipairs(cuts) do
    parts[#parts + 1] = bytes:sub(from, at)
    from = at + 1
  end
  parts[#parts + 1] = bytes:sub(from)
  return parts
end

local function in_bytes(bytes)
  local parts = {}
  for at = 1, #bytes do parts[at] = bytes:sub(at, at) end
  return parts
end

-- The same cuts on every Lua.
local function in_random_parts(bytes, seed)
  local cuts, at = {}, 0
  while at < #bytes do
    seed = seed * 16807 % 2147483647
    at = at + seed % (seed % 400 + 1) + 1
    cuts[#cuts + 1] = at
  end
  return cut(bytes, cuts)
end

describe("bytes in any cut", function()
  local session = "220 mx\r\n250-mx\r\n250\r\n550-5.1.1 No\n550 5.1.1 user\r\n2500\r\noops\r\n250-a\r\n\r\n450 b\r\n421-b"
  local expected = { "220 - [mx]", "250 - [mx|]", "550 5.1.1 [No|user]", "250 - [0] !separator", "- - [oops] !code",
    "450 - [a||b]", "421 - [b] !truncated" }

  it("give the replies of the whole", function()
    assert.same(expected, replies_of { session })
    assert.same(expected, replies_of(in_bytes(session)))
  end)

  it("give them with one cut", function()
    for at = 0, #session do assert.same(expected, replies_of(cut(session, { at }))) end
  end)

  it("give them with two cuts", function()
    local short = "250-a\r\n250\r\n55"
    for first = 0, #short do
      for second = first, #short do
        assert.same({ "250 - [a|]", "- - [55] !truncated" }, replies_of(cut(short, { first, second })))
      end
    end
  end)

  it("give a reply as soon as its last line has ended", function()
    local stream, found = replycode.stream(), {}
    add(found, stream, "250-a\r\n250 b\r")
    assert.same({}, found)
    add(found, stream, "\n")
    assert.same({ "250 - [a|b]" }, found)
  end)

  it("keep their raw form", function()
    local raw = {}
    for reply in replycode.stream():feed "250-a\n250 \0b\r\n354\r\n" do raw[#raw + 1] = reply.raw end
    assert.same({ "250-a\n250 \0b\r\n", "354\r\n" }, raw)
  end)
end)

describe("a loop that breaks off", function()
  it("leaves the rest to the next", function()
    local stream, found = replycode.stream(), {}
    for reply in stream:feed "220 a\r\n221 b\r\n222 c\r\n22" do
      found[#found + 1] = digest(reply)
      if #found == 1 then break end
    end
    add(found, stream, "3 d\r\n")
    assert.same({ "220 - [a]", "221 - [b]", "222 - [c]", "223 - [d]" }, found)
  end)

  it("leaves it to finish, one a call", function()
    local stream = replycode.stream()
    stream:feed "220 a\r\n221 b\r\n222-c"
    assert.equal("220 - [a]", digest(stream:finish()))
    assert.equal("221 - [b]", digest(stream:finish()))
    assert.equal("222 - [c] !truncated", digest(stream:finish()))
    assert.is_nil(stream:finish())
  end)

  it("leaves it to line, in order", function()
    local stream = replycode.stream()
    stream:feed "220 a\r\n221 b\r\n"
    local found = { digest(stream:line "222 c") }
    add(found, stream, "223 d\r\n")
    assert.same({ "220 - [a]", "221 - [b]", "222 - [c]", "223 - [d]" }, found)
  end)

  it("loses nothing when the bytes are more than the limit", function()
    local stream, found = replycode.stream { limit = 10 }, {}
    for reply in stream:feed(("250 a\r\n"):rep(20)) do
      found[#found + 1] = digest(reply)
      if #found == 1 then break end
    end
    add(found, stream, "421 b\r\n")
    assert.equal(21, #found)
    assert.equal("250 - [a]", found[20])
    assert.equal("421 - [b]", found[21])
  end)
end)

describe("two streams", function()
  it("do not mix", function()
    local one, two, found = replycode.stream(), replycode.stream(), {}
    add(found, one, "250-one\r\n25")
    add(found, two, "550-two\r\n55")
    add(found, one, "0 one\r\n")
    add(found, two, "0 two\r\n")
    assert.same({ "250 - [one|one]", "550 - [two|two]" }, found)
  end)
end)

describe("line by line", function()
  it("gives the reply that a line completes", function()
    local stream = replycode.stream()
    assert.is_nil(stream:line "550-5.1.1 No such")
    assert.equal("550 5.1.1 [No such|user]", digest(stream:line "550 5.1.1 user"))
    assert.equal("550 - []", digest(stream:line "550 "))
    assert.equal("550 - []", digest(stream:line "550"))
    assert.equal("- - [] !code", digest(stream:line ""))
    assert.equal("250 - [a|b\0\255]", digest(stream:line "250 a|b\0\255"))
  end)

  it("puts CRLF behind", function()
    local stream = replycode.stream()
    stream:line "250-a"
    assert.equal("250-a\r\n250 b\r\n", stream:line("250 b").raw)
  end)

  it("keeps a LF inside as CR and reports it: one line is one line", function()
    local reply = replycode.stream():line "250 a\n354 b"
    assert.equal("250 a\r354 b\r\n", reply.raw)
    assert.same({ "bare_cr" }, reply.oddities)
  end)

  it("keeps it as CR behind a feed whose loop has not begun, too", function()
    local stream = replycode.stream()
    stream:feed ""
    assert.equal("250 a\r354 b\r\n", stream:line("250 a\n354 b").raw)
    assert.is_nil(stream:finish())
  end)

  it("skips what is longer than the limit, to the end of the reply", function()
    local stream = replycode.stream { limit = 12 }
    assert.equal("550 - [01234567] !too_long", digest(stream:line "550-0123456789"))
    assert.is_nil(stream:line "550-more")
    assert.is_nil(stream:line "550 last")
    assert.equal("250 - [ok]", digest(stream:line "250 ok"))
  end)
end)

describe("finish", function()
  it("gives the unfinished reply, then nil, and the stream begins anew", function()
    local stream = replycode.stream()
    assert.is_nil(stream:finish())
    stream:line "250-mx"
    assert.equal("250 - [mx] !truncated", digest(stream:finish()))
    assert.is_nil(stream:finish())
    assert.equal("550 - [no]", digest(stream:line "550 no"))
  end)

  it("takes a last line without its end for unfinished", function()
    assert.same({ "250 - [ok] !truncated" }, replies_of { "250 ok" })
  end)
end)

describe("a limit", function()
  local reply = "250-abc\r\n250 defg\r\n"   -- 19 bytes

  it("of as many bytes or one more lets a reply through, one less does not", function()
    for at = 0, #reply do
      local parts = cut(reply .. "354\r\n", { at })
      assert.same({ "250 - [abc|defg]", "354 - []" }, replies_of(parts, { limit = 20 }))
      assert.same({ "250 - [abc|defg]", "354 - []" }, replies_of(parts, { limit = 19 }))
      assert.same({ "250 - [abc|defg] !too_long", "354 - []" }, replies_of(parts, { limit = 18 }))
    end
  end)

  it("may be as small as 8 bytes", function()
    assert.same({ "250 - [ok]", "250 - [ok]" }, replies_of({ "250 ok\r\n250 ok\r\n" }, { limit = 8 }))
    assert.same({ "250 - [no!] !too_long", "250 - [ok]" }, replies_of({ "250 no!\r\n250 ok\r\n" }, { limit = 8 }))
  end)

  it("is 65536 bytes when not said", function()
    local fits, not_fits = "250 " .. ("x"):rep(65530) .. "\r\n", "250 " .. ("x"):rep(65531) .. "\r\n"
    for _, options in ipairs { {}, { limit = 65536 } } do
      local stream = replycode.stream(options)
      local following = stream:feed(fits .. not_fits .. fits)
      assert.is_nil(following(stream).malformed)
      assert.equal("too_long", following(stream).malformed)
      assert.equal(fits, following(stream).raw)
    end
  end)

  it("is from 8 to 1073741824, in bytes, and the only option", function()
    for _, wrong in ipairs { { limit = 7 }, { limit = 0 }, { limit = -1 }, { limit = 1073741825 }, { limit = 1 / 0 },
      { limit = 0 / 0 }, { limit = 8.5 }, { limit = "4096" }, { limit = true }, { size = 9 }, { 9 }, 4096, "4096", true } do
      local ok, message = pcall(replycode.stream, wrong)
      assert.is_false(ok)
      assert.truthy(message:find("bad argument #1", 1, true), message)
    end
    assert.truthy(replycode.stream { limit = 1073741824 })
    assert.truthy(replycode.stream(nil))
  end)
end)

describe("huge input", function()
  it("is a reply that is too long, and the next one", function()
    local found = replies_of { "250-" .. ("x"):rep(2 ^ 20), ("y"):rep(2 ^ 20) .. "\r\n250 end\r\n", "354 next\r\n" }
    assert.equal(2, #found)
    assert.equal("250 - [" .. ("x"):rep(65532) .. "] !too_long", found[1])
    assert.equal("354 - [next]", found[2])
  end)

  it("is many replies, or many lines", function()
    local stream, count = replycode.stream { limit = 2 ^ 20 }, 0
    for _ in stream:feed(("250 ok\r\n"):rep(20000)) do count = count + 1 end
    assert.equal(20000, count)
    local reply = stream:feed(("250-x\r\n"):rep(20000) .. "250 y\r\n")(stream)
    assert.equal(20001, #reply.lines)
    assert.equal("y", reply.lines[20001])
  end)
end)

describe("a closed stream", function()
  it("raises", function()
    if tonumber(_VERSION:match "%d+%.(%d+)") < 4 then return pending "variables that close came with Lua 5.4" end
    local chunk = assert(load "local kept; do local stream <close> = (...).stream(); kept = stream end; return kept")
    local stream = chunk(replycode)
    for _, method in ipairs { "feed", "line", "finish" } do
      local ok, message = pcall(stream[method], stream, "250 ok\r\n")
      assert.is_false(ok)
      assert.truthy(message:find("the stream is closed", 1, true), message)
    end
  end)
end)

describe("recorded sessions", function()
  local function files()
    local list, paths = assert(io.popen('find "' .. here .. '/replies" -name "*.raw" 2> /dev/null')), {}
    for path in list:lines() do paths[#paths + 1] = path end
    list:close()
    return paths
  end

  local function read(path)
    local file = assert(io.open(path, "rb"))
    local bytes = file:read "*a"
    file:close()
    return bytes
  end

  -- Counted without the parser: the lines whose code stands alone or before a blank.
  local function codes_in(bytes)
    local codes = {}
    for line in bytes:gmatch "[^\n]+" do codes[#codes + 1] = line:match "^(%d%d%d)[ \r]" end
    return codes
  end

  it("give the same replies whole, byte by byte and in random cuts", function()
    local paths = files()
    if #paths == 0 then return pending "no recorded sessions in spec/replies" end
    for _, path in ipairs(paths) do
      local bytes = read(path)
      local whole = replies_of { bytes }
      local codes = {}
      for _, reply in ipairs(whole) do codes[#codes + 1] = reply:match "^%d+" end
      assert.same(codes_in(bytes), codes, path)
      assert.same(whole, replies_of(in_bytes(bytes)), path)
      for seed = 1, 3 do assert.same(whole, replies_of(in_random_parts(bytes, seed * 5321)), path) end
    end
  end)
end)
