package io.sekisho.agent.datapath;

import io.sekisho.policy.Cidr;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The settings that the verifier takes as constants: {@code struct node_config} of bpf/config.h.
 *
 * @param overlayIndex the overlay device; 0 without one
 * @param underlayIndex the device to the outside
 * @param aggregationSeconds how often an open connection is reported without news
 * @param routing how pods' packets travel to other nodes
 * @param outer whether the programs may make the tunnel's outer headers; the first own address is
 *     the tunnel's end then
 * @param ethernet whether the underlay's frames begin with an Ethernet header
 * @param overlayPort UDP port of the tunnel; 0 without one
 * @param masquerade ports of masqueraded connections
 * @param masqueraded the addresses that they get, at most one of each family; none: no masquerade
 * @param addresses the node's own addresses, at most {@link #ADDRESSES}
 */
record NodeSettings(
    int overlayIndex,
    int underlayIndex,
    int aggregationSeconds,
    Routing routing,
    boolean outer,
    boolean ethernet,
    int overlayPort,
    Masquerade masquerade,
    List<InetAddress> masqueraded,
    List<InetAddress> addresses) {
  /** LAYOUT_VERSION. */
  static final int LAYOUT_VERSION = 3;

  /** NODE_ADDRESSES. */
  static final int ADDRESSES = 8;

  static final int SIZE = 192;

  /** Name of the variable that holds them. */
  static final String VARIABLE = "config";

  private static final int EVENT_WAKEUP_BYTES = 256 * 1024;
  private static final int ADDRESSES_OFFSET = 32;
  private static final int MASQUERADE_IPV4_OFFSET = 160;
  private static final int MASQUERADE_IPV6_OFFSET = 176;

  /** NODE_NATIVE_ROUTING. */
  private static final int NATIVE_ROUTING = 1;

  /** NODE_ETHERNET. */
  private static final int ETHERNET = 1 << 1;

  /** NODE_OUTER. */
  private static final int OUTER = 1 << 2;

  /** NODE_GENEVE. */
  private static final int GENEVE = 1 << 3;

  /**
   * SYN, FIN and RST (RFC 9293, 3.1) are news once from each side: what opens and ends a
   * connection. ACK and PSH would say no more, and cost three events of a short connection's seven.
   */
  private static final byte REPORT_TCP_FLAGS = 0x07;

  NodeSettings {
    addresses = List.copyOf(addresses);
    masqueraded = List.copyOf(masqueraded);
    if (addresses.size() > ADDRESSES) {
      throw new DatapathException(
          DatapathException.Code.LOAD_FAILED,
          "a node has at most " + ADDRESSES + " own addresses, not " + addresses.size());
    }
  }

  byte[] encode() {
    var to = ByteBuffer.allocate(SIZE).order(ByteOrder.nativeOrder());
    to.putInt(LAYOUT_VERSION)
        .putInt(overlayIndex)
        .putInt(underlayIndex)
        .putInt(EVENT_WAKEUP_BYTES)
        .putLong(aggregationSeconds * 1_000_000_000L)
        .put(REPORT_TCP_FLAGS)
        .put((byte) flags())
        .putShort((short) overlayPort)
        .putShort((short) masquerade.firstPort())
        .putShort((short) masquerade.lastPort());
    to.position(ADDRESSES_OFFSET);
    addresses.forEach(address -> to.put(Cidr.of(address).bytes()));
    for (InetAddress address : masqueraded) {
      int offset = PodInterface.isIpv4(address) ? MASQUERADE_IPV4_OFFSET : MASQUERADE_IPV6_OFFSET;
      to.position(offset).put(Cidr.of(address).bytes());
    }
    return to.array();
  }

  private int flags() {
    return (routing == Routing.NATIVE ? NATIVE_ROUTING : 0)
        | (routing == Routing.GENEVE ? GENEVE : 0)
        | (ethernet ? ETHERNET : 0)
        | (outer ? OUTER : 0);
  }

  /** The layout version that an object was compiled with. */
  static int layoutVersion(byte[] encoded) {
    return ByteBuffer.wrap(encoded).order(ByteOrder.nativeOrder()).getInt(0);
  }
}
