package io.sekisho.console.core;

import io.sekisho.api.flow.LostEvent;
import io.sekisho.api.observer.GetFlowsResponse;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.FlowVerdict;
import io.sekisho.flow.ServiceGraph;
import java.time.Clock;

/**
 * Takes in flows as they come: ring, numbers per second, service graph. Called by gRPC's threads
 * and by the session's; every method holds the same lock for microseconds.
 */
final class FlowIntake {
  private static final long NANOS = 1_000_000_000L;

  private final Clock clock;
  private final FlowRing ring;
  private final SecondMeter meter;
  private final TrafficTally tally;
  private final EdgeMeters edges;
  private long newestNanos;

  FlowIntake(Clock clock, int capacity, int windowSeconds) {
    this.clock = clock;
    ring = new FlowRing(capacity);
    meter = new SecondMeter(windowSeconds, nowSecond());
    tally = new TrafficTally(windowSeconds * NANOS);
    edges = new EdgeMeters(windowSeconds);
  }

  synchronized void accept(GetFlowsResponse response) {
    switch (response.getResponseTypesCase()) {
      case FLOW -> FlowReader.read(response.getFlow()).ifPresent(this::add);
      case LOST_EVENTS -> lost(response.getLostEvents());
      case NODE_STATUS, RESPONSETYPES_NOT_SET -> {}
    }
  }

  private void add(FlowRecord flow) {
    meter.advance(nowSecond());
    ring.add(flow);
    meter.flow(flow.timeNanos() / NANOS, flow.verdict() == FlowVerdict.DROPPED);
    tally.add(flow);
    edges.add(flow, nowSecond());
    newestNanos = Math.max(newestNanos, flow.timeNanos());
  }

  private void lost(LostEvent event) {
    ring.lost(event.getNumEventsLost());
    meter.advance(nowSecond());
    meter.lost(nowSecond(), event.getNumEventsLost());
  }

  synchronized FlowBuffer flows() {
    return ring.snapshot();
  }

  synchronized TrafficHistory history() {
    meter.advance(nowSecond());
    return meter.snapshot();
  }

  synchronized TrafficHistory history(String clientKey, String serverKey) {
    return edges.snapshot(clientKey, serverKey, nowSecond());
  }

  synchronized ServiceGraph traffic(ClusterInventory inventory) {
    return tally.snapshot(clock.millis() * 1_000_000, inventory);
  }

  /** Time of the newest flow, ns since the epoch, 0 for none: where a new stream goes on. */
  synchronized long newestNanos() {
    return newestNanos;
  }

  private long nowSecond() {
    return clock.millis() / 1000;
  }
}
