# What this machine has and lacks; changes nothing.

command_doctor() {
  if [[ ${1:-} == --help || ${1:-} == -h ]]; then
    echo "usage: ./sekisho doctor [-o json]"
    echo "Lists what Sekisho needs of this machine, and what is missing. Changes nothing."
    echo "What the kernel can do is tried by the agent, once it is built."
    return
  fi
  DOCTOR_STATUS=0
  DOCTOR_JSON=
  if [[ ${1:-} == -o || ${1:-} == --output ]]; then
    [[ ${2:-} == json || ${2:-} == table ]] || die "\"${2:-}\" is neither json nor table" "./sekisho doctor --help"
    [[ $2 == table ]] || DOCTOR_JSON=yes
    shift 2
  fi
  no_more_arguments doctor "$@"
  [[ -z $DOCTOR_JSON ]] || printf '{"checks": ['
  DOCTOR_COMMA=
  doctor_machine
  doctor_java
  doctor_state
  [[ -z $DOCTOR_JSON ]] || printf ' ], "agent": '
  doctor_agent
  [[ -z $DOCTOR_JSON ]] || printf '}\n'
  return "$DOCTOR_STATUS"
}

# What the agent says of the kernel; it needs root and a JDK to try.
doctor_agent() {
  local java
  java=$(doctor_jdk)
  if [[ ! -x $AGENT || -z $java ]]; then
    if [[ -n $DOCTOR_JSON ]]; then
      printf 'null'
    else
      check features "" "not tried yet: the agent is not built"
    fi
    return
  fi
  SEKISHO_JAVA=$java/bin/java "$AGENT" doctor ${DOCTOR_JSON:+-o json} 2>/dev/null || DOCTOR_STATUS=1
}

# json TEXT: as a JSON string.
json() {
  local text=${1//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}"
}

# check NAME PROBLEM FACT: a line; a problem makes the status bad.
check() {
  if [[ -n $DOCTOR_JSON ]]; then
    printf '%s\n  {"name": %s, "ok": %s, "text": %s}' "$DOCTOR_COMMA" "$(json "$1")" \
      "$([[ -z $2 ]] && echo true || echo false)" "$(json "${2:-$3}")"
    DOCTOR_COMMA=,
    [[ -z $2 ]] || DOCTOR_STATUS=1
  elif [[ -z $2 ]]; then
    printf 'ok    %-12s %s\n' "$1" "$3"
  else
    printf 'LACKS %-12s %s\n' "$1" "$2"
    DOCTOR_STATUS=1
  fi
}

doctor_machine() {
  local missing
  check root "$([[ $EUID -eq 0 ]] || echo "you are $(id -un); namespaces and BPF need root")" "you are root"
  check kernel "$(kernel_problem)" "$(uname -r)"
  check btf "$([[ -r /sys/kernel/btf/vmlinux ]] || echo "no /sys/kernel/btf/vmlinux (CONFIG_DEBUG_INFO_BTF)")" \
    "/sys/kernel/btf/vmlinux"
  check bpffs "$([[ $(stat -f -c %T /sys/fs/bpf 2>/dev/null) == bpf_fs ]] || echo "not mounted; the next command mounts it")" \
    "/sys/fs/bpf"
  missing=$(missing_packages "${PACKAGES[@]}" | tr '\n' ' ')
  check packages "${missing:+not installed yet: $missing}" "all ${#PACKAGES[@]} are installed"
  check memory "$(awk '/MemAvailable/ && $2 < 3000000 {print "less than 3 GB free for nodes, pods and console"}' /proc/meminfo)" \
    "$(awk '/MemAvailable/ {printf "%d MB free", $2 / 1024}' /proc/meminfo)"
  check display "" "$(usable_display && echo "$DISPLAY" || echo "none; a virtual one will serve")"
}

# doctor_jdk: prints a JDK that will do, or nothing.
doctor_jdk() {
  local folder
  while read -r folder; do
    if is_jdk "$folder"; then
      echo "$folder"
      break
    fi
  done < <(jdk_candidates)
}

doctor_java() {
  local found
  found=$(doctor_jdk)
  check java "$([[ -n $found ]] || echo "no JDK $JAVA_MAJOR found; the distribution's package is tried next")" "$found"
  if [[ -n $found ]]; then
    local maven=$TOOLS/apache-maven-$MAVEN_VERSION/bin/mvn
    check maven "" "$(JAVA_HOME=$found; export JAVA_HOME; is_maven "$maven" && echo "$maven" || echo "Maven $MAVEN_VERSION will be fetched")"
  fi
}

doctor_state() {
  check build "" "$([[ -x $LAB ]] && echo "there is one" || echo "none yet")"
  check lab "" "$(find /run/netns -maxdepth 1 -name 'sekisho-*' 2>/dev/null | wc -l) namespaces of a lab; state in $SEKISHO_STATE"
}
