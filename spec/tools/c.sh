#!/bin/sh
# The C tests: gcc and clang with their sanitizers, and gcc at -O3 without. Ends with "N passed, N failed". Programs stay in
# build/c-*. REPLYCODE_CAPTURES=FOLDER adds recorded sessions to those of spec/replies.
strict="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"
sanitized="-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all"
a_sum='^[0-9]+ passed, [0-9]+ failed$'

# build FOLDER CC CXX FLAGS: the core's objects, then a program for each test. Those named lua_* have the binding too.
build() {
  objects=
  for source in csrc/*.c; do
    case $source in csrc/lua_*) continue ;; esac
    object=$1/$(basename "$source" .c).o
    objects="$objects $object"
    $2 -std=c99 $strict $4 -c -o "$object" "$source" || return 1
  done
  for source in spec/c/*_test.c; do
    case $source in */lua_*)
      $2 -std=c99 $strict $4 -Icsrc $(pkg-config --cflags lua5.4) -o "$1/$(basename "$source" .c)" "$source" csrc/lua_*.c \
        $objects -lcbor $(pkg-config --libs lua5.4) || return 1
      continue ;;
    esac
    $2 -std=c99 $strict $4 -Icsrc -Ispec/tools -o "$1/$(basename "$source" .c)" "$source" $objects -lcbor || return 1
  done
  if command -v "$3" > /dev/null; then
    "$3" -std=c++11 -Wall -Wextra -pedantic -Werror $4 -Icsrc -o "$1/header_test" spec/c/header_test.cpp $objects -lcbor
  else
    echo "c: skipped: $3 is not installed"
  fi
}

# Every program says how much of it passed; one that does not has crashed.
run() {
  for program in "$1"/*_test; do
    "$program" > "$program.log" 2>&1
    code=$?
    sum=$(grep -E "$a_sum" "$program.log" | tail -n 1)
    if [ "$code" -ne 0 ]; then grep -vE "$a_sum" "$program.log"; else grep ' captures, ' "$program.log"; fi
    [ "$code" -eq 0 ] || [ -n "${sum%%* 0 failed}" ] || sum="0 passed, 1 failed"
    echo "$program: $sum"
  done
}

# make_all NAME CC CXX FLAGS, with the report in build/c-NAME.log
make_all() {
  rm -rf "build/c-$1"
  mkdir -p "build/c-$1"
  if ! command -v "$2" > /dev/null; then echo "c: skipped: $2 is not installed"
  elif build "build/c-$1" "$2" "$3" "$4"; then run "build/c-$1"
  else echo "build/c-$1: 0 passed, 1 failed"
  fi > "build/c-$1.log" 2>&1
}

mkdir -p build
{ make_all gcc gcc g++ "$sanitized"; make_all gcc-O3 gcc g++ -O3; } &
make_all clang clang clang++ "$sanitized" &
wait

cat build/c-gcc.log build/c-clang.log build/c-gcc-O3.log | tee build/c.log
awk '
  /^build\/c-/ && match($0, /[0-9]+ passed, [0-9]+ failed$/) {
    split(substr($0, RSTART), word, " ")
    passed += word[1]
    failed += word[3]
  }
  END { print passed + 0 " passed, " failed + 0 " failed"; exit failed > 0 || passed == 0 }' build/c.log
