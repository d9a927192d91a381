package io.sekisho.lab.kubernetes;

import io.sekisho.libbpf.system.Errno;
import io.sekisho.libbpf.system.SystemCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Specs that cannot run here, whatever we do.
 *
 * @param specs names that match
 * @param why said in their place
 */
record Exclusion(Pattern specs, String why) {
  private static final int AF_INET = 2;
  private static final int SOCK_STREAM = 1;
  private static final int SCTP = 132;

  /** All of this machine. */
  static List<Exclusion> all() {
    var out = new ArrayList<Exclusion>();
    sctp().ifPresent(out::add);
    out.add(
        new Exclusion(
            Pattern.compile("\\[sig-network\\] DNS should (?!provide /etc/hosts)"),
            "the cluster has no DNS server"));
    return List.copyOf(out);
  }

  /** Found by trying: the kernel refuses the socket. */
  private static Optional<Exclusion> sctp() {
    int socket = SystemCalls.socket(AF_INET, SOCK_STREAM, SCTP);
    if (socket >= 0) {
      SystemCalls.close(socket);
      return Optional.empty();
    }
    return Optional.of(
        new Exclusion(
            Pattern.compile("\\[Feature:SCTPConnectivity\\]|Feature:SCTPConnectivity"),
            "the kernel has no SCTP: " + Errno.describe(-socket)));
  }
}
