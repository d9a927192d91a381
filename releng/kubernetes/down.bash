#!/usr/bin/env bash
# down.bash DIR: ends exactly what up.bash and node.bash began, clients before their servers. Pods
# are killed without the CNI plugin's DEL: whoever wants to see that deletes them first. Certificates,
# data and logs stay in DIR.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.bash"

[[ $# -eq 1 ]] || die "usage: down.bash DIR"
[[ -d $1 ]] || exit 0
cluster_folder "$1"

# Sandboxes go last: their containers live in the namespaces that they hold.
end_pods() {
  local client=(timeout 20 ctr --address "$1/containerd.sock" --namespace k8s.io) task round
  for round in 1 2; do
    for task in $("${client[@]}" tasks list -q); do "${client[@]}" tasks kill -s KILL "$task" || true; done
    for task in $("${client[@]}" tasks list -q); do "${client[@]}" tasks delete -f "$task" || true; done
  done >/dev/null 2>&1
}

# The shims of a containerd: they outlive it.
end_shims() {
  local line pid
  grep -lF -- "$1/containerd.sock" /proc/[0-9]*/cmdline 2>/dev/null | while read -r line; do
    pid=$(cut -d/ -f3 <<<"$line")
    case $(cat "/proc/$pid/comm" 2>/dev/null) in
      containerd-shim*) kill -KILL "$pid" 2>/dev/null || true ;;
    esac
  done
}

# Whatever is left in a node's cgroups was in a pod of it.
remove_cgroups() {
  local tree tries
  cgroup_trees | while read -r tree; do
    for ((tries = 0; tries < 20; tries++)); do
      [[ -d $tree/$1 ]] || break
      find "$tree/$1" -name cgroup.procs -exec cat {} + 2>/dev/null | xargs -r kill -KILL 2>/dev/null || true
      find "$tree/$1" -depth -type d -exec rmdir {} + 2>/dev/null || sleep 0.1
    done
  done
}

# What the CNI library, runc and the kubelet keep outside of DIR for pods that went without DEL.
remove_traces() {
  local folder id
  for folder in "$1"/containerd/io.containerd.grpc.v1.cri/{sandboxes,containers}/*/; do
    [[ -d $folder ]] || continue
    id=$(basename "$folder")
    rm -rf /var/lib/cni/results/*-"$id"-* "/run/containerd/runc/k8s.io/$id"
  done
  find /var/log/containers -lname "$1/*" -delete 2>/dev/null || true
  rm -f "$1"/containerd.sock*
}

end_node() {
  local node=$1 name
  name=$(basename "$node")
  finish "kube-proxy-$name"
  finish "kubelet-$name"
  if runs "containerd-$name"; then end_pods "$node" || true; fi
  finish "containerd-$name"
  end_shims "$node" || true
  if [[ -s $node/cgroup ]]; then remove_cgroups "$(<"$node/cgroup")"; fi
  awk -v below="$node/" 'index($5, below) == 1 { print $5 }' /proc/self/mountinfo | tac \
    | while read -r mount; do umount -l "$mount" 2>/dev/null || true; done
  remove_traces "$node"
}

for node in "$DIR"/nodes/*/; do
  [[ ! -d $node ]] || end_node "${node%/}"
done
for server in kube-scheduler kube-controller-manager kube-apiserver etcd; do
  finish "$server"
done
machine_settings_back
rm -f "$DIR/running"
