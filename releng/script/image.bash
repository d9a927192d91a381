# The agent's container image.

command_image() {
  if [[ ${1:-} == --help || ${1:-} == -h ]]; then
    cat <<'TXT'
usage: ./sekisho image [FILE] [--name NAME]

Makes the agent's container image, target/image/sekisho-agent.tar or FILE, as an OCI archive: Debian's
C library, libbpf and busybox, the Java modules it needs, agent and CNI plugin. No registry is asked; the same
build gives the same bytes. Into a node:  ctr --namespace k8s.io images import FILE
NAME is sekisho.io/agent:VERSION unless given.
TXT
    return
  fi
  local file=$SEKISHO_HOME/target/image/sekisho-agent.tar name=() line
  while [[ $# -gt 0 ]]; do
    case $1 in
      --name)
        [[ -n ${2:-} ]] || die "--name needs a value" "./sekisho image --help says which"
        name=("$2")
        shift
        ;;
      -*) no_more_arguments image "$1" ;;
      *) file=$(realpath -m "$1") ;;
    esac
    shift
  done
  prepare
  build_if_changed
  say "making the image"
  line=$("$SEKISHO_HOME/releng/image/image.bash" "$file" "${name[@]}")
  say "$line"
}
