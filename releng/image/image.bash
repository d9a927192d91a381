#!/usr/bin/env bash
# image.bash TAR [NAME]: the agent's container image as an OCI archive, from the build's products and
# Debian's packages, without a registry: `ctr --namespace k8s.io images import TAR`. Layers that change
# seldom come first: Debian, Java, then ours. The same inputs give the same bytes, but for the last one:
# classes as they were recorded, see classes.bash. Prints the size.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=releng/image/oci.bash
source "$here/oci.bash"

# What the image may weigh, compressed.
readonly MOST=$((120 * 1000 * 1000))

[[ $# -ge 1 ]] || { echo "usage: image.bash TAR [NAME]" >&2 && exit 1; }
umask 022
name=${2:-sekisho.io/agent:$("$here/version.bash")}
mkdir -p "$(dirname "$1")"
work=$(mktemp -d "$(cd "$(dirname "$1")" && pwd)/image.XXXXXX")
trap 'rm -rf "$work"' EXIT
oci=$work/oci
mkdir "$oci"

"$here/base.bash" "$work/base"
oci_layer "$work/base"
"$here/programs.bash" "$work/java" jre
"$here/programs.bash" "$work/own" agent cni
mkdir "$work/together"
cp -al "$work/java/." "$work/own/." "$work/together/"
"$here/classes.bash" "$work/together" "$work/ready/usr/lib/sekisho/agent/lib/agent.aot"
oci_layer "$work/java"
oci_layer "$work/own"
[[ ! -d $work/ready ]] || oci_layer "$work/ready"
oci_image "$work/image.tar" "$name" \
  '{"Env":["PATH=/usr/bin:/bin"],"Entrypoint":["/usr/bin/sekisho-agent"],"WorkingDir":"/","Labels":{"org.opencontainers.image.title":"Sekisho node agent","org.opencontainers.image.licenses":"Apache-2.0"}}'
size=$(stat -c %s "$work/image.tar")
if [[ $size -gt $MOST ]]; then
  echo "image.bash: the image has $((size / 1000000)) MB, at most $((MOST / 1000000)) are allowed" >&2
  exit 1
fi
mv "$work/image.tar" "$1"
printf '%s: %s, %d.%d MB\n' "$1" "$name" $((size / 1000000)) $((size / 100000 % 10))
