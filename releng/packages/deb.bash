# shellcheck shell=bash
# Sourced: makes Debian packages from folders; the same files give the same bytes. Set here and version.

readonly MAINTAINER='Sekisho contributors <sekisho@localhost>'

# deb FOLDER FILE NAME DEPENDS SECTION: a package of all that is in FOLDER. FOLDER/DEBIAN has its scripts,
# its description stands in NAME's description file here.
deb() {
  local root=$1 doc=$1/usr/share/doc/$3
  mkdir -p "$doc" "$root/DEBIAN"
  cat >"$doc/copyright" <<T
Sekisho is Copyright Sekisho contributors, under the Apache License, version 2.0. On Debian systems
its text is /usr/share/common-licenses/Apache-2.0. Libraries among the jars, and the Java runtime,
have their own licenses; their texts are in them, and in legal of the runtime.
T
  printf '%s (%s) unstable; urgency=medium\n\n  * Built from the sources of this version.\n\n -- %s  Thu, 01 Jan 1970 00:00:00 +0000\n' \
    "$3" "$version" "$MAINTAINER" | gzip -n -9 >"$doc/changelog.gz"
  {
    printf 'Package: %s\nVersion: %s\nArchitecture: %s\n' "$3" "$version" "$(dpkg --print-architecture)"
    printf 'Maintainer: %s\nInstalled-Size: %s\n' "$MAINTAINER" "$(du -sk --exclude=DEBIAN "$root" | cut -f1)"
    printf 'Depends: %s\nSection: %s\nPriority: optional\n' "$4" "$5"
    cat "$here/$3.description"
  } >"$root/DEBIAN/control"
  if [[ -d $root/etc ]]; then
    (cd "$root" && find etc -type f -printf '/%p\n' | LC_ALL=C sort) >"$root/DEBIAN/conffiles"
  fi
  (cd "$root" && find . -path ./DEBIAN -prune -o -type f -printf '%P\0' | LC_ALL=C sort -z | xargs -0 md5sum) \
    >"$root/DEBIAN/md5sums"
  chmod -R u=rwX,go=rX "$root"
  SOURCE_DATE_EPOCH=0 dpkg-deb --root-owner-group -Zzstd -z6 --build "$root" "$2" >/dev/null
}
