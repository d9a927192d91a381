# Other kernels, booted under emulation with this machine's files: oldest and long-term support.

readonly VM_KERNELS=(6.12 6.1)
readonly VM_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/sekisho/vm
readonly VM_PACKAGES=(qemu-system-x86 kmod cpio lz4 zstd)
# The root's first (built in on some kernels), then what the agent and its test network need.
readonly VM_MODULES=(
  virtio_pci virtiofs virtio_console overlay
  veth bridge vxlan geneve sch_ingress cls_bpf
)
# Longest time for one kernel, boot included; two beside the packages' checks take a third of it.
readonly VM_SECONDS=600
VM_PASSED=0
VM_FAILED=0

vm_help() {
  cat <<'TXT'
usage: ./sekisho vm [6.12] [6.1]

Boots Debian's cloud kernels (both without a name) under emulation, the machine's own files below
them read only, and runs there: the agent's doctor, and two nodes with pods and real traffic, to pods,
services and (masqueraded) outside, by native routing and over VXLAN, on 6.12 over Geneve besides; the
programs are exchanged between the ways, on 6.1 once more under traffic. Needs no virtualization of the
processor. Each takes about two minutes; kernels are kept in ~/.cache/sekisho/vm.
TXT
}

command_vm() {
  local kernel kernels=() failed=0
  for kernel in "$@"; do
    case $kernel in
      --help | -h) vm_help && return ;;
      6.12 | 6.1) kernels+=("$kernel") ;;
      *) no_more_arguments vm "$kernel" ;;
    esac
  done
  [[ ${#kernels[@]} -gt 0 ]] || kernels=("${VM_KERNELS[@]}")
  prepare
  build_if_changed
  vm_prepare
  for kernel in "${kernels[@]}"; do
    vm_run "$kernel" || failed=1
  done
  return "$failed"
}

vm_prepare() {
  install_packages "${VM_PACKAGES[@]}"
  vm_virtiofsd >/dev/null
  mkdir -p "$VM_CACHE"
}

# vm_virtiofsd: the program that serves our files to the guest; Debian 12 has it beside qemu.
vm_virtiofsd() {
  local program
  for program in /usr/lib/qemu/virtiofsd /usr/libexec/virtiofsd; do
    if [[ -x $program ]]; then
      echo "$program"
      return
    fi
  done
  die "there is no virtiofsd" "on Debian 12 the package qemu-system-common has it"
}

# vm_package VERSION: Debian's newest package of that kernel.
vm_package() {
  local name=linux-image-$1-cloud-amd64 package
  [[ $1 != 6.1 ]] || name=linux-image-cloud-amd64
  package=$(apt-cache depends "$name" 2>/dev/null | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' | head -1)
  [[ -n $package ]] || die "the distribution has no kernel package $name" \
    "Debian 12 with its security updates has it; try apt-get update"
  echo "$package"
}

# vm_kernel VERSION: fetches and unpacks a kernel, once.
vm_kernel() {
  local folder=$VM_CACHE/$1 package work
  [[ -s $folder/vmlinux && -s $folder/modules/order ]] && return
  package=$(vm_package "$1")
  say "fetching $package"
  rm -rf "$folder"
  mkdir -p "$folder/modules"
  work=$(mktemp -d "$VM_CACHE/fetch.XXXXXX")
  (
    cd "$work"
    quietly fetch-kernel apt-get download -q "$package"
    dpkg -x "$package"_*.deb .
  )
  vm_modules "$work" "${package#linux-image-}" "$folder/modules"
  vm_unpack "$work/boot/vmlinuz-${package#linux-image-}" >"$folder/vmlinux.part"
  [[ -s $folder/vmlinux.part ]] || die "the kernel of $package cannot be unpacked" "look at $work/boot"
  mv "$folder/vmlinux.part" "$folder/vmlinux"
  rm -rf "$work"
}

# vm_unpack BZIMAGE: the ELF inside, which qemu boots at once; decompressing it in the guest is slow.
# Offsets: the kernel's Documentation/arch/x86/boot.rst.
vm_unpack() {
  local sectors offset length magic tool
  sectors=$(od -An -tu1 -j497 -N1 "$1")
  offset=$(od -An -tu4 -j584 -N4 "$1")
  length=$(od -An -tu4 -j588 -N4 "$1")
  offset=$(((sectors + 1) * 512 + offset))
  magic=$(od -An -tx1 -j"$offset" -N4 "$1" | tr -d ' ')
  case $magic in
    02214c18) tool=lz4 ;;
    28b52ffd) tool=zstd ;;
    fd377a58) tool=xz ;;
    *) die "$1 is packed in a way that starts with $magic" "lz4, zstd and xz are known" ;;
  esac
  # four bytes with the unpacked length follow the packed kernel: the tools dislike them
  dd if="$1" iflag=skip_bytes,count_bytes skip="$offset" count="$length" bs=1M status=none \
    | { "$tool" -dc 2>/dev/null || true; }
}

# vm_modules FOLDER RELEASE TO: our modules and those that they need, unpacked, in order.
vm_modules() {
  local module file name
  depmod -b "$1" "$2"
  for module in "${VM_MODULES[@]}"; do
    modprobe -d "$1" -S "$2" --show-depends "$module" | sed -n 's/^insmod \([^ ]*\).*/\1/p'
  done | awk '!seen[$0]++' | while read -r file; do
    name=$(basename "${file%.xz}")
    case $file in
      *.xz) xz -dc "$file" >"$3/$name" ;;
      *) cp "$file" "$3/$name" ;;
    esac
    echo "$name" >>"$3/order"
  done
}

# vm_get VERSION: all that a boot needs, once.
vm_get() {
  vm_kernel "$1" && vm_initial "$1"
}

# vm_initial VERSION: the initial memory file system, new when our first process is.
vm_initial() {
  local folder=$VM_CACHE/$1 source=$SEKISHO_HOME/releng/vm/src/main/c/init.c
  [[ -s $folder/initial && $folder/initial -nt $source ]] && return
  mkdir -p "$folder/dev"
  quietly vm-init clang-14 -O2 -Wall -Wextra -Werror -static -o "$folder/init" "$source"
  [[ -e $folder/dev/console ]] || mknod "$folder/dev/console" c 5 1
  (
    cd "$folder"
    { echo init && find dev modules; } | cpio -o -H newc --quiet >initial.part
    mv initial.part initial
  )
}

# vm_serve SOCKET: our files for the guest, in a mount namespace where they cannot be written.
vm_serve() {
  mkdir -p "$VM_FOLDER/machine"
  # shellcheck disable=SC2016
  unshare --mount sh -c '
    mount --bind / "$1" && mount -o remount,bind,ro "$1" &&
      exec "$2" --socket-path="$3" -o source="$1" -o cache=always -o sandbox=chroot -f
  ' sh "$VM_FOLDER/machine" "$(vm_virtiofsd)" "$1" >"$VM_FOLDER/virtiofsd.log" 2>&1 &
  VM_PIDS+=($!)
  local i
  for i in {1..200}; do
    [[ -S $1 ]] && return
    sleep 0.05
  done
  cat "$VM_FOLDER/virtiofsd.log" >&2
  die "virtiofsd does not listen after $((i / 20)) s" "the lines above say why"
}

vm_end() {
  local pid
  for pid in "${VM_PIDS[@]}"; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  rm -rf --one-file-system "$VM_FOLDER"
}

# vm_boot VERSION PROGRAM...: runs a program in a fresh guest; its output is ours, its status too.
# Nehalem: what wider vectors do for Java costs more under emulation than it gives, an eighth of a run.
# no_timer_check: on a busy machine the timer's interrupts come too late for that check, which panics.
vm_boot() (
  local folder=$VM_CACHE/$1 kernel=$1 status
  shift
  VM_FOLDER=$(mktemp -d /tmp/sekisho-vm.XXXXXX)
  VM_PIDS=()
  trap vm_end EXIT
  vm_serve "$VM_FOLDER/socket"
  timeout --foreground "$VM_SECONDS" qemu-system-x86_64 \
    -M q35,memory-backend=memory,usb=off,hpet=off -nodefaults -no-user-config -no-reboot -display none \
    -accel tcg,thread=multi -cpu Nehalem -smp 2 -m 2G \
    -object memory-backend-memfd,id=memory,size=2G,share=on \
    -serial "file:$LOGS/vm-$kernel-kernel.log" \
    -device virtio-serial-pci -chardev stdio,id=console,signal=off -device virtconsole,chardev=console \
    -chardev "socket,id=machine,path=$VM_FOLDER/socket" \
    -device vhost-user-fs-pci,chardev=machine,tag=machine,queue-size=1024 \
    -device virtio-rng-pci \
    -kernel "$folder/vmlinux" -initrd "$folder/initial" \
    -append "console=ttyS0 panic=-1 tsc=reliable no_timer_check random.trust_cpu=on mitigations=off audit=0 apparmor=0 loglevel=4 -- $*" \
    </dev/null 2>"$VM_FOLDER/qemu.log" | tr -d '\r' | tee "$VM_FOLDER/output" \
    | grep --line-buffered -v '^sekisho-vm: ' || true
  status=$(sed -n 's/^sekisho-vm: status //p' "$VM_FOLDER/output" | tail -1)
  if [[ -z $status ]]; then
    tail -n 5 "$VM_FOLDER/qemu.log" "$LOGS/vm-$kernel-kernel.log" >&2 || true
    status=125
  fi
  exit "$status"
)

# vm_ways VERSION: how packets travel between its nodes, one after the other in one boot, since booting
# and loading programs are what takes time; where exchanging programs has a fallback, that under traffic.
vm_ways() {
  if [[ $1 == 6.1 ]]; then echo native vxlan restart; else echo geneve native vxlan; fi
}

# vm_checks VERSION LOG: all checks in one boot; the guest's status.
vm_checks() {
  local ways
  read -ra ways < <(vm_ways "$1")
  vm_boot "$1" /bin/sh "$SEKISHO_HOME/releng/vm/src/main/dist/guest.sh" "$SEKISHO_HOME" "$JAVA_HOME" \
    "${ways[@]}" | tee "$2" | sed "s/^/        $1  /"
}

# vm_run VERSION: all checks on one kernel; sets VM_PASSED and VM_FAILED, and fails if one did.
vm_run() {
  local log=$LOGS/vm-$1.log status=0
  VM_PASSED=0
  VM_FAILED=1
  (vm_get "$1") || return
  say "kernel $1"
  vm_checks "$1" "$log" || status=$?
  # The kernel patches its code behind breakpoints; rarely, the emulated processor meets one too late.
  if [[ $status -eq 125 ]] && grep -q 'Oops: int3' "$LOGS/vm-$1-kernel.log"; then
    say "kernel $1: the emulation met a breakpoint of the kernel's own; once more"
    status=0
    vm_checks "$1" "$log" || status=$?
  fi
  VM_PASSED=$(grep -c '^ok ' "$log" || true)
  VM_FAILED=$(grep -c '^FAILED ' "$log" || true)
  [[ $status -eq 0 || $VM_FAILED -gt 0 ]] || VM_FAILED=1
  say "kernel $1: $VM_PASSED passed, $VM_FAILED failed; its log is $log"
  [[ $VM_FAILED -eq 0 ]]
}
