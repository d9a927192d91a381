# The Maven build, with one line of progress for each module, and only when something changed.

readonly LAB=$SEKISHO_HOME/node-agent/lab/target/dist/bin/sekisho-lab
readonly AGENT=$SEKISHO_HOME/node-agent/cli/target/dist/bin/sekisho-agent
readonly CNI=$SEKISHO_HOME/node-agent/cni/target/dist/bin/sekisho-cni
readonly VM_CHECK=$SEKISHO_HOME/releng/vm/target/vm-0.1.0-SNAPSHOT.jar
readonly LAB_TESTED=$SEKISHO_HOME/node-agent/lab-tests/target/lab-tests-0.1.0-SNAPSHOT.jar
readonly STAMP=$SEKISHO_HOME/target/sekisho-build.stamp

# product: prints the console's launcher, or nothing when it is not built.
product() {
  find "$SEKISHO_HOME/releng/io.sekisho.console.product/target/products" \
    -path '*/linux/gtk/x86_64/*' -name sekisho-console -type f 2>/dev/null | sort | sed -n 1p
}

# fingerprint: a number for all sources by name, size and time, and for the Java that builds them.
fingerprint() {
  (
    cd "$SEKISHO_HOME"
    find pom.xml .mvn bpf bundles features node-agent releng target-platform \
      -name target -prune -o -type f -printf '%p %s %T@\n' | LC_ALL=C sort
    echo "$JAVA_HOME"
  ) | sha256sum | cut -d' ' -f1
}

# maven LOG ARGUMENTS...: runs the reactor, two modules at a time where neither waits for the other.
maven() {
  local log=$1
  shift
  (
    cd "$SEKISHO_HOME"
    "$MAVEN" -B -ntp -T 2 "$@" 2>&1
  ) | tee "$log" | maven_progress
}

# Reads Maven's output; tells the start of each module and each failed test.
maven_progress() {
  local line
  local module='^\[INFO\] Building (.*) [^ ]+ +\[([0-9]+)/([0-9]+)\]$'
  local tests='^\[(ERROR|WARNING)\] .*Tests run: .*(FAILURE|ERROR)!'
  while IFS= read -r line; do
    if [[ $line =~ $module ]]; then
      say "$(printf '[%2d/%d] %s' "${BASH_REMATCH[2]}" "${BASH_REMATCH[3]}" "${BASH_REMATCH[1]}")"
    elif [[ $line =~ $tests ]]; then
      say "        ${line#\[*\] }"
    fi
  done
}

# first_errors LOG: what Maven says is wrong, without GEF's old pom, which is always "wrong".
first_errors() {
  { grep '^\[ERROR\]' "$1" | grep -vF 'osgi.platform' || tail -n 15 "$1"; } | sed -n 1,20p >&2
}

# train_agent: see releng/image/train.bash.
train_agent() {
  local lib
  lib=$(dirname "$(dirname "$AGENT")")/lib
  [[ -f $lib/agent.aot ]] || say "recording the agent's start, so that the next ones are fast"
  "$SEKISHO_HOME/releng/image/train.bash" "$lib" "$LAB" >"$LOGS/train.log" 2>&1
  [[ -f $lib/agent.aot ]] || say "nothing was recorded (see $LOGS/train.log); agents start, only slower"
}

build_if_changed() {
  local now
  now=$(fingerprint)
  if [[ -f $STAMP && $(<"$STAMP") == "$now" && -x $LAB && -x $AGENT && -x $CNI && -f $VM_CHECK && -n $(product) ]]; then
    return 0
  fi
  say "building (the first time fetches some 250 MB and takes a few minutes)"
  build
  echo "$now" >"$STAMP"
}

# build [ARGUMENTS...]: what Maven's arguments select, all without any; without tests.
build() {
  if ! maven "$LOGS/build.log" verify -DskipTests -Dspotless.check.skip "$@"; then
    first_errors "$LOGS/build.log"
    die "the build failed" "the whole log is $LOGS/build.log"
  fi
}
