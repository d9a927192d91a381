#!/bin/sh
# Runs inside a test kernel: guest.sh SEKISHO_HOME JAVA_HOME WAY... One line for each check, "ok" or "FAILED".
home=$1
SEKISHO_JAVA=$2/bin/java
export SEKISHO_JAVA
shift 2
status=0
# what waits in a socket while a program gets no processor is not lost
echo 1048576 >/proc/sys/net/core/rmem_max
echo "Linux $(uname -r)"
if said=$("$home/node-agent/cli/target/dist/bin/sekisho-agent" doctor 2>&1); then
  echo "ok doctor"
else
  echo "FAILED doctor"
  status=1
fi
echo "$said" | sed 's/^/  /'
# the agent's jars first, in its launcher's order, and its flags: what its cache holds of them is ready here, too
lib=$home/node-agent/cli/target/dist/lib
jars=$(LC_ALL=C && for jar in "$lib"/*.jar; do printf '%s:' "$jar"; done)
set -- -cp "$jars$home/releng/vm/target/vm-0.1.0-SNAPSHOT.jar:$home/node-agent/lab/target/dist/lib/*" io.sekisho.vm.GuestCheck "$@"
if [ -f "$lib/agent.aot" ]; then
  set -- -XX:AOTCache="$lib/agent.aot" -XX:+UseCompactObjectHeaders -XX:+UnlockDiagnosticVMOptions \
    -XX:ArchiveRelocationMode=0 -XX:-AOTAdapterCaching -XX:-AOTStubCaching -Xlog:aot=off -Xlog:cds=off "$@"
fi
"$SEKISHO_JAVA" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx256m "$@" || status=1
exit $status
