#!/bin/sh
# HAProxy with spec/examples/haproxy.lua between the two sides of a recorded session.
. spec/mta/hosts/common.sh
use_tools
unpack haproxy haproxy
use_lua 5.3
unset LUA_PATH LUA_CPATH   # as the host has them

cat > "$work/haproxy.cfg" << END
global
  lua-prepend-path $PWD/lua/?.lua
  lua-prepend-path $PWD/build/5.3/?.so cpath
  lua-load $PWD/spec/examples/haproxy.lua
  log stdout format raw local0 info
defaults
  mode tcp
  log global
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend smtp
  bind 127.0.0.1:$port
  filter lua.replycode
  log-format "%ci %s %Tt ms, last refusal %[var(sess.replycode.cause)], to do %[var(sess.replycode.action)]"
  default_backend mx
backend mx
  server mx.example.org 127.0.0.1:$((port + 1))
END
session=spec/replies/demo.txt
serve $((port + 1)) "$session"
start haproxy.log haproxy -db -f "$work/haproxy.cfg"
tries=0   # it says nothing when it is ready
until tool play.lua client "$port" "$session" > "$work/got" 2> /dev/null; do
  tries=$((tries + 1))
  [ "$tries" -lt 50 ] || { cat "$work/haproxy.log"; exit 1; }
  sleep 0.1
done
await haproxy.log ' ms, last'
sed -n 's/^replycode: //p; s/.* ms, last/last/p' "$work/haproxy.log" > "$work/said"
sed -n 's/^S: //p' "$session" | tr -d '\r' | cmp - "$work/got" || exit 1
expect "stage=rcpt recipient=nouser@example.org code=550 enhanced=5.1.1 transience=permanent cause=recipient_unknown\
 scope=recipient action=drop_recipient settles=recipient basis=text rule=text/user_unknown_in_table" "$work/said"
expect "stage=rcpt recipient=t421@example.org code=421 enhanced=4.7.0 transience=transient cause=policy_rejected\
 scope=session action=reconnect closes=true basis=text rule=text/go_away" "$work/said"
expect "last refusal policy_rejected, to do reconnect" "$work/said"
