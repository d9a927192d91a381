package io.sekisho.testkit.dataplane;

import io.sekisho.libbpf.Codec;
import io.sekisho.testkit.dataplane.Connection.Side;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Records to bytes and back, by {@code bpf/types.h}. */
final class Layouts {
  /** VERDICT_AUDITED. */
  private static final int FIRST_REASON = 128;

  /** REPORT_SHIFT: units of reported_at are so many bits of ns. */
  private static final int REPORT_SHIFT = 20;

  static final Codec<String> ADDRESS = codec(16, Layouts::address, Layouts::address);

  static final Codec<Location> IPCACHE_KEY =
      writer(20, (l, to) -> address(l.address(), to.putInt(l.mappedLength())));

  static final Codec<Location> IPCACHE_ENTRY =
      writer(
          24,
          (l, to) -> {
            int flags = (l.direct() ? 1 : 0) | (l.own() ? 2 : 0) | (l.elsewhere() ? 4 : 0);
            address(l.node(), to.putInt(l.identity()).putInt(flags));
          });

  static final Codec<PolicyRow> POLICY_KEY =
      writer(
          12,
          (p, to) ->
              port(
                  p.port(),
                  to.putInt(p.prefixLength())
                      .putInt(p.identity())
                      .put((byte) (p.egress() ? 1 : 0))
                      .put((byte) p.protocol())));

  static final Codec<PolicyRow> POLICY_ENTRY =
      writer(
          12,
          (p, to) ->
              to.putInt(p.ruleId())
                  .putInt(p.precedence())
                  .putShort((short) p.proxyPort())
                  .putShort((short) ((p.deny() ? 1 : 0) | (p.audit() ? 2 : 0))));

  static final Codec<Tuple> TUPLE = codec(40, Layouts::tuple, Layouts::tuple);

  static final Codec<Connection> CONNECTION = codec(88, Layouts::connection, Layouts::connection);

  static final Codec<Mapping> MAPPING = codec(32, Layouts::mapping, Layouts::mapping);

  private Layouts() {}

  /** Of struct endpoint; the interface is the fixture's. */
  static Codec<Pod> endpoint(int ifindex) {
    return writer(
        64,
        (pod, to) -> {
          to.putInt(ifindex).putInt(pod.id()).putInt(pod.identity());
          to.putInt(pod.policyRevision()).putInt(pod.flags());
          to.put(pod.podMac()).put(pod.hostMac());
          address(pod.ipv4(), to);
          address(pod.ipv6(), to);
        });
  }

  /** The events of a record of the ring: a trace may hold the verdict on its packet as well. */
  static List<DatapathEvent> events(ByteBuffer record) {
    DatapathEvent event = event(record);
    int verdict = Byte.toUnsignedInt(record.get());
    return verdict == 0
        ? List.of(event)
        : List.of(event.verdict(verdict < FIRST_REASON ? 0 : verdict), event);
  }

  private static DatapathEvent event(ByteBuffer from) {
    return new DatapathEvent(
        from.getLong(),
        address(from),
        address(from),
        from.getLong(),
        from.getLong(),
        from.getInt(),
        from.getInt(),
        from.getInt(),
        from.getInt(),
        from.getInt(),
        from.getInt(),
        Short.toUnsignedInt(from.getShort()),
        Short.toUnsignedInt(from.getShort()),
        Byte.toUnsignedInt(from.get()),
        Byte.toUnsignedInt(from.get()),
        Byte.toUnsignedInt(from.get()),
        Byte.toUnsignedInt(from.get()),
        Byte.toUnsignedInt(from.get()),
        Byte.toUnsignedInt(from.get()),
        Short.toUnsignedInt(from.getShort()));
  }

  private static ByteBuffer address(String text, ByteBuffer to) {
    byte[] raw = text.isEmpty() ? new byte[16] : InetAddress.ofLiteral(text).getAddress();
    if (raw.length == 4) {
      to.putLong(0).putShort((short) 0).putShort((short) 0xffff);
    }
    return to.put(raw);
  }

  private static String address(ByteBuffer from) {
    byte[] raw = new byte[16];
    from.get(raw);
    try {
      return InetAddress.getByAddress(raw).getHostAddress();
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static ByteBuffer port(int port, ByteBuffer to) {
    return to.put((byte) (port >> 8)).put((byte) port);
  }

  private static int port(ByteBuffer from) {
    return Byte.toUnsignedInt(from.get()) << 8 | Byte.toUnsignedInt(from.get());
  }

  private static void tuple(Tuple t, ByteBuffer to) {
    address(t.source(), to);
    address(t.destination(), to);
    port(t.destinationPort(), port(t.sourcePort(), to));
    to.put((byte) t.protocol()).put((byte) (t.egress() ? 1 : 0)).putShort((short) 0);
  }

  private static Tuple tuple(ByteBuffer from) {
    return new Tuple(
        address(from),
        address(from),
        port(from),
        port(from),
        Byte.toUnsignedInt(from.get()),
        from.get() == 1);
  }

  private static void mapping(Mapping m, ByteBuffer to) {
    port(m.port(), address(m.address(), to.putLong(m.used())));
    to.putInt(0).putShort((short) 0);
  }

  private static Mapping mapping(ByteBuffer from) {
    return new Mapping(from.getLong(), address(from), port(from));
  }

  private static void connection(Connection c, ByteBuffer to) {
    to.putLong(c.expires());
    to.putInt(c.endpoint()).putInt(c.policyRevision()).putInt(c.peerIdentity());
    to.putInt(c.ruleId()).putShort((short) c.flags());
    to.put((byte) c.openerFlags()).put((byte) c.replierFlags()).putInt(0);
    to.putInt((int) (c.opener().reportedAt() >> REPORT_SHIFT));
    to.putInt((int) (c.replier().reportedAt() >> REPORT_SHIFT));
    side(c.opener(), to);
    side(c.replier(), to);
  }

  private static Connection connection(ByteBuffer from) {
    long expires = from.getLong();
    int endpoint = from.getInt();
    int revision = from.getInt();
    int peer = from.getInt();
    int rule = from.getInt();
    int flags = from.getShort();
    int openerFlags = Byte.toUnsignedInt(from.get());
    int replierFlags = Byte.toUnsignedInt(from.get());
    from.getInt();
    int openerAt = from.getInt();
    int replierAt = from.getInt();
    return new Connection(
        expires,
        side(from, openerAt),
        side(from, replierAt),
        endpoint,
        revision,
        peer,
        rule,
        flags,
        openerFlags,
        replierFlags);
  }

  private static void side(Side side, ByteBuffer to) {
    to.putLong(side.bytes()).putLong(side.reportedBytes());
    to.putInt((int) side.packets()).putInt((int) side.reportedPackets());
  }

  private static Side side(ByteBuffer from, int reportedAt) {
    long bytes = from.getLong();
    long reportedBytes = from.getLong();
    long packets = Integer.toUnsignedLong(from.getInt());
    long reportedPackets = Integer.toUnsignedLong(from.getInt());
    return new Side(
        packets,
        bytes,
        reportedPackets,
        reportedBytes,
        reportedPackets == 0 ? 0 : reportTime(reportedAt));
  }

  /** Of 64 bits of ticks, an entry keeps the lower 32: those of the one that is nearest to now. */
  private static long reportTime(int ticks) {
    long now = System.nanoTime() >> REPORT_SHIFT;
    return now + (ticks - (int) now) << REPORT_SHIFT;
  }

  private static <T> Codec<T> writer(int size, BiConsumer<T, ByteBuffer> write) {
    return codec(
        size,
        write,
        from -> {
          throw new UnsupportedOperationException("is only written");
        });
  }

  private static <T> Codec<T> codec(
      int size, BiConsumer<T, ByteBuffer> write, Function<ByteBuffer, T> read) {
    return new Codec<>() {
      @Override
      public int size() {
        return size;
      }

      @Override
      public void write(T value, ByteBuffer to) {
        write.accept(value, to.order(ByteOrder.nativeOrder()));
      }

      @Override
      public T read(ByteBuffer from) {
        return read.apply(from.order(ByteOrder.nativeOrder()));
      }
    };
  }
}
