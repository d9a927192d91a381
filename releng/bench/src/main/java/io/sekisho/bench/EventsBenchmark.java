package io.sekisho.bench;

import io.sekisho.lab.Await;
import io.sekisho.lab.LabException;
import io.sekisho.libbpf.BpfMap;
import io.sekisho.libbpf.BpfObject;
import io.sekisho.libbpf.BpfProgram;
import io.sekisho.libbpf.RingBuffer;
import io.sekisho.libbpf.TestRun;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Events from the dataplane's own program through its ring to Java: packets of an interface that no
 * endpoint has, each of which is dropped and told. What arrives and what the program counts as lost
 * must be what was sent.
 */
final class EventsBenchmark implements Benchmark {
  private static final int PACKETS = 6_000_000;
  private static final int BATCH = 4_096;

  /** Offsets in struct event of bpf/types.h. */
  private static final int TIMESTAMP = 0;

  private static final int RULE_ID = 72;
  private static final int TYPE = 84;

  private long received;
  private long checksum;

  @Override
  public String name() {
    return "events";
  }

  @Override
  public void run(Consumer<Result> told) {
    try (BpfObject object = BpfObject.openResource("endpoint").load();
        BpfProgram program = object.program("from_endpoint");
        BpfMap<byte[], byte[]> events = object.map("events");
        BpfMap<byte[], byte[]> losses = object.map("events_lost");
        RingBuffer ring = new RingBuffer(events)) {
      byte[] packet = packet();
      measure(program, ring, packet, PACKETS / 10);
      long lostBefore = lost(losses);
      received = 0;
      double seconds = measure(program, ring, packet, PACKETS);
      long lost = lost(losses) - lostBefore;
      if (received + lost != PACKETS) {
        throw new LabException(
            LabException.Code.AGENT,
            received + " events came and " + lost + " were counted as lost, of " + PACKETS);
      }
      String note = "%d packets, checksum %x".formatted(PACKETS, checksum);
      List.of(
              Result.atLeast("events to Java", received / seconds / 1e6, "M/s", 1.0, note),
              Result.plain(
                  "events lost, counted exactly", 100.0 * lost / PACKETS, "%", lost + " lost"))
          .forEach(told);
    }
  }

  /** Seconds from the first packet until the ring is empty again. */
  private double measure(BpfProgram program, RingBuffer ring, byte[] packet, int packets) {
    AtomicBoolean sent = new AtomicBoolean();
    long start = System.nanoTime();
    Thread sender =
        Thread.ofPlatform()
            .start(
                () -> {
                  program.testRun(TestRun.of(packet).repeat(packets));
                  sent.set(true);
                });
    while (!sent.get() || ring.pending() > 0) {
      if (ring.consume(this::take, BATCH) == 0) {
        Thread.onSpinWait();
      }
    }
    Await.until(Duration.ofSeconds(5), () -> "the sender does not end", () -> !sender.isAlive());
    return (System.nanoTime() - start) / 1e9;
  }

  private void take(MemorySegment ring, long offset, int length) {
    received++;
    checksum +=
        ring.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + TIMESTAMP)
            + ring.get(ValueLayout.JAVA_INT_UNALIGNED, offset + RULE_ID)
            + ring.get(ValueLayout.JAVA_BYTE, offset + TYPE);
  }

  /** Sum over all CPUs. */
  private static long lost(BpfMap<byte[], byte[]> losses) {
    byte[] perCpu = losses.get(new byte[4]).orElseThrow();
    ByteBuffer buffer = ByteBuffer.wrap(perCpu).order(ByteOrder.nativeOrder());
    long sum = 0;
    while (buffer.remaining() >= Long.BYTES) {
      sum += buffer.getLong();
    }
    return sum;
  }

  /** A UDP packet over IPv4 from an Ethernet header on; the checksum is not looked at. */
  private static byte[] packet() {
    ByteBuffer packet = ByteBuffer.allocate(64);
    packet.position(12).putShort((short) 0x0800);
    packet.put((byte) 0x45).put((byte) 0).putShort((short) 50).putInt(0).put((byte) 64);
    packet.put((byte) 17).putShort((short) 0);
    packet.put(new byte[] {10, 0, 0, 1}).put(new byte[] {10, 0, 0, 2});
    packet.putShort((short) 1000).putShort((short) 53).putShort((short) 30);
    return packet.array();
  }
}
