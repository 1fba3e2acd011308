#!/bin/sh
# What the command line says of a recorded session, of each reply that refused something, of words that decide, and of two
# codes in two languages.
# Usage: demo.sh COMMAND
replycode=${1:-replycode}
session=$(dirname "$0")/../replies/demo.txt

echo "== The verdicts of a recorded session"
"$replycode" --lang en read "$session" || exit 1

# A line of JSON a reply: here "stage code status text" of those that begin with 4 or 5.
refused='s/.*"stage":"\([a-z]*\)","code":\([45][0-9][0-9]\),"enhanced":"\([0-9.]*\)","text":"\([^"]*\)".*/\1 \2 \3 \4/p'
"$replycode" read --json "$session" | sed -n "$refused" | while read -r stage reply; do
  echo
  echo "== Refused: what it means and what to do"
  "$replycode" --lang en explain --stage "$stage" "$reply" || exit 1
done || exit 1

explain() {
  echo
  echo "== What the words say"
  "$replycode" --lang "$1" explain --stage rcpt "$2" || exit 1
}
explain en "450 4.7.1 <user@example.org>: Recipient address rejected: Greylisted, try again in 5 minutes"
explain en "554 5.7.1 Service unavailable; Client host [192.0.2.10] blocked using zen.spamhaus.org"
explain tr "550 5.1.1 Posta kutusu dolu, ileti kabul edilmedi"

echo
echo "== Two codes side by side"
"$replycode" --lang en compare 421 502 || exit 1
echo
echo "== İki kod yan yana"
"$replycode" --lang tr compare 421 502
