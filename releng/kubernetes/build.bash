#!/usr/bin/env bash
# build.bash [COMMAND...]: builds Kubernetes' commands (those that up.bash and node.bash need, or
# those named; also kube-proxy, agnhost, e2e.test) by the versions in go.mod into $K8S_BIN. A stamp
# beside each says by what it was built; with nothing to do it takes no time. Needs Go 1.26.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.bash"

readonly USUAL=(etcd kube-apiserver kube-controller-manager kube-scheduler kubectl kubelet)

package() {
  case $1 in
    etcd) echo go.etcd.io/etcd/server/v3 ;;
    agnhost) echo k8s.io/kubernetes/test/images/agnhost ;;
    e2e.test) echo k8s.io/kubernetes/test/e2e ;;
    *) echo "k8s.io/kubernetes/cmd/$1" ;;
  esac
}

build() {
  local how=(build) begun=$SECONDS
  [[ $1 != e2e.test ]] || how=(test -c -vet=off)
  go "${how[@]}" -trimpath -ldflags "$flags" -o "$K8S_BIN/.$1.new" "$(package "$1")"
  mv "$K8S_BIN/.$1.new" "$K8S_BIN/$1"
  echo "$stamp" >"$K8S_BIN/.$1.stamp"
  echo "built $1 in $((SECONDS - begun)) s"
}

[[ $# -gt 0 ]] || set -- "${USUAL[@]}"
cd "$here"
export CGO_ENABLED=0 GOFLAGS=-mod=readonly GOWORK=off
version=$(awk '{ for (i = 1; i < NF; i++) if ($i == "k8s.io/kubernetes" && $(i + 1) ~ /^v/) print $(i + 1) }' go.mod)
[[ -n $version ]] || die "go.mod names no version of k8s.io/kubernetes"
minor=${version#v1.}
of=k8s.io/component-base/version
flags="-s -w -X $of.gitVersion=$version -X $of.gitMajor=1 -X $of.gitMinor=${minor%%.*}"
flags+=" -X $of.gitTreeState=clean -X $of.gitCommit=none"
stamp=$({ cat go.mod go.sum && echo "$flags" && go version; } | sha256sum | cut -d' ' -f1)
mkdir -p "$K8S_BIN"
for command in "$@"; do
  if [[ ! -x $K8S_BIN/$command || $(cat "$K8S_BIN/.$command.stamp" 2>/dev/null) != "$stamp" ]]; then
    build "$command"
  fi
done
