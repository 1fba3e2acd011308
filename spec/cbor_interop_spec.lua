-- Other languages read what the module writes, and it reads what they write: python3-cbor2 and node-cbor as Debian has them.
-- One process for each language.

local replycode = require "replycode"
local cbor = require "replycode.cbor"
local corpus = require "spec.tools.corpus"
local notation = require "spec.tools.notation"
local read_file = require "spec.tools.read_file"

local peers = {
  { name = "python3-cbor2", command = "PATH=/usr/bin:$PATH python3 spec/cbor/peer.py" },
  { name = "node-cbor", command = "PATH=/usr/bin:$PATH NODE_PATH=/usr/share/nodejs node spec/cbor/peer.js" },
}

local function write_file(path, bytes)
  local file = assert(io.open(path, "wb"))
  file:write(bytes)
  file:close()
end

-- What differs only in how it is written.
local scalars = { 0, -1, 23, 24, -24, -25, 255, 256, 65535, 65536, 2 ^ 32 - 1, 2 ^ 32, 2 ^ 53, -2 ^ 53, -0.0, 1.5, 0.1, -4.1,
  2 ^ -24, 3 * 2 ^ -24, 2 ^ -14, 2 ^ -149, 5e-324, 1e300, 3.4028234663852886e38, 1 / 0, -1 / 0, 0 / 0, true, false,
  cbor.null, "", "\0", "\255", "\195\188", "\237\160\128", {}, { 1, { 2 } }, { [1] = 2, [3] = 4 }, { [true] = "x" } }

-- Of each capture the reply and its explanation, with the verdicts; the whole catalogue; scalars.
local function our_values()
  local values = { { format = cbor.format, replycode = replycode._VERSION } }
  for _, found in ipairs(corpus()) do
    values[#values + 1] = found.reply
    values[#values + 1] = replycode.explain(found.reply.raw, found.context)
  end
  for _, kind in ipairs { "code", "status", "command_reply", "cause", "provider", "blocklist", "rule", "stage", "class",
    "transience", "scope", "action", "basis", "malformed", "oddity", "situation", "finding" } do
    for _, lang in ipairs { "en", "tr" } do
      for entry in replycode.entries(kind, { lang = lang }) do
        entry.lang = lang
        values[#values + 1] = entry
      end
    end
  end
  for _, value in ipairs(scalars) do values[#values + 1] = value end
  return values
end

local function encoded(values)
  local parts = {}
  for at, value in ipairs(values) do parts[at] = cbor.encode(value) end
  return table.concat(parts)
end

local function lines_of(values)
  local lines = {}
  for at, value in ipairs(values) do lines[at] = notation.of(value) end
  return lines
end

-- The lines for our values, those for theirs, and their bytes; nil when program or package is missing.
local function ask(peer, ours)
  local our_path, their_path = os.tmpname(), os.tmpname()
  write_file(our_path, ours)
  local lines = { read = {}, written = {} }
  local into = lines.read
  local program = peer.command:match "(%S+) %S+$"
  local command = "command -v %s > /dev/null && %s %s %s"
  local output = assert(io.popen(command:format(program, peer.command, our_path, their_path)))
  for line in output:lines() do
    if line == "--" then into = lines.written else into[#into + 1] = line end
  end
  output:close()
  lines.bytes = read_file(their_path)
  os.remove(our_path)
  os.remove(their_path)
  if lines.read[1] ~= nil and lines.read[1] ~= "missing" then return lines end
end

-- The first that differs says more than thousands.
local function compare(expected, found)
  for at, line in ipairs(expected) do assert.equal(line, found[at], "value " .. at) end
  assert.equal(#expected, #found)
end

for _, peer in ipairs(peers) do
  describe(peer.name, function()
    if _VERSION ~= "Lua 5.4" then
      it("is asked", function() pending "skipped: other languages are asked from Lua 5.4 only" end)
      return
    end

    local values = our_values()
    local lines = ask(peer, encoded(values))
    if not lines then
      print("interop: skipped: " .. peer.name .. " is not installed")
      it("is asked", function() pending "skipped: it is not installed" end)
      return
    end

    it("reads our bytes and finds our values", function()
      assert.is_true(#values > 6000, #values .. " values")
      compare(lines_of(values), lines.read)
    end)

    it("writes bytes in which we find its values", function()
      local found = {}
      for value in cbor.sequence(lines.bytes) do found[#found + 1] = value end
      assert.is_true(#lines.written > 60, #lines.written .. " values")
      compare(lines.written, lines_of(found))
    end)

    it("and what is read is written so that it is the same again", function()
      local found = {}
      for value in cbor.sequence(lines.bytes) do found[#found + 1] = value end
      for at, value in ipairs(found) do
        assert.equal(lines.written[at], notation.of((cbor.decode(cbor.encode(value)))), "value " .. at)
      end
    end)
  end)
end
