package io.sekisho.agent.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.api.flow.Flow;
import io.sekisho.api.flow.LostEventSource;
import io.sekisho.api.observer.GetFlowsResponse;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a slow client is told adds up. */
final class FlowOutboxTest {
  private static GetFlowsResponse flow(long number) {
    return GetFlowsResponse.newBuilder().setFlow(Flow.newBuilder().setUuid("" + number)).build();
  }

  @Test
  void take_fullOutbox_tellsExactLossBeforeTheNextFlow() throws Exception {
    var outbox = new FlowOutbox(4, "n1");
    for (int i = 0; i < 10; i++) {
      outbox.flow(flow(i));
    }
    for (int i = 0; i < 4; i++) {
      assertEquals("" + i, outbox.take().orElseThrow().getFlow().getUuid());
    }
    outbox.flow(flow(10));
    var lost = outbox.take().orElseThrow().getLostEvents();
    assertEquals(6, lost.getNumEventsLost());
    assertEquals(LostEventSource.OBSERVER_EVENTS_QUEUE, lost.getSource());
    assertEquals("10", outbox.take().orElseThrow().getFlow().getUuid());
  }

  @Test
  void holdAtMost_less_losesNothingUntilWhatWaitsIsTaken() throws Exception {
    var outbox = new FlowOutbox(8, "n1");
    for (int i = 0; i < 6; i++) {
      outbox.flow(flow(i));
    }
    outbox.holdAtMost(2);
    outbox.flow(flow(6));
    outbox.flow(flow(7));
    outbox.flow(flow(8)); // no room by the old limit either
    for (int i = 0; i < 8; i++) {
      assertEquals("" + i, outbox.take().orElseThrow().getFlow().getUuid());
    }
    assertEquals(1, outbox.take().orElseThrow().getLostEvents().getNumEventsLost());
    for (int i = 9; i < 12; i++) {
      outbox.flow(flow(i)); // by the new one there is room for two
    }
    assertEquals("9", outbox.take().orElseThrow().getFlow().getUuid());
    assertEquals("10", outbox.take().orElseThrow().getFlow().getUuid());
    assertEquals(1, outbox.take().orElseThrow().getLostEvents().getNumEventsLost());
  }

  @Test
  void take_lossAndNothingElse_isToldToo() throws Exception {
    var outbox = new FlowOutbox(4, "n1");
    outbox.lost(LostEventSource.PERF_EVENT_RING_BUFFER, "n2", 5);
    outbox.lost(LostEventSource.PERF_EVENT_RING_BUFFER, "n2", 6);
    assertEquals(11, outbox.take().orElseThrow().getLostEvents().getNumEventsLost());
  }

  @Test
  void flowsToldAndLost_anySpeed_addUp() throws Exception {
    var random = new Random(3);
    for (int round = 0; round < 200; round++) {
      var outbox = new FlowOutbox(1 + random.nextInt(8), "n1");
      long offered = 0;
      long told = 0;
      for (int step = 0; step < 100; step++) {
        if (random.nextInt(3) > 0) {
          outbox.flow(flow(offered++));
        } else if (offered > told) {
          told += count(outbox.take().orElseThrow());
        }
      }
      while (told < offered) {
        told += count(outbox.take().orElseThrow());
      }
      assertEquals(offered, told);
    }
  }

  private static long count(GetFlowsResponse response) {
    return response.hasFlow() ? 1 : response.getLostEvents().getNumEventsLost();
  }

  @Test
  void take_closed_isEmpty() throws Exception {
    var outbox = new FlowOutbox(4, "n1");
    outbox.flow(flow(1));
    outbox.close();
    assertTrue(outbox.take().isEmpty());
  }
}
