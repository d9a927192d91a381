package io.sekisho.lab.kubernetes;

import io.sekisho.libbpf.system.Errno;
import io.sekisho.libbpf.system.SystemCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Specs that do not run, and why.
 *
 * @param specs names that match
 * @param why said in their place
 */
record Exclusion(Pattern specs, String why) {
  /** Of those of {@code [Conformance]}; the ones of services call them by name first. */
  private static final Pattern NAMES =
      Pattern.compile(
          "\\[sig-network\\] (DNS should (?!support configurable|provide /etc/hosts)"
              + "|Services should (serve a basic endpoint|serve multiport endpoints"
              + "|be able to create a functioning NodePort|be able to change the type"
              + "|have session affinity|be able to switch session affinity))");

  /** They connect to ports of nodes, which our programs do not serve. */
  private static final Pattern NODE_PORTS =
      Pattern.compile(
          "\\[sig-network\\] Services should (be able to create a functioning NodePort"
              + "|be able to change the type from ExternalName to NodePort"
              + "|have session affinity work for NodePort"
              + "|be able to switch session affinity for NodePort)");

  private static final int AF_INET = 2;
  private static final int SOCK_STREAM = 1;
  private static final int SCTP = 132;

  /**
   * All that hold here.
   *
   * @param proxy whether kube-proxy runs beside us
   */
  static List<Exclusion> all(boolean proxy) {
    var out = new ArrayList<Exclusion>();
    sctp().ifPresent(out::add);
    NameService.missing().ifPresent(why -> out.add(new Exclusion(NAMES, "it asks names: " + why)));
    if (!proxy) {
      out.add(new Exclusion(NODE_PORTS, "ports of nodes: it runs where kube-proxy runs beside us"));
    }
    return List.copyOf(out);
  }

  /** The first one of these that this spec matches. */
  static Optional<Exclusion> of(String name, List<Exclusion> all) {
    return all.stream().filter(e -> e.specs().matcher(name).find()).findFirst();
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
