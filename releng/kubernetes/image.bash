#!/usr/bin/env bash
# image.bash TAR NAME [PROGRAM[:WORD] [TOOL...]]: an OCI image of Debian's busybox-static, with a static
# PROGRAM as its entry point, and WORD as its argument where none is given; nothing is pulled. Without a
# PROGRAM it waits to be told to stop, which serves the pods of tests and their sandboxes alike. A TOOL
# is a program of this machine, copied with the libraries that it needs; it takes busybox's place. Of a
# TOOL that is a folder what it holds is copied into the root.
set -euo pipefail
# shellcheck source=releng/image/oci.bash
source "$(dirname "${BASH_SOURCE[0]}")/../image/oci.bash"

[[ $# -ge 2 ]] || { echo "usage: image.bash TAR NAME [PROGRAM[:WORD] [TOOL...]]" >&2 && exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 022
root=$work/root
oci=$work/oci
# read as often as it is written
# shellcheck disable=SC2034
oci_level=-1
mkdir -p "$root"/{bin,dev,etc,proc,sys,tmp,var,www} "$oci"
cp /bin/busybox "$root/bin/busybox"
/bin/busybox --list | grep -vx busybox | while read -r applet; do
  ln -s busybox "$root/bin/$applet"
done
echo 'root:x:0:0:root:/:/bin/sh' >"$root/etc/passwd"
cat >"$root/bin/wait-for-end" <<'W'
#!/bin/sh
trap 'exit 0' TERM INT
while :; do sleep 86400 & wait $!; done
W
chmod 755 "$root/bin/wait-for-end"
entry='"Cmd":["/bin/wait-for-end"]'
if [[ -n ${3:-} ]]; then
  program=${3%%:*}
  install -m 755 "$program" "$root/"
  entry="\"Entrypoint\":[\"/$(basename "$program")\"]"
  [[ $3 == "$program" ]] || entry+=",\"Cmd\":[\"${3#*:}\"]"
fi

for tool in "${@:4}"; do
  if [[ -d $tool ]]; then
    cp -r "$tool/." "$root/"
    continue
  fi
  rm -f "$root/bin/$(basename "$tool")"
  cp --dereference "$tool" "$root/bin/"
  ldd "$tool" | grep -o '/[^ ]*' | while read -r library; do
    install -D "$library" "$root$library"
  done
done

oci_layer "$root"
oci_image "$1" "$2" "{\"Env\":[\"PATH=/bin:/\"],$entry,\"WorkingDir\":\"/\"}"
