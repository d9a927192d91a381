package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.Datapath.MapFill;
import io.sekisho.libbpf.BpfMap;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * How many entries of the tables of connections are in use. These tables forget the entry that was
 * not asked for the longest when they need room, so on any busy node they are full: what counts is
 * what still lives.
 */
final class ConnectionFill {
  /** struct conntrack_entry: expires. */
  private static final int EXPIRES = 0;

  /** struct tuple: direction; 1 is EGRESS. */
  private static final int DIRECTION = 37;

  private static final byte EGRESS = 1;

  /** struct fragment_entry: seen. */
  private static final int SEEN = 0;

  /** The longest that fragments wait for each other, ns (RFC 8200, 4.5). */
  private static final long FRAGMENT_LIFE = 60_000_000_000L;

  private final Function<String, BpfMap<byte[], byte[]>> maps;
  private final long now;
  private final Set<ByteBuffer> sent = new HashSet<>();
  private final List<MapFill> fill = new ArrayList<>();

  private ConnectionFill(Function<String, BpfMap<byte[], byte[]>> maps, long now) {
    this.maps = maps;
    this.now = now;
  }

  /**
   * Counts.
   *
   * @param maps by name
   * @param now CLOCK_MONOTONIC, ns, as the programs read it; {@link System#nanoTime} on Linux
   */
  static List<MapFill> of(Function<String, BpfMap<byte[], byte[]>> maps, long now) {
    var counting = new ConnectionFill(maps, now);
    counting.connections("conntrack_tcp");
    counting.connections("conntrack_any");
    counting.mappings();
    counting.fragments();
    return List.copyOf(counting.fill);
  }

  private void connections(String name) {
    var living = new HashSet<ByteBuffer>();
    scan(
        name,
        (key, value) -> {
          if (value.getLong(EXPIRES) > now) {
            living.add(copy(key));
          }
        });
    living.stream().filter(key -> key.get(DIRECTION) == EGRESS).forEach(sent::add);
    add(name, living.size());
  }

  /**
   * A masqueraded connection has two entries, and the key of one is that of its conntrack entry.
   */
  private void mappings() {
    var living = new HashSet<ByteBuffer>();
    scan(
        "nat",
        (key, value) -> {
          if (sent.contains(key)) {
            living.add(copy(key));
          }
        });
    add("nat", 2L * living.size());
  }

  private void fragments() {
    var living = new HashSet<ByteBuffer>();
    scan(
        "fragments",
        (key, value) -> {
          if (value.getLong(SEEN) + FRAGMENT_LIFE > now) {
            living.add(copy(key));
          }
        });
    add("fragments", living.size());
  }

  private void scan(String name, BiConsumer<ByteBuffer, ByteBuffer> each) {
    maps.apply(name).scan(each);
  }

  private void add(String name, long entries) {
    fill.add(new MapFill(name, entries, maps.apply(name).info().maxEntries()));
  }

  private static ByteBuffer copy(ByteBuffer key) {
    byte[] bytes = new byte[key.remaining()];
    key.get(key.position(), bytes);
    return ByteBuffer.wrap(bytes);
  }
}
