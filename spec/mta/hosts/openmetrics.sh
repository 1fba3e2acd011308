#!/bin/sh
# spec/examples/openmetrics.lua counts the verdicts of a recorded session, on each Lua alike, and the reference
# parser of OpenMetrics in Python reads the same numbers.
. spec/mta/hosts/common.sh
unpack prometheus python3-prometheus-client
use_lua 5.4
sed 's/\r$//' spec/replies/demo.txt > "$work/session.txt"
echo "S: 421 4.7.28 https://support.google.com/mail/answer/81126 - gsmtp" >> "$work/session.txt"
replycode read --json "$work/session.txt" > "$work/verdicts"
for lua in lua5.1 lua5.2 lua5.3 luajit lua5.4; do
  $lua spec/examples/openmetrics.lua < "$work/verdicts" > "$work/$lua" || exit 1
  cmp "$work/$lua" "$work/lua5.1" || exit 1
done
tail -n 1 "$work/lua5.4" | grep -qx '# EOF' || exit 1

cat > "$work/read.py" << END
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
for family in text_string_to_metric_families(sys.stdin.read()):
    for sample in family.samples:
        print(family.type, *(f"{name}={value}" for name, value in sample.labels.items()), int(sample.value))
END
export PYTHONPATH="$root/usr/lib/python3/dist-packages"
timeout 60 python3 "$work/read.py" < "$work/lua5.4" > "$work/said" || exit 1
expect "counter transience=none cause=accepted scope=recipient action=proceed 1" "$work/said"
expect "counter transience=permanent cause=recipient_unknown scope=recipient action=drop_recipient 1" "$work/said"
expect "counter transience=transient cause=rate_limited scope=client action=reconnect provider=google 1" "$work/said"
