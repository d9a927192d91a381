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
  /** Of those of {@code [Conformance]}; the ones of services call them by name first. */
  private static final Pattern NAMES =
      Pattern.compile(
          "\\[sig-network\\] (DNS should (?!support configurable)"
              + "|Services should (serve a basic endpoint|serve multiport endpoints"
              + "|be able to create a functioning NodePort|be able to change the type"
              + "|have session affinity|be able to switch session affinity))");

  private static final int AF_INET = 2;
  private static final int SOCK_STREAM = 1;
  private static final int SCTP = 132;

  /** All of this machine. */
  static List<Exclusion> all() {
    var out = new ArrayList<Exclusion>();
    sctp().ifPresent(out::add);
    out.add(new Exclusion(NAMES, "it asks for names, and the cluster has no DNS server"));
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
            Pattern.compile("Feature:SCTPConnectivity"),
            "the kernel has no SCTP: " + Errno.describe(-socket)));
  }
}
