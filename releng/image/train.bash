#!/usr/bin/env bash
# train.bash LIB LAB...: records the start of the agent whose jars are in LIB, as LIB/agent.aot, which its
# launcher looks for, so that the next starts find classes loaded and linked: once for each build. LAB is
# the command of a lab, which needs root. Where nothing is recorded a sentence says so: agents then
# start, only slower.
set -euo pipefail

[[ $# -ge 2 ]] || { echo "usage: train.bash LIB LAB..." >&2 && exit 1; }
lib=$(cd "$1" && pwd)
shift
recording=$lib/agent.aot
[[ -f $recording && -z $(find "$lib" -name '*.jar' -newer "$recording") ]] && exit
rm -f "$recording"
if said=$(SEKISHO_AOT_OUTPUT=$recording.part "$@" train 2>&1); then
  mv "$recording.part" "$recording"
else
  rm -f "$recording.part"*
  echo "$said" >&2
  echo "train.bash: nothing was recorded, as the lines above say; agents start, only slower" >&2
fi
