#!/usr/bin/env bash
# user.bash DIR NAME SUBJECT FILE: a user of the cluster of up.bash, known by a client certificate
# with a subject such as /O=sekisho:agents/CN=n1; FILE is the kubeconfig.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.bash"
[[ $# -eq 4 ]] || die "usage: user.bash DIR NAME SUBJECT FILE"
cluster_folder "$1"
kubeconfig rsa "$2" "$3" "$4"
