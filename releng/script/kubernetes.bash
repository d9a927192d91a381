# Kubernetes' own commands for the tests, built from Go modules once and kept.

readonly KUBERNETES_PACKAGES=(containerd runc containernetworking-plugins busybox-static openssl curl netcat-openbsd iptables)
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

# What runs Kubernetes' own tests, beside the commands of a cluster.
readonly KUBERNETES_TESTS=(kube-proxy agnhost e2e.test)
# What asks names in them: dig and nslookup.
readonly CONFORMANCE_PACKAGES=(bind9-dnsutils)

# kubernetes_commands GO [COMMAND...]: builds the cluster's commands, or those named.
kubernetes_commands() {
  local go=$1
  shift
  PATH=$go:$PATH K8S_BIN=$KUBERNETES_BIN \
    "$SEKISHO_HOME/releng/kubernetes/build.bash" "$@" >>"$LOGS/kubernetes.log" 2>&1
}

# prepare_kubernetes: builds the commands that the tests look for, or says which tests are left out.
prepare_kubernetes() {
  local go
  go=$(find_go)
  if [[ -z $go ]]; then
    say "the tests with a real Kubernetes are left out: there is no Go 1.26 to build it with"
    return
  fi
  install_packages "${KUBERNETES_PACKAGES[@]}"
  [[ -x $KUBERNETES_BIN/kubelet ]] || say "building Kubernetes (once; 8 minutes on 2 cores)"
  : >"$LOGS/kubernetes.log"
  if ! kubernetes_commands "$go"; then
    say "the tests with a real Kubernetes are left out: it was not built (see $LOGS/kubernetes.log)"
    rm -f "$KUBERNETES_BIN"/kube*
    return
  fi
  [[ -x $KUBERNETES_BIN/e2e.test ]] || say "building Kubernetes' own tests (once; 3 minutes on 2 cores)"
  if ! kubernetes_commands "$go" "${KUBERNETES_TESTS[@]}"; then
    say "Kubernetes' own tests are left out: they were not built (see $LOGS/kubernetes.log)"
    rm -f "$KUBERNETES_BIN/e2e.test"
  fi
  if ! kubernetes_commands "$go" cert-manager; then
    say "the test with cert-manager is left out: it was not built (see $LOGS/kubernetes.log)"
    rm -f "$KUBERNETES_BIN/cert-manager"
  fi
}

# prepare_names: builds the name service that some of Kubernetes' own tests ask, or says that it is
# not to be had; they are left out then.
prepare_names() {
  local go
  install_packages "${CONFORMANCE_PACKAGES[@]}"
  go=$(find_go)
  if ! kubernetes_commands "$go" coredns; then
    say "specs that ask names are left out: CoreDNS was not built (see $LOGS/kubernetes.log)"
    rm -f "$KUBERNETES_BIN/coredns"
  fi
}
