#!/usr/bin/env bash
# image.bash TAR NAME [PROGRAM[:WORD] [TOOL...]]: an OCI image of Debian's busybox-static, with a static
# PROGRAM as its entry point, and WORD as its argument where none is given; nothing is pulled. Without a PROGRAM it waits to be told to stop, which
# serves the pods of tests and their sandboxes alike. A TOOL is a program of this machine, copied with
# the libraries that it needs; it takes busybox's place. Of a TOOL that is a folder what it holds is
# copied into the root.
set -euo pipefail

[[ $# -ge 2 ]] || { echo "usage: image.bash TAR NAME [PROGRAM[:WORD] [TOOL...]]" >&2 && exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 022
root=$work/root
blobs=$work/oci/blobs/sha256
mkdir -p "$root"/{bin,dev,etc,proc,sys,tmp,var,www} "$blobs"
cp /bin/busybox "$root/bin/busybox"
/bin/busybox --list | grep -vx busybox | while read -r applet; do
  ln -s busybox "$root/bin/$applet"
done
echo 'root:x:0:0:root:/:/bin/sh' >"$root/etc/passwd"
cat >"$root/bin/wait-for-end" <<'S'
#!/bin/sh
trap 'exit 0' TERM INT
while :; do sleep 86400 & wait $!; done
S
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

archive() { # FOLDER FILE: the same bytes from the same files
  tar -C "$1" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf "$2" .
}
# blob FILE TYPE: moves it among the blobs; prints its descriptor.
blob() {
  local sum size
  sum=$(sha256sum <"$1" | cut -d' ' -f1)
  size=$(stat -c %s "$1")
  mv "$1" "$blobs/$sum"
  printf '{"mediaType":"application/vnd.oci.image.%s","digest":"sha256:%s","size":%s' "$2" "$sum" "$size"
}

archive "$root" "$work/layer.tar"
diff=$(sha256sum <"$work/layer.tar" | cut -d' ' -f1)
gzip -n "$work/layer.tar"
layer="$(blob "$work/layer.tar.gz" layer.v1.tar+gzip)}"
printf '{"architecture":"%s","os":"linux","created":"1970-01-01T00:00:00Z","config":{"Env":["PATH=/bin:/"],%s,"WorkingDir":"/"},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
  "$(dpkg --print-architecture)" "$entry" "$diff" >"$work/config"
config="$(blob "$work/config" config.v1+json)}"
printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":%s,"layers":[%s]}' \
  "$config" "$layer" >"$work/manifest"
manifest=$(blob "$work/manifest" manifest.v1+json)
printf '{"schemaVersion":2,"manifests":[%s,"annotations":{"io.containerd.image.name":"%s","org.opencontainers.image.ref.name":"%s"}}]}' \
  "$manifest" "$2" "${2##*:}" >"$work/oci/index.json"
echo '{"imageLayoutVersion":"1.0.0"}' >"$work/oci/oci-layout"
archive "$work/oci" "$1"
