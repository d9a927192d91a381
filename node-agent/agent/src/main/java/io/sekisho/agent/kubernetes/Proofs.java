package io.sekisho.agent.kubernetes;

import io.sekisho.agent.cluster.Inventory;
import io.sekisho.agent.loop.Pace;
import io.sekisho.agent.revision.Judge;
import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.ExpectationResult;
import io.sekisho.policy.DocumentName;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Kind;
import io.sekisho.policy.ServiceCatalog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What becomes of the expectations of the API server, and which traps are in its documents. Both
 * are looked for anew when documents, services or identities are others than at the last time, so
 * seldom that it takes a tenth of the time at most; for traps in documents that were there the last
 * time, once in a minute. Belongs to one thread.
 */
final class Proofs {
  /** However long a proof took, the next is not put off for longer. */
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final MergedIntent merged;
  private final Judge judge;
  private final Supplier<Inventory> inventory;
  private final Pace pace;
  private Optional<Basis> basis = Optional.empty();
  private List<ExpectationResult> results = List.of();
  private Map<Document, String> traps = Map.of();
  private final LongSupplier nanos;
  private long provedNanos;

  /** What was proved from. */
  private record Basis(
      List<Document> pushed,
      Set<Document> beside,
      ServiceCatalog services,
      Map<Integer, Identity> identities) {}

  /**
   * An object's expectations together.
   *
   * @param broken where one does not hold: the connection; empty if all hold
   * @param pairs of identities that were looked at
   */
  record Proved(Optional<String> broken, long pairs) {}

  /** Nothing is proved yet. */
  Proofs(MergedIntent merged, Judge judge, Supplier<Inventory> inventory, LongSupplier nanos) {
    this.merged = merged;
    this.judge = judge;
    this.inventory = inventory;
    this.nanos = nanos;
    pace = new Pace(nanos::getAsLong, LONGEST);
  }

  /** Looks whether there is something to prove, and proves it; may take a second or two. */
  void look(List<PolicyObject> objects) {
    if (objects.isEmpty() || !pace.rest(Pace.Share.TENTH).isZero()) {
      return;
    }
    var now =
        new Basis(
            merged.pushed(),
            Set.copyOf(merged.documents()),
            merged.services(),
            inventory.get().identities());
    if (isDue(objects, now) && !basis.equals(Optional.of(now))) {
      pace.run(() -> prove(now));
    }
  }

  private boolean isDue(List<PolicyObject> objects, Basis now) {
    return objects.stream().anyMatch(o -> o.kind() == Kind.EXPECTATION)
        || basis.filter(last -> last.beside().containsAll(now.beside())).isEmpty()
        || nanos.getAsLong() - provedNanos >= LONGEST.toNanos();
  }

  private void prove(Basis now) {
    List<Document> beside = List.copyOf(now.beside());
    Judge.Judgement judgement = judge.judge(now.pushed(), now.pushed(), beside);
    results = judgement.expectations();
    traps =
        judgement.traps().stream()
            .collect(
                Collectors.groupingBy(
                    trap -> beside.get(trap.getText()),
                    Collectors.mapping(
                        trap ->
                            Findings.trap(
                                beside.get(trap.getText()).getYaml(),
                                trap.getLine(),
                                trap.getMessage()),
                        Collectors.joining("; "))));
    basis = Optional.of(now);
    provedNanos = nanos.getAsLong();
  }

  /** What is probably not meant so in an object as it was last looked at; empty if nothing is. */
  String traps(PolicyObject object) {
    return traps.getOrDefault(object.document(), "");
  }

  /** What was proved of an object as it is now; empty if nothing was. */
  Optional<Proved> of(PolicyObject object) {
    if (basis.filter(b -> b.beside().contains(object.document())).isEmpty()) {
      return Optional.empty();
    }
    DocumentName name = object.documentName();
    var own = new ArrayList<ExpectationResult>();
    for (ExpectationResult result : results) {
      if (result.getName().equals(name.path()) || result.getName().startsWith(name.path() + ":")) {
        own.add(result);
      }
    }
    return own.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Proved(
                own.stream()
                    .filter(ExpectationResult::hasCounterExample)
                    .map(r -> r.getCounterExample().getText())
                    .findFirst(),
                own.stream().mapToLong(ExpectationResult::getPairs).sum()));
  }
}
