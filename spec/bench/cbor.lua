-- A verdict of W2 from CBOR to a table, against cjson with the same record. Replies as in lua.lua.
local cbor = require "replycode.cbor"
local cjson = require "cjson"
local replycode = require "replycode"
local w2 = require "spec.bench.w2"

local ROUNDS, CALLS = 9, 20000

local function time(decode, items)
  local rounds = math.ceil(CALLS / #items)
  collectgarbage()
  local start = os.clock()
  for _ = 1, rounds do
    for at = 1, #items do decode(items[at]) end
  end
  return (os.clock() - start) / (rounds * #items)
end

local ours, theirs = {}, {}
for at, reply in ipairs(w2.load(arg)) do
  local verdict = setmetatable(replycode.classify(reply), nil)
  ours[at], theirs[at] = cbor.encode(verdict), cjson.encode(verdict)
end
assert(#ours > 0, "no replies")

local a, b = math.huge, math.huge
for _ = 1, ROUNDS do
  a = math.min(a, time(cbor.decode, ours))
  b = math.min(b, time(cjson.decode, theirs))
end
print(("B6 %.2f %.0f ns against %.0f ns, %d verdicts"):format(b / a, a * 1e9, b * 1e9, #ours))
