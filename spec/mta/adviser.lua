-- A filter that refuses <N@example.org> with the Nth line of advice.lua, in smtpd's own protocol and as it is.

package.path = arg[0]:match "^(.*)spec/mta/" .. "?.lua;" .. package.path

local lines = require "spec.mta.advice"

io.stdout:setvbuf "line"
for line in io.lines() do
  local session, token, number = line:match "^filter|[^|]*|[^|]*|smtp%-in|rcpt%-to|(%x+)|(%x+)|<?(%d+)@"
  if line == "config|ready" then print "register|filter|smtp-in|rcpt-to\nregister|ready" end
  if number then print(("filter-result|%s|%s|reject|%s"):format(session, token, lines[tonumber(number)])) end
end
