package io.sekisho.impact.run;

import io.sekisho.impact.Progress;
import io.sekisho.impact.seen.Talk;
import io.sekisho.impact.seen.Traffic;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.PolicyDocument;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What other documents would do to recorded traffic: documents are compared with documents, over
 * the connections that were seen, as both of their ends decide. So traffic that an older revision
 * dropped counts by what is in force now.
 *
 * @param pairs by outcome and workloads, most flows first
 * @param flows how many flows of each outcome; every outcome has a number
 * @param audited flows that would pass only because a policy is under audit
 */
public record DryRun(List<Pair> pairs, Map<Outcome, Long> flows, long audited) {
  private static final int STEP = 256;

  /** Keeps immutable copies. */
  public DryRun {
    pairs = List.copyOf(pairs);
    flows = Map.copyOf(flows);
  }

  private record Key(Outcome outcome, String client, String server) {}

  /**
   * Compares documents in force as is usual.
   *
   * @param before those in force
   * @param after those that shall be
   * @throws java.util.concurrent.CancellationException if the progress is cancelled
   */
  public static DryRun of(
      List<PolicyDocument> before, List<PolicyDocument> after, Traffic traffic, Progress progress) {
    return of(before, after, Enforcement.USUAL, traffic, progress);
  }

  /**
   * Compares documents, on all processors.
   *
   * @param before those in force
   * @param after those that shall be
   * @param enforcement how the cluster obeys both
   * @throws java.util.concurrent.CancellationException if the progress is cancelled
   */
  public static DryRun of(
      List<PolicyDocument> before,
      List<PolicyDocument> after,
      Enforcement enforcement,
      Traffic traffic,
      Progress progress) {
    var compared = new Compared(before, after, enforcement);
    List<Line> lines = Pieces.of(traffic.talks(), STEP, compared::line, progress);
    var groups = new LinkedHashMap<Key, List<Line>>();
    var sums = new EnumMap<Outcome, Long>(Outcome.class);
    for (Outcome outcome : Outcome.values()) {
      sums.put(outcome, 0L);
    }
    long audited = 0;
    for (Line line : lines) {
      Talk talk = line.talk();
      Key key = new Key(line.outcome(), talk.client().key(), talk.server().key());
      groups.computeIfAbsent(key, k -> new ArrayList<>()).add(line);
      sums.merge(line.outcome(), talk.flows(), Long::sum);
      audited += line.after().filter(Answer::audited).isPresent() ? talk.flows() : 0;
    }
    List<Pair> pairs = new ArrayList<>();
    groups.forEach((k, of) -> pairs.add(new Pair(k.outcome(), k.client(), k.server(), of)));
    pairs.sort(
        Comparator.comparing(Pair::outcome)
            .thenComparing(Comparator.comparingLong(Pair::flows).reversed())
            .thenComparing(Pair::client)
            .thenComparing(Pair::server));
    return new DryRun(pairs, sums, audited);
  }

  /** How many flows of an outcome. */
  public long flows(Outcome outcome) {
    return flows.getOrDefault(outcome, 0L);
  }

  /** The pairs of an outcome, most flows first. */
  public List<Pair> pairs(Outcome outcome) {
    return pairs.stream().filter(p -> p.outcome() == outcome).toList();
  }
}
