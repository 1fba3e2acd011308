#!/bin/sh
# Runs each recipe of spec/examples in the program it is for, and prints the verdicts it gave there. Programs that are
# missing are unpacked below build/mta, and a host whose program cannot be had is skipped. Ends with "N passed, N failed".
# Usage: hosts.sh [NAME...]
passed=0
failed=0
[ $# -gt 0 ] || set -- openmetrics haproxy dovecot rspamd nginx opendkim tshark opensmtpd
mkdir -p build/mta/hosts
for lua in 5.2 5.3 5.4 jit; do make -s LUA=$lua > "build/mta/hosts/make-$lua.log" 2>&1; done

for host in "$@"; do
  timeout 100 sh "spec/mta/hosts/$host.sh" > "build/mta/hosts/$host.log" 2>&1
  code=$?
  sed "s/^/$host: /" "build/mta/hosts/$host.log"
  case $code in
    0) passed=$((passed + 1)) ;;
    77) ;;
    *) failed=$((failed + 1)); echo "$host: failed" ;;
  esac
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
