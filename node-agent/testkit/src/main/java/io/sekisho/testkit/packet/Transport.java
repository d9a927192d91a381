package io.sekisho.testkit.packet;

import java.nio.ByteBuffer;

/**
 * Layer 4 of a packet to build.
 *
 * @param protocol number of IPv4 and IPv6
 * @param header its bytes, the checksum zero
 * @param checksumAt offset of the checksum in the header, -1 for none
 * @param pseudoHeader whether the checksum covers addresses too
 */
record Transport(int protocol, byte[] header, int checksumAt, boolean pseudoHeader) {

  static Transport tcp(int sourcePort, int destinationPort, int flags) {
    byte[] header =
        ByteBuffer.allocate(20)
            .putShort((short) sourcePort)
            .putShort((short) destinationPort)
            .putInt(1000)
            .putInt(2000)
            .put((byte) 0x50)
            .put((byte) flags)
            .putShort((short) 0xffff)
            .array();
    return new Transport(Protocol.TCP, header, 16, true);
  }

  static Transport udp(int sourcePort, int destinationPort, int payload) {
    byte[] header =
        ByteBuffer.allocate(8)
            .putShort((short) sourcePort)
            .putShort((short) destinationPort)
            .putShort((short) (8 + payload))
            .array();
    return new Transport(Protocol.UDP, header, 6, true);
  }

  /** SCTP's checksum is a CRC that nobody on the way looks at; it stays zero. */
  static Transport sctp(int sourcePort, int destinationPort) {
    byte[] header =
        ByteBuffer.allocate(12)
            .putShort((short) sourcePort)
            .putShort((short) destinationPort)
            .array();
    return new Transport(Protocol.SCTP, header, -1, false);
  }

  static Transport icmp(boolean ipv6, int type, int code, int id) {
    byte[] header =
        ByteBuffer.allocate(8)
            .put((byte) type)
            .put((byte) code)
            .putShort((short) 0)
            .putShort((short) id)
            .putShort((short) 1)
            .array();
    return new Transport(ipv6 ? Protocol.ICMPV6 : Protocol.ICMP, header, 2, ipv6);
  }

  static Transport unknown(int protocol) {
    return new Transport(protocol, new byte[0], -1, false);
  }

  /** Header and payload in one, with the checksum if there is one. */
  byte[] segment(byte[] source, byte[] destination, byte[] payload) {
    byte[] all =
        ByteBuffer.allocate(header.length + payload.length).put(header).put(payload).array();
    if (checksumAt < 0) {
      return all;
    }
    int start = 0;
    if (pseudoHeader) {
      start = Checksum.sum(source, 0, source.length, protocol + all.length);
      start = Checksum.sum(destination, 0, destination.length, start);
    }
    ByteBuffer.wrap(all).putShort(checksumAt, (short) Checksum.of(all, 0, all.length, start));
    return all;
  }
}
