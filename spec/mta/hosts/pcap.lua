-- Writes a recorded session ("C: " and "S: " lines) as a capture of one TCP connection to port 25: pcap.lua FILE >
-- CAPTURE
local side = {
  C = { ip = "\192\0\2\10", port = 50025, next = 1 },
  S = { ip = "\192\0\2\25", port = 25, next = 1 },
}
local SYN, ACK, PSH = 2, 16, 8
local time = 0

local function packet(from, to, flags, bytes)
  local tcp = (">I2I2I4I4I2I2I2I2"):pack(from.port, to.port, from.next, flags == SYN and 0 or to.next,
    5 << 12 | flags, 65535, 0, 0) .. bytes
  local ip = (">I1I1I2I2I2I1I1I2"):pack(0x45, 0, 20 + #tcp, 0, 0, 64, 6, 0) .. from.ip .. to.ip
  local frame = ("\2\0\0\0\0\1"):rep(2) .. "\8\0" .. ip .. tcp
  time = time + 1
  io.write(("<I4I4I4I4"):pack(time, 0, #frame, #frame), frame)
  from.next = from.next + #bytes + (flags & SYN > 0 and 1 or 0)
end

io.write(("<I4I2I2I4I4I4I4"):pack(0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
packet(side.C, side.S, SYN, "")
packet(side.S, side.C, SYN | ACK, "")
packet(side.C, side.S, ACK, "")
for line in io.lines(arg[1]) do
  local who, text = line:match("^([CS]): ?([^\r]*)")
  if who == "C" then packet(side.C, side.S, PSH | ACK, text .. "\r\n")
  elseif who then packet(side.S, side.C, PSH | ACK, text .. "\r\n") end
end
