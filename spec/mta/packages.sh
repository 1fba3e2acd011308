# Sourced by the tests of spec/mta: programs of Debian packages, unpacked below build/mta/packages and never installed, so
# that nothing starts by itself, nothing conflicts and nothing stays behind.

# unpack NAME PACKAGE...: the packages, and what they need and the system has not, into build/mta/packages/NAME. Sets `root`
# to it and puts its programs and libraries first on the paths. Without root, apt or network it says so and leaves
# with 77.
unpack() {
  name=$1
  shift
  root=$PWD/build/mta/packages/$name
  if [ ! -e "$root/complete" ]; then
    [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null || skip "unpacking $* needs root and apt-get"
    mkdir -p "$root/archives/partial"
    download "$@" || { apt-get update -qq > /dev/null 2>&1 && download "$@"; } || skip "cannot download $*"
    for archive in "$root"/archives/*.deb; do
      [ ! -e "$archive" ] || dpkg -x "$archive" "$root" || skip "cannot unpack $archive"
    done
    # Some packages still have /lib, which is /usr/lib by now.
    [ ! -d "$root/lib" ] || { mkdir -p "$root/usr/lib" && cp -a "$root/lib/." "$root/usr/lib" && rm -r "$root/lib"; }
    rm -r "$root/archives"
    touch "$root/complete"
  fi
  libraries=$root/usr/lib/$(gcc -print-multiarch)
  export PATH="$root/usr/sbin:$root/usr/bin:$PATH:/usr/sbin"
  export LD_LIBRARY_PATH="$libraries:$root/usr/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
}

# What is already installed is not downloaded; packages that would have to go stay, for nothing is installed.
download() {
  timeout 120 apt-get install -qq -y --download-only --no-install-recommends -o APT::Sandbox::User=root \
    -o Dir::Cache::archives="$root/archives" "$@" > /dev/null 2>&1
}

skip() {
  echo "skipped: $*"
  exit 77
}
