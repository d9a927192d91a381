#!/usr/bin/env bash
# check.bash FOLDER: makes the packages there, looks into them, and installs, runs and purges them on a
# small Debian in a folder. A line for each check: "ok WHAT" or "not WHAT". Needs root and JAVA_HOME.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

[[ $# -eq 1 ]] || { echo "usage: check.bash FOLDER" >&2 && exit 1; }
mkdir -p "$1"
made=$(cd "$1" && pwd)
"$here/packages.bash" "$made" >&2
version=$("$here/../image/version.bash")
agent=$made/sekisho-agent_${version}_amd64.deb
console=$made/sekisho-console_${version}_amd64.deb
work=$(mktemp -d "$made/check.XXXXXX")
root=$work/root
trap 'rm -rf "$work"' EXIT

check() { # WHAT COMMAND...
  local what=$1
  shift
  echo "- $what" >&2
  if "$@" >&2; then echo "ok $what"; else echo "not $what"; fi
}
field_is() { # FILE FIELD PATTERN
  dpkg-deb --field "$1" "$2" | grep -Eqx "$3"
}
holds() { # FILE PATH...: regular files or links, of root, nobody else can write
  local file=$1 path list
  list=$(dpkg-deb --contents "$file")
  shift
  for path in "$@"; do
    grep -Eq "^[-l]rw[x-]r[w-]?[x-]?.* root/root .* \./$path( -> .*)?\$|^lrwxrwxrwx root/root .* \./$path -> " <<<"$list" || {
      echo "no $path" >&2
      return 1
    }
  done
  ! grep -Ev '^l' <<<"$list" | grep -E '^.{8}w|^.{5}w' # not writable by group or others
}
same_sums() { # FILE: md5sums are those of the files
  local folder=$work/sums
  rm -rf "$folder"
  dpkg-deb --raw-extract "$1" "$folder"
  (cd "$folder" && md5sum --quiet -c DEBIAN/md5sums)
}
again() { # PART FILE: the same bytes from the same products
  "$here/packages.bash" "$work/again" "$1" && cmp "$2" "$work/again/$(basename "$2")"
}
# inside COMMAND...: on the small Debian, with /proc, among mounts of its own
inside() {
  unshare --mount sh -c 'mount -t proc proc "$1/proc" && shift && exec chroot "$@"' sh "$root" "$root" "$@"
}
debian() { # dpkg's books for what base.bash unpacked
  "$here/../image/base.bash" "$root"
  mkdir -p "$root/var/lib/dpkg/info" "$root/var/lib/dpkg/updates"
  local control
  for control in "$root"/var/lib/dpkg/status.d/*; do
    sed '/^Package:/a Status: install ok installed' "$control"
    echo
  done >"$root/var/lib/dpkg/status"
  printf '%s\n' /. >"$root/var/lib/dpkg/info/format"
  echo 1 >"$root/var/lib/dpkg/info/format"
}
dpkg_there() {
  dpkg --root="$root" --force-script-chrootless --log=/dev/null "$@"
}
files_there() {
  (cd "$root" && find . -path ./proc -prune -o -path ./var/lib/dpkg -prune -o -print | LC_ALL=C sort)
}
depends_refused() { # the console asks for GTK, which is not there
  ! dpkg --root="$root" --log=/dev/null --dry-run -i "$console" 2>&1 | tee /dev/stderr | grep -q 'dependency problems' || return 0
  return 1
}
gone() {
  diff "$work/before" <(files_there)
}

check "agent: version" field_is "$agent" Version "$version"
check "agent: needs libbpf" field_is "$agent" Depends '.*libbpf1.*'
check "agent: files" holds "$agent" usr/bin/sekisho-agent lib/systemd/system/sekisho-agent.service \
  usr/lib/sekisho/jre/bin/java usr/lib/sekisho/cni/bin/sekisho-cni usr/lib/cni/sekisho \
  usr/share/doc/sekisho-agent/copyright usr/share/doc/sekisho-agent/changelog.gz \
  usr/share/bash-completion/completions/sekisho-agent
check "agent: sums" same_sums "$agent"
check "agent: the same bytes again" again agent "$agent"
check "console: files" holds "$console" usr/bin/sekisho-console usr/share/applications/sekisho-console.desktop \
  usr/share/icons/hicolor/scalable/apps/sekisho-console.svg usr/lib/sekisho-console/jre/bin/java
check "console: sums" same_sums "$console"
debian
files_there >"$work/before"
check "agent: installs" dpkg --root="$root" --log=/dev/null -i "$agent"
check "agent: runs" inside /usr/bin/sekisho-agent --version
check "agent: recorded the plugin's classes" test -s "$root/usr/lib/sekisho/cni/lib/sekisho-cni.aot"
check "agent: reads its example" inside /usr/bin/sekisho-agent doctor --help
check "agent: the plugin answers" inside env CNI_COMMAND=VERSION /usr/lib/cni/sekisho
check "agent: purges without trace" dpkg --root="$root" --log=/dev/null -P sekisho-agent
check "agent: nothing is left" gone
check "console: is refused without GTK" depends_refused
check "console: installs" dpkg --root="$root" --log=/dev/null --force-depends -i "$console"
check "console: its Java has what Eclipse needs" inside /usr/lib/sekisho-console/jre/bin/java --list-modules
check "console: purges without trace" dpkg --root="$root" --log=/dev/null -P sekisho-console
check "console: nothing is left" gone
