# Kubernetes' own end-to-end tests against our agents and CNI plugin.

command_conformance() {
  case ${1:-} in
    --help | -h)
      cat <<'TXT'
usage: ./sekisho conformance [--part netpol|conformance|beside | --focus REGEX [--kube-proxy]]
                             [--nodes N] [--parallel N] [--resume] [--minutes N] [--spec-minutes N]

Brings up a real control plane and real nodes (kubelet, containerd, CoreDNS in pods) with our agents
and CNI plugin, and runs on them what Kubernetes itself is tested by, in three parts:
  netpol       every Netpol spec, with services by our socket programs alone
  conformance  every spec of [sig-network] that is [Conformance], likewise; those that connect to
               ports of nodes, which we do not serve yet, only in the next part
  beside       of those the ones of services and pods, with kube-proxy (nftables) beside us
--focus runs the specs whose names match instead. The tables are target/conformance/PART-NODES.txt
and .json; they have each result as soon as it is known, and what the tests said lies in a folder
beside them. --nodes is how many nodes there are, 1 to 9 (2). --resume goes on where a run was ended:
what passed does not run again. --parallel is how many specs run at a time (2); none begins after
--minutes (180), and one is cut, and has failed, after --spec-minutes (12). Exit status 1 if a spec
failed, 3 if none did but some are left.
Needs Go 1.26 the first time, to build Kubernetes (11 minutes).
TXT
      return
      ;;
  esac
  prepare
  prepare_kubernetes
  [[ -x $KUBERNETES_BIN/e2e.test ]] || die "there is nothing to run" "see the line above"
  prepare_names
  build_if_changed
  local made=$SEKISHO_HOME/node-agent/lab-tests/target
  exec "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -cp "$made/test-classes:$(<"$made/test-classpath.txt")" \
    io.sekisho.lab.kubernetes.ConformanceProgram --results "$SEKISHO_HOME/target/conformance" "$@"
}
