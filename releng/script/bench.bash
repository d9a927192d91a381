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
TXT
      return
      ;;
  esac
  prepare
  build_if_changed
  train_agent
  exec "$BENCH" --results "$SEKISHO_HOME/target/bench" "$@"
}
