package io.sekisho.libbpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** The ring: order, discarded records, wrap-around, loss. */
final class RingBufferTest {
  private static final int RECORD = 24;
  private static final int ROOM = (1 << 16) / RECORD;

  @Test
  void consume_manyRounds_seesEveryRecordInOrderAndNoDiscardedOne() {
    try (var object = Fixture.open("fixture").load();
        var map = object.map("events");
        var ring = new RingBuffer(map);
        var program = object.program("emits")) {
      var seen = new ArrayList<Long>();
      for (int round = 0; round < 10; round++) {
        program.testRun(TestRun.of(Fixture.frame()).repeat(1500));
        while (ring.consume(
                (memory, at, length) -> {
                  assertEquals(16, length);
                  long sequence = memory.get(ValueLayout.JAVA_LONG, at);
                  assertEquals(2 * sequence, memory.get(ValueLayout.JAVA_LONG, at + 8));
                  seen.add(sequence);
                },
                100)
            > 0) {}
      }
      assertEquals(10_000, seen.size());
      for (int i = 0; i < seen.size(); i++) {
        assertEquals(i / 2 * 3 + i % 2, seen.get(i));
      }
      assertEquals(0, ring.pending());
    }
  }

  @Test
  void consume_slowReader_losesTheNewestOnly() {
    try (var object = Fixture.open("fixture").load();
        var map = object.map("events");
        var ring = new RingBuffer(map);
        var program = object.program("emits")) {
      program.testRun(TestRun.of(Fixture.frame()).repeat(2 * ROOM));
      var seen = new ArrayList<Long>();
      ring.consume(
          (memory, at, length) -> seen.add(memory.get(ValueLayout.JAVA_LONG, at)),
          Integer.MAX_VALUE);

      assertEquals(0, seen.getFirst());
      assertTrue(seen.size() < ROOM && seen.size() > ROOM / 2, () -> "got " + seen.size());
    }
  }

  @Test
  void await_recordReady_returnsAtOnce() {
    try (var object = Fixture.open("fixture").load();
        var map = object.map("events");
        var ring = new RingBuffer(map);
        var program = object.program("emits")) {
      program.testRun(Fixture.frame());
      long start = System.nanoTime();
      ring.await(10_000);

      assertTrue(System.nanoTime() - start < 5_000_000_000L);
    }
  }

  @Test
  void open_anotherMap_isInvalid() {
    try (var object = Fixture.open("fixture").load();
        var map = object.map("pairs")) {
      var error = assertThrows(BpfException.class, () -> new RingBuffer(map));

      assertEquals(BpfException.Code.INVALID, error.code());
    }
  }
}
