# What this machine has and lacks; changes nothing.

command_doctor() {
  if [[ ${1:-} == --help || ${1:-} == -h ]]; then
    echo "usage: ./sekisho doctor"
    echo "Lists what Sekisho needs of this machine, and what is missing. Changes nothing."
    return
  fi
  no_more_arguments doctor "$@"
  DOCTOR_STATUS=0
  doctor_machine
  doctor_java
  doctor_state
  return "$DOCTOR_STATUS"
}

# check NAME PROBLEM FACT: a line; a problem makes the status bad.
check() {
  if [[ -z $2 ]]; then
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

doctor_java() {
  local folder found=
  while read -r folder; do
    if is_jdk "$folder"; then
      found=$folder
      break
    fi
  done < <(jdk_candidates)
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
