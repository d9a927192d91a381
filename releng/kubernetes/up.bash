#!/usr/bin/env bash
# up.bash DIR: a real control plane with all its state in DIR. When it returns the cluster is ready
# and DIR/kubeconfig is its administrator's. Needs no root.
#   K8S_BIND   address of all servers (127.0.0.1); nodes need one that they reach
#   K8S_PARTS  beside etcd and the API server ("controller-manager scheduler")
#   K8S_PODS   range of all pods (10.244.0.0/16), of which each node gets a /24
#   K8S_FLAGS  more flags of the API server, with blanks between them
#   K8S_PORT   the API server's port, K8S_ETCD_PORT etcd's (free ones)
#   K8S_AUDIT  anything: every request is a line of DIR/audit.log, without its content
# After down.bash the same command brings the cluster up again with what it held.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.bash"

[[ $# -eq 1 ]] || die "usage: up.bash DIR"
mkdir -p "$1"
cluster_folder "$1"
[[ ! -e $DIR/running ]] || die "$DIR holds a running cluster; end it: down.bash $DIR"
parts=" ${K8S_PARTS-controller-manager scheduler} "
bind=${K8S_BIND:-127.0.0.1}
for program in etcd kube-apiserver kubectl; do
  [[ -x $K8S_BIN/$program ]] || die "$K8S_BIN/$program is missing; build it: build.bash"
done
trap 'status=$?; [[ $status -eq 0 ]] || "$here/down.bash" "$DIR" || true; exit $status' EXIT
: >"$DIR/running"

# What a cluster keeps when it is taken down and brought up again: certificates and ports.
prepare() {
  local api_port etcd_port
  free_port api_port
  free_port etcd_port
  chmod 700 "$DIR"
  mkdir "$DIR/pki"
  echo "https://$bind:${K8S_PORT:-$api_port}" >"$DIR/server"
  echo "https://$bind:${K8S_ETCD_PORT:-$etcd_port}" >"$DIR/etcd-url"
  local names="DNS:kubernetes.default.svc,DNS:localhost,IP:10.96.0.1,IP:127.0.0.1"
  [[ $bind == 127.0.0.1 ]] || names+=",IP:$bind"
  authority ca sekisho-test
  authority front-proxy-ca sekisho-test-front-proxy
  certificate ec ca etcd /CN=etcd "IP:$bind"
  certificate ec ca apiserver /CN=kube-apiserver "$names"
  certificate ec ca apiserver-client /O=system:masters/CN=kube-apiserver
  certificate ec front-proxy-ca front-proxy-client /CN=front-proxy-client
  openssl ecparam -name prime256v1 -genkey -noout -out "$DIR/pki/sa.key"
  kubeconfig rsa admin /O=system:masters/CN=admin "$DIR/kubeconfig"
  kubeconfig ec controller-manager /CN=system:kube-controller-manager "$DIR/controller-manager.kubeconfig"
  kubeconfig ec scheduler /CN=system:kube-scheduler "$DIR/scheduler.kubeconfig"
}

begin_etcd() {
  # Test data need not survive a power cut: no fsync.
  begin etcd "$K8S_BIN/etcd" --name test --data-dir "$DIR/etcd" --unsafe-no-fsync --log-level warn \
    --listen-client-urls "$etcd" --advertise-client-urls "$etcd" \
    --listen-peer-urls unix://peer --initial-advertise-peer-urls unix://peer \
    --initial-cluster test=unix://peer --client-cert-auth --trusted-ca-file "$DIR/pki/ca.crt" \
    --cert-file "$DIR/pki/etcd.crt" --key-file "$DIR/pki/etcd.key"
}

begin_apiserver() {
  local more
  read -ra more <<<"${K8S_FLAGS:-}"
  # Endpoints may not be loopback addresses; without a controller manager there are no service
  # accounts, which admission wants for every pod.
  [[ $bind != 127.* ]] || more+=(--endpoint-reconciler-type none)
  [[ $parts == *' controller-manager '* ]] || more+=(--disable-admission-plugins ServiceAccount)
  if [[ -n ${K8S_AUDIT:-} ]]; then
    printf '%s\n' 'apiVersion: audit.k8s.io/v1' 'kind: Policy' 'omitStages: [RequestReceived]' \
      'rules: [{level: Metadata}]' >"$DIR/audit-policy.yaml"
    more+=(--audit-policy-file "$DIR/audit-policy.yaml" --audit-log-path "$DIR/audit.log")
  fi
  begin kube-apiserver "$K8S_BIN/kube-apiserver" --bind-address "$bind" --advertise-address "$bind" \
    --secure-port "${server##*:}" --etcd-servers "$etcd" --etcd-cafile "$DIR/pki/ca.crt" \
    --etcd-certfile "$DIR/pki/apiserver-client.crt" --etcd-keyfile "$DIR/pki/apiserver-client.key" \
    --tls-cert-file "$DIR/pki/apiserver.crt" --tls-private-key-file "$DIR/pki/apiserver.key" \
    --client-ca-file "$DIR/pki/ca.crt" --authorization-mode Node,RBAC --allow-privileged \
    --enable-admission-plugins NodeRestriction --service-cluster-ip-range 10.96.0.0/16 \
    --service-account-issuer https://kubernetes.default.svc.cluster.local \
    --service-account-key-file "$DIR/pki/sa.key" --service-account-signing-key-file "$DIR/pki/sa.key" \
    --kubelet-client-certificate "$DIR/pki/apiserver-client.crt" \
    --kubelet-client-key "$DIR/pki/apiserver-client.key" \
    --kubelet-preferred-address-types InternalIP \
    --requestheader-client-ca-file "$DIR/pki/front-proxy-ca.crt" \
    --requestheader-allowed-names front-proxy-client \
    --requestheader-username-headers X-Remote-User --requestheader-group-headers X-Remote-Group \
    --requestheader-extra-headers-prefix X-Remote-Extra- \
    --proxy-client-cert-file "$DIR/pki/front-proxy-client.crt" \
    --proxy-client-key-file "$DIR/pki/front-proxy-client.key" "${more[@]}"
}

# By curl: each kubectl takes a tenth of a second of the processor that the server waits for.
is_ready() {
  curl --silent --show-error --fail --noproxy '*' --max-time 5 --cacert "$DIR/pki/ca.crt" \
    --cert "$DIR/pki/admin.crt" --key "$DIR/pki/admin.key" "$server/readyz"
}

# Nobody asks controllers and scheduler, so they listen nowhere: a port could be somebody else's by
# the time that they bind it, and they would end.
begin_controllers() {
  local config=$DIR/controller-manager.kubeconfig
  # Its many service accounts take twice as long with the usual 20 requests a second.
  begin kube-controller-manager "$K8S_BIN/kube-controller-manager" --kubeconfig "$config" \
    --secure-port 0 --leader-elect=false \
    --use-service-account-credentials --service-account-private-key-file "$DIR/pki/sa.key" \
    --root-ca-file "$DIR/pki/ca.crt" --cluster-signing-cert-file "$DIR/pki/ca.crt" \
    --cluster-signing-key-file "$DIR/pki/ca.key" --allocate-node-cidrs \
    --cluster-cidr "${K8S_PODS:-10.244.0.0/16}" --flex-volume-plugin-dir "$DIR/flexvolume" \
    --kube-api-qps 300 --kube-api-burst 600 --node-monitor-grace-period 24h
}

begin_scheduler() {
  begin kube-scheduler "$K8S_BIN/kube-scheduler" --kubeconfig "$DIR/scheduler.kubeconfig" \
    --secure-port 0 --leader-elect=false
}

[[ -e $DIR/pki ]] || prepare
server=$(<"$DIR/server")
etcd=$(<"$DIR/etcd-url")
begin_etcd
begin_apiserver
wait_for kube-apiserver is_ready
if [[ $parts == *' scheduler '* ]]; then begin_scheduler; fi
if [[ $parts == *' controller-manager '* ]]; then
  begin_controllers
  wait_for kube-controller-manager kubectl -n default get serviceaccount default
fi
echo "$server is ready after $SECONDS s: $DIR/kubeconfig"
