package io.sekisho.agent.datapath;

import io.sekisho.policy.Cidr;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The settings that the verifier takes as constants: {@code struct node_config} of bpf/config.h.
 *
 * @param overlayIndex the VXLAN device
 * @param underlayIndex the device to the outside
 * @param aggregationSeconds how often an open connection is reported without news
 * @param overlayPort UDP port of VXLAN
 * @param addresses the node's own addresses, at most {@link #ADDRESSES}
 */
record NodeSettings(
    int overlayIndex,
    int underlayIndex,
    int aggregationSeconds,
    int overlayPort,
    List<InetAddress> addresses) {
  /** LAYOUT_VERSION. */
  static final int LAYOUT_VERSION = 1;

  /** NODE_ADDRESSES. */
  static final int ADDRESSES = 8;

  static final int SIZE = 160;

  /** Name of the variable that holds them. */
  static final String VARIABLE = "config";

  private static final int EVENT_WAKEUP_BYTES = 256 * 1024;
  private static final int ADDRESSES_OFFSET = 32;

  /** Every TCP flag is news once. */
  private static final byte REPORT_TCP_FLAGS = (byte) 0xff;

  NodeSettings {
    addresses = List.copyOf(addresses);
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
        .put((byte) 0)
        .putShort((short) overlayPort)
        .putInt(0);
    to.position(ADDRESSES_OFFSET);
    addresses.forEach(address -> to.put(Cidr.of(address).bytes()));
    return to.array();
  }

  /** The layout version that an object was compiled with. */
  static int layoutVersion(byte[] encoded) {
    return ByteBuffer.wrap(encoded).order(ByteOrder.nativeOrder()).getInt(0);
  }
}
