# What the machine must have: root, a kernel, packages, the bpf file system.

# Build: clang compiles the dataplane, maven brings a newer Maven. Run: iproute2, etcd, nftables
# (fault injection). Console: GTK, a virtual screen, fonts and icons.
readonly PACKAGES=(
  clang-14 llvm-14 make libbpf-dev libbpf1 libc6-dev linux-libc-dev git maven
  iproute2 util-linux procps etcd-server etcd-client nftables
  xvfb xauth openbox x11-utils xdotool imagemagick
  libgtk-3-0 libwebkit2gtk-4.0-37 librsvg2-common dbus-x11 at-spi2-core
  adwaita-icon-theme fonts-inter fonts-dejavu-core
)

require_root() {
  [[ $EUID -eq 0 ]] || die "network namespaces and BPF need root" "try: sudo -E $0 ${*:-}"
}

require_kernel() {
  local problem
  problem=$(kernel_problem)
  [[ -z $problem ]] || die "$problem" "./sekisho doctor lists what the kernel has and lacks"
}

# kernel_problem: prints what the kernel lacks, or nothing: found by trying, never by its version. The
# agent's own doctor tries everything, once it is built.
kernel_problem() {
  if [[ $(uname -s) != Linux || $(uname -m) != x86_64 ]]; then
    echo "this is $(uname -s) on $(uname -m), Linux on x86_64 is needed"
  elif ! grep -qw bpf /proc/filesystems; then
    echo "the kernel has no BPF (CONFIG_BPF_SYSCALL)"
  elif ! kernel_links; then
    echo "the kernel cannot make bridge, veth and vxlan devices in a network namespace"
  fi
}

# Makes one device of each kind in a namespace that ends with the command.
kernel_links() {
  command -v ip >/dev/null || return 0 # the package comes later
  unshare --net sh -e >/dev/null 2>&1 <<'SH'
ip link add name br0 type bridge
ip link add name v0 type veth peer name v1
ip link add name vx0 type vxlan external dstport 8472
SH
}

# missing_packages PACKAGE...: those that are not installed, one a line.
missing_packages() {
  local installed package
  installed=$(dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' "$@" 2>/dev/null || true)
  for package in "$@"; do
    grep -q "^ii  *$package\$" <<<"$installed" || echo "$package"
  done
}

install_packages() {
  command -v apt-get >/dev/null || die "this is not Debian or one of its kin: there is no apt-get" \
    "install by hand: $*, then run on Debian 12 or newer"
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [[ ${#missing[@]} -gt 0 ]] || return 0
  say "installing ${#missing[@]} packages: ${missing[*]}"
  quietly apt-update apt-get update -qq
  DEBIAN_FRONTEND=noninteractive quietly apt-install \
    apt-get install -y -qq --no-install-recommends "${missing[@]}"
  kernel_links || die "the kernel cannot make bridge, veth and vxlan devices in a network namespace" \
    "./sekisho doctor lists what the kernel has and lacks"
}

mount_bpffs() {
  [[ $(stat -f -c %T /sys/fs/bpf 2>/dev/null) == bpf_fs ]] && return 0
  mount -t bpf bpf /sys/fs/bpf 2>/dev/null \
    || die "the bpf file system cannot be mounted at /sys/fs/bpf" \
      "in a container, start it with that file system and CAP_SYS_ADMIN"
}
