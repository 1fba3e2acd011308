#!/bin/sh
# opendkim with spec/examples/opendkim.lua as its final policy, asked by miltertest with spec/examples/miltertest.lua.
. spec/mta/hosts/common.sh
unpack opendkim opendkim miltertest
use_lua 5.3

cat > "$work/opendkim.conf" << END
Mode v
Socket inet:$port@127.0.0.1
Syslog no
LogWhy yes
UserID root
Nameservers 127.0.0.1
DNSTimeout 1
FinalPolicyScript $PWD/spec/examples/opendkim.lua
END
start opendkim.log opendkim -f -v -v -x "$work/opendkim.conf"
timeout 60 miltertest -w -D "socket=inet:$port@127.0.0.1" -s spec/examples/miltertest.lua > "$work/said" 2>&1 ||
  { cat "$work/said" "$work/opendkim.log"; exit 1; }
expect "user@example.org: code=550 enhanced=5.7.20 transience=permanent cause=domain_auth_failed\
 scope=sender_domain action=fix_sender settles=message basis=text rule=text/dkim_failed" "$work/said"
sed 1d "$work/said"
