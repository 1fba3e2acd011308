#!/bin/sh
# nginx with spec/examples/nginx.lua answers with verdicts.
. spec/mta/hosts/common.sh
use_tools
unpack nginx nginx libnginx-mod-http-lua lua-cjson
use_lua jit
unset LUA_PATH LUA_CPATH   # as the host has them

cat > "$work/nginx.conf" << END
load_module $root/usr/lib/nginx/modules/ndk_http_module.so;
load_module $root/usr/lib/nginx/modules/ngx_http_lua_module.so;
daemon off; master_process off; error_log stderr notice; pid $work/pid;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path $work/b; proxy_temp_path $work/p; fastcgi_temp_path $work/f;
  uwsgi_temp_path $work/u; scgi_temp_path $work/s;
  lua_package_path "$PWD/lua/?.lua;$root/usr/share/lua/5.1/?.lua;;";
  lua_package_cpath "$PWD/build/jit/?.so;$libraries/lua/5.1/?.so;;";
  server {
    listen 127.0.0.1:$port;
    location = /verdict {
      client_max_body_size 64k;
      client_body_buffer_size 64k;
      content_by_lua_file $PWD/spec/examples/nginx.lua;
    }
  }
}
END
start nginx.log nginx -p "$work" -c "$work/nginx.conf"
await nginx.log 'epoll|event method'
# ask QUERY BODY: the answer, a field a line.
ask() { tool http.lua "http://127.0.0.1:$port/verdict$1" "$2" | tr '\t,{}' '\n' > "$work/answer"; }

ask "?stage=rcpt" "550 5.1.1 No such user"
expect 200 "$work/answer"
expect '"cause":"recipient_unknown"' "$work/answer"
expect '"action":"drop_recipient"' "$work/answer"
expect '"settles":"recipient"' "$work/answer"
ask "?stage=content&host=gmail-smtp-in.l.google.com" "550 5.7.29 Not accepted"
expect '"cause":"tls_failed"' "$work/answer"
expect '"provider":"google"' "$work/answer"
ask "?stage=nowhere" "550 5.1.1 No such user"
expect 400 "$work/answer"
