# All tests: the whole reactor, then a look whether anything is left in the kernel.

command_test() {
  if [[ ${1:-} == --help || ${1:-} == -h ]]; then
    cat <<'TXT'
usage: ./sekisho test

Builds everything and runs every test: unit, kernel (BPF_PROG_TEST_RUN), lab (real namespaces,
agents, etcd, traffic), a real Kubernetes with a few of its own tests where there is Go to build it
with, the console on a virtual screen, and at the end the Debian packages on a small Debian, and two
nodes on other kernels under emulation (./sekisho vm). The last line says how many passed.
The log is target/logs/test.log. Ctrl-C or SIGTERM ends it and all that it began.
TXT
    return
  fi
  no_more_arguments test "$@"
  prepare
  vm_prepare
  prepare_kubernetes
  remove_killed_lab
  trap end_test EXIT
  trap 'INTERRUPTED=1; exit 130' INT
  trap 'INTERRUPTED=1; exit 143' TERM HUP
  virtual_display 1600x1000
  find "$SEKISHO_HOME" -type d -name surefire-reports -path '*/target/*' -prune -exec rm -rf {} +
  local build=0 left
  BEFORE=$(kernel_objects)
  rm -f "$VM_CHECK" "$LAB_TESTED"
  PRODUCTS=$(mktemp -d)
  beside check_products "$$"
  say "building and testing; the log is $LOGS/test.log"
  # not in the foreground, where a signal would wait for its end
  SEKISHO_TEST=$$ NO_AT_BRIDGE=1 GDK_BACKEND=x11 beside maven "$LOGS/test.log" -fae verify
  wait "${PRODUCT_PIDS[-1]}" || build=$?
  end_display
  test_products
  left=$(LC_ALL=C comm -13 <(echo "$BEFORE") <(kernel_objects))
  report "$build" "$left"
}

# remove_killed_lab: refuses to test beside a lab that is up. What is left of one whose processes have all
# been killed is removed, but not what belongs to an agent of this machine: its pins have the place of a
# lab's, and the namespace of its health endpoint has a lab's name and no process.
remove_killed_lab() {
  compgen -G '/run/netns/sekisho-*' >/dev/null || return 0
  local name
  for name in /run/netns/sekisho-*; do
    [[ -z $(ip netns pids "${name##*/}" 2>/dev/null) ]] \
      || die "a lab is up, and the tests need its addresses" "end it: ./sekisho lab down"
  done
  for name in /sys/fs/bpf/sekisho/*; do
    [[ ! -e $name || -e /run/netns/sekisho-${name##*/} ]] \
      || die "node ${name##*/} is none of a lab, and its pins would go with what is left of one" \
        "test where no agent is installed; if none is: ./sekisho lab down"
  done
  say "removing what is left of a lab that was killed"
  [[ -x $LAB ]] || build -pl node-agent/lab -am
  "$LAB" down >/dev/null
}

PRODUCT_PIDS=()
PRODUCTS=
INTERRUPTED=
BEFORE= # kernel_objects

# check_products PID: the checks on other kernels, which need an agent and a lab, then of the packages.
# They begin when Maven has made both, and what boots there, and the lab's tests are over: what is
# emulated costs a processor for as long as it lasts, and both last longer beside each other. So do
# the console's tests, which wait much of their time, and go first. Never, if PID has ended.
check_products() {
  local kernel pids=()
  renice -n 5 "$BASHPID" >/dev/null
  until [[ -e $PRODUCTS/built || (-s $VM_CHECK && -s $LAB_TESTED) ]]; do
    kill -0 "$1" 2>/dev/null || return 0
    sleep 1
  done
  [[ -s $VM_CHECK ]] || return 0
  for kernel in "${VM_KERNELS[@]}"; do
    # what two would fetch at once is fetched before
    (vm_get "$kernel") || continue
    check_kernel "$kernel" "$PRODUCTS/$kernel" &
    pids+=($!)
  done
  wait "${pids[@]}" || true
  [[ -z $(product) ]] || check_packages "$PRODUCTS/packages"
}

# test_products: waits for the checks of what was built, or makes those that nobody has begun. Sets
# PRODUCTS_PASSED and PRODUCTS_FAILED.
test_products() {
  PRODUCTS_PASSED=0
  PRODUCTS_FAILED=0
  local check passed failed checks=(packages)
  touch "$PRODUCTS/built"
  wait "${PRODUCT_PIDS[@]}" || true
  PRODUCT_PIDS=()
  [[ -s $PRODUCTS/packages ]] || check_packages "$PRODUCTS/packages"
  [[ ! -s $VM_CHECK ]] || checks+=("${VM_KERNELS[@]}")
  for check in "${checks[@]}"; do
    passed=0 failed=1 # one that ends without its numbers has failed
    if [[ -s $PRODUCTS/$check ]]; then read -r passed failed <"$PRODUCTS/$check"; fi
    PRODUCTS_PASSED=$((PRODUCTS_PASSED + passed))
    PRODUCTS_FAILED=$((PRODUCTS_FAILED + failed))
  done
}

# beside COMMAND...: begins it in a process group of its own, which end_test can end.
beside() {
  set -m
  "$@" </dev/null &
  set +m
  PRODUCT_PIDS+=($!)
}

check_kernel() { # VERSION FILE
  vm_run "$1" || true
  echo "$VM_PASSED $VM_FAILED" >"$2"
}

check_packages() { # FILE
  test_packages
  echo "$PACKAGES_PASSED $PACKAGES_FAILED" >"$1"
}

# end_test: what of us still runs when the script ends.
end_test() {
  local pid
  for pid in "${PRODUCT_PIDS[@]}"; do kill -- "-$pid" 2>/dev/null || true; done
  [[ ${#PRODUCT_PIDS[@]} -eq 0 ]] || wait "${PRODUCT_PIDS[@]}" || true
  [[ -z $PRODUCTS ]] || rm -rf "$PRODUCTS"
  [[ -z $INTERRUPTED ]] || remove_interrupted
  end_display
}

# remove_interrupted: ends what tests began that could not end it, agents and servers of clusters, and removes
# the namespaces and pins of these, whose names begin with sk or sin-: others may have made some meanwhile.
remove_interrupted() {
  local environ what name
  for environ in $(grep -lszxF "SEKISHO_TEST=$$" /proc/[0-9]*/environ); do
    name=${environ#/proc/}
    kill -KILL "${name%/environ}" 2>/dev/null || true
  done
  LC_ALL=C comm -13 <(echo "$BEFORE") <(kernel_objects) | while read -r what name; do
    case $what in
      network) # "network namespace NAME"
        name=${name#namespace }
        [[ ( $name != sk* && $name != sin-* ) || -n $(ip netns pids "$name" 2>/dev/null) ]] \
          || ip netns del "$name" 2>/dev/null || true
        ;;
      pin) [[ $name != /sys/fs/bpf/sk* ]] || rm -rf -- "$name" ;;
    esac
  done
}

# kernel_objects: what tests could leave behind, one a line, sorted.
kernel_objects() {
  {
    ip -o link show | sed -n 's/^[0-9]*: \([^:@]*\).*/link \1/p'
    find /run/netns -mindepth 1 -maxdepth 1 -printf 'network namespace %f\n' 2>/dev/null || true
    find /sys/fs/bpf -mindepth 1 -printf 'pin %p\n' 2>/dev/null || true
  } | LC_ALL=C sort
}

# report BUILD_STATUS LEFT: the numbers; the residue check and a build that broke count as tests.
report() {
  local passed failed skipped
  read -r passed failed skipped < <(sum_reports)
  passed=$((passed + PRODUCTS_PASSED))
  failed=$((failed + PRODUCTS_FAILED))
  if [[ -n $2 ]]; then
    printf 'left in the kernel:\n%s\n' "$2" >&2
    failed=$((failed + 1))
  else
    passed=$((passed + 1))
  fi
  if [[ $1 -ne 0 ]]; then
    first_errors "$LOGS/test.log"
    [[ $failed -gt 0 ]] || failed=1
    say "the build failed; the log is $LOGS/test.log"
  fi
  say "done"
  echo "$passed passed, $failed failed, $skipped skipped"
  [[ $failed -eq 0 ]]
}

# sum_reports: passed, failed and skipped of all surefire reports, case by case: what a report says of itself
# leaves nested classes out.
sum_reports() {
  find "$SEKISHO_HOME" -path '*/target/surefire-reports/TEST-*.xml' -print0 \
    | xargs -0 -r cat \
    | awk '
      /^ *<testcase / { cases++ }
      /^ *<(failure|error)[ >]/ { failed++ }
      /^ *<skipped[ \/>]/ { skipped++ }
      END { print cases - failed - skipped + 0, failed + 0, skipped + 0 }'
}
