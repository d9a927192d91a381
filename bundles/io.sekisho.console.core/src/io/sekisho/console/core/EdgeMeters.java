package io.sekisho.console.core;

import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.FlowVerdict;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Events per second of every connection between workloads, bounded: the one that was quiet for the
 * longest time makes room. Not safe for threads.
 */
final class EdgeMeters {
  private static final int CAPACITY = 4_000;
  private static final long NANOS = 1_000_000_000L;

  /** Who calls whom. */
  private record Ends(String client, String server) {}

  private final int window;
  private final Map<Ends, SecondMeter> meters =
      new LinkedHashMap<>(256, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Ends, SecondMeter> eldest) {
          return size() > CAPACITY;
        }
      };

  EdgeMeters(int windowSeconds) {
    window = windowSeconds;
  }

  void add(FlowRecord flow, long nowSecond) {
    Ends ends = new Ends(flow.client().key(), flow.server().key());
    SecondMeter meter = meters.computeIfAbsent(ends, e -> new SecondMeter(window, nowSecond));
    meter.advance(nowSecond);
    meter.flow(flow.timeNanos() / NANOS, flow.verdict() == FlowVerdict.DROPPED);
  }

  TrafficHistory snapshot(String client, String server, long nowSecond) {
    SecondMeter meter = meters.get(new Ends(client, server));
    if (meter == null) {
      return TrafficHistory.EMPTY;
    }
    meter.advance(nowSecond);
    return meter.snapshot();
  }
}
