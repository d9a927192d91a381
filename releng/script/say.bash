# Words to the user: progress on standard output, the end of all hope on standard error.

# say TEXT: a line of progress with the seconds since the start.
say() {
  printf '%4d s  %s\n' "$SECONDS" "$*"
}

# die SENTENCE WHAT_TO_DO: ends the script.
die() {
  printf 'sekisho: %s.\n         %s.\n' "$1" "$2" >&2
  exit 1
}

# quietly NAME COMMAND...: runs it with its output in a log; on failure shows the log's end.
quietly() {
  local name=$1 log=$LOGS/$1.log
  shift
  if ! "$@" >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    die "$name failed" "the lines above are the end of $log"
  fi
}

# no_more_arguments COMMAND ARGUMENTS...
no_more_arguments() {
  local command=$1
  shift
  [[ $# -eq 0 ]] || die "\"$1\" is not an argument of $command" "./sekisho $command --help names them"
}
