package io.sekisho.console.core;

import io.sekisho.api.flow.LostEvent;
import io.sekisho.api.observer.GetFlowsResponse;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.FlowRecords;
import io.sekisho.flow.FlowVerdict;
import io.sekisho.flow.Party;
import io.sekisho.flow.ServiceGraph;
import io.sekisho.flow.TrafficAggregator;
import io.sekisho.flow.WorkloadPods;
import java.time.Clock;
import java.util.function.Function;

/**
 * Takes in flows as they come: ring, numbers per second, service graph. Called by gRPC's threads
 * and by the session's; every method holds the same lock for microseconds.
 */
final class FlowIntake {
  /** Rates of the graph are over so many seconds: new drops and healing show soon. */
  static final int GRAPH_SECONDS = 30;

  private static final int MAX_EDGES = 10_000;
  private static final long NANOS = 1_000_000_000L;

  private final Clock clock;
  private final FlowRing ring;
  private final SecondMeter meter;
  private final TrafficAggregator aggregator;
  private final EdgeMeters edges;
  private long newestNanos;

  FlowIntake(Clock clock, int capacity, int windowSeconds) {
    this.clock = clock;
    ring = new FlowRing(capacity);
    meter = new SecondMeter(windowSeconds, nowSecond());
    aggregator = new TrafficAggregator(GRAPH_SECONDS, MAX_EDGES);
    edges = new EdgeMeters(windowSeconds);
  }

  synchronized void accept(GetFlowsResponse response) {
    switch (response.getResponseTypesCase()) {
      case FLOW -> add(FlowRecords.from(response.getFlow()));
      case LOST_EVENTS -> lost(response.getLostEvents());
      case NODE_STATUS, RESPONSETYPES_NOT_SET -> {}
    }
  }

  private void add(FlowRecord flow) {
    meter.advance(nowSecond());
    ring.add(flow);
    meter.flow(flow.timeNanos() / NANOS, flow.verdict() == FlowVerdict.DROPPED);
    aggregator.add(flow);
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

  synchronized ServiceGraph traffic(Function<Party, WorkloadPods> pods) {
    return aggregator.snapshot(clock.millis() * 1_000_000, pods);
  }

  /** Time of the newest flow, ns since the epoch, 0 for none: where a new stream goes on. */
  synchronized long newestNanos() {
    return newestNanos;
  }

  private long nowSecond() {
    return clock.millis() / 1000;
  }
}
