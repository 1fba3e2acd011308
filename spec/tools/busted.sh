#!/bin/sh
# One run of all specs under one Lua: busted.sh LUA [LOADED_FIRST]. Ends with "N passed, N failed".
lua=$1
first=${2:-}
program=lua$lua
[ "$lua" = jit ] && program=luajit
eval "$(make -s env LUA="$lua")" || exit 1
export REPLYCODE_LUA="$lua" REPLYCODE_COMMAND="$PWD/build/$lua/bin/replycode"
busted=$(command -v busted)
out=build/busted-$lua.tap
if [ -n "$first" ]; then "$program" -l "$first" "$busted" -o TAP > "$out" 2>&1
else "$program" "$busted" -o TAP > "$out" 2>&1; fi
passed=$(grep -c '^ok ' "$out")
failed=$(grep -c '^not ok ' "$out")
grep -q '^1\.\.' "$out" || failed=$((failed + 1))
[ "$passed" -gt 0 ] || failed=$((failed + 1))
[ "$failed" -eq 0 ] || grep -v '^ok ' "$out"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
