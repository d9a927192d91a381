# Kubernetes' own end-to-end tests against our agents and CNI plugin.

command_conformance() {
  case ${1:-} in
    --help | -h)
      cat <<'TXT'
usage: ./sekisho conformance [--focus REGEX [--kube-proxy]] [--nodes 2|3] [--minutes N]

Brings up a real control plane and real nodes (kubelet, containerd) with our agents and CNI plugin,
and runs on them what Kubernetes itself is tested by: first every Netpol spec, with services by our
socket programs alone; then all specs of [sig-network] that are [Conformance], with kube-proxy
beside us for what we do not serve yet (ports of nodes, and the nodes' own processes). --focus runs
the specs whose names match, --minutes ends a part after that time (90). The tables are
target/conformance/*.txt and *.json, the tests' own words *.log. Exit status 1 if a spec failed. Needs
Go 1.26 the first time, to build Kubernetes (11 minutes). A spec takes some 40 s on 2 busy cores, so
all of them more than an hour; no whole run was made yet.
TXT
      return
      ;;
  esac
  prepare
  prepare_kubernetes
  [[ -x $KUBERNETES_BIN/e2e.test ]] || die "there is nothing to run" "see the line above"
  build_if_changed
  local made=$SEKISHO_HOME/node-agent/lab/target
  exec "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -cp "$made/test-classes:$made/classes:$(<"$made/test-classpath.txt")" \
    io.sekisho.lab.kubernetes.ConformanceProgram --results "$SEKISHO_HOME/target/conformance" "$@"
}
