package io.sekisho.impact.run;

import io.sekisho.impact.seen.End;
import io.sekisho.impact.seen.Talk;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.PolicyDocument;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Two sets of documents, asked the same. Safe for several threads. */
final class Compared {
  private final Asking old;
  private final Asking next;
  private final Map<Subject, Boolean> same = new ConcurrentHashMap<>();

  /** Whose rules are compared. */
  private record Subject(End end, Direction direction) {}

  Compared(List<PolicyDocument> before, List<PolicyDocument> after, Enforcement enforcement) {
    old = new Asking(before, enforcement);
    next = new Asking(after, enforcement);
  }

  /** What becomes of a question. */
  Line line(Talk talk) {
    if (!talk.isClear()) {
      return new Line(talk, Outcome.UNDECIDABLE, Optional.empty(), Optional.empty(), talk.doubt());
    }
    boolean same = same(talk.client(), Direction.EGRESS) && same(talk.server(), Direction.INGRESS);
    List<Line> lines = connections(talk).stream().map(c -> line(talk, c, same)).distinct().toList();
    if (lines.stream().map(Line::outcome).distinct().count() > 1) {
      String reason = "it is decided by addresses, and not alike for all pods of the workload";
      Line newest = lines.getLast();
      return new Line(talk, Outcome.UNDECIDABLE, newest.before(), newest.after(), reason);
    }
    return lines.getLast();
  }

  private List<Asking.Connection> connections(Talk talk) {
    List<Asking.Connection> all = Asking.Connection.all(talk);
    return old.asksAddresses() || next.asksAddresses() ? all : List.of(all.getLast());
  }

  private Line line(Talk talk, Asking.Connection connection, boolean same) {
    Answer before = old.of(connection);
    Answer after = same ? before : next.of(connection);
    Outcome outcome = outcome(before.passes(), after.passes());
    if (outcome != Outcome.UNCHANGED && talk.onlyOtherDrops()) {
      String reason = "it was dropped for another reason (" + talk.otherReason() + ")";
      return new Line(talk, Outcome.UNDECIDABLE, Optional.of(before), Optional.of(after), reason);
    }
    return new Line(talk, outcome, Optional.of(before), Optional.of(after), "");
  }

  /** Both say the same of an end; found once for each. */
  private boolean same(End end, Direction direction) {
    return !(end instanceof End.Known)
        || same.computeIfAbsent(
            new Subject(end, direction), s -> old.sameAs(next, s.end(), s.direction()));
  }

  private static Outcome outcome(boolean before, boolean after) {
    if (before == after) {
      return Outcome.UNCHANGED;
    }
    return after ? Outcome.NEWLY_ALLOWED : Outcome.NEWLY_DENIED;
  }
}
