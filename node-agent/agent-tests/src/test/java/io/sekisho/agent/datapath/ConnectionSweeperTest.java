package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.libbpf.BpfMap;
import io.sekisho.testkit.Await;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What a sweep that fails leaves behind: a problem with its reason, until one succeeds. */
final class ConnectionSweeperTest {
  private static final Duration PERIOD = Duration.ofMillis(5);

  @Test
  void sweep_failsForAWhile_isAProblemForAsLong() {
    try (var maps = new ConnectionMaps()) {
      var kernel = new AtomicReference<>("the kernel refuses");
      try (var sweeper =
          new ConnectionSweeper(
              name -> map(maps, name, kernel.get()), maps.access(), () -> 1, "n1", PERIOD)) {
        assertTrue(sweeper.fill().isEmpty());
        assertEquals(1, sweeper.trouble().size());
        var trouble = sweeper.trouble().getFirst();
        assertEquals("tables of connections", trouble.object());
        assertTrue(trouble.message().startsWith("are not swept"), trouble::message);
        assertTrue(trouble.message().contains("the kernel refuses"), trouble::message);

        kernel.set("");

        Await.until("a sweep", () -> sweeper.trouble().isEmpty());
        assertEquals(4, sweeper.fill().size());
      }
    }
  }

  /** As where the heap is too small at a time. */
  @Test
  void sweep_thatEndsByAnError_isAProblem_andTriedAgain() {
    try (var maps = new ConnectionMaps()) {
      var small = new AtomicBoolean(true);
      try (var sweeper =
          new ConnectionSweeper(
              name -> {
                if (small.get()) {
                  throw new OutOfMemoryError("no room for this");
                }
                return maps.get(name);
              },
              maps.access(),
              () -> 1,
              "n1",
              PERIOD)) {
        assertTrue(sweeper.fill().isEmpty());
        assertTrue(sweeper.trouble().toString().contains("no room for this"));

        small.set(false);

        Await.until("a sweep", () -> sweeper.trouble().isEmpty());
      }
    }
  }

  private static BpfMap<byte[], byte[]> map(ConnectionMaps maps, String name, String refusal) {
    if (!refusal.isEmpty()) {
      throw new IllegalStateException(refusal);
    }
    return maps.get(name);
  }
}
