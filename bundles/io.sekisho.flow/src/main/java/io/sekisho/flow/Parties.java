package io.sekisho.flow;

import io.sekisho.api.flow.Endpoint;
import io.sekisho.flow.Party.Kind;
import java.util.List;

/** Ends of a flow on the wire to {@link Party}s. */
final class Parties {
  private static final int HOST = 1;
  private static final int WORLD = 2;
  private static final int REMOTE_NODE = 6;

  /** From here on a number stands for a CIDR of one node: 2^24. */
  private static final int FIRST_LOCAL = 1 << 24;

  private static final String CIDR = "cidr:";

  private Parties() {}

  /**
   * Who an end is.
   *
   * @param endpoint what the flow tells of it
   * @param address its address in text form, empty if unknown
   * @param observer the node that saw the flow
   */
  static Party of(Endpoint endpoint, String address, String observer) {
    List<String> labels = endpoint.getLabelsList();
    int identity = endpoint.getIdentity();
    if (!endpoint.getPodName().isEmpty() || endpoint.getWorkloadsCount() > 0) {
      return workload(endpoint, address);
    }
    if (identity == HOST || labels.contains("reserved:host")) {
      return new Party(Kind.NODE, "", shown(observer, "host"), "", address, identity);
    }
    if (identity == REMOTE_NODE || labels.contains("reserved:remote-node")) {
      return new Party(Kind.NODE, "", shown(address, "remote-node"), "", address, identity);
    }
    if (isOutside(identity, labels)) {
      return new Party(Kind.OUTSIDE, "", outside(labels, address), "", address, identity);
    }
    if (!endpoint.getNamespace().isEmpty()) {
      return workload(endpoint, address);
    }
    return new Party(Kind.UNKNOWN, "", shown(address, "unknown"), "", address, identity);
  }

  private static Party workload(Endpoint endpoint, String address) {
    String name =
        endpoint.getWorkloadsCount() > 0
            ? endpoint.getWorkloads(0).getName()
            : shown(
                endpoint.getPodName(),
                "identity " + Integer.toUnsignedString(endpoint.getIdentity()));
    return new Party(
        Kind.WORKLOAD,
        endpoint.getNamespace(),
        name,
        endpoint.getPodName(),
        address,
        endpoint.getIdentity());
  }

  private static boolean isOutside(int identity, List<String> labels) {
    return identity == WORLD
        || Integer.compareUnsigned(identity, FIRST_LOCAL) >= 0
        || labels.contains("reserved:world")
        || labels.stream().anyMatch(l -> l.startsWith(CIDR));
  }

  /** The CIDR that a document names, else the address: it tells more than "world". */
  private static String outside(List<String> labels, String address) {
    return labels.stream()
        .filter(l -> l.startsWith(CIDR))
        .map(l -> l.substring(CIDR.length()))
        .findFirst()
        .orElse(shown(address, "world"));
  }

  private static String shown(String text, String otherwise) {
    return text.isEmpty() ? otherwise : text;
  }
}
