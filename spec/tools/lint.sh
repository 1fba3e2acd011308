#!/bin/sh
# Warnings as errors with every compiler at hand, luacheck over all Lua, and a few rules of the house.
fail=0
passed=0
check() {
  if "$@"; then passed=$((passed + 1)); else fail=$((fail + 1)); echo "lint: failed: $*"; fi
}

no_match() { ! grep -nE "$@"; }

mkdir -p build/lint
for compiler in gcc clang; do
  command -v "$compiler" > /dev/null || { echo "lint: skipped: $compiler is not installed"; continue; }
  for level in -O0 -O3; do
    for file in csrc/*.c; do
      check "$compiler" -std=c99 "$level" -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror \
        $(pkg-config --cflags lua5.4) -c -o build/lint/object.o "$file"
    done
  done
done
# Only one file knows libcbor, and the core none.
check no_match 'cbor\.h>' $(ls csrc/*.c csrc/*.h | grep -v /encode.c)
check luacheck -q --no-color lua spec rockspec
check no_match '^#include <(ctype|locale)\.h>' csrc/*.c csrc/*.h
check no_match '\b(malloc|calloc|realloc|free)\(' $(ls csrc/*.c | grep -v lua_)
check no_match '[[:blank:]]$' csrc/*.c csrc/*.h csrc/data/*.def Makefile README.md
echo "$passed passed, $fail failed"
[ "$fail" -eq 0 ]
