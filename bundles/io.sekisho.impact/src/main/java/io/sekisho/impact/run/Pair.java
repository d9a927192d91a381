package io.sekisho.impact.run;

import io.sekisho.flow.FlowRecord;
import java.util.Comparator;
import java.util.List;

/**
 * What becomes of the traffic from one workload to another, of one outcome.
 *
 * @param outcome what becomes of it
 * @param client key of who opens connections
 * @param server key of who serves them
 * @param lines by ports, most flows first
 */
public record Pair(Outcome outcome, String client, String server, List<Line> lines) {
  /** Keeps the lines in order. */
  public Pair {
    lines =
        lines.stream()
            .sorted(Comparator.comparingLong((Line l) -> l.talk().flows()).reversed())
            .toList();
  }

  /** How many flows. */
  public long flows() {
    return lines.stream().mapToLong(l -> l.talk().flows()).sum();
  }

  /** The newest flows themselves, newest first. */
  public List<FlowRecord> newest() {
    return lines.stream()
        .flatMap(l -> l.talk().newest().stream())
        .sorted(Comparator.comparingLong(FlowRecord::timeNanos).reversed())
        .toList();
  }
}
