# The console's process.

command_console() {
  if [[ ${1:-} == --help || ${1:-} == -h ]]; then
    cat <<'TXT'
usage: ./sekisho console [--connect FILE] [ARGUMENT...]

Starts the console. --connect FILE connects at once by a profile: JSON with name, addresses, ca,
certificate, key. A running lab writes one: $SEKISHO_STATE/console.json
TXT
    return
  fi
  prepare
  build_if_changed
  usable_display || die "there is no X display that lets us in (DISPLAY=\"${DISPLAY:-}\")" \
    "run this in a desktop session, or see ./sekisho demo --screenshot FILE"
  local data=${XDG_DATA_HOME:-$HOME/.local/share}/sekisho/console
  mkdir -p "$data"
  GDK_BACKEND=x11 exec "$(product)" -data "$data" "$@"
}

# start_console READY_FILE ARGUMENTS...: in the background; sets CONSOLE_PID.
start_console() {
  local ready=$1
  shift
  local data=$SEKISHO_STATE/console
  rm -rf "$data" "$ready"
  mkdir -p "$data"
  GDK_BACKEND=x11 NO_AT_BRIDGE=1 \
    SEKISHO_CONSOLE_VMARGS="${SEKISHO_CONSOLE_VMARGS:-} -Dsekisho.ready=$ready" \
    "$(product)" -data "$data" "$@" >"$LOGS/console.log" 2>&1 &
  CONSOLE_PID=$!
}
