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

/**
 * What becomes of the expectations of the API server. They are proved anew when documents, services
 * or identities are others than at the last proof, and so seldom that proving takes a tenth of the
 * time at most. Belongs to one thread.
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
    pace = new Pace(nanos::getAsLong, LONGEST);
  }

  /** Looks whether there is something to prove, and proves it; may take a second or two. */
  void look(List<PolicyObject> objects) {
    if (objects.stream().anyMatch(o -> o.kind() == Kind.EXPECTATION)
        && pace.rest(Pace.Share.TENTH).isZero()) {
      var now =
          new Basis(
              merged.pushed(),
              Set.copyOf(merged.documents()),
              merged.services(),
              inventory.get().identities());
      if (!basis.equals(Optional.of(now))) {
        pace.run(() -> prove(now));
      }
    }
  }

  private void prove(Basis now) {
    results = judge.judge(now.pushed(), now.pushed(), List.of()).expectations();
    basis = Optional.of(now);
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
