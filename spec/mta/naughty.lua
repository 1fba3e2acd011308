-- A filter whose author does everything wrong. Mail has to flow all the same.

local opensmtpd = require "replycode.opensmtpd"

local filter = opensmtpd.new()

print "hello from the first line"

filter:on("smtp-in", "connect", function() error "raised" end)
filter:on("smtp-in", "ehlo", function() print "printed" io.write("written\n") io.stdout:write("written too\n") end)
filter:on("smtp-in", "mail-from", function() return "reject|550 5.1.1 by hand\nregister|ready" end)
filter:on("smtp-in", "rcpt-to", function() os.execute("sleep 0.02; echo from a program; cat") return {} end)
filter:on("smtp-in", "data", function() os.exit(3) end)
filter:on("smtp-in", "data-line", function(_, line) if line == "" then return "two\nlines" end return 42 end)
filter:on("smtp-in", "commit", function() return opensmtpd.reject(250, nil, "no error") end)
filter:on("smtp-in", "quit", function() io.read("*a") return opensmtpd.reject(550, "5.7.1", "\r\n") end)
filter:on("smtp-in", "link-disconnect", function()
  error(setmetatable({}, { __tostring = function() error "again" end }))
end)
filter:on("smtp-out", "tx-begin", function(session)
  local function again() return 1 + again() end
  if not filter.overflowed then filter.overflowed = true return again() end
  session.id, session.subsystem = nil, {}
end)
filter:on("smtp-out", "exchange", function(_, exchange) return exchange.nothing.at.all end)

filter:run()
