#!/usr/bin/env bash
# render.bash FOLDER [HELM ARGUMENTS...]: the chart's templates as Helm renders them, one file for each,
# into FOLDER. manifests/ is made by `render.bash manifests`; a test holds it to that.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.bash"

[[ $# -ge 1 ]] || die "usage: render.bash FOLDER [HELM ARGUMENTS...]"
[[ -x $K8S_BIN/helm ]] || die "$K8S_BIN/helm is missing; build it: build.bash helm"
mkdir -p "$1"
target=$(cd "$1" && pwd)
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$K8S_BIN/helm" template sekisho "$here/chart" --namespace sekisho-system \
  --set namespace.create=true --output-dir "$work" "$@" >/dev/null 2>"$work/errors" \
  || die "$(cat "$work/errors")"
for file in "$work"/sekisho/templates/*.yaml; do
  # without Helm's own head, and without the empty lines that templates leave
  sed -e '1{/^---$/d}' -e '/^# Source: /d' "$file" | sed -e 's/[[:space:]]*$//' | cat -s \
    | sed -e '1{/^$/d}' >"$work/out"
  mv "$work/out" "$target/$(basename "$file")"
done
