#!/bin/sh
# Everything CI proves, one part after the other. Each part ends with "N passed, N failed"; the last line is their sum.
passed=0
failed=0
mkdir -p build

part() {
  title=$1
  shift
  echo "== $title"
  "$@" > build/part.log 2>&1
  code=$?
  line=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' build/part.log | tail -n 1)
  ok=${line%% passed*}
  bad=${line##*passed, }
  bad=${bad%% failed*}
  [ -n "$line" ] || { ok=0; bad=1; }
  [ "$code" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
  [ "$bad" -eq 0 ] && grep -i "${shown:-skipped}" build/part.log
  [ "$bad" -eq 0 ] || cat build/part.log
  echo "   $ok passed, $bad failed"
  passed=$((passed + ok))
  failed=$((failed + bad))
}

part "lint" sh spec/tools/lint.sh
part "C, guard pages, sanitizers" sh spec/tools/c.sh
for lua in 5.1 5.2 5.3 5.4 jit; do
  part "specs, Lua $lua" sh spec/tools/busted.sh "$lua"
done
if locale -a 2> /dev/null | grep -qi '^tr_TR\.utf-\?8$'; then
  part "specs under LC_ALL=tr_TR.UTF-8" env LC_ALL=tr_TR.UTF-8 sh spec/tools/busted.sh 5.4 spec.tools.turkish
else
  echo "== specs under LC_ALL=tr_TR.UTF-8: skipped, the locale is not installed"
fi
part "specs, collector at its harshest" sh spec/tools/busted.sh 5.4 spec.tools.harsh
[ "$(id -u)" -ne 0 ] || sh spec/tools/deps.sh mta
part "inside OpenSMTPD" sh spec/mta/opensmtpd.sh
shown='skipped\|: ' part "inside other programs" sh spec/mta/hosts.sh
part "the proxy between mail servers" sh spec/mta/proxy.sh
part "instructions" sh spec/tools/gate.sh
part "rocks" sh spec/tools/rocks.sh

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
