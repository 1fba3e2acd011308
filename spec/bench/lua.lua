-- The Lua interface against the floors of bare.c, over W2: the 4yz and 5yz replies of the files named as arguments. A file
-- *.tsv is a table with a column "reply" in which \r and \n are written out; all others hold replies as on the wire.
local bare = require "bare"
local replycode = require "replycode"
local w2 = require "spec.bench.w2"

local ROUNDS, CALLS = 9, 20000

-- ---- Measures -------------------------------------------------------------------------------------------------------

-- Seconds of one call. The loop is part of it, on both sides.
local function time(call, replies)
  local count, rounds = #replies, math.ceil(CALLS / #replies)
  collectgarbage()
  local start = os.clock()
  for _ = 1, rounds do
    for at = 1, count do call(replies[at]) end
  end
  return (os.clock() - start) / (rounds * count)
end

-- The best of each side, the two taking turns: a busy machine slows both.
local function best(ours, floor, replies)
  local a, b = math.huge, math.huge
  for _ = 1, ROUNDS do
    a = math.min(a, time(ours, replies))
    b = math.min(b, time(floor, replies))
  end
  return a, b
end

-- A program that reads a verdict holds the names of its fields, and slugs are the module's; the floor's strings are as old.
local held = { "code", "enhanced", "transience", "cause", "scope", "action", "settles", "closes", "waiting", "basis", "rule",
               bare.table("") }

-- Bytes of garbage of a call, the mean. Everything is collected before each, or a status that an earlier call left behind
-- would be found again and cost nothing.
local function garbage(call, replies)
  local sum = 0
  for _, reply in ipairs(replies) do
    collectgarbage()
    collectgarbage("stop")
    local before = collectgarbage("count")
    call(reply)
    sum = sum + collectgarbage("count") - before
    collectgarbage("restart")
  end
  return sum * 1024 / #replies
end

local function print_ratio(name, ours, floor, replies)
  local a, b = best(ours, floor, replies)
  print(("%s %.2f %.0f ns against %.0f ns, %d replies"):format(name, a / b, a * 1e9, b * 1e9, #replies))
end

local replies = w2.load(arg)
assert(#replies > 0 and #held > 0, "no replies")
print_ratio("L1", replycode.judge, bare.integer, replies)
print_ratio("L4", replycode.classify, bare.table, replies)
print(("L7a %.1f"):format(garbage(replycode.judge, replies)))
local ours, floor = garbage(replycode.classify, replies), garbage(bare.table, replies)
print(("L7b %.3f %.0f bytes against %.0f bytes"):format(ours / floor, ours, floor))
