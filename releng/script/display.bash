# A screen: the user's, or a virtual one of our own that ends with the script.

SCREEN_PIDS=()

# virtual_display WIDTHxHEIGHT [OPTION...]: starts a screen on a free number with a window manager,
# which gets the options.
virtual_display() {
  local number_file number size=$1
  shift
  number_file=$(mktemp)
  Xvfb -displayfd 3 -screen 0 "${size}x24" -nolisten tcp -noreset 3>"$number_file" >"$LOGS/xvfb.log" 2>&1 &
  SCREEN_PIDS+=($!)
  local _
  for _ in {1..100}; do
    number=$(<"$number_file")
    [[ -z $number ]] || break
    kill -0 "${SCREEN_PIDS[0]}" 2>/dev/null || break
    sleep 0.1
  done
  rm -f "$number_file"
  [[ -n $number ]] || die "no virtual screen could be started" "look at $LOGS/xvfb.log"
  export DISPLAY=:$number
  unset XAUTHORITY WAYLAND_DISPLAY
  openbox "$@" >"$LOGS/openbox.log" 2>&1 &
  SCREEN_PIDS+=($!)
}

end_display() {
  local pid
  for pid in "${SCREEN_PIDS[@]}"; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  SCREEN_PIDS=()
}

# usable_display: whether there is an X display that lets us in.
usable_display() {
  [[ -n ${DISPLAY:-} ]] && xdpyinfo >/dev/null 2>&1
}
