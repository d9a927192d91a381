package io.sekisho.agent.datapath;

import java.util.List;
import java.util.Optional;

/**
 * The node's address takes the place of the pod's in what leaves the cluster.
 *
 * @param firstPort first port (and echo id) that masqueraded connections get
 * @param lastPort last one, included
 * @param devices names of the devices on which that is done beside the underlay; empty for those
 *     that default routes of the main table leave by
 */
public record Masquerade(int firstPort, int lastPort, Optional<List<String>> devices) {
  /** The dynamic ports of RFC 6335; the node's own programs keep what lies below. */
  public static final Masquerade USUAL = new Masquerade(49_152, 65_535);

  /** Keeps an immutable copy. */
  public Masquerade {
    devices = devices.map(List::copyOf);
  }

  /** On the underlay and wherever default routes lead. */
  public Masquerade(int firstPort, int lastPort) {
    this(firstPort, lastPort, Optional.empty());
  }

  /** With the same ports, on the underlay and these devices alone. */
  public Masquerade on(List<String> names) {
    return new Masquerade(firstPort, lastPort, Optional.of(names));
  }
}
