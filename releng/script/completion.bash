# Completion for bash.

command_completion() {
  cat <<'TXT'
_sekisho() {
  local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]:-} words=""
  if [[ $COMP_CWORD -eq 1 ]]; then
    words="demo test console lab bench soak conformance image packages vm doctor completion help --help"
  else
    case $command in
      demo) words="--screenshot --nodes --keep --help" ;;
      console) words="--connect --help" ;;
      bench) words="path programs lookup rules prefilter updates endpoint push events agent cni graph --only --rounds --help" ;;
      soak)
        case ${COMP_WORDS[COMP_CWORD - 1]} in
          --routing) words="vxlan geneve native" ;;
          *) words="--kills --routing --seed --other-agent --help" ;;
        esac
        ;;
      conformance) words="--part --focus --kube-proxy --nodes --parallel --resume --minutes --spec-minutes --help" ;;
      image) words="--name --help" ;;
      packages) words="agent console --help" ;;
      vm) words="6.12 6.1 --help" ;;
      lab)
        case ${COMP_WORDS[2]:-} in
          up)
            case ${COMP_WORDS[COMP_CWORD - 1]} in
              --routing) words="vxlan geneve native" ;;
              --families | --underlay-families) words="4 6 both" ;;
              *)
                words="--nodes --cni-only --no-host-link --routing --families --underlay-families --pools --no-masquerade"
                words+=" --exclude --no-probes --outside --fake-clocks --help"
                ;;
            esac
            ;;
          status) words="-o --help" ;;
          exec) words=$(ip netns list 2>/dev/null | sed -n 's/^sekisho-\([a-z]*-[a-z]*-[0-9a-z]*\).*/\1/p') ;;
          fault) words="cut heal drop mtu move unplug disk-full disk-free clock kill-agent stop-agent start-agent etcd-down etcd-up n1 n2 n3" ;;
          *) words="up status exec fault down --help" ;;
        esac
        ;;
      *) words="--help" ;;
    esac
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
  [[ ${#COMPREPLY[@]} -gt 0 ]] || compopt -o default
}
complete -F _sekisho sekisho ./sekisho
TXT
}
