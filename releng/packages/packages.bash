#!/usr/bin/env bash
# packages.bash FOLDER [agent|console]...: Debian packages of the build's products, all unless named.
# Needs JAVA_HOME (a JDK 25).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=$(cd "$here/../.." && pwd)
# shellcheck source=releng/packages/deb.bash
source "$here/deb.bash"

[[ $# -ge 1 ]] || { echo "usage: packages.bash FOLDER [agent|console]..." >&2 && exit 1; }
umask 022
mkdir -p "$1"
target=$(cd "$1" && pwd)
shift
version=$("$home/releng/image/version.bash")
work=$(mktemp -d "$target/packages.XXXXXX")
trap 'rm -rf "$work"' EXIT

# What the console and Eclipse use of Java.
readonly CONSOLE_MODULES=java.se,jdk.unsupported,jdk.crypto.ec,jdk.xml.dom,jdk.zipfs

package_agent() {
  local root=$work/agent
  "$home/releng/image/programs.bash" "$root" jre agent cni
  "$home/releng/image/classes.bash" "$root" "$root/usr/lib/sekisho/agent/lib/agent.aot"
  install -Dm644 "$here/agent/sekisho-agent.service" "$root/usr/lib/systemd/system/sekisho-agent.service"
  install -Dm644 "$here/agent/agent.yaml.example" "$root/usr/share/doc/sekisho-agent/examples/agent.yaml"
  mkdir -p "$root/usr/lib/cni" "$root/usr/share/bash-completion/completions" "$root/DEBIAN"
  ln -s ../sekisho/cni/bin/sekisho-cni "$root/usr/lib/cni/sekisho"
  "$root/usr/bin/sekisho-agent" completion >"$root/usr/share/bash-completion/completions/sekisho-agent"
  install -m755 "$here"/agent/{postinst,prerm,postrm} "$root/DEBIAN/"
  deb "$root" "$target/sekisho-agent_${version}_amd64.deb" sekisho-agent 'libc6 (>= 2.34), libbpf1, libelf1, zlib1g' net
}

package_console() {
  local root=$work/console product launcher
  launcher=$(find "$home/releng/io.sekisho.console.product/target/products" -path '*/linux/gtk/x86_64/*' \
    -name sekisho-console -type f 2>/dev/null | sort | sed -n 1p)
  [[ -n $launcher ]] || { echo "packages.bash: the console is not built" >&2 && exit 1; }
  product=$(dirname "$launcher")
  mkdir -p "$root/usr/lib" "$root/DEBIAN"
  cp -r "$product" "$root/usr/lib/sekisho-console"
  # written when it runs, and other each time it is built
  rm -rf "$root"/usr/lib/sekisho-console/{p2,configuration/org.eclipse.*/.manager,workspace}
  "${JAVA_HOME:?}/bin/jlink" --add-modules "$CONSOLE_MODULES" --strip-debug --no-header-files \
    --no-man-pages --compress zip-0 --output "$root/usr/lib/sekisho-console/jre"
  install -Dm755 "$here/console/sekisho-console" "$root/usr/bin/sekisho-console"
  install -Dm644 "$here/console/sekisho-console.desktop" "$root/usr/share/applications/sekisho-console.desktop"
  install -Dm644 "$here/console/sekisho-console.svg" "$root/usr/share/icons/hicolor/scalable/apps/sekisho-console.svg"
  install -m755 "$here/console/postrm" "$root/DEBIAN/"
  deb "$root" "$target/sekisho-console_${version}_amd64.deb" sekisho-console \
    'libc6 (>= 2.34), libgtk-3-0, libxtst6, libxi6, librsvg2-common' net
}

[[ $# -gt 0 ]] || set -- agent console
for part in "$@"; do
  [[ $part == agent || $part == console ]] || { echo "packages.bash: there is no package $part" >&2 && exit 1; }
  "package_$part"
done
for file in "$target"/sekisho-*.deb; do
  printf '%s, %d MB\n' "$file" $(($(stat -c %s "$file") / 1000000))
done
