#!/bin/sh
# OpenSMTPD relays to a server that misbehaves, with our filters inside. Ends with "N passed, N failed", and says what it
# skipped. Needs root, overlayfs, lua-cqueues and Debian's package, which is unpacked and not installed.
directory=$PWD/build/mta/opensmtpd
lua=lua5.4

skip() {
  echo "opensmtpd: skipped: $1"
  echo "0 passed, 0 failed"
  exit 0
}

fetch() {
  [ -x "$directory/root/usr/sbin/smtpd" ] && return 0
  command -v apt-get > /dev/null && command -v dpkg > /dev/null || return 1
  (cd "$directory" && { apt-get download opensmtpd || { apt-get update -qq && apt-get download opensmtpd; }; } &&
    dpkg -x opensmtpd_*.deb root) > "$directory/fetch.log" 2>&1
}

[ "$(id -u)" -eq 0 ] || skip "not root"
command -v unshare > /dev/null || skip "no unshare"
eval "$(make -s env LUA=5.4)" || exit 1
"$lua" -e 'require "cqueues"' 2> /dev/null || skip "lua-cqueues is not installed"
mkdir -p "$directory"
fetch || skip "the package opensmtpd cannot be had ($directory/fetch.log)"
ldd "$directory/root/usr/sbin/smtpd" | grep 'not found' && skip "libraries of smtpd are missing"

# A fresh state each time, on a file system that can be the upper layer of an overlay.
state=$(mktemp -d) || exit 1
mount -t tmpfs tmpfs "$state" || skip "no file system can be mounted"
smtpd=
finish() {
  [ -z "$smtpd" ] || kill "$smtpd" 2> /dev/null
  [ -z "$smtpd" ] || wait "$smtpd" 2> /dev/null
  umount "$state" && rmdir "$state"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM
rm -f "$directory"/*.log "$directory"/*.cbor "$directory/exchanges"

printf '%s\n' '#!/bin/sh' "LUA_PATH='$LUA_PATH' LUA_CPATH='$LUA_CPATH' exec $lua \"\$@\"" > "$directory/lua"
chmod +x "$directory/lua"
"$lua" spec/mta/opensmtpd.lua configure "$directory" > "$directory/smtpd.conf" || exit 1
sh spec/mta/namespace.sh "$directory/root" "$state" opensmtpd opensmtpq -- sh -ec '
  mkdir -p /var/lib/opensmtpd/empty
  chmod 755 /var/lib/opensmtpd /var/lib/opensmtpd/empty
  mkdir -p -m 711 /var/spool/smtpd
  chgrp opensmtpq /usr/sbin/smtpctl
  chmod 2555 /usr/sbin/smtpctl
  exec /usr/sbin/smtpd -d -v -f "$1"' sh "$directory/smtpd.conf" > "$directory/smtpd.log" 2>&1 &
smtpd=$!

tries=0
until grep -q 'offline scanning done' "$directory/smtpd.log"; do
  tries=$((tries + 1))
  if [ "$tries" -gt 100 ] || ! kill -0 "$smtpd" 2> /dev/null; then
    cat "$directory/smtpd.log"
    grep -q 'mount' "$directory/smtpd.log" && skip "no overlay can be mounted"
    echo "0 passed, 1 failed"
    exit 1
  fi
  sleep 0.1
done
"$lua" spec/mta/opensmtpd.lua run "$directory"
