#!/bin/sh
# namespace.sh ROOT STATE USER... -- COMMAND: runs a command as if the package unpacked in ROOT were installed.
#
# A mount namespace of its own: usr, etc and var are overlays that end with it, what changes there goes to STATE. Users exist
# only inside, /run is empty; names are looked up in /etc/hosts alone. Needs root and overlayfs.
root=$(cd "$1" && pwd)
mkdir -p "$2"
state=$(cd "$2" && pwd)
shift 2
users=
while [ "$1" != -- ]; do users="$users $1"; shift; done
shift
export root state users
exec unshare --mount --propagation private sh -ec '
  for part in usr etc var; do
    mkdir -p "$root/$part" "$state/$part" "$state/$part.work"
    mount -t overlay overlay -o "lowerdir=$root/$part:/$part,upperdir=$state/$part,workdir=$state/$part.work" "/$part"
  done
  mount -t tmpfs tmpfs /run
  id=64200
  for user in $users; do
    id=$((id + 1))
    grep -q "^$user:" /etc/group || echo "$user:x:$id:" >> /etc/group
    grep -q "^$user:" /etc/passwd || echo "$user:x:$id:$id::/nonexistent:/usr/sbin/nologin" >> /etc/passwd
  done
  rm -f /etc/resolv.conf
  echo "nameserver 127.77.0.254" > /etc/resolv.conf
  exec "$@"' sh "$@"
