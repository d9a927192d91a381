# Java 25 wherever it is, and a Maven that works with it.

readonly JAVA_MAJOR=25
readonly MAVEN_VERSION=3.9.11
readonly TOOLS=${XDG_CACHE_HOME:-$HOME/.cache}/sekisho/tools

# is_jdk FOLDER: whether a JDK of our version (or newer) works there.
is_jdk() {
  local line
  [[ -x $1/bin/java && -x $1/bin/javac ]] || return 1
  line=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -1) || return 1
  [[ -n $line && $line -ge $JAVA_MAJOR ]]
}

# jdk_candidates: one folder a line, likely ones first.
jdk_candidates() {
  local java
  [[ -z ${JAVA_HOME:-} ]] || echo "$JAVA_HOME"
  java=$(command -v javac || true)
  [[ -z $java ]] || dirname "$(dirname "$(readlink -f "$java")")"
  local place
  for place in /usr/lib/jvm /usr/java /usr/local /opt /usr/local/lib/jvm /opt/java \
    "${SDKMAN_DIR:-$HOME/.sdkman}/candidates/java" "$HOME/.jdks" "$HOME/.local/share/mise/installs/java" \
    "$HOME/.asdf/installs/java" "${SUDO_HOME:-/nonexistent}/.sdkman/candidates/java"; do
    find -L "$place" -mindepth 1 -maxdepth 1 -type d 2>/dev/null | sort -rV || true
  done
}

# find_jdk: sets and exports JAVA_HOME, installing the distribution's JDK if it has one.
find_jdk() {
  local folder
  while read -r folder; do
    if is_jdk "$folder"; then
      use_jdk "$folder"
      return
    fi
  done < <(jdk_candidates)
  local package=openjdk-$JAVA_MAJOR-jdk
  if ! apt-cache show "$package" >/dev/null 2>&1; then
    die "there is no JDK $JAVA_MAJOR on this machine, and the distribution has no package $package" \
      "unpack one under /opt or /usr/lib/jvm, or set JAVA_HOME"
  fi
  say "installing $package"
  DEBIAN_FRONTEND=noninteractive quietly apt-jdk apt-get install -y -qq --no-install-recommends "$package"
  for folder in /usr/lib/jvm/*; do
    if is_jdk "$folder"; then
      use_jdk "$folder"
      return
    fi
  done
  die "$package is installed, but no JDK $JAVA_MAJOR works" "look at $LOGS/apt-jdk.log"
}

use_jdk() {
  export JAVA_HOME=$1
  export SEKISHO_JAVA=$1/bin/java
  unset JAVA_TOOL_OPTIONS _JAVA_OPTIONS JDK_JAVA_OPTIONS
}

# is_maven PROGRAM: whether it is Maven 3.9 or a later 3 that runs with our Java.
is_maven() {
  local version
  version=$("$1" -v 2>/dev/null | sed -n 's/.*Apache Maven \(3\.[0-9]*\).*/\1/p') || return 1
  [[ -n $version && ${version#3.} -ge 9 ]]
}

# find_maven: sets MAVEN, fetching it with Debian's own if need be.
find_maven() {
  local program
  for program in "$TOOLS/apache-maven-$MAVEN_VERSION/bin/mvn" "${MAVEN_HOME:-/nonexistent}/bin/mvn" \
    "$(command -v mvn || true)"; do
    if [[ -n $program && -x $program ]] && is_maven "$program"; then
      MAVEN=$program
      return
    fi
  done
  say "fetching Maven $MAVEN_VERSION"
  fetch_maven
  MAVEN=$TOOLS/apache-maven-$MAVEN_VERSION/bin/mvn
  is_maven "$MAVEN" || die "Maven $MAVEN_VERSION does not run" "try $MAVEN -v"
}

# distribution_java: a Java that the distribution's own Maven runs with, which ours may be too new
# for; nothing if there is none below /usr/lib/jvm, and mvn then looks on the PATH.
distribution_java() {
  local folder
  for folder in /usr/lib/jvm/default-java /usr/lib/jvm/java-{17,21}-openjdk-*; do
    if [[ -x $folder/bin/java ]]; then
      echo "$folder"
      return
    fi
  done
}

# Debian's Maven is too old for the build, not for fetching a newer one; it runs on Debian's Java.
fetch_maven() {
  local folder older
  mkdir -p "$TOOLS"
  folder=$(mktemp -d "$TOOLS/fetch.XXXXXX")
  (
    cd "$folder"
    older=$(distribution_java)
    if [[ -n $older ]]; then
      export JAVA_HOME=$older
    else
      unset JAVA_HOME
    fi
    quietly fetch-maven /usr/bin/mvn -B -q -C dependency:copy \
      -Dartifact="org.apache.maven:apache-maven:$MAVEN_VERSION:tar.gz:bin" -DoutputDirectory="$folder"
  )
  tar -xzf "$folder/apache-maven-$MAVEN_VERSION-bin.tar.gz" -C "$folder"
  [[ -d $TOOLS/apache-maven-$MAVEN_VERSION ]] \
    || mv "$folder/apache-maven-$MAVEN_VERSION" "$TOOLS/apache-maven-$MAVEN_VERSION"
  rm -rf "$folder"
}
