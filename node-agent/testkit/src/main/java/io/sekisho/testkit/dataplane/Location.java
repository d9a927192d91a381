package io.sekisho.testkit.dataplane;

/**
 * A prefix of the ipcache and whose it is.
 *
 * @param address in text form
 * @param prefixLength leading bits of the address's own family
 * @param identity number
 * @param node underlay address of the node behind which it is, empty for none
 * @param direct whether what pods send there keeps their address
 */
public record Location(
    String address, int prefixLength, int identity, String node, boolean direct) {
  /** A prefix to which pods do not send under their own address unless it is behind a node. */
  public Location(String address, int prefixLength, int identity, String node) {
    this(address, prefixLength, identity, node, !node.isEmpty());
  }

  /** The prefix's length in the 128 bits of the map. */
  int mappedLength() {
    return address.contains(":") ? prefixLength : prefixLength + 96;
  }
}
