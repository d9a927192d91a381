# shellcheck shell=bash
# For the scripts of this folder: places, processes with their pids and logs, certificates.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# Servers of tests have memory to spare and the processor not: Go collects garbage less often.
export GOGC=${GOGC:-400}

K8S_BIN=${K8S_BIN:-${XDG_CACHE_HOME:-$HOME/.cache}/sekisho/kubernetes}

die() {
  echo "${0##*/}: $*" >&2
  exit 1
}

# cluster_folder PATH: sets DIR. Unix sockets below it have 107 bytes for their whole name.
cluster_folder() {
  DIR=$(cd "$1" && pwd) || exit 1
  [[ $DIR != *' '* && ${#DIR} -le 60 ]] || die "$DIR: at most 60 characters, without blanks"
}

# free_port VARIABLE: a TCP port that nobody listens on, below the range for outgoing connections.
taken=' '
free_port() {
  local candidate
  while :; do
    candidate=$((20000 + RANDOM % 12000))
    [[ $taken != *" $candidate "* ]] || continue
    [[ -z $(ss -Hltn "sport = :$candidate") ]] || continue
    taken+="$candidate "
    printf -v "$1" %s "$candidate"
    return
  done
}

# begin NAME COMMAND...: in a session of its own; pid in DIR/NAME.pid, output in DIR/NAME.log. Returns
# when it is the command: until then `runs` takes the shell between them for one that has ended.
begin() {
  local name=$1 tries
  shift
  (cd "$DIR" && exec setsid "$@") </dev/null >>"$DIR/$name.log" 2>&1 &
  echo "$!" >"$DIR/$name.pid"
  for ((tries = 0; tries < 500; tries++)); do
    if runs "$name" || ! kill -0 "$!" 2>/dev/null; then break; fi
    sleep 0.01
  done
}

# runs NAME: whether the process that `begin` started is there. Every command line of ours names
# a file below DIR, so that a pid which went to somebody else is not taken for it.
runs() {
  local pid
  pid=$(cat "$DIR/$1.pid" 2>/dev/null) || return 1
  tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "$DIR/"
}

# finish NAME: TERM, after ten seconds KILL.
finish() {
  local pid tries
  if runs "$1"; then
    pid=$(<"$DIR/$1.pid")
    kill -TERM "$pid" 2>/dev/null || true
    for ((tries = 0; tries < 200; tries++)); do
      runs "$1" || break
      sleep 0.05
    done
    if runs "$1"; then kill -KILL "$pid" 2>/dev/null || true; fi
  fi
  rm -f "$DIR/$1.pid"
}

# wait_for NAME COMMAND...: until it succeeds, two minutes at most; at once over when a process of
# ours has ended.
wait_for() {
  local name=$1 end=$((SECONDS + 120)) file
  shift
  until "$@" >/dev/null 2>"$DIR/wait.log"; do
    for file in "$DIR"/*.pid; do
      file=$(basename "$file" .pid)
      if ! runs "$file"; then
        tail -n 5 "$DIR/$file.log" >&2
        die "$file ended; its log is $DIR/$file.log"
      fi
    done
    if ((SECONDS > end)); then
      cat "$DIR/wait.log" >&2
      die "$name is not ready; its log is $DIR/$name.log"
    fi
    sleep 0.1
  done
}

kubectl() {
  KUBECACHEDIR=$DIR/kubectl "$K8S_BIN/kubectl" --kubeconfig "$DIR/kubeconfig" --request-timeout 5s "$@"
}

# new_key KIND: openssl's words for a new key. RSA, of 2048 bits, where fabric8 reads it, which takes a
# PKCS#8 key for one; else EC, which takes no time to make.
new_key() {
  case $1 in
    rsa) echo -newkey rsa:2048 ;;
    ec) echo -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 ;;
  esac
}

# authority NAME COMMON_NAME: a key and a self-signed certificate in DIR/pki.
authority() {
  # shellcheck disable=SC2046 # words
  openssl req -x509 $(new_key ec) -nodes -sha256 -days 365 \
    -subj "/CN=$2" -addext keyUsage=critical,keyCertSign,cRLSign,digitalSignature \
    -keyout "$DIR/pki/$1.key" -out "$DIR/pki/$1.crt" 2>/dev/null
}

# certificate KIND AUTHORITY NAME SUBJECT [NAMES]: for servers with NAMES (and for clients), else for
# clients.
certificate() {
  local pki=$DIR/pki usage=clientAuth extensions
  [[ -z ${5:-} ]] || usage=serverAuth,clientAuth
  extensions=$(printf '%s\n' basicConstraints=critical,CA:FALSE \
    keyUsage=critical,digitalSignature "extendedKeyUsage=$usage" ${5:+"subjectAltName=$5"})
  # shellcheck disable=SC2046 # words
  openssl req -new $(new_key "$1") -nodes -subj "$4" -keyout "$pki/$3.key" 2>/dev/null \
    | openssl x509 -req -sha256 -days 365 -CA "$pki/$2.crt" -CAkey "$pki/$2.key" \
      -set_serial "0x$(openssl rand -hex 16)" -extfile <(echo "$extensions") \
      -out "$pki/$3.crt" 2>/dev/null
}

# kubeconfig KIND NAME SUBJECT FILE: a user of the cluster by a client certificate.
kubeconfig() {
  certificate "$1" ca "$2" "$3"
  (umask 077 && cat >"$4") <<Y
apiVersion: v1
kind: Config
clusters:
- name: test
  cluster: {server: "$(<"$DIR/server")", certificate-authority: $DIR/pki/ca.crt}
users:
- name: $2
  user: {client-certificate: $DIR/pki/$2.crt, client-key: $DIR/pki/$2.key}
contexts:
- name: test
  context: {cluster: test, user: $2}
current-context: test
Y
}

# cgroup_trees: where cgroups hang: one tree of version 2, or one for each controller.
cgroup_trees() {
  if [[ -e /sys/fs/cgroup/cgroup.controllers ]]; then
    echo /sys/fs/cgroup
  else
    find /sys/fs/cgroup -mindepth 1 -maxdepth 1 -type d
  fi
}

# What kubelets set for the whole machine, as it was before the first of them, and in `of` a link to the
# folder of each cluster that has nodes: several may be up at once.
readonly MACHINE=/run/sekisho-kubernetes

# of_machine COMMAND...: one at a time. The lock is no file of $MACHINE, which comes and goes.
of_machine() {
  (
    flock 9
    "$@"
  ) 9>/run/lock/sekisho-kubernetes
}

keep_settings() {
  local key
  mkdir -p "$MACHINE/of"
  ln -sfn "$DIR" "$MACHINE/of/${DIR//\//_}"
  [[ ! -e $MACHINE/sysctl ]] || return 0
  for key in vm/overcommit_memory vm/panic_on_oom kernel/panic kernel/panic_on_oops \
    kernel/keys/root_maxkeys kernel/keys/root_maxbytes; do
    echo "$key $(<"/proc/sys/$key")"
  done >"$MACHINE/sysctl.part"
  mv "$MACHINE/sysctl.part" "$MACHINE/sysctl"
}

# Clusters whose folder is gone count no more: nobody can end them.
put_settings_back() {
  local key value cluster
  rm "$MACHINE/of/${DIR//\//_}"
  for cluster in "$MACHINE"/of/*; do
    [[ ! -e $cluster ]] || return 0
    rm -f "$cluster"
  done
  while read -r key value; do
    echo "$value" >"/proc/sys/$key" || true
  done <"$MACHINE/sysctl"
  rm -r "$MACHINE"
}

# machine_settings: keeps what a kubelet is about to set, until the last cluster with nodes is taken
# down by machine_settings_back.
machine_settings() { of_machine keep_settings; }
machine_settings_back() { [[ ! -L $MACHINE/of/${DIR//\//_} ]] || of_machine put_settings_back; }
