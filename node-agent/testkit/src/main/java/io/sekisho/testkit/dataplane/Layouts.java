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

  static final Codec<Connection> CONNECTION = codec(112, Layouts::connection, Layouts::connection);

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
    side(c.opener(), to);
    side(c.replier(), to);
    to.putInt(c.endpoint()).putInt(c.policyRevision()).putInt(c.peerIdentity());
    to.putInt(c.ruleId()).putShort((short) 0).putShort((short) c.flags());
    to.put((byte) c.openerFlags()).put((byte) c.replierFlags()).putShort((short) 0);
  }

  private static Connection connection(ByteBuffer from) {
    long expires = from.getLong();
    Side opener = side(from);
    Side replier = side(from);
    int endpoint = from.getInt();
    int revision = from.getInt();
    int peer = from.getInt();
    int rule = from.getInt();
    from.getShort();
    int flags = from.getShort();
    return new Connection(
        expires,
        opener,
        replier,
        endpoint,
        revision,
        peer,
        rule,
        flags,
        Byte.toUnsignedInt(from.get()),
        Byte.toUnsignedInt(from.get()));
  }

  private static void side(Side side, ByteBuffer to) {
    to.putLong(side.packets()).putLong(side.bytes());
    to.putLong(side.reportedPackets()).putLong(side.reportedBytes()).putLong(side.reportedAt());
  }

  private static Side side(ByteBuffer from) {
    return new Side(from.getLong(), from.getLong(), from.getLong(), from.getLong(), from.getLong());
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
