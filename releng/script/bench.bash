# Benchmarks: releng/bench, on the built agent and dataplane.

readonly BENCH=$SEKISHO_HOME/releng/bench/target/dist/bin/sekisho-bench

command_bench() {
  case ${1:-} in
    --help | -h)
      cat <<'TXT'
usage: ./sekisho bench [--rounds N] [--only TEXT] [--churn SECONDS] [NAME...]

Measures on this machine and prints ratios against the kernel's own paths, medians of interleaved
pinned rounds. Results are kept as JSON in target/bench. Names:
  path      request/response (RR), connections (CRR), streams and small datagrams, on a node and
            between nodes over VXLAN and native routing, IPv4 and IPv6, against the kernel's own, bare
            and with conntrack, masquerading and the same policy by nftables;
            --only: those whose name contains a text, as native, "VXLAN, IPv6" or CRR
  programs  what each program costs for one packet (BPF_PROG_TEST_RUN)
  lookup    policy's cost for a packet by the number of entries
  rules     new connections by 10, 100, 1,000 rules, against nftables
  updates   one change on a full node (250 endpoints, 1,000 policies, 3,000 identities) to the kernel
  prefilter deny lists of 0, 1,000 and 100,000 prefixes, against nftables and against nothing
  endpoint  ADD of an endpoint inside the agent
  push      from push to realized on three nodes
  events    events per second from the ring buffer to Java, losses counted
  agent     the agent's memory and start time
  cni       one run of the CNI plugin
  kubernetes  one agent of 100 nodes with 5,000 pods, 1,000 policies and 2,000 services on a real API
            server: first sync, memory, requests, and 50 pods a second replaced for --churn seconds (300)
  graph     frames and layouts of the console's traffic graph
TXT
      return
      ;;
  esac
  prepare
  build_if_changed
  train_agent
  local word options=() names=() graph=
  while [[ $# -gt 0 ]]; do
    word=$1
    shift
    case $word in
      graph) graph=yes ;;
      --only | --rounds | --churn)
        [[ -n ${1:-} ]] || die "$word needs a value" "./sekisho bench --help says which"
        options+=("$word" "$1")
        shift
        ;;
      *) names+=("$word") ;;
    esac
  done
  local all=
  [[ -n $graph || ${#names[@]} -gt 0 ]] || all=yes
  if [[ -n $all || ${#names[@]} -gt 0 ]]; then
    "$BENCH" --results "$SEKISHO_HOME/target/bench" "${options[@]}" "${names[@]}"
  fi
  if [[ -n $all || -n $graph ]]; then
    bench_graph
  fi
}

# bench_graph: the traffic graph on a screen of its own, so that nothing else draws there.
bench_graph() {
  local made=$SEKISHO_HOME/bundles/io.sekisho.console.graph.tests/target
  trap end_display EXIT
  virtual_display 1440x900
  mkdir -p "$SEKISHO_HOME/target/bench"
  GDK_BACKEND=x11 "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED \
    -cp "$made/test-classes:$(<"$made/test-classpath.txt")" \
    io.sekisho.console.graph.bench.GraphBench "$SEKISHO_HOME/target/bench/graph.json"
}
