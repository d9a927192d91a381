# Agents that end again and again under traffic.

command_soak() {
  case ${1:-} in
    --help | -h)
      cat <<'TXT'
usage: ./sekisho soak [--kills N] [--routing vxlan|geneve|native] [--seed N]
                      [--other-agent LAUNCHER]

Brings up two nodes, sends UDP, a TCP stream, new connections and ICMP within a node, between nodes
and to outside, over IPv4 and IPv6, and meanwhile ends agents N times (200) at random moments, also
while they start: most by kill -9, some in order. Prints what was sent and lost; exit status 1 if
anything was. 200 take about ten minutes. --other-agent: sekisho-agent of another build; each start is
one of both, so upgrades and downgrades.
TXT
      return
      ;;
  esac
  prepare
  build_if_changed
  train_agent
  exec "$LAB" soak "$@"
}
