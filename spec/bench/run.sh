#!/bin/sh
# Prints what is promised of speed and size beside what is measured here. Run it from the root of the tree. W2 is the 4yz and
# 5yz replies of w1.txt and spec/replies, or of the table that REPLYCODE_CORPUS names. Instructions repeat exactly, times do
# not: this prints, it never fails.
export LC_ALL=C
bench=spec/bench
build=build/bench
core=build/5.4/replycode/core.so
measured=$build/measured
root=$(pwd)

# id|what|must|goal|unit
promises='P2|parse, instructions per reply of W1|700|450|
P6|allocations per reply in the C core|0|0|
C4|parse and full verdict, instructions per reply of W2|2200|1700|
C6|first pass over W2 in a new process, against a warm one|4|2|x
C7|hostile text of 4 and 64 KiB, per byte|5|3| ns
C8|constant data a verdict may touch|256|64| kB
C9|400 rules of the caller compiled at run time|1|0.4| ms
C10|verdict with 2000 rules of the caller against 400|1.6|1.3|x
L1|judge(bytes) over W2, against a C call|10|7|x
L4|classify(bytes) over W2, against a bare table|1.7|1.35|x
L7a|garbage of judge over W2|0|0| B
L7b|garbage of classify over W2, against a bare table|1.25|1|x
B1|verdict to CBOR in C, against libcbor alone|1|0.5|x
B6|CBOR to a table, times faster than cjson|1.5|2|x
S0|data relocations of the rows at load|0|0|
S1|require "replycode", time against "cjson"|1.5|1|x
S2|memory that require adds|400|250| kB'

has() { command -v "$1" > /dev/null 2>&1; }

# id value note
record() { echo "$@" >> "$measured"; }

build() {
  compiler=$(command -v gcc || echo cc)
  flags="-std=c99 -O2 -fPIC"
  rm -rf $build && mkdir -p $build/core && : > $measured
  make -s LUA=5.4 $core || return 1
  for file in csrc/*.c; do
    case $file in */lua_* | */encode*) continue ;; esac
    $compiler $flags -fvisibility=hidden -c -o "$build/core/$(basename "$file" .c).o" "$file" || return 1
  done
  for program in parse classify timing; do
    $compiler $flags -Icsrc -o $build/$program $bench/$program.c $build/core/*.o || return 1
  done
  with_ours lua5.4 $bench/w2.lua $(w2_files) > $build/w2 &&
    $compiler $flags $(pkg-config --cflags lua5.4) -shared -o $build/bare.so $bench/bare.c
}

# Each module is found at the first place looked at.
with_ours() { LUA_PATH="$root/lua/?.lua;$root/?.lua" LUA_CPATH="$root/build/5.4/?.so;$root/$build/?.so" "$@"; }
with_both() { LUA_CPATH="$root/build/5.4/?.so;${cjson%cjson.so}?.so" LUA_PATH="$root/lua/?.lua;$root/?.lua" "$@"; }
with_cjson() { LUA_PATH="$root/lua/?.lua" LUA_CPATH="${cjson%cjson.so}?.so" "$@"; }

w2_files() { echo ${REPLYCODE_CORPUS:-"$bench/w1.txt $(find spec/replies -name '*.raw' 2> /dev/null | sort)"}; }

instructions() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 > /dev/null | awk '/Collected/ { print $4 }'
}

# ---- C core ---------------------------------------------------------------------------------------------------------

measure_parse() {
  has valgrind || { record P2 skipped valgrind is not installed; return; }
  replies=$($build/parse $bench/w1.txt $bench/w1.idx 1) || return
  few=$(instructions $build/parse $bench/w1.txt $bench/w1.idx 10)
  many=$(instructions $build/parse $bench/w1.txt $bench/w1.idx 20)
  record P2 $(((many - few) / (10 * replies))) "$replies replies"
}

# Of one reply of W2, with so many rules of the caller; with none, the shipped ones.
per_reply() {
  replies=$($build/classify $build/w2 1 $1 | cut -d ' ' -f 1)
  few=$(instructions $build/classify $build/w2 2 $1)
  many=$(instructions $build/classify $build/w2 6 $1)
  echo $(((many - few) / (4 * replies)))
}

measure_classify() {
  has valgrind || { for id in C4 C10; do record $id skipped valgrind is not installed; done; return; }
  record C4 $(per_reply) "$($build/classify $build/w2 1 | cut -d ' ' -f 1) replies, $($build/timing $build/w2 | sed -n 's/^C8 [0-9]* //p')"
  record C10 $(echo "$(per_reply 2000) $(per_reply 400)" | awk '{ printf "%.2f %d against %d instructions", $1 / $2, $1, $2 }')
}

measure_times() { $build/timing $build/w2 >> $measured; }

# What is not linked is not called.
measure_allocations() {
  symbols=$(nm -u $build/core/*.o | awk '$1 == "U" && $2 !~ /^_?replycode_/ { print $2 }' | sort -u)
  count=$(echo "$symbols" | grep -cE '^_?(malloc|calloc|realloc|reallocarray|free|aligned_alloc|posix_memalign|strn?dup)$')
  record P6 "$count" links $symbols
}

# ---- Lua ------------------------------------------------------------------------------------------------------------

measure_lua() {
  with_ours lua5.4 $bench/lua.lua $(w2_files) >> $measured
}

# ---- CBOR -------------------------------------------------------------------------------------------------------------

measure_cbor() {
  compiler=$(command -v gcc || echo cc)
  $compiler -std=c99 -O2 -Icsrc -o $build/encode $bench/encode.c csrc/encode.c csrc/encode_values.c $build/core/*.o -lcbor \
    2> /dev/null || { for id in B1 B6; do record $id skipped libcbor is not installed; done; return; }
  $build/encode $build/w2 >> $measured
  [ -n "$cjson" ] || { record B6 skipped cjson is not installed; return; }
  with_both lua5.4 $bench/cbor.lua $(w2_files) >> $measured
}

relocations() { readelf -rW "$1" | grep -cE 'RELATIV|R_X86_64_64|_ABS'; }

# Those that any shared object has are not ours.
measure_relocations() {
  has readelf || { record S0 skipped readelf is not installed; return; }
  size=$(readelf -SW $core | sed -n 's/.* \.data\.rel\.ro  *[A-Z]*  *[0-9a-f]*  *[0-9a-f]* \([0-9a-f]*\) .*/\1/p')
  record S0 $(($(relocations $core) - $(relocations $build/bare.so))) ".data.rel.ro $((0x${size:-0})) bytes"
}

fastest() { sort -g "$1" | head -n 1 | cut -d ' ' -f 1; }

# In instructions; a module that is there already costs what the interpreter costs.
ratio_in_instructions() {
  has valgrind || return
  start=$(instructions lua5.4 $bench/require.lua string)
  ours=$(with_ours instructions lua5.4 $bench/require.lua replycode)
  theirs=$(with_cjson instructions lua5.4 $bench/require.lua cjson)
  echo "$((ours - start)) $((theirs - start))" | awk '{ printf ", instructions %.2fx", $1 / $2 }'
}

measure_require() {
  [ -n "$cjson" ] || { record S1 skipped cjson is not installed; return; }
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do
    with_ours lua5.4 $bench/require.lua replycode >> $build/ours
    with_cjson lua5.4 $bench/require.lua cjson >> $build/theirs
  done
  record S1 $(echo "$(fastest $build/ours) $(fastest $build/theirs)" |
    awk '{ printf "%.2f %.0f us against %.0f us", $1 / $2, $1 * 1e6, $2 * 1e6 }')"$(ratio_in_instructions)"
}

measure_memory() {
  record S2 $(with_ours lua5.4 $bench/require.lua replycode |
    awk '{ printf "%.0f heap of Lua %.0f kB, private memory %d kB; resident %d kB", $2 + $3, $2, $3, $4 }')
}

# ---- Table ----------------------------------------------------------------------------------------------------------

# Of B6 more is better.
outcome() {
  awk -v value="$1" -v must="$2" -v goal="$3" -v id="$4" 'BEGIN {
    if (id == "B6") { value = -value; must = -must; goal = -goal }
    if (value !~ /^-?[0-9.]+$/) print "-"
    else if (value + 0 > must + 0) print "missed"
    else print (value + 0 > goal + 0) ? "ok" : "ok, goal"
  }'
}

print_row() { printf '%-4s%-51s%7s %7s %9s  %-9s%s\n' "$@"; }

print_table() {
  print_row "" "" must goal measured "" ""
  echo "$promises" | while IFS='|' read -r id what must goal unit; do
    found=$(grep "^$id " $measured || echo "$id failed")
    read -r _ value note <<END
$found
END
    case $value in skipped | failed) suffix= ;; *) suffix=$unit ;; esac
    print_row "$id" "$what" "$must$unit" "$goal$unit" "$value$suffix" "$(outcome "$value" "$must" "$goal" "$id")" "$note"
  done
}

cjson=$(lua5.4 -e 'print(package.searchpath("cjson", package.cpath) or "")')
build || echo "bench: the build failed"
measure_parse
measure_allocations
measure_classify
measure_times
measure_lua
measure_cbor
measure_relocations
measure_require
measure_memory
print_table
echo "W2: the 4yz and 5yz replies of ${REPLYCODE_CORPUS:-$bench/w1.txt and spec/replies}, as they are, without a stage"
exit 0
