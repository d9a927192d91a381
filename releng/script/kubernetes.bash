# Kubernetes' own commands for the tests, built from Go modules once and kept.

readonly KUBERNETES_PACKAGES=(containerd runc containernetworking-plugins busybox-static openssl)
readonly KUBERNETES_BIN=${K8S_BIN:-${XDG_CACHE_HOME:-$HOME/.cache}/sekisho/kubernetes}

# find_go: prints a folder with Go 1.26 or newer, or nothing.
find_go() {
  local folder version
  for folder in "$(dirname "$(command -v go || echo /nowhere/go)")" /usr/local/go/bin /usr/lib/go*/bin; do
    [[ -x $folder/go ]] || continue
    version=$(GOTOOLCHAIN=local "$folder/go" version 2>/dev/null | sed -n 's/.* go1\.\([0-9]*\).*/\1/p')
    if [[ -n $version && $version -ge 26 ]]; then
      echo "$folder"
      return
    fi
  done
}

# prepare_kubernetes: builds the commands that the tests look for, or says that those are left out.
prepare_kubernetes() {
  local go
  go=$(find_go)
  if [[ -z $go ]]; then
    say "the tests with a real Kubernetes are left out: there is no Go 1.26 to build it with"
    return
  fi
  install_packages "${KUBERNETES_PACKAGES[@]}"
  [[ -x $KUBERNETES_BIN/kubelet ]] || say "building Kubernetes (once; 8 minutes on 2 cores)"
  if ! PATH=$go:$PATH K8S_BIN=$KUBERNETES_BIN \
    "$SEKISHO_HOME/releng/kubernetes/build.bash" >"$LOGS/kubernetes.log" 2>&1; then
    say "the tests with a real Kubernetes are left out: it was not built (see $LOGS/kubernetes.log)"
    rm -f "$KUBERNETES_BIN"/kube*
  fi
}
