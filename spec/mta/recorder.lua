-- A filter that writes down every exchange: destination, stage, code and the lines of the reply, one exchange a line.

local opensmtpd = require "replycode.opensmtpd"

local filter = opensmtpd.new()
local output = assert(io.open(arg[1], "ab"))
output:setvbuf("line")

local function escape(text)
  return (text:gsub("[%z\1-\32\127-\255\\]", function(byte) return ("\\%03d"):format(byte:byte()) end))
end

local function write(...)
  output:write(table.concat({ ... }, " "), "\n")
end

filter:on("smtp-out", "link-connect", function(session, _, _, _, destination)
  session.destination = destination
  write(destination, session.id, "begins")
end)

filter:on("smtp-out", "protocol-server", function(session, line)
  write(session.destination, session.id, "line", escape(line))
end)

filter:on("smtp-out", "exchange", function(session, exchange)
  local reply = exchange.reply
  write(session.destination, session.id, "exchange", exchange.stage or "-", reply and reply.code or "-",
    exchange.missing and "missing" or "answered")
end)

filter:run()
