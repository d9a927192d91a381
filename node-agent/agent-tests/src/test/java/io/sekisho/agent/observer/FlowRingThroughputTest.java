package io.sekisho.agent.observer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.datapath.FakeEvent;
import io.sekisho.agent.metrics.Metrics;
import io.sekisho.agent.policy.RuleNames;
import io.sekisho.agent.reconcile.View;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import org.junit.jupiter.api.Test;

/** Taking an event must cost far less than the microsecond that a million per second leave. */
class FlowRingThroughputTest {
  private static final int EVENTS = 2_000_000;

  @Test
  void accept_millions_takesLessThanAMicrosecondOfProcessorEach() {
    var settings =
        new FlowObserver.Settings("n1", "test", 65_536, Clock.systemUTC(), System::nanoTime);
    try (var observer =
        new FlowObserver(settings, () -> View.EMPTY, new RuleNames(), new Metrics())) {
      var event = FakeEvent.trace(1, true, "10.0.0.1", "fd00::2", 80, 1);
      var cpu = ManagementFactory.getThreadMXBean();
      long best = Long.MAX_VALUE;
      for (int round = 0; round < 3; round++) {
        long begun = cpu.getCurrentThreadCpuTime();
        for (int i = 0; i < EVENTS; i++) {
          observer.accept(event);
        }
        best = Math.min(best, (cpu.getCurrentThreadCpuTime() - begun) / EVENTS);
      }
      System.out.println("one event costs " + best + " ns of processor time");
      assertEquals(3L * EVENTS, observer.seen());
      assertTrue(best < 1000, "one event costs " + best + " ns");
    }
  }
}
