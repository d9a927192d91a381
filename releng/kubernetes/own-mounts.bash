#!/usr/bin/env bash
# own-mounts.bash READY: holds a mount namespace in which one node of several on a machine has the
# folders of a node to itself, empty, and shared as a kubelet wants them; writes its pid into READY and
# waits to be ended. To be run as `unshare --mount own-mounts.bash READY`, in the node's network
# namespace; others enter by `nsenter --target PID --mount --net`. When all have ended, nothing is left.
set -euo pipefail

[[ $# -eq 1 ]] || { echo "usage: unshare --mount own-mounts.bash READY" >&2 && exit 1; }
readonly OWN=(/opt /etc/cni /run/netns /run/sekisho /var/lib/sekisho)
made=()
mount --make-rshared /
for folder in "${OWN[@]}"; do
  if [[ ! -d $folder ]]; then
    mkdir -p "$folder"
    made+=("$folder")
  fi
  mount -t tmpfs -o mode=755 own "$folder"
done
umount /sys/fs/bpf 2>/dev/null || true
mount -t bpf bpf /sys/fs/bpf
ending() {
  kill "$!" 2>/dev/null || true # it would hold the mounts for a day
  for folder in "${made[@]:-}"; do
    # the folder of the machine, below ours; others may use it by now
    if [[ -n $folder ]]; then nsenter --target 1 --mount rmdir "$folder" 2>/dev/null || true; fi
  done
  exit 0
}
trap ending TERM INT
echo "$$" >"$1.part"
mv "$1.part" "$1"
while :; do
  sleep 86400 &
  wait $! || true
done
