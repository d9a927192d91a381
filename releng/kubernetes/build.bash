#!/usr/bin/env bash
# build.bash [COMMAND...]: builds Kubernetes' commands (those that up.bash and node.bash need, or
# those named; also kube-proxy, agnhost, e2e.test, coredns, cert-manager) by the versions in go.mod into $K8S_BIN.
# A stamp beside each says by what it was built; with nothing to do it takes no time. Needs Go 1.26.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.bash"

readonly USUAL=(etcd kube-apiserver kube-controller-manager kube-scheduler kubectl kubelet helm)

package() {
  case $1 in
    etcd) echo go.etcd.io/etcd/server/v3 ;;
    helm) echo helm.sh/helm/v3/cmd/helm ;;
    coredns | cert-manager) echo . ;;
    agnhost) echo k8s.io/kubernetes/test/images/agnhost ;;
    e2e.test) echo k8s.io/kubernetes/test/e2e ;;
    *) echo "k8s.io/kubernetes/cmd/$1" ;;
  esac
}

build() {
  local how=(build) begun=$SECONDS
  [[ $1 != e2e.test ]] || how=(test -c -vet=off)
  go "${how[@]}" -trimpath -ldflags "$flags" -o "$K8S_BIN/.$1.new" "$(package "$1")"
  [[ $1 != cert-manager ]] || definitions github.com/cert-manager/cert-manager
  mv "$K8S_BIN/.$1.new" "$K8S_BIN/$1"
  echo "$stamp" >"$K8S_BIN/.$1.stamp"
  echo "built $1 in $((SECONDS - begun)) s"
}

# definitions MODULE: the module's custom resources, all in one file beside the command.
definitions() {
  cat "$(go list -m -f '{{.Dir}}' "$1")"/deploy/crds/*.yaml >"$K8S_BIN/$(basename "$1").crds.yaml"
}

# by_modules FOLDER FLAGS: the commands from now on are built by that folder's go.mod.
by_modules() {
  cd "$1"
  flags=$2
  stamp=$({ cat go.mod go.sum && find . -maxdepth 1 -name '*.go' -exec cat {} + && echo "$flags" && go version; } | sha256sum | cut -d' ' -f1)
}

# Helm is told by its own modules which Kubernetes it knows: here it is the one beside it.
modules_of() {
  local of=k8s.io/component-base/version helm=helm.sh/helm/v3/pkg
  if [[ $1 == coredns || $1 == cert-manager ]]; then
    by_modules "$here/$1" "-s -w"
  elif [[ $1 == helm ]]; then
    by_modules "$here/helm" "-s -w -X $helm/chartutil.k8sVersionMajor=1 -X $helm/chartutil.k8sVersionMinor=$minor -X $helm/lint/rules.k8sVersionMajor=1 -X $helm/lint/rules.k8sVersionMinor=$minor"
  else
    by_modules "$here" "-s -w -X $of.gitVersion=$version -X $of.gitMajor=1 -X $of.gitMinor=$minor -X $of.gitTreeState=clean -X $of.gitCommit=none"
  fi
}

[[ $# -gt 0 ]] || set -- "${USUAL[@]}"
export CGO_ENABLED=0 GOFLAGS=-mod=readonly GOWORK=off
version=$(awk '{ for (i = 1; i < NF; i++) if ($i == "k8s.io/kubernetes" && $(i + 1) ~ /^v/) print $(i + 1) }' "$here/go.mod")
[[ -n $version ]] || die "go.mod names no version of k8s.io/kubernetes"
minor=${version#v1.}
minor=${minor%%.*}
mkdir -p "$K8S_BIN"
for command in "$@"; do
  modules_of "$command"
  if [[ ! -x $K8S_BIN/$command || $(cat "$K8S_BIN/.$command.stamp" 2>/dev/null) != "$stamp" ]]; then
    build "$command"
  fi
done
