#!/usr/bin/env bash
# base.bash ROOT: the smallest Debian that the agent runs in: the C library, libbpf with what it
# needs, and busybox as shell; packages as this machine's own Debian has them today. What is in it
# stands in ROOT/var/lib/dpkg/status.d, where scanners look. Keeps packages in $SEKISHO_DEBS.
set -euo pipefail

readonly PACKAGES=(base-files libc6 libgcc-s1 libbpf1 libelf1 zlib1g busybox-static)
# What nobody reads there: translations, manuals, tables of old character sets.
readonly LEFT_OUT=(./usr/share/man ./usr/share/locale ./usr/share/lintian ./usr/share/initramfs-tools
  ./usr/share/bug ./usr/lib/x86_64-linux-gnu/gconv ./var/lib/systemd)

[[ $# -eq 1 ]] || { echo "usage: base.bash ROOT" >&2 && exit 1; }
umask 022
mkdir -p "$1"
root=$(cd "$1" && pwd)
debs=${SEKISHO_DEBS:-${XDG_CACHE_HOME:-$HOME/.cache}/sekisho/debs}

# fetch PACKAGE: prints its file, which apt has checked by Debian's signatures.
fetch() {
  local version file
  version=$(apt-cache policy "$1" | awk '/Candidate:/ { print $2 }')
  file=$debs/$1_${version//:/%3a}_$(dpkg --print-architecture).deb
  if [[ ! -f $file ]]; then
    (cd "$debs" && apt-get download -qq -o APT::Sandbox::User=root "$1" >&2)
  fi
  [[ -f $file ]] || { echo "base.bash: apt-get did not bring $file" >&2 && exit 1; }
  echo "$file"
}

# unpack FILE PACKAGE
unpack() {
  dpkg-deb --fsys-tarfile "$1" | tar -x -C "$root" --keep-directory-symlink \
    "${LEFT_OUT[@]/#/--exclude=}" --exclude='./usr/share/doc/*/changelog*' --exclude='./usr/share/doc/*/examples'
  dpkg-deb --field "$1" >"$root/var/lib/dpkg/status.d/$2"
}

mkdir -p "$debs" "$root"/{usr/bin,usr/sbin,usr/lib,usr/lib64,etc,var/lib/dpkg/status.d,opt,host}
for name in bin sbin lib lib64; do
  ln -s "usr/$name" "$root/$name"
done
for package in "${PACKAGES[@]}"; do
  unpack "$(fetch "$package")" "$package"
done
# as base-files makes them when it is configured
for name in run lock; do
  rmdir "$root/var/$name"
done
ln -s /run "$root/var/run"
ln -s /run/lock "$root/var/lock"
busybox=$root/bin/busybox
"$busybox" --list | grep -vx busybox | while read -r applet; do
  [[ -e $root/bin/$applet ]] || ln -s busybox "$root/bin/$applet"
done
echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
echo 'root:x:0:' >"$root/etc/group"
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
chmod 1777 "$root/tmp"
