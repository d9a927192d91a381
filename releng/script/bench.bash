# Benchmarks: releng/bench, on the built agent and dataplane.

readonly BENCH=$SEKISHO_HOME/releng/bench/target/dist/bin/sekisho-bench

command_bench() {
  case ${1:-} in
    --help | -h)
      cat <<'TXT'
usage: ./sekisho bench [NAME...]

Measures on this machine and prints ratios against the kernel's own paths, medians of interleaved
pinned rounds. Results are kept as JSON in target/bench. Names:
  path      request/response and connect, same node and cross node, against kernel routing
  endpoint  ADD of an endpoint inside the agent
  push      from push to realized on three nodes
  events    events per second from the ring buffer to Java, losses counted
  agent     the agent's memory and start time
  cni       one run of the CNI plugin
  graph     frames and layouts of the console's traffic graph
TXT
      return
      ;;
  esac
  prepare
  build_if_changed
  train_agent
  local name others=()
  for name in "$@"; do
    [[ $name == graph ]] || others+=("$name")
  done
  if [[ $# -eq 0 || ${#others[@]} -gt 0 ]]; then
    "$BENCH" --results "$SEKISHO_HOME/target/bench" "${others[@]}"
  fi
  if [[ $# -eq 0 || ${#others[@]} -lt $# ]]; then
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
