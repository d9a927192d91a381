# Debian packages of the agent and the console.

command_packages() {
  if [[ ${1:-} == --help || ${1:-} == -h ]]; then
    cat <<'TXT'
usage: ./sekisho packages [agent|console]

Makes Debian packages in target/packages: sekisho-agent, with a systemd unit, for hosts without
Kubernetes; sekisho-console, with desktop file and icon. Each brings the Java that it runs on.
TXT
    return
  fi
  local part
  for part in "$@"; do
    [[ $part == agent || $part == console ]] || no_more_arguments packages "$part"
  done
  prepare
  build_if_changed
  say "making the packages"
  "$SEKISHO_HOME/releng/packages/packages.bash" "$SEKISHO_HOME/target/packages" "$@"
}

# test_packages: what is in the packages, and their life on a small Debian of its own; sets
# PACKAGES_PASSED and PACKAGES_FAILED.
test_packages() {
  PACKAGES_PASSED=0
  PACKAGES_FAILED=0
  [[ -x $AGENT && -x $CNI && -n $(product) ]] || return 0
  say "making the packages and looking at them"
  local made=$SEKISHO_HOME/target/packages line
  while IFS= read -r line; do
    case $line in
      ok*) PACKAGES_PASSED=$((PACKAGES_PASSED + 1)) ;;
      *)
        PACKAGES_FAILED=$((PACKAGES_FAILED + 1))
        say "packages: $line"
        ;;
    esac
  done < <("$SEKISHO_HOME/releng/packages/check.bash" "$made" 2>"$LOGS/packages.log" \
    || echo "the check itself failed, see $LOGS/packages.log")
}
