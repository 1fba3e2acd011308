#!/bin/sh
# Runs a command with ROOT/usr laid over /usr, for a program of unpacked packages that looks for its parts at fixed
# places. It sees so in a mount namespace of its own, which ends with it. Needs root and overlayfs. Usage:
# overlay.sh ROOT COMMAND...
exec unshare --mount --propagation private sh -ec '
  mount -t overlay overlay -o "lowerdir=$1/usr:/usr" /usr
  shift
  unset LD_LIBRARY_PATH
  exec "$@"' sh "$@"
