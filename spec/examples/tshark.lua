-- tshark and Wireshark 4.0 (Lua 5.2): verdicts as fields of a capture. Each reply of an SMTP session is paired with
-- its command and has replycode.stage, .recipient, .transience, .cause, .scope, .action and .rule, to filter on,
-- show as columns, count:
--   tshark -X lua_script:replycode.lua -r mail.pcap -Y 'replycode.transience == "permanent"' \
--     -T fields -e replycode.recipient -e replycode.cause | sort | uniq -c
-- What is encrypted is not read.
--
-- In ~/.local/lib/wireshark/plugins it needs no -X. Where the module is not on Lua's own paths, set LUA_PATH and
-- LUA_CPATH.

-- luacheck: globals Proto ProtoField Field register_postdissector

local session = require "replycode.session"

local proto = Proto("replycode", "Meaning of SMTP replies")
local shown = { "stage", "recipient", "transience", "cause", "scope", "action", "rule" }
local fields = {}
for _, name in ipairs(shown) do fields[name] = ProtoField.string("replycode." .. name, name) end
proto.fields = fields

local smtp, payload, stream = Field.new("smtp"), Field.new("tcp.payload"), Field.new("tcp.stream")
local is_reply, is_again = Field.new("smtp.rsp"), Field.new("tcp.analysis.retransmission")

local sessions, servers, exchanges   -- of TCP streams, of frames

function proto.init() sessions, servers, exchanges = {}, {}, {} end

-- Frames come in order the first time, and then as the user looks at them: what they hold is kept by their number.
local function read(frame, number, bytes)
  sessions[number] = sessions[number] or session.new()
  if is_reply() then servers[number] = servers[number] or frame.src_port end
  if frame.src_port ~= servers[number] then return sessions[number]:client(bytes) end
  local found = {}
  for exchange in sessions[number]:server(bytes) do found[#found + 1] = exchange end
  exchanges[frame.number] = found
end

function proto.dissector(_, frame, tree)
  if not frame.visited and smtp() and payload() and not is_again() then
    read(frame, stream().value, payload().range:raw())
  end
  for _, exchange in ipairs(exchanges[frame.number] or {}) do
    local branch = tree:add(proto, tostring(exchange.verdict))
    for _, name in ipairs(shown) do
      local value = exchange[name] or exchange.verdict[name]
      if value then branch:add(fields[name], value) end
    end
  end
end

register_postdissector(proto)
