# The cluster without the console.

lab_help() {
  cat <<'TXT'
usage: ./sekisho lab up [--nodes N] [--cni-only] [--no-host-link]
                        [--routing vxlan|geneve|native] [--families 4|6|both]
                        [--underlay-families 4|6|both] [--pools]
                        [--no-masquerade] [--exclude CIDR,...] [--no-probes]
                        [--outside] [--fake-clocks]
       ./sekisho lab status [-o json]
       ./sekisho lab exec POD -- COMMAND...         POD: shop/cart-1; a node: n1; outside: world/internet
       ./sekisho lab fault cut|heal NODE            off the underlay, and back
       ./sekisho lab fault drop NODE [PERCENT]      loses packets, without delay; heal ends it
       ./sekisho lab fault mtu NODE BYTES           largest packet of its wire (1500)
       ./sekisho lab fault move NODE                other underlay addresses; again: the first ones
       ./sekisho lab fault unplug POD               deletes its interface by hand
       ./sekisho lab fault disk-full|disk-free NODE no room for the agent's state, and room again
       ./sekisho lab fault clock NODE OFFSET        +1d, -90s, 0; the lab needs --fake-clocks
       ./sekisho lab fault kill-agent|stop-agent|start-agent NODE
       ./sekisho lab fault etcd-down|etcd-up
       ./sekisho lab down                           leaves nothing but logs; works after a crash too

--pools: nodes lease their ranges. --outside: also the machines world/server, which knows no way to
pods, world/peer, which does, and world/beyond, behind a router whose further wire takes 1300 bytes.

State and logs are in $SEKISHO_STATE (/var/lib/sekisho/lab).
TXT
}

command_lab() {
  case ${1:-help} in
    help | --help | -h) lab_help && return ;;
    up)
      prepare
      build_if_changed
      train_agent
      ;;
    *)
      require_root
      find_jdk
      [[ -x $LAB ]] || die "the lab is not built" "./sekisho lab up builds it"
      ;;
  esac
  exec "$LAB" "$@"
}
