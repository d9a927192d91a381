package io.sekisho.testkit.dataplane;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.Set;

/**
 * What programs are told of their node before they are loaded (struct node_config).
 *
 * @param eventRingBytes size of the event ring, a power of two of at least a page
 * @param flags what kind of node it is
 * @param masqueradeIpv4 source of what leaves the cluster, empty for none
 * @param masqueradeIpv6 the same for IPv6
 * @param firstPort first port that masqueraded connections get
 * @param lastPort last one, included
 */
public record NodeSettings(
    int eventRingBytes,
    Set<Flag> flags,
    String masqueradeIpv4,
    String masqueradeIpv6,
    int firstPort,
    int lastPort) {
  /** enum node_flag, by bits. */
  public enum Flag {
    /** Pods' packets travel as they are, without overlay. */
    NATIVE_ROUTING,
    /** The underlay's frames have an Ethernet header. */
    ETHERNET,
    /** The programs may make the tunnel's outer headers. */
    OUTER,
    /** The overlay is Geneve, else VXLAN. */
    GENEVE
  }

  /** A node with an overlay that masquerades, with a ring that no test fills. */
  public static final NodeSettings USUAL =
      new NodeSettings(
          1 << 20,
          EnumSet.of(Flag.ETHERNET, Flag.OUTER),
          Dataplane.NODE_IPV4,
          Dataplane.NODE_IPV6,
          49_152,
          65_535);

  private static final int LAYOUT_VERSION = 3;
  private static final int OVERLAY_PORT = 8472;

  /** Keeps an immutable copy. */
  public NodeSettings {
    flags = Set.copyOf(flags);
  }

  /** The same with another event ring. */
  public NodeSettings eventRing(int bytes) {
    return new NodeSettings(bytes, flags, masqueradeIpv4, masqueradeIpv6, firstPort, lastPort);
  }

  /** The same with a flag more. */
  public NodeSettings with(Flag flag) {
    var more = EnumSet.of(flag);
    more.addAll(flags);
    return new NodeSettings(
        eventRingBytes, more, masqueradeIpv4, masqueradeIpv6, firstPort, lastPort);
  }

  /** The same with a flag less. */
  public NodeSettings without(Flag flag) {
    var fewer = EnumSet.noneOf(Flag.class);
    fewer.addAll(flags);
    fewer.remove(flag);
    return new NodeSettings(
        eventRingBytes, fewer, masqueradeIpv4, masqueradeIpv6, firstPort, lastPort);
  }

  /** The same with other addresses for what leaves the cluster, empty for none. */
  public NodeSettings masquerade(String ipv4, String ipv6) {
    return new NodeSettings(eventRingBytes, flags, ipv4, ipv6, firstPort, lastPort);
  }

  /** The same with other ports for what leaves the cluster. */
  public NodeSettings ports(int first, int last) {
    return new NodeSettings(eventRingBytes, flags, masqueradeIpv4, masqueradeIpv6, first, last);
  }

  /** struct node_config of config.h. */
  byte[] config(int overlay, int underlay) {
    boolean nativeRouting = flags.contains(Flag.NATIVE_ROUTING);
    int bits = flags.stream().mapToInt(flag -> 1 << flag.ordinal()).sum();
    ByteBuffer config = ByteBuffer.allocate(192).order(ByteOrder.nativeOrder());
    config.putInt(LAYOUT_VERSION).putInt(nativeRouting ? 0 : overlay).putInt(underlay);
    config.putInt(0).putLong(Dataplane.AGGREGATION).put((byte) 0xff).put((byte) bits);
    config.putShort((short) (nativeRouting ? 0 : OVERLAY_PORT));
    config.putShort((short) firstPort).putShort((short) lastPort);
    config.put(Layouts.ADDRESS.encode(Dataplane.NODE_IPV4));
    config.put(Layouts.ADDRESS.encode(Dataplane.NODE_IPV6));
    config.put(Layouts.ADDRESS.encode(Dataplane.GATEWAY_IPV4));
    config.put(Layouts.ADDRESS.encode(Dataplane.GATEWAY_IPV6));
    config.position(160).put(Layouts.ADDRESS.encode(masqueradeIpv4));
    config.put(Layouts.ADDRESS.encode(masqueradeIpv6));
    return config.array();
  }
}
