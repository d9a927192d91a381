package io.sekisho.testkit.packet;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Cuts packets into fragments, as a host would. */
public final class Fragments {
  private static final int UNIT = 8;
  private static final int MORE = 0x2000;

  private Fragments() {}

  /**
   * Cuts a frame's packet.
   *
   * @param frame IPv4, or IPv6 all of whose extension headers may go into fragments
   * @param id that the fragments have in common
   * @param lengths of the contents, each but the last a multiple of 8; the rest of the packet is
   *     one more fragment
   */
  public static List<byte[]> cut(byte[] frame, int id, int... lengths) {
    int header = Frame.ETHERNET + (frame[Frame.ETHERNET] >> 4 == 6 ? 40 : 4 * (frame[14] & 0xf));
    var fragments = new ArrayList<byte[]>();
    int from = header;
    for (int length : lengths) {
      fragments.add(fragment(frame, header, id, from, from + length));
      from += length;
    }
    if (from < frame.length) {
      fragments.add(fragment(frame, header, id, from, frame.length));
    }
    return fragments;
  }

  /** Cuts a frame's packet at random, into two pieces at least. */
  public static List<byte[]> cutAtRandom(byte[] frame, int id, int least, Random random) {
    int header = Frame.ETHERNET + (frame[Frame.ETHERNET] >> 4 == 6 ? 40 : 4 * (frame[14] & 0xf));
    int units = (frame.length - header - 1) / UNIT;
    var lengths = new ArrayList<Integer>();
    int first = (least + UNIT - 1) / UNIT;
    for (int from = 0; from < units; ) {
      int length =
          Math.min(units - from, Math.max(from == 0 ? first : 1, 1 + random.nextInt(units)));
      lengths.add(length * UNIT);
      from += length;
    }
    return cut(frame, id, lengths.stream().mapToInt(Integer::intValue).toArray());
  }

  private static byte[] fragment(byte[] frame, int header, int id, int from, int to) {
    int offset = (from - header) / UNIT;
    boolean more = to < frame.length;
    byte[] content = Arrays.copyOfRange(frame, from, to);
    return frame[Frame.ETHERNET] >> 4 == 6
        ? ipv6(frame, id, offset, more, content)
        : ipv4(frame, header, id, offset, more, content);
  }

  private static byte[] ipv4(
      byte[] frame, int header, int id, int offset, boolean more, byte[] content) {
    var packet = ByteBuffer.allocate(header + content.length).put(frame, 0, header).put(content);
    int start = Frame.ETHERNET;
    packet.putShort(start + 2, (short) (header - start + content.length));
    packet.putShort(start + 4, (short) id);
    packet.putShort(start + 6, (short) (offset | (more ? MORE : 0)));
    packet.putShort(start + 10, (short) 0);
    packet.putShort(start + 10, (short) Checksum.of(packet.array(), start, header, 0));
    return packet.array();
  }

  private static byte[] ipv6(byte[] frame, int id, int offset, boolean more, byte[] content) {
    int header = Frame.ETHERNET + 40;
    return ByteBuffer.allocate(header + UNIT + content.length)
        .put(frame, 0, header)
        .put(frame[Frame.ETHERNET + 6])
        .put((byte) 0)
        .putShort((short) (offset << 3 | (more ? 1 : 0)))
        .putInt(id)
        .put(content)
        .putShort(Frame.ETHERNET + 4, (short) (UNIT + content.length))
        .put(Frame.ETHERNET + 6, (byte) Protocol.FRAGMENT)
        .array();
  }
}
