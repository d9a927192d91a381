package io.sekisho.testkit.dataplane;

/**
 * A prefix of the ipcache and whose it is.
 *
 * @param address in text form
 * @param prefixLength leading bits of the address's own family
 * @param identity number
 * @param node underlay address of the node behind which it is, empty for none
 * @param direct whether what pods send there keeps their address
 * @param own whether only the node's own pods have it
 */
public record Location(
    String address, int prefixLength, int identity, String node, boolean direct, boolean own) {
  private static final int WORLD = 2;
  private static final int REMOTE_NODE = 6;
  private static final int FIRST_POD = 256;
  private static final int FIRST_LOCAL = 1 << 24;

  /** Not the node's own pods'. */
  public Location(String address, int prefixLength, int identity, String node, boolean direct) {
    this(address, prefixLength, identity, node, direct, false);
  }

  /** A prefix to which pods do not send under their own address unless it is behind a node. */
  public Location(String address, int prefixLength, int identity, String node) {
    this(address, prefixLength, identity, node, !node.isEmpty());
  }

  /** A range of the node's own pods. */
  public static Location own(String address, int prefixLength) {
    return new Location(address, prefixLength, WORLD, "", true, true);
  }

  /**
   * Whether another node's pod has it, or another node; by this, pods of the node are not direct.
   */
  boolean elsewhere() {
    boolean pod = identity >= FIRST_POD && identity < FIRST_LOCAL;
    return direct && !own && (pod || identity == REMOTE_NODE);
  }

  /** The prefix's length in the 128 bits of the map. */
  int mappedLength() {
    return address.contains(":") ? prefixLength : prefixLength + 96;
  }
}
