-- nginx with http_lua (LuaJIT): verdicts for programs in any language. POST the reply as it came, name what it
-- answers and, if you know it, the server; the answer is the verdict as JSON:
--   curl --data-binary '550 5.1.1 No such user' 'http://127.0.0.1:8025/verdict?stage=rcpt&host=mx.example.org'
--   {"code":550,"transience":"permanent","cause":"recipient_unknown","action":"drop_recipient",...}
-- Whatever is in the reply, the status is 200; 400 says that the question was wrong: no reply, a stage that is none.
--
-- /etc/nginx/conf.d/replycode.conf (the first two lines where the modules are not on LuaJIT's own paths):
--   lua_package_path "/opt/replycode/share/lua/5.1/?.lua;;";
--   lua_package_cpath "/opt/replycode/lib/lua/5.1/?.so;;";
--   server {
--     listen 127.0.0.1:8025;
--     location = /verdict {
--       client_max_body_size 64k;
--       client_body_buffer_size 64k;
--       content_by_lua_file /etc/nginx/replycode.lua;
--     }
--   }

-- luacheck: globals ngx

local json = require "cjson"
local replycode = require "replycode"

local function answer(status, object)
  ngx.status = status
  ngx.header.content_type = "application/json"
  ngx.say(json.encode(object))
  return ngx.exit(status)
end

if ngx.req.get_method() ~= "POST" then return answer(405, { error = "expected POST with the reply as body" }) end
ngx.req.read_body()
local reply = ngx.req.get_body_data()
if not reply then return answer(400, { error = "expected a reply of at most 64 KiB as body" }) end

local query = ngx.req.get_uri_args()
local function first(value) if type(value) == "table" then return value[1] end return value end

-- What raises here is the question, never the reply.
local ok, verdict = pcall(replycode.classify, reply, {
  stage = first(query.stage), host = first(query.host), accepted = tonumber(first(query.accepted)),
})
if not ok then return answer(400, { error = verdict }) end
return answer(200, verdict)
