# Completion for bash.

command_completion() {
  cat <<'TXT'
_sekisho() {
  local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]:-} words=""
  if [[ $COMP_CWORD -eq 1 ]]; then
    words="demo test console lab bench doctor completion help --help"
  else
    case $command in
      demo) words="--screenshot --nodes --keep --help" ;;
      console) words="--connect --help" ;;
      bench) words="path endpoint push events agent cni graph --help" ;;
      lab)
        case ${COMP_WORDS[2]:-} in
          up) words="--nodes --cni-only --help" ;;
          status) words="-o --help" ;;
          exec) words=$(ip netns list 2>/dev/null | sed -n 's/^sekisho-\([a-z]*-[a-z]*-[0-9a-z]*\).*/\1/p') ;;
          fault) words="cut heal drop kill-agent stop-agent start-agent etcd-down etcd-up n1 n2 n3" ;;
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
