# The cluster without the console.

lab_help() {
  cat <<'TXT'
usage: ./sekisho lab up [--nodes N] [--cni-only] [--no-host-link]
       ./sekisho lab status [-o json]
       ./sekisho lab exec POD -- COMMAND...         POD: shop/cart-1; a node: n1; outside: world/internet
       ./sekisho lab fault cut|heal NODE            off the underlay, and back
       ./sekisho lab fault drop NODE [PERCENT]      loses packets, without delay; heal ends it
       ./sekisho lab fault kill-agent|stop-agent|start-agent NODE
       ./sekisho lab fault etcd-down|etcd-up
       ./sekisho lab down                           leaves nothing but logs; works after a crash too

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
