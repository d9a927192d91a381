package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.datapath.Datapath.MapFill;
import io.sekisho.testkit.Await;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Mappings that nobody needs go, and only what lives counts; in tables of a real kernel. */
final class ConnectionSweepTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long HOUR = 3600 * SECOND;
  private static final long NOW = System.nanoTime();
  private static final long LONG_AGO = NOW - HOUR;
  private static final long QUIET = NOW - ConnectionSweep.QUIET;
  private static final int NAT_BYTES = 32;
  private static final byte INGRESS = 0;
  private static final byte EGRESS = 1;
  private static final byte TCP = 6;
  private static final byte UDP = 17;

  private final ConnectionMaps maps = new ConnectionMaps();

  @AfterEach
  void close() {
    maps.close();
  }

  /** From 10.0.0.1 and a port to 192.0.2.1, port 80. */
  private static byte[] sent(int port, byte protocol, byte direction) {
    return tuple(0x0a000001, 0xc0000201, port, 80, protocol, direction);
  }

  /** The answer to it, to the node's 198.18.0.1 and the same port plus 50,000. */
  private static byte[] answer(int port, byte protocol) {
    return tuple(0xc0000201, 0xc6120001, 80, 50_000 + port, protocol, INGRESS);
  }

  private static byte[] tuple(
      int source, int destination, int from, int to, byte protocol, byte direction) {
    var tuple = ByteBuffer.allocate(40);
    tuple.putShort(10, (short) -1).putInt(12, source);
    tuple.putShort(26, (short) -1).putInt(28, destination);
    tuple.putShort(32, (short) from).putShort(34, (short) to);
    return tuple.put(36, protocol).put(37, direction).array();
  }

  private void put(String map, byte[] key, int size, long time) {
    maps.get(map).put(key, value(size, time).array());
  }

  private static ByteBuffer value(int size, long time) {
    return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder()).putLong(0, time);
  }

  private void connection(byte[] key, long expires) {
    var slot = ByteBuffer.allocate(ConnectionTable.SLOT).order(ByteOrder.nativeOrder());
    maps.access().put(List.of(slot.put(key).putLong(expires).array()));
  }

  /** Both halves of a mapping. */
  private void mapping(int port, byte protocol, long used) {
    put("nat", sent(port, protocol, EGRESS), NAT_BYTES, used);
    var pod = value(NAT_BYTES, used).order(ByteOrder.BIG_ENDIAN);
    pod.putShort(18, (short) -1).putInt(20, 0x0a000001).putShort(24, (short) port);
    maps.get("nat").put(answer(port, protocol), pod.array());
  }

  private Map<String, Long> swept() {
    var out = new HashMap<String, Long>();
    for (MapFill fill : ConnectionSweep.run(maps::get, maps.access(), NOW)) {
      out.put(fill.name(), fill.entries());
      int elements = maps.get(fill.name()).info().maxEntries();
      boolean table = ConnectionTable.NAMES.contains(fill.name());
      assertEquals(table ? ConnectionTable.capacity(elements) : elements, fill.capacity());
    }
    return out;
  }

  private boolean has(String map, byte[] key) {
    return maps.get(map).get(key).isPresent();
  }

  @Test
  void connections_thatEnded_doNotCount() {
    for (byte protocol : new byte[] {TCP, UDP}) {
      connection(sent(1, protocol, EGRESS), NOW + HOUR);
      connection(sent(1, protocol, INGRESS), NOW + 2 * HOUR);
      connection(sent(2, protocol, EGRESS), NOW);
      connection(sent(3, protocol, EGRESS), LONG_AGO);
    }

    assertEquals(2, swept().get("conntrack_tcp"));
    assertEquals(2, swept().get("conntrack_any"));
  }

  @Test
  void connections_asManyAsTheTableIsMeantFor_areAlmostAllThere() {
    int meant = ConnectionTable.capacity(maps.get("conntrack_any").info().maxEntries());
    var slots = new ArrayList<byte[]>();
    for (int i = 0; i < meant; i++) {
      byte[] key = tuple(0x0a000001, 0xc0000201 + i / 65_536, i, 80, UDP, EGRESS);
      var slot = ByteBuffer.allocate(ConnectionTable.SLOT).order(ByteOrder.nativeOrder());
      slots.add(slot.put(key).putLong(NOW + HOUR + i).array());
    }

    maps.access().put(slots);

    long there = swept().get("conntrack_any");
    assertTrue(there > meant / 1000 * 995, there + " of " + meant);
    var asked = slots.stream().map(slot -> Arrays.copyOf(slot, ConnectionTable.KEY)).toList();
    assertEquals(there, maps.access().living(asked).stream().filter(living -> living).count());
  }

  @Test
  void mappings_goWithTheirConnection_whenTheirPortHasRested() {
    connection(sent(1, TCP, EGRESS), NOW + HOUR);
    connection(sent(2, UDP, EGRESS), NOW + HOUR);
    connection(sent(3, UDP, EGRESS), NOW);
    connection(sent(4, UDP, EGRESS), NOW + HOUR);
    mapping(1, TCP, LONG_AGO);
    mapping(2, UDP, LONG_AGO);
    mapping(3, UDP, QUIET + 1);
    mapping(4, TCP, QUIET);
    mapping(5, UDP, QUIET);

    assertEquals(6, swept().get("nat"));

    assertEquals(6, maps.get("nat").count());
    for (byte protocol : new byte[] {TCP, UDP}) {
      for (int port : protocol == TCP ? new int[] {1} : new int[] {2, 3}) {
        assertTrue(has("nat", sent(port, protocol, EGRESS)), "sent from " + port);
        assertTrue(has("nat", answer(port, protocol)), "answer to " + port);
      }
    }
  }

  @Test
  void fragments_olderThanAnybodyWaits_doNotCount() {
    put("fragments", sent(1, UDP, INGRESS), 24, NOW - 59 * SECOND);
    put("fragments", sent(2, UDP, INGRESS), 24, NOW - 61 * SECOND);

    assertEquals(1, swept().get("fragments"));
  }

  @Test
  void mappings_moreThanOneQuestionHolds_areAllLookedUp() {
    int connected = 0;
    for (int port = 1; port <= 150; port++) {
      mapping(port, UDP, LONG_AGO);
      if (port % 3 == 0) {
        connection(sent(port, UDP, EGRESS), NOW + HOUR);
        connected += 2;
      }
    }

    assertEquals(connected, swept().get("nat"));

    assertEquals(connected, maps.get("nat").count());
    assertTrue(has("nat", answer(3, UDP)) && has("nat", sent(150, UDP, EGRESS)));
  }

  /** An agent's heap is small, and on a busy node most mappings are of idle connections. */
  @Test
  void mappings_aTableFull_needLittleMemory() throws IOException {
    var program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-Xmx20m",
                "-cp",
                System.getProperty("java.class.path"),
                SweepProgram.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var said = program.inputReader(StandardCharsets.UTF_8).readAllLines();

    assertEquals(0, program.onExit().join().exitValue());
    assertTrue(Integer.parseInt(said.getFirst()) > 100_000, said::toString);
    assertEquals("0", said.getLast());
  }

  /** As when a packet comes between the look at a mapping and its removal. */
  @Test
  void mapping_usedWhileItIsTakenAway_stays() {
    var quiet = value(NAT_BYTES, LONG_AGO).array();
    var used = value(NAT_BYTES, NOW).array();
    var map = maps.get("nat");
    var keys = new ArrayList<byte[]>();
    for (int port = 1; port <= 200; port++) {
      keys.add(sent(port, TCP, EGRESS));
    }
    var over = new AtomicBoolean();
    var sweeps = new AtomicInteger();
    try (var sweeping = Executors.newSingleThreadExecutor()) {
      sweeping.execute(
          () -> {
            while (!over.get()) {
              swept();
              sweeps.incrementAndGet();
            }
          });
      try {
        for (int round = 0; round < 50; round++) {
          keys.forEach(key -> map.put(key, quiet));
          keys.forEach(key -> map.put(key, used));
          int before = sweeps.get();
          Await.until("the sweep's end", () -> sweeps.get() > before + 1);
          assertEquals(200, map.count(), "round " + round);
        }
      } finally {
        over.set(true);
      }
    }
  }
}
