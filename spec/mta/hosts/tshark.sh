#!/bin/sh
# tshark with spec/examples/tshark.lua reads a capture made of a recorded session.
. spec/mta/hosts/common.sh
unpack tshark tshark
use_lua 5.2
chmod a+rx "$work"
export HOME="$work"
if [ -e "$root/etc/wireshark/init.lua" ]; then   # else it is installed
  mkdir "$work/data"
  ln -s "$root"/usr/share/wireshark/* "$work/data"
  ln -sf "$root/etc/wireshark/init.lua" "$work/data/init.lua"
  export WIRESHARK_DATA_DIR="$work/data"
fi
# As root it takes neither its folder nor scripts from elsewhere.
user=
[ "$(id -u)" -ne 0 ] || user="setpriv --reuid 65534 --regid 65534 --clear-groups"
$user test -r "$root/complete" || skip "tshark does not run as root, and nobody may not read $root"

lua5.4 spec/mta/hosts/pcap.lua spec/replies/demo.txt > "$work/mail.pcap"
timeout 60 $user tshark -r "$work/mail.pcap" -X "lua_script:spec/examples/tshark.lua" \
  -Y 'replycode.transience && replycode.transience != "none"' \
  -T fields -E separator=' ' -e replycode.stage -e replycode.recipient -e replycode.cause -e replycode.action \
  > "$work/said" 2> "$work/problems" || { cat "$work/problems"; exit 1; }
cat "$work/problems"
expect "rcpt nouser@example.org recipient_unknown drop_recipient" "$work/said"
expect "rcpt defer@example.org policy_rejected retry" "$work/said"
expect "rcpt custom@example.org domain_auth_failed fix_sender" "$work/said"
expect "rcpt x@elsewhere.example.net relay_denied give_up" "$work/said"
expect "rcpt t421@example.org policy_rejected reconnect" "$work/said"
