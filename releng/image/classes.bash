#!/usr/bin/env bash
# classes.bash ROOT FILE: the agent's classes, loaded and linked, for exactly the Java and the jars that
# programs.bash put below ROOT: recorded while that agent runs in a lab of its own, which needs root and the
# build. What was recorded last is kept in target/image, so that the same programs get the same bytes.
# Of several at once one records, and the others take what it recorded. The times of all programs become
# those of the packages: the JVM compares them. Without a lab there is no FILE, and a sentence says so;
# agents then start, only slower.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

[[ $# -eq 2 ]] || { echo "usage: classes.bash ROOT FILE" >&2 && exit 1; }
lib=$(cd "$1/usr/lib/sekisho" && pwd)
kept=$home/target/image/classes
lab=$home/node-agent/lab/target/dist/bin/sekisho-lab

find "$lib" -exec touch --no-dereference --date=@0 {} +
mkdir -p "$(dirname "$kept")"
exec 9>"$kept.lock"
flock 9
sum=$(cd "$lib" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1)
if [[ $(cat "$kept.of" 2>/dev/null) != "$sum" ]]; then
  rm -f "$kept" "$kept.of" "$kept.part"
  if ! SEKISHO_AOT_OUTPUT=$kept.part "$lab" train --programs "$lib" >"$kept.log" 2>&1 9>&-; then
    rm -f "$kept.part"*
    echo "classes.bash: nothing was recorded (see $kept.log); agents start without, only slower" >&2
    exit 0
  fi
  mv "$kept.part" "$kept"
  echo "$sum" >"$kept.of"
fi
install -Dm644 --no-target-directory "$kept" "$2"
touch --date=@0 "$2"
