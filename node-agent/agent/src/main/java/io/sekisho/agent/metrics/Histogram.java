package io.sekisho.agent.metrics;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** Durations, counted in fixed buckets of seconds. Any thread may add. */
public final class Histogram {
  /** Upper bounds, seconds. */
  private static final double[] BOUNDS = {
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10
  };

  private final LongAdder[] buckets = new LongAdder[BOUNDS.length + 1];
  private final LongAdder nanos = new LongAdder();

  /** Empty. */
  public Histogram() {
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] = new LongAdder();
    }
  }

  /** Counts a duration. */
  public void add(Duration duration) {
    double seconds = duration.toNanos() / 1e9;
    int i = 0;
    while (i < BOUNDS.length && seconds > BOUNDS[i]) {
      i++;
    }
    buckets[i].increment();
    nanos.add(duration.toNanos());
  }

  /** How many were counted. */
  public long count() {
    long sum = 0;
    for (LongAdder bucket : buckets) {
      sum += bucket.sum();
    }
    return sum;
  }

  /** Appends it in Prometheus' text format. */
  void render(String name, StringBuilder out) {
    long sum = 0;
    for (int i = 0; i < BOUNDS.length; i++) {
      sum += buckets[i].sum();
      out.append(name).append("_bucket{le=\"").append(BOUNDS[i]).append("\"} ").append(sum);
      out.append('\n');
    }
    sum += buckets[BOUNDS.length].sum();
    out.append(name).append("_bucket{le=\"+Inf\"} ").append(sum).append('\n');
    out.append(name).append("_sum ").append(nanos.sum() / 1e9).append('\n');
    out.append(name).append("_count ").append(sum).append('\n');
  }
}
