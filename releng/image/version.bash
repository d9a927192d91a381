#!/usr/bin/env bash
# version.bash: prints the version of what is built, as the root pom says it, without -SNAPSHOT.
set -euo pipefail
pom=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/pom.xml
sed -n '0,/<version>/s/.*<version>\([^<]*\)<.*/\1/p' "$pom" | sed 's/-SNAPSHOT$//'
