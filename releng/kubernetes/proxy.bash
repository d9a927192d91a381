#!/usr/bin/env bash
# proxy.bash DIR NAME: kube-proxy on a node of node.bash, in the network namespace that this is called
# in; nftables do its work.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.bash"

[[ $# -eq 2 ]] || die "usage: proxy.bash DIR NAME"
cluster_folder "$1"
name=$2
node=$DIR/nodes/$name
[[ -d $node ]] || die "$DIR has no node $name"
[[ -x $K8S_BIN/kube-proxy ]] || die "$K8S_BIN/kube-proxy is missing; build it: build.bash kube-proxy"
kubeconfig ec "kube-proxy-$name" /CN=system:kube-proxy "$node/kube-proxy.kubeconfig"
free_port health
free_port metrics
# With other numbers it would change the whole machine's conntrack.
cat >"$node/kube-proxy.yaml" <<Y
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: nftables
clientConnection: {kubeconfig: $node/kube-proxy.kubeconfig}
clusterCIDR: ${K8S_PODS:-10.244.0.0/16}
hostnameOverride: $name
healthzBindAddress: 127.0.0.1:$health
metricsBindAddress: 127.0.0.1:$metrics
conntrack: {maxPerCore: 0, min: 0}
Y
begin "kube-proxy-$name" "$K8S_BIN/kube-proxy" --config "$node/kube-proxy.yaml"
wait_for "kube-proxy-$name" kubectl --server "http://127.0.0.1:$health" get --raw /healthz
echo "kube-proxy of $name is ready after $SECONDS s"
