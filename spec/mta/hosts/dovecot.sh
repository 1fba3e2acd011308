#!/bin/sh
# Dovecot with spec/examples/dovecot.lua asks an SMTP server that knows the password, one that does not, and one in
# trouble.
. spec/mta/hosts/common.sh
use_tools
unpack dovecot dovecot-core dovecot-auth-lua
use_lua 5.4
sh spec/mta/hosts/overlay.sh "$root" true 2> /dev/null || skip "dovecot needs mount namespaces and overlayfs"

sed "s/587/$port/" spec/examples/dovecot.lua > "$work/replycode.lua"
cat > "$work/dovecot.conf" << END
base_dir = $work/run
state_dir = $work/state
log_path = /dev/stderr
protocols =
ssl = no
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
auth_failure_delay = 0
default_login_user = nobody
default_internal_user = nobody
default_internal_group = nogroup
service auth {
  user = root
}
service auth-worker {
  user = root
}
import_environment = LUA_PATH LUA_CPATH
passdb {
  driver = lua
  args = file=$work/replycode.lua blocking=yes
}
END
answers() {
  printf '%s\n' "S: 220 mx.example.org ESMTP" "C: EHLO localhost" "S: 250-mx.example.org" "S: 250 AUTH PLAIN" \
    "C: AUTH PLAIN" "S: $1" > "$work/$2"
}
answers "235 2.7.0 Authentication successful" known
answers "535 5.7.8 Error: authentication failed" wrong
answers "454 4.7.0 Temporary authentication failure" trouble
echo "S: 421 4.3.2 Too many connections, try again later" > "$work/busy"

chmod a+rx "$work"
export LUA_PATH="$LUA_PATH;$tool_path" LUA_CPATH="$LUA_CPATH;$tool_cpath"
start dovecot.log sh spec/mta/hosts/overlay.sh "$root" dovecot -F -c "$work/dovecot.conf"
await dovecot.log 'starting up'

# login CASE RESULT: what Dovecot makes of the server of that name.
login() {
  serve "$port" "$work/$1"
  timeout 20 sh spec/mta/hosts/overlay.sh "$root" doveadm -c "$work/dovecot.conf" auth test user secret |
    tr '\n' ' ' | sed 's/extra fields: //; s/ *$/\n/' > "$work/answer" 2>&1
  expect "$2" "$work/answer"
  sed -n 's/.*Info: replycode: //p' "$work/dovecot.log" | tail -n 1
}
login known "passdb: user auth succeeded   user=user"
login wrong "passdb: user auth failed   user=user"
login trouble "passdb: user auth failed   user=user   code=temp_fail"
login busy "passdb: user auth failed   user=user   code=temp_fail"
