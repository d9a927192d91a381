#!/usr/bin/env bash
# check.bash FOLDER [agent|console]: makes the packages there, looks into them, and installs, runs and
# purges them on a small Debian in a folder. A line for each check: "ok WHAT" or "not WHAT". Needs root and JAVA_HOME.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

[[ $# -ge 1 ]] || { echo "usage: check.bash FOLDER [agent|console]" >&2 && exit 1; }
mkdir -p "$1"
made=$(cd "$1" && pwd)
shift
[[ $# -gt 0 ]] || set -- agent console
"$here/packages.bash" "$made" "$@" >&2
version=$("$here/../image/version.bash")
agent=$made/sekisho-agent_${version}_amd64.deb
console=$made/sekisho-console_${version}_amd64.deb
work=$(mktemp -d "$made/check.XXXXXX")
root=$work/root
trap 'rm -rf "$work"' EXIT
# what stands below the root is ours alone: the machine's Java is not there, nor who says where it is
bare() {
  env -i PATH="$PATH" "$@"
}

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
  bare unshare --mount sh -c 'mount -t proc proc "$1/proc" && shift && exec chroot "$@"' sh "$root" "$root" "$@"
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
# dpkg on the small Debian; maintainer scripts see it as the whole world, with /proc
dpkg_there() {
  bare unshare --mount sh -c 'mount -t proc proc "$1/proc" && root=$1 && shift && exec dpkg --root="$root" "$@"' sh "$root" --log=/dev/null "$@"
}
files_there() {
  (cd "$root" && find . \( -path ./proc -o -path ./dev -o -path ./tmp -o -path ./var/lib/dpkg \) -prune -o -print | LC_ALL=C sort)
}
takes_unit() { # systemd has nothing to say about it; its program is not here, so another stands in
  local unit=$work/sekisho-agent.service said
  sed 's#^ExecStart=/usr/bin/sekisho-agent#ExecStart=/bin/true#' \
    "$root/usr/lib/systemd/system/sekisho-agent.service" >"$unit"
  said=$(systemd-analyze verify "$unit" 2>&1) || true
  echo "$said" >&2
  [[ -z $said ]]
}
refused() { # it asks for GTK, which is not there, and stays unconfigured
  local said
  said=$(dpkg_there -i "$console" 2>&1 || true)
  echo "$said" >&2
  grep -q 'depends on libgtk-3-0' <<<"$said"
}
gone() {
  diff "$work/before" <(files_there)
}

check_agent() {
  check "agent: version" field_is "$agent" Version "$version"
  check "agent: needs libbpf" field_is "$agent" Depends '.*libbpf1.*'
  check "agent: files" holds "$agent" usr/bin/sekisho-agent usr/lib/systemd/system/sekisho-agent.service \
    usr/lib/sekisho/jre/bin/java usr/lib/sekisho/cni/bin/sekisho-cni usr/lib/cni/sekisho \
    usr/share/doc/sekisho-agent/copyright usr/share/doc/sekisho-agent/changelog.gz \
    usr/share/bash-completion/completions/sekisho-agent
  check "agent: sums" same_sums "$agent"
  check "agent: the same bytes again" again agent "$agent"
  check "agent: installs" dpkg_there -i "$agent"
  if command -v systemd-analyze >/dev/null; then
    check "agent: systemd takes its unit" takes_unit
  fi
  check "agent: runs" inside /usr/bin/sekisho-agent --version
  check "agent: starts with its classes ready" inside /usr/bin/env SEKISHO_JAVA_OPTS=-XX:AOTMode=on /usr/bin/sekisho-agent --version
  check "agent: recorded the plugin's classes" test -s "$root/usr/lib/sekisho/cni/lib/sekisho-cni.aot"
  check "agent: the plugin answers" inside /usr/bin/env CNI_COMMAND=VERSION /bin/sh -c 'echo "{\"cniVersion\": \"1.0.0\"}" | /usr/lib/cni/sekisho'
  check "agent: purges" dpkg_there -P sekisho-agent
  check "agent: nothing is left" gone
}

check_console() {
  check "console: files" holds "$console" usr/bin/sekisho-console usr/share/applications/sekisho-console.desktop \
    usr/share/icons/hicolor/scalable/apps/sekisho-console.svg usr/lib/sekisho-console/jre/bin/java
  check "console: sums" same_sums "$console"
  check "console: is refused without GTK" refused
  check "console: installs" dpkg_there --force-depends -i "$console"
  check "console: its Java runs" inside /usr/lib/sekisho-console/jre/bin/java -version
  check "console: purges" dpkg_there -P sekisho-console
  check "console: nothing is left" gone
}

debian
files_there >"$work/before"
for part in "$@"; do
  "check_$part"
done
