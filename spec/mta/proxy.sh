#!/bin/sh
# The proxy of spec/examples before real servers: proxy.sh [postfix|sink|exim|dovecot|haraka]...
#
# A client with a fixed script (talk.lua) talks to each server without and with the proxy: every command on its own, in
# groups, in small pieces. What it got must be equal byte for byte, but for what servers vary by themselves, the ids of
# messages and sessions: `mask` names them. The proxy's lines are compared with the verdicts expected. Then swaks,
# openssl s_client and smtp-source run through it. Loopback, ports 25000 to 25099; needs root and namespaces.
# Ends with "N passed, N failed"; what could not be done is a line "skipped: ...".
cd "$(dirname "$0")/../.." || exit 1
here=spec/mta
work=$PWD/build/mta/proxy
passed=0
failed=0
pids=
mkdir -p "$work"

. $here/packages.sh
PATH=$PATH:/usr/sbin
exec 3>&1
eval "$(make -s env LUA=5.4)" || exit 1

ok() { passed=$((passed + 1)); }
bad() { failed=$((failed + 1)); echo "failed: $*"; }
same() { if cmp -s "$2" "$3"; then ok; else bad "$1"; diff -a "$2" "$3" | head -n 20; fi; }
stop() { kill "$1" 2> /dev/null; wait "$1" 2> /dev/null; }
trap 'for pid in $pids; do kill "$pid" 2> /dev/null; done' EXIT
trap 'exit 1' INT TERM

listens() { PORT=$1 lua5.4 -e 'local s = require("cqueues.socket").connect("127.0.0.1", os.getenv("PORT"))
  s:onerror(function(_, _, why) return why end)
  os.exit(s:connect(1) and true or false)' 2> /dev/null; }

await() {
  tries=0
  until listens "$1"; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || return 1
    sleep 0.1
  done
}

# unpacked NAME PACKAGE...: sets `root`, in a subshell, for `unpack` changes paths and ends it when there is nothing.
unpacked() { root=$(unpack "$@" >&3 && echo "$root"); }

# What servers vary by themselves.
mask() {
  sed -e 's/queued as [0-9A-Za-z]*/queued as ID/' -e 's/250 OK id=[0-9A-Za-z-]*/250 OK id=ID/' \
    -e 's/\(250 2.0.0 <[^>]*>\) [^ ]* Saved/\1 ID Saved/' -e "s/([0-9A-F-]*\(\.1\)*)/(ID)/"
}

# start PORT COMMAND...: a server in the background, waits for its port. Sets `server`.
start() {
  listening=$1
  shift
  rm -rf "$work/state"
  "$@" > "$work/server.log" 2>&1 &
  server=$!
  pids="$pids $server"
  await "$listening" && return
  bad "no server on port $listening: $(tail -n 3 "$work/server.log")"
  stop "$server"
  return 1
}

# proxy PORT UPSTREAM_PORT [OPTION]...: sets `proxy`; its lines go to proxy.log.
proxy() {
  from=$1 to=$2
  shift 2
  lua5.4 spec/examples/proxy.lua "$from" "127.0.0.1:$to" "$@" > "$work/proxy.log" 2>&1 &
  proxy=$!
  pids="$pids $proxy"
  await "$from" || { bad "no proxy on port $from"; return 1; }
}

# bytes NAME PORT smtp|lmtp: with and without the proxy, and the verdicts in verdicts/NAME.txt. A server that
# does not offer PIPELINING has others for a client that does it all the same: verdicts/NAME-pipelined.txt.
bytes() {
  option=
  [ "$3" = smtp ] || option=--lmtp
  for mode in step group cut; do
    expected=$here/verdicts/$1.txt
    [ $mode = step ] || [ ! -e $here/verdicts/"$1"-pipelined.txt ] || expected=$here/verdicts/$1-pipelined.txt
    lua5.4 $here/talk.lua "$2" "$3" $mode | mask > "$work/without"
    for policy in "" "--policy $work/none.lua"; do
      proxy 25000 "$2" $option $policy || return
      lua5.4 $here/talk.lua 25000 "$3" $mode | mask > "$work/with"
      stop "$proxy"
      [ "$(wc -l < "$work/with")" -gt 8 ] || bad "$1: the server said little"
      same "$1, $mode${policy:+, with a policy}: bytes" "$work/without" "$work/with"
      grep stage= "$work/proxy.log" | grep -v 'session=1 ' | sed 's/^session=[0-9]* //' | mask > "$work/verdicts"
      same "$1, $mode${policy:+, with a policy}: verdicts" "$expected" "$work/verdicts"
    done
  done
}

# A policy in front of the real server: 552 5.5.3 becomes 452, and no other byte changes.
replaced() {
  lua5.4 $here/talk.lua "$2" smtp group | mask |
    sed 's/^552 5.5.3.*/452 4.5.3 Too many recipients, send the rest separately\r/' > "$work/without"
  proxy 25000 "$2" --policy spec/examples/proxy_policy.lua || return
  lua5.4 $here/talk.lua 25000 smtp group | mask > "$work/with"
  stop "$proxy"
  grep -q '^452 4.5.3 Too many' "$work/with" || bad "$1: nothing was replaced"
  same "$1: one reply replaced" "$work/without" "$work/with"
}

# swaks prints both sides of its session.
by_swaks() {
  command -v swaks > /dev/null || { echo "skipped: swaks is not installed"; return; }
  printf 'Subject: x\n\ntext\n' > "$work/message"
  proxy 25000 "$2" $4 || return
  for port in "$2" 25000; do
    swaks --server 127.0.0.1:"$port" --protocol "$3" --helo client.example.org --from sender@example.org --pipeline \
      --to user@example.org,nobody@example.org --data @"$work/message" 2>&1 |
      mask | sed "s/:$port\\.\\.\\./:PORT.../" > "$work/swaks.$port"
  done
  stop "$proxy"
  grep -q '550' "$work/swaks.25000" || bad "$1: swaks got no 550"
  same "$1: swaks" "$work/swaks.$2" "$work/swaks.25000"
}

postfix() {
  unpacked postfix postfix || return
  start 25010 sh $here/namespace.sh "$root" "$work/state" postfix postdrop -- sh $here/servers/postfix.sh || return
  bytes postfix 25010 smtp
  replaced postfix 25010
  by_swaks postfix 25010 ESMTP
  proxy 25000 25010 || return
  for port in 25010 25000; do
    { sleep 1
      printf '%s\r\n' 'EHLO c.example.org' 'MAIL FROM:<a@example.org>' 'RCPT TO:<nobody@example.org>' QUIT
      sleep 1; } |
      openssl s_client -starttls smtp -crlf -quiet -connect 127.0.0.1:$port 2> /dev/null > "$work/tls.$port"
  done
  stop "$proxy"
  grep -q '^550 5.1.1' "$work/tls.25000" || bad "postfix: no 550 over TLS"
  same "postfix: bytes over STARTTLS" "$work/tls.25010" "$work/tls.25000"
  if grep -q 'code=550' "$work/proxy.log"; then bad "postfix: a verdict of what was encrypted"; else ok; fi
  stop "$server"
}

# 400 messages of smtp-source, 100 sessions at once, as smtp-sink gets them. They come in any order, with times and ids
# in Received, Date and Message-Id.
sink() {
  unpacked postfix postfix || return
  tool="env LD_LIBRARY_PATH=$root/usr/lib/postfix $root/usr/sbin"
  for port in 25060 25000; do
    rm -rf "$work/sink" && mkdir -m 777 "$work/sink"
    start 25060 $tool/smtp-sink -u nobody -d "$work/sink/message." 127.0.0.1:25060 1000 || return
    [ $port = 25060 ] || proxy 25000 25060 || return
    $tool/smtp-source -s 100 -m 400 -l 20000 -N -f a@example.org -t b@example.org 127.0.0.1:$port \
      > "$work/source.log" 2>&1 || bad "sink: smtp-source through port $port: $(cat "$work/source.log")"
    [ $port = 25060 ] || stop "$proxy"
    stop "$server"
    cat "$work/sink/"* | grep -av -e '^Received:' -e '^	' -e '^Date:' -e '^Message-Id:' | sort > "$work/sink.$port"
  done
  [ "$(grep -ac '^X-Mail-Args' "$work/sink.25000")" -eq 400 ] || bad "sink: not 400 messages"
  same "sink: 400 messages of smtp-source" "$work/sink.25060" "$work/sink.25000"
  start 25061 $tool/smtp-sink -u nobody -f RCPT 127.0.0.1:25061 1000 || return
  bytes sink 25061 smtp
  stop "$server"
}

exim() {
  unpacked exim exim4-daemon-light || return
  start 25030 sh $here/namespace.sh "$root" "$work/state" Debian-exim -- sh $here/servers/exim.sh || return
  bytes exim 25030 smtp
  replaced exim 25030
  by_swaks exim 25030 ESMTP
  stop "$server"
}

dovecot() {
  unpacked dovecot-lmtp dovecot-lmtpd || return
  start 25080 sh $here/namespace.sh "$root" "$work/state" -- sh $here/servers/dovecot.sh "$work/dovecot" || return
  bytes dovecot 25080 lmtp
  by_swaks dovecot 25080 LMTP --lmtp
  stop "$server"
}

haraka() {
  command -v npm > /dev/null && command -v node > /dev/null || { echo "skipped: Haraka needs node and npm"; return; }
  mkdir -p "$work/haraka"
  [ -d "$work/haraka/node_modules/Haraka" ] ||
    timeout 300 npm install --prefix "$work/haraka" --no-audit --no-fund --ignore-scripts --omit=optional Haraka@3 \
      > "$work/npm.log" 2>&1 || { echo "skipped: Haraka cannot be installed"; return; }
  mkdir -p "$work/nothing"
  start 25070 sh $here/namespace.sh "$work/nothing" "$work/state" -- sh $here/servers/haraka.sh "$work/haraka" || return
  bytes haraka 25070 smtp
  by_swaks haraka 25070 ESMTP
  stop "$server"
}

echo 'return function() end' > "$work/none.lua"
if [ "$(id -u)" -ne 0 ] || ! unshare --mount true 2> /dev/null; then
  echo "skipped: real servers need root and mount namespaces"
else
  for each in ${*:-postfix sink exim dovecot haraka}; do "$each"; done
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
