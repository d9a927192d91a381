# Agents that end again and again under traffic.

command_soak() {
  case ${1:-} in
    --help | -h)
      cat <<'TXT'
usage: ./sekisho soak [--kills N] [--routing vxlan,geneve,native] [--seed N]
                      [--other-agent LAUNCHER]

Brings up two nodes, sends UDP, a TCP stream, new connections and ICMP within a node, between nodes
and to outside, over IPv4 and IPv6, under a policy that allows just that. Meanwhile it ends agents by
kill -9 N times (200) at random moments, also while they start, and a quarter as often in order; other
pods come and go, and the policy is pushed again and again. Prints what was sent and lost; exit status
1 if anything was, or if something came through that the policy denies. 200 take about fifteen minutes
for each way. --other-agent: sekisho-agent of another build; each start is one of both, so upgrades and
downgrades.
TXT
      return
      ;;
  esac
  prepare
  build_if_changed
  train_agent
  exec "$LAB" soak "$@"
}
