package io.sekisho.impact.run;

import io.sekisho.impact.Progress;
import io.sekisho.impact.seen.Talk;
import io.sekisho.impact.seen.Traffic;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.PolicyDocument;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
   * Compares documents.
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
    var old = new Asking(before, enforcement);
    var next = new Asking(after, enforcement);
    var groups = new LinkedHashMap<Key, List<Line>>();
    var sums = new EnumMap<Outcome, Long>(Outcome.class);
    for (Outcome outcome : Outcome.values()) {
      sums.put(outcome, 0L);
    }
    long audited = 0;
    int done = 0;
    for (Talk talk : traffic.talks()) {
      if (done++ % STEP == 0) {
        progress.at(done, traffic.talks().size());
      }
      Line line = line(talk, old, next);
      Key key = new Key(line.outcome(), talk.client().key(), talk.server().key());
      groups.computeIfAbsent(key, k -> new ArrayList<>()).add(line);
      sums.merge(line.outcome(), talk.flows(), Long::sum);
      audited += line.after().filter(Answer::audited).isPresent() ? talk.flows() : 0;
    }
    progress.at(traffic.talks().size(), traffic.talks().size());
    List<Pair> pairs = new ArrayList<>();
    groups.forEach((k, lines) -> pairs.add(new Pair(k.outcome(), k.client(), k.server(), lines)));
    pairs.sort(
        Comparator.comparing(Pair::outcome)
            .thenComparing(Comparator.comparingLong(Pair::flows).reversed())
            .thenComparing(Pair::client)
            .thenComparing(Pair::server));
    return new DryRun(pairs, sums, audited);
  }

  private static Line line(Talk talk, Asking old, Asking next) {
    if (!talk.isClear()) {
      return new Line(talk, Outcome.UNDECIDABLE, Optional.empty(), Optional.empty(), talk.doubt());
    }
    var connection =
        new Asking.Connection(talk.client(), talk.server(), talk.protocol(), talk.port());
    Answer before = old.of(connection);
    boolean same =
        old.sameAs(next, talk.client(), Direction.EGRESS)
            && old.sameAs(next, talk.server(), Direction.INGRESS);
    Answer after = same ? before : next.of(connection);
    Outcome outcome = outcome(before.passes(), after.passes());
    if (outcome != Outcome.UNCHANGED && talk.onlyOtherDrops()) {
      String reason = "it was dropped for another reason (" + talk.otherReason() + ")";
      return new Line(talk, Outcome.UNDECIDABLE, Optional.of(before), Optional.of(after), reason);
    }
    return new Line(talk, outcome, Optional.of(before), Optional.of(after), "");
  }

  private static Outcome outcome(boolean before, boolean after) {
    if (before == after) {
      return Outcome.UNCHANGED;
    }
    return after ? Outcome.NEWLY_ALLOWED : Outcome.NEWLY_DENIED;
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
