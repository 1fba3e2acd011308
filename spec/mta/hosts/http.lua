-- Asks by HTTP and prints status and answer: http.lua URL [BODY]
local http = require "socket.http"
local body, status = http.request(arg[1], arg[2])
print(status, (tostring(body):gsub("%s+$", "")))
