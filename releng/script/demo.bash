# The demo: the lab with the shop, and the console connected to it.

CONSOLE_PID=
DEMO_LAB=
DEMO_KEEP=
DEMO_SHOT=
DEMO_NODES=3
# Seconds that the console may take until its graph shows the shop.
readonly DEMO_PATIENCE=90
# Seconds from the first edge until the past flows are in and rates are true.
readonly DEMO_SETTLE=12

demo_help() {
  cat <<'TXT'
usage: ./sekisho demo [--screenshot FILE] [--nodes N] [--keep]

Brings up N nodes (3) in network namespaces, each with an agent and pods of a small shop, and opens
the console on them. Closing the window or Ctrl-C ends everything.

  --screenshot FILE  on a virtual screen: waits until the graph shows the shop, writes FILE (PNG), ends
  --nodes N          1 to 9
  --keep             leaves the cluster running; ./sekisho lab down ends it
TXT
}

command_demo() {
  while [[ $# -gt 0 ]]; do
    case $1 in
      --help | -h) demo_help && return ;;
      --keep) DEMO_KEEP=yes ;;
      --screenshot | --nodes)
        [[ -n ${2:-} ]] || die "$1 needs a value" "./sekisho demo --help says which"
        if [[ $1 == --nodes ]]; then DEMO_NODES=$2; else DEMO_SHOT=$(realpath -m "$2"); fi
        shift
        ;;
      *) no_more_arguments demo "$1" ;;
    esac
    shift
  done
  [[ $DEMO_NODES =~ ^[1-9]$ ]] || die "--nodes is \"$DEMO_NODES\"" "a number from 1 to 9 is needed"
  [[ -z $DEMO_SHOT || -d $(dirname "$DEMO_SHOT") ]] \
    || die "the folder of $DEMO_SHOT does not exist" "make it first"
  prepare
  build_if_changed
  train_agent
  trap demo_end EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  demo_display
  DEMO_LAB=yes
  "$LAB" up --nodes "$DEMO_NODES"
  say "starting the console"
  local ready=$SEKISHO_STATE/console.ready
  start_console "$ready" --connect "$SEKISHO_STATE/console.json"
  await_console "$ready"
  if [[ -n $DEMO_SHOT ]]; then
    screenshot "$DEMO_SHOT"
  else
    say "the console is up; close its window or press Ctrl-C to end everything"
    wait "$CONSOLE_PID" || say "the console ended with status $?; its log is $LOGS/console.log"
    CONSOLE_PID=
  fi
}

demo_display() {
  local window=(--config-file "$SEKISHO_HOME/releng/script/openbox.xml")
  if [[ -n $DEMO_SHOT ]]; then
    virtual_display 1600x1000 "${window[@]}"
  elif ! usable_display; then
    virtual_display 1600x1000 "${window[@]}"
    say "there is no display that lets us in; the console runs on virtual screen $DISPLAY"
    say "to see a picture of it: ./sekisho demo --screenshot FILE"
  fi
}

# await_console READY_FILE: until the graph shows the shop, the console ends, or patience does.
await_console() {
  local deadline=$((SECONDS + DEMO_PATIENCE))
  while [[ ! -e $1 ]]; do
    if ! kill -0 "$CONSOLE_PID" 2>/dev/null; then
      tail -n 15 "$LOGS/console.log" >&2
      die "the console ended by itself" "its log is $LOGS/console.log"
    fi
    if [[ $SECONDS -ge $deadline ]]; then
      say "the console did not say within $DEMO_PATIENCE s that its graph shows traffic"
      return
    fi
    sleep 0.2
  done
  say "the graph shows the shop"
}

screenshot() {
  local picture=$1.part.png colours
  sleep "$DEMO_SETTLE"
  import -silent -display "$DISPLAY" -window root "$picture"
  colours=$(identify -format '%k' "$picture")
  mv "$picture" "$1"
  [[ $colours -gt 64 ]] || die "the picture has $colours colours: the window stayed empty" \
    "look at $1 and $LOGS/console.log"
  say "wrote $1"
}

demo_end() {
  local status=$?
  trap '' INT TERM HUP
  if [[ -n $CONSOLE_PID ]]; then
    kill "$CONSOLE_PID" 2>/dev/null || true
    wait "$CONSOLE_PID" 2>/dev/null || true
  fi
  end_display
  if [[ -n $DEMO_LAB && -z $DEMO_KEEP ]]; then
    "$LAB" down || status=1
  fi
  exit "$status"
}
