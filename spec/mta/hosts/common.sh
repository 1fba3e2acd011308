# Sourced by the tests of this folder, which run from the root of the tree: common.sh sets up one Lua, a folder that
# goes away and what was started in it, and the checks.
. spec/mta/packages.sh

port=${REPLYCODE_PORT:-25900}
work=$(mktemp -d)
pids=
trap 'for pid in $pids; do kill "$pid" 2> /dev/null; done; wait; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

# use_lua LUA: builds the module for it and puts it on Lua's paths.
use_lua() {
  eval "$(make -s env LUA="$1")" || exit 1
}

# use_tools: LuaSocket for the peers in this folder; then `tool SCRIPT ARGUMENT...` runs one with Lua 5.4.
use_tools() {
  unpack tools lua-socket
  tool_path=$root/usr/share/lua/5.4/?.lua tool_cpath=$libraries/lua/5.4/?.so
  with_tools="LUA_PATH=$tool_path;; LUA_CPATH=$tool_cpath;;"
}

tool() {
  script=spec/mta/hosts/$1
  shift
  timeout 60 env $with_tools lua5.4 "$script" "$@"
}

# serve PORT FILE: the server's side of a recorded session, once.
serve() {
  start "server-$1.log" env $with_tools lua5.4 spec/mta/hosts/play.lua server "$1" "$2"
  await "server-$1.log" listening
}

# start LOG COMMAND...: in the background, with what it says in the file LOG of the folder.
start() {
  log=$work/$1
  shift
  "$@" > "$log" 2>&1 < /dev/null &
  pids="$! $pids"
}

# await LOG PATTERN: until the log has it, at most 20 seconds.
await() {
  tries=0
  until grep -qE "$2" "$work/$1" 2> /dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 200 ] || { echo "no '$2' in 20 seconds from:"; tail -n 20 "$work/$1"; exit 1; }
    sleep 0.1
  done
}

# expect LINE FILE: the file has this very line. Prints it.
expect() {
  grep -qxF -- "$1" "$2" || { echo "expected: $1"; echo "found:"; tail -n 40 "$2"; exit 1; }
  echo "$1"
}
