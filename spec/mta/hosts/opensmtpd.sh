#!/bin/sh
# OpenSMTPD with spec/examples/opensmtpd.lua: the first message to a dead address is refused by its server, the
# second by ours.
. spec/mta/hosts/common.sh
use_tools
unpack opensmtpd opensmtpd
use_lua 5.4
mkdir "$work/state"
sh=$(command -v sh)

# inside COMMAND...: as if it were installed, in a state that ends with it.
cat > "$work/inside" << END
#!$sh
exec unshare --mount --propagation private sh -ec '
  mount -t tmpfs tmpfs "$work/state"
  mount -t tmpfs tmpfs /run   # where the socket of another smtpd may be
  exec sh spec/mta/namespace.sh "$root" "$work/state" opensmtpd opensmtpq -- "\$@"' sh "\$@"
END
sh "$work/inside" true 2> /dev/null || skip "opensmtpd needs mount namespaces and overlayfs"
cat > "$work/filter" << END
#!$sh
export LUA_PATH="$LUA_PATH" LUA_CPATH="$LUA_CPATH"
unset LD_LIBRARY_PATH
exec lua5.4 $PWD/spec/examples/opensmtpd.lua
END
chmod a+rx "$work" "$work/filter"
cat > "$work/smtpd.conf" << END
filter "replycode" proc-exec "$work/filter"
listen on 127.0.0.1 port $port hostname mail.example.org filter "replycode"
action "outbound" relay host "smtp+notls://127.0.0.1:$((port + 1))" helo "client.example.org" filter "replycode"
match from any for any action "outbound"
END
lines() { printf '%s\n' "$@"; }
lines "S: 220 mx.example.net ESMTP" "C: EHLO" "S: 250 mx.example.net" "C: MAIL" "S: 250 2.1.0 Ok" "C: RCPT" \
  "S: 550 5.1.1 <nouser@example.net>: Recipient address rejected: User unknown" \
  "C: RSET" "S: 250 2.0.0 Ok" > "$work/mx"
lines "S: 220" "C: HELO client.example.org" "S: 250" "C: MAIL FROM:<>" "S: 250" "C: RCPT TO:<nouser@example.net>" \
  "S: 250" > "$work/second"
lines "C: DATA" "S: 354" "C: Subject: test" "C: " "C: test" "C: ." "S: 250" "C: QUIT" "S: 221" |
  cat "$work/second" - > "$work/first"

serve $((port + 1)) "$work/mx"
start smtpd.log sh "$work/inside" sh -ec '
  mkdir -p /var/lib/opensmtpd/empty
  chmod 755 /var/lib/opensmtpd /var/lib/opensmtpd/empty
  mkdir -p -m 711 /var/spool/smtpd
  chgrp opensmtpq /usr/sbin/smtpctl
  chmod 2555 /usr/sbin/smtpctl
  exec smtpd -d -v -f "$1"' sh "$work/smtpd.conf"
await smtpd.log 'offline scanning done'
tool play.lua client "$port" "$work/first" > "$work/said" || { cat "$work/smtpd.log"; exit 1; }
await smtpd.log 'action=drop_recipient'
sed -n 's/^replycode: \(.*\t\)/\1/p' "$work/smtpd.log" | tr '\t' ' ' > "$work/judged"
expect "nouser@example.net code=550 enhanced=5.1.1 transience=permanent cause=recipient_unknown scope=recipient\
 action=drop_recipient settles=recipient basis=text rule=text/user_unknown" "$work/judged"
tool play.lua client "$port" "$work/second" > "$work/said" || { cat "$work/smtpd.log"; exit 1; }
expect "550 5.1.1 No such user, the server of this domain said so within the last day" "$work/said"
