package io.sekisho.lab.matrix;

import io.sekisho.libbpf.system.Descriptor;
import io.sekisho.libbpf.system.SystemCalls;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * SCTP by hand, since kernels without its module have no sockets for it: a raw socket that sends
 * what opens an association (INIT, RFC 9260 section 3.3.2), and sees what comes. Belongs to the
 * network namespace of the thread that opened it.
 */
final class SctpSocket implements AutoCloseable {
  private static final int SOCK_RAW = 3;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int SCTP = 132;
  private static final int SOCKADDR_IN = 16;
  private static final int SOCKADDR_IN6 = 28;
  private static final int HEADER = 12;
  private static final int CHECKSUM = 8;
  private static final int INIT = 1;
  private static final int INIT_BYTES = 20;
  private static final int ROOM = 256;

  private final Descriptor socket;
  private final boolean ipv4;
  private final byte[] packet = new byte[ROOM];
  private final byte[] sender = new byte[SOCKADDR_IN6];

  private SctpSocket(Descriptor socket, boolean ipv4) {
    this.socket = socket;
    this.ipv4 = ipv4;
  }

  /**
   * An INIT that came.
   *
   * @param port to which
   * @param tag what its sender chose
   */
  record Init(int port, int tag) {}

  /** Opens one where the calling thread is. */
  static SctpSocket open(boolean ipv4) {
    int fd = SystemCalls.socket(ipv4 ? AF_INET : AF_INET6, SOCK_RAW, SCTP);
    if (fd < 0) {
      throw new IllegalStateException("no raw socket of SCTP: error " + -fd);
    }
    return new SctpSocket(new Descriptor(fd), ipv4);
  }

  /** Sends an INIT; whether the kernel took it. */
  boolean send(InetAddress to, int fromPort, Init init) {
    var address = ByteBuffer.allocate(ipv4 ? SOCKADDR_IN : SOCKADDR_IN6);
    address.order(ByteOrder.nativeOrder()).putShort((short) (ipv4 ? AF_INET : AF_INET6));
    address.put(ipv4 ? 4 : 8, to.getAddress());
    return SystemCalls.sendTo(socket.number(), packet(fromPort, init), address.array()) >= 0;
  }

  private static byte[] packet(int fromPort, Init init) {
    var bytes = ByteBuffer.allocate(HEADER + INIT_BYTES);
    bytes.putShort((short) fromPort).putShort((short) init.port()).putInt(0).putInt(0);
    bytes.put((byte) INIT).put((byte) 0).putShort((short) INIT_BYTES);
    bytes.putInt(init.tag()).putInt(1 << 16).putShort((short) 1).putShort((short) 1).putInt(1);
    var crc = new CRC32C();
    crc.update(bytes.array());
    bytes.order(ByteOrder.LITTLE_ENDIAN).putInt(CHECKSUM, (int) crc.getValue());
    return bytes.array();
  }

  /** The next INIT that has come, never waits. */
  Optional<Init> receive() {
    while (true) {
      int length = (int) SystemCalls.receiveFrom(socket.number(), packet, sender);
      if (length < 0) {
        return Optional.empty();
      }
      int start = ipv4 ? (packet[0] & 0xf) * 4 : 0; // IPv6 gives no header
      var bytes = ByteBuffer.wrap(packet, 0, length);
      if (length >= start + HEADER + INIT_BYTES && bytes.get(start + HEADER) == INIT) {
        int port = Short.toUnsignedInt(bytes.getShort(start + 2));
        return Optional.of(new Init(port, bytes.getInt(start + HEADER + 4)));
      }
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
