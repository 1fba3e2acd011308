#!/bin/sh
# rspamd with spec/examples/rspamd.lua gets a bounce about two recipients and names both causes.
. spec/mta/hosts/common.sh
unpack rspamd rspamd
use_lua jit
export LD_LIBRARY_PATH="$root/usr/lib/rspamd:$LD_LIBRARY_PATH"

# Its own rules, which load ours; no modules that would ask the network.
mkdir "$work/local"
printf "%s\n" com net org > "$work/tld"   # the full list takes ten seconds to compile
cat > "$work/rspamd.conf" << END
options {
  filters = ""; url_tld = "$work/tld"; tempdir = "$work"; pidfile = "$work/rspamd.pid";
  dns { nameserver = ["127.0.0.1"]; timeout = 0.1s; retransmits = 1; }
}
logging { type = "console"; level = "info"; }
worker "normal" { bind_socket = "127.0.0.1:$port"; count = 1; }
worker "controller" { bind_socket = "127.0.0.1:$((port + 1))"; count = 1; }
actions { reject = 15; }
lua = "\$RULESDIR/rspamd.lua"
END
cat > "$work/local/rspamd.local.lua" << END
package.path = "$PWD/lua/?.lua;" .. package.path
package.cpath = "$PWD/build/jit/?.so;" .. package.cpath
dofile("$PWD/spec/examples/rspamd.lua")
END
chmod -R a+rX "$work"
unset LUA_PATH LUA_CPATH   # as the host has them

cat > "$work/bounce.eml" <<'END'
Return-Path: <>
From: MAILER-DAEMON@mail.example.org
To: sender@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="edge"

--edge
Content-Type: text/plain

Your message could not be delivered.
--edge
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org

Final-Recipient: rfc822; nouser@example.net
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.example.net
Diagnostic-Code: smtp; 550 5.1.1 <nouser@example.net>: Recipient address
    rejected: User unknown in local recipient table

Final-Recipient: rfc822; user@example.com
Action: failed
Status: 5.7.1
Diagnostic-Code: smtp; 554 5.7.1 Service unavailable; Client host [192.0.2.10]
    blocked using zen.spamhaus.org
--edge--
END

share=$root/usr/share/rspamd
start rspamd.log rspamd -f -i -c "$work/rspamd.conf" --var="CONFDIR=$root/etc/rspamd" \
  --var="LOCAL_CONFDIR=$work/local" --var="DBDIR=$work" --var="RUNDIR=$work" --var="LOGDIR=$work" --var="SHAREDIR=$share" --var="RULESDIR=$share/rules" \
  --var="LUALIBDIR=$share/lualib" --var="PLUGINSDIR=$share/plugins" --var="WWWDIR=$share/www"
await rspamd.log 'starting normal process'


timeout 20 rspamc -h "127.0.0.1:$port" symbols "$work/bounce.eml" > "$work/answer"
timeout 20 rspamc --json -h "127.0.0.1:$port" symbols "$work/bounce.eml" | sed 's/^ *//' >> "$work/answer"
expect "Symbol: REPLYCODE_RECIPIENT_UNKNOWN (0.00)[drop_recipient, nouser@example.net]" "$work/answer"
expect "Symbol: REPLYCODE_IP_BLOCKED (0.00)[fix_client, user@example.com]" "$work/answer"
expect '"X-Bounce-Action": "drop_recipient, fix_client"' "$work/answer"
