#!/usr/bin/env bash
# node.bash DIR NAME ADDRESS [CNI_BIN]: a real node joins the cluster of up.bash: containerd and
# kubelet, in the network namespace that this is called in, with all their state in DIR/nodes/NAME.
# Plugins of the folder CNI_BIN stand beside Debian's; the configuration is the caller's to put
# into DIR/nodes/NAME/cni. ADDRESS may be two, of both families, with a comma between. Needs root, and to be entered by nsenter: `ip netns exec` would mount a
# /sys without cgroups.
#   K8S_DNS    address of the cluster's name service, if it has one, for cluster.local
#   K8S_PLAIN  anything: CNI's folders are where every node has them (/opt/cni/bin, /etc/cni/net.d,
#              /run/netns); for a node with a mount namespace of its own, see own-mounts.bash
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.bash"

[[ $# -ge 3 ]] || die "usage: node.bash DIR NAME ADDRESS [CNI_BIN]"
[[ $(id -u) -eq 0 ]] || die "needs root"
cluster_folder "$1"
name=$2
addresses=$3
node=$DIR/nodes/$name
[[ -e $DIR/running ]] || die "$DIR holds no running cluster"
for program in containerd runc ctr; do
  command -v "$program" >/dev/null || die "$program is missing"
done
[[ -n $(find /sys/fs/cgroup -mindepth 1 -maxdepth 1 -print -quit) ]] || die "no cgroups in this /sys"
if [[ -n ${K8S_PLAIN:-} ]]; then
  cni=/etc/cni/net.d plugins=/opt/cni/bin elsewhere=false
else
  cni=$node/cni plugins=$node/cni-bin elsewhere=true
fi
mkdir -p "$node/kubelet" "$cni" "$plugins" "$DIR/images"

machine_settings

# A kubelet ends what it does not know below its cgroup root: each has one of its own.
group=sekisho-$name-$$
echo "$group" >"$node/cgroup"
cgroup_trees | while read -r tree; do
  mkdir "$tree/$group"
  for file in cpuset.cpus cpuset.mems; do
    if [[ -e $tree/$file && ! -e /sys/fs/cgroup/cgroup.controllers ]]; then
      cat "$tree/$file" >"$tree/$group/$file"
    fi
  done
done

# containerd asks for `loopback` whatever the configuration says.
ln -sf /usr/lib/cni/* "$plugins/"
[[ -z ${4:-} ]] || ln -sf "$4"/* "$plugins/"
[[ -e $DIR/images/busybox.tar ]] || "$here/image.bash" "$DIR/images/busybox.tar" sekisho.test/busybox:1

# Without restrict_oom_score_adj runc fails where root lacks CAP_SYS_RESOURCE.
cat >"$node/containerd.toml" <<T
version = 2
root = "$node/containerd"
state = "$node/state"
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.devmapper"]
[grpc]
  address = "$node/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "sekisho.test/busybox:1"
  stream_server_address = "127.0.0.1"
  netns_mounts_under_state_dir = $elsewhere
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    conf_dir = "$cni"
    bin_dir = "$plugins"
T
begin "containerd-$name" containerd --config "$node/containerd.toml"
images=(ctr --address "$node/containerd.sock" --namespace k8s.io)
wait_for "containerd-$name" "${images[@]}" version
for image in "$DIR"/images/*.tar; do
  "${images[@]}" images import "$image" >/dev/null
done

cat >"$node/kubelet.yaml" <<Y
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: ${addresses%%,*}
port: 10250
healthzPort: 0
containerRuntimeEndpoint: unix://$node/containerd.sock
failCgroupV1: false
cgroupDriver: cgroupfs
cgroupRoot: /$group
enforceNodeAllocatable: []
failSwapOn: false
localStorageCapacityIsolation: false
makeIPTablesUtilChains: false
resolvConf: ""
${K8S_DNS:+clusterDNS: [$K8S_DNS]
clusterDomain: cluster.local}
podLogsDir: $node/logs
volumePluginDir: $node/volumeplugins
imageGCHighThresholdPercent: 100
imageMinimumGCAge: 24h
evictionHard: {memory.available: 50Mi, nodefs.available: 0%, imagefs.available: 0%}
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $DIR/pki/ca.crt}}
authorization: {mode: Webhook}
registerWithTaints: [${K8S_TAINTS:-}]
Y
kubeconfig ec "kubelet-$name" "/O=system:nodes/CN=system:node:$name" "$node/kubeconfig"
begin "kubelet-$name" "$K8S_BIN/kubelet" --config "$node/kubelet.yaml" --kubeconfig "$node/kubeconfig" \
  --root-dir "$node/kubelet" --cert-dir "$node/pki" --hostname-override "$name" --node-ip "$addresses"
wait_for "kubelet-$name" kubectl get node "$name"
echo "node $name joined after $SECONDS s"
