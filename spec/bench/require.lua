-- What `require` of the module named as argument adds to this process: seconds; kB of Lua's heap, of memory of its own, and
-- of resident memory, which counts pages that all processes share (0 where the system does not tell). "Anonymous" is what
-- was written to; "Private_Dirty" would also count the pages of a file that was built a moment ago.
local function memory()
  local file = io.open("/proc/self/smaps_rollup")
  if not file then return 0, 0 end
  local text = file:read("*a")
  file:close()
  return tonumber(text:match("Anonymous:%s*(%d+)")), tonumber(text:match("Rss:%s*(%d+)"))
end

local function heap()
  collectgarbage()
  collectgarbage()
  return collectgarbage("count")
end

memory()
local heap_before = heap()
local private_before, resident_before = memory()
local start = os.clock()
require(arg[1])
local seconds = os.clock() - start
local private, resident = memory()
print(("%.6f %.1f %d %d"):format(seconds, heap() - heap_before, private - private_before, resident - resident_before))
