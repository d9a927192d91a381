package io.sekisho.testkit.dataplane;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What programs are told of their node before they are loaded (struct node_config).
 *
 * @param eventRingBytes size of the event ring, a power of two of at least a page
 * @param nativeRouting whether pods' packets travel as they are, without overlay
 * @param masqueradeIpv4 source of what leaves the cluster, empty for none
 * @param masqueradeIpv6 the same for IPv6
 * @param firstPort first port that masqueraded connections get
 * @param lastPort last one, included
 * @param ethernet whether the underlay's frames have an Ethernet header
 */
public record NodeSettings(
    int eventRingBytes,
    boolean nativeRouting,
    String masqueradeIpv4,
    String masqueradeIpv6,
    int firstPort,
    int lastPort,
    boolean ethernet) {
  /** A node with an overlay that masquerades, with a ring that no test fills. */
  public static final NodeSettings USUAL =
      new NodeSettings(
          1 << 20, false, Dataplane.NODE_IPV4, Dataplane.NODE_IPV6, 49_152, 65_535, true);

  private static final int LAYOUT_VERSION = 2;
  private static final int NATIVE_ROUTING = 1;
  private static final int ETHERNET = 1 << 1;
  private static final int OVERLAY_PORT = 8472;

  /** The same with another event ring. */
  public NodeSettings eventRing(int bytes) {
    return new NodeSettings(
        bytes, nativeRouting, masqueradeIpv4, masqueradeIpv6, firstPort, lastPort, ethernet);
  }

  /** The same without overlay. */
  public NodeSettings withNativeRouting() {
    return new NodeSettings(
        eventRingBytes, true, masqueradeIpv4, masqueradeIpv6, firstPort, lastPort, ethernet);
  }

  /** The same with other addresses for what leaves the cluster, empty for none. */
  public NodeSettings masquerade(String ipv4, String ipv6) {
    return new NodeSettings(
        eventRingBytes, nativeRouting, ipv4, ipv6, firstPort, lastPort, ethernet);
  }

  /** The same with other ports for what leaves the cluster. */
  public NodeSettings ports(int first, int last) {
    return new NodeSettings(
        eventRingBytes, nativeRouting, masqueradeIpv4, masqueradeIpv6, first, last, ethernet);
  }

  /** The same with an underlay that has no Ethernet header. */
  public NodeSettings withoutEthernet() {
    return new NodeSettings(
        eventRingBytes, nativeRouting, masqueradeIpv4, masqueradeIpv6, firstPort, lastPort, false);
  }

  /** struct node_config of config.h. */
  byte[] config(int overlay, int underlay) {
    ByteBuffer config = ByteBuffer.allocate(192).order(ByteOrder.nativeOrder());
    config.putInt(LAYOUT_VERSION).putInt(nativeRouting ? 0 : overlay).putInt(underlay);
    config.putInt(0).putLong(Dataplane.AGGREGATION).put((byte) 0xff);
    config.put((byte) ((ethernet ? ETHERNET : 0) | (nativeRouting ? NATIVE_ROUTING : 0)));
    config.putShort((short) (nativeRouting ? 0 : OVERLAY_PORT));
    config.putShort((short) firstPort).putShort((short) lastPort);
    config.put(Layouts.ADDRESS.encode(Dataplane.NODE_IPV4));
    config.put(Layouts.ADDRESS.encode(Dataplane.NODE_IPV6));
    config.position(160).put(Layouts.ADDRESS.encode(masqueradeIpv4));
    config.put(Layouts.ADDRESS.encode(masqueradeIpv6));
    return config.array();
  }
}
