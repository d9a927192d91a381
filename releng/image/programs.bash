#!/usr/bin/env bash
# programs.bash ROOT PART...: what we ship, below ROOT/usr/lib/sekisho, from the build's products:
#   jre    the Java modules that the agent and the CNI plugin need, and their ready-made classes
#   agent  sekisho-agent, with a link in ROOT/usr/bin
#   cni    the CNI plugin
# The same products give the same bytes. Needs JAVA_HOME (a JDK 25).
set -euo pipefail

[[ $# -ge 2 ]] || { echo "usage: programs.bash ROOT jre|agent|cni..." >&2 && exit 1; }
umask 022
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
lib=$1/usr/lib/sekisho
shift

# What the jars use: java.naming for certificates, java.xml for Jackson, the HTTP server for probes,
# jdk.unsupported for Netty and jnr-ffi.
readonly MODULES=java.base,java.logging,java.management,java.naming,java.net.http,java.xml,jdk.httpserver,jdk.unsupported

put_jre() {
  "${JAVA_HOME:?}/bin/jlink" --add-modules "$MODULES" --strip-debug --no-header-files --no-man-pages \
    --compress zip-0 --output "$lib/jre"
  # by the collector and the headers that the agent's launcher asks for
  "$lib/jre/bin/java" -XX:+UseSerialGC -XX:+UseCompactObjectHeaders -Xshare:dump >/dev/null 2>&1
  rm -f "$lib/jre/bin/jrunscript" "$lib/jre/bin/jwebserver"
}

# product FOLDER: the folder, which the build must have made.
product() {
  [[ -d $home/$1 ]] || { echo "programs.bash: $1 is missing: build first" >&2 && exit 1; }
  echo "$home/$1"
}

put_agent() {
  local dist
  dist=$(product node-agent/cli/target/dist)
  mkdir -p "$lib/agent" "${lib%/lib/sekisho}/bin"
  cp -r "$dist/bin" "$dist/lib" "$lib/agent/"
  rm -f "$lib/agent/lib/agent.aot"
  ln -sfn ../lib/sekisho/agent/bin/sekisho-agent "${lib%/lib/sekisho}/bin/sekisho-agent"
}

# Without the classes that the build kept ready: they fit the build's JDK alone.
put_cni() {
  local dist
  dist=$(product node-agent/cni/target/dist)
  mkdir -p "$lib/cni"
  cp -r "$dist/bin" "$dist/lib" "$lib/cni/"
  rm -f "$lib"/cni/lib/*.aot
}

mkdir -p "$lib"
for part in "$@"; do
  "put_$part"
done
chmod -R u=rwX,go=rX "$lib"
