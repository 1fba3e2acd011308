#!/bin/sh
# Installs what the tests need on Debian, with the argument "mta" what test-mta needs as well, with "demo" what the demo
# needs, and nothing when all of it is there. Elsewhere it says what to install.
packages="gcc libc6-dev make pkg-config lua5.4 liblua5.4-dev libcbor-dev lua-argparse lua-dkjson"
[ "${1:-}" = demo ] || packages="$packages g++ clang libclang-rt-14-dev
  lua5.1 liblua5.1-0-dev lua5.2 liblua5.2-dev lua5.3 liblua5.3-dev luajit libluajit-5.1-dev
  lua-busted lua-check lua-cjson lua-cqueues luarocks valgrind man-db groff-base locales
  python3-cbor2 node-cbor"
[ "${1:-}" != mta ] || packages="$packages libevent-2.1-7 libdb5.3"

if ! command -v dpkg-query > /dev/null 2>&1; then
  command -v cc > /dev/null 2>&1 && command -v lua5.4 > /dev/null 2>&1 && exit 0
  echo "replycode: this is no Debian. Install a C compiler, Lua (5.1 to 5.4 or LuaJIT) with headers, busted, luacheck," >&2
  echo "replycode: argparse, dkjson, LuaRocks and valgrind by hand, then go on." >&2
  exit 1
fi

missing=
for package in $packages; do
  dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null | grep -qx installed || missing="$missing $package"
done

if [ -n "$missing" ]; then
  if [ "$(id -u)" -ne 0 ]; then
    echo "replycode: missing packages, install them with: apt-get install$missing" >&2
    exit 1
  fi
  echo "replycode: installing$missing"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-remove --no-install-recommends $missing > /dev/null || exit 1
fi

[ "${1:-}" = demo ] && exit 0
# The suite runs once under a Turkish locale, where I does not lower to i.
if ! locale -a 2> /dev/null | grep -qi '^tr_TR\.utf-\?8$'; then
  [ "$(id -u)" -ne 0 ] || localedef -i tr_TR -f UTF-8 tr_TR.UTF-8 || true
fi
