#!/bin/sh
# Installs both rocks with LuaRocks into an empty tree, for each Lua it serves, and runs them from there.
passed=0
failed=0
result() { if [ "$1" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "rocks: failed: $2"; fi; }

command -v luarocks > /dev/null || { echo "rocks: skipped: LuaRocks is not installed"; echo "0 passed, 0 failed"; exit 0; }
root=$PWD
for version in 5.1 5.2 5.3 5.4; do
  tree=$root/build/rocks-$version
  rm -rf "$tree" "$tree-src"
  # A copy, for LuaRocks builds in place and would leave its objects behind.
  mkdir -p "$tree-src" && cp -r csrc lua rockspec spec "$tree-src"
  for rock in replycode replycode-cli; do
    (cd "$tree-src" && luarocks --lua-version "$version" --tree "$tree" make --deps-mode none \
      "rockspec/$rock-scm-1.rockspec") > "build/rocks-$version-$rock.log" 2>&1
    result $? "luarocks make $rock for $version (build/rocks-$version-$rock.log)"
  done
  # Away from the source, with nothing on the paths but the tree and what Debian has of argparse and dkjson.
  got=$(cd / && LUA_PATH="$tree/share/lua/$version/?.lua" LUA_CPATH="$tree/lib/lua/$version/?.so" \
    "lua$version" -e 'print(require("replycode").classify("550 5.1.1 x", "rcpt").action)')
  [ "$got" = drop_recipient ]
  result $? "the module for $version said '$got'"
  got=$(cd / && LUA_PATH="$tree/share/lua/$version/?.lua" LUA_CPATH="$tree/lib/lua/$version/?.so" \
    "lua$version" -e 'local cbor = require "replycode.cbor" print(#cbor.encode { require "replycode.session".new().host })')
  [ "$got" = 1 ]
  result $? "the modules cbor and session for $version said '$got'"
  got=$(cd / && LUA_PATH="$tree/share/lua/$version/?.lua;/usr/share/lua/$version/?.lua" \
    LUA_CPATH="$tree/lib/lua/$version/?.so" "$tree/bin/filter-replycode" --version)
  echo "$got" | grep -q '^filter-replycode [0-9.]*$'
  result $? "the filter for $version said '$got'"
  got=$(cd / && LUA_PATH="$tree/share/lua/$version/?.lua;/usr/share/lua/$version/?.lua" \
    LUA_CPATH="$tree/lib/lua/$version/?.so" "$tree/bin/replycode" --lang en explain 421 | head -n 1)
  echo "$got" | grep -q '^421 .*closing channel$'
  result $? "the command for $version said '$got'"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
