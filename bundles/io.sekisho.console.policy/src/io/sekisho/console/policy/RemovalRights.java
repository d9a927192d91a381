package io.sekisho.console.policy;

import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.PushRequest;
import io.sekisho.console.ui.Refusals;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.swt.widgets.Control;

/**
 * Whether a document in force may go: by the role where policies go to the agents, by the right to
 * delete this one object where they go to Kubernetes. What only the draft has may always go. UI
 * thread only.
 */
final class RemovalRights {
  private final ApplyRights rights = new ApplyRights();

  /**
   * Why a document may not go, as far as is known.
   *
   * @param owner while it lives
   * @param later told when the API server has given another answer
   */
  Optional<String> refusal(
      Draft draft, DraftDocument document, Control owner, Consumer<Optional<String>> later) {
    return document.base().flatMap(base -> refusal(draft, base, owner, later));
  }

  private Optional<String> refusal(
      Draft draft, Document base, Control owner, Consumer<Optional<String>> later) {
    var name = DraftDocument.name(base);
    var removal = PushRequest.newBuilder().addRemove(name).build();
    return PolicyObjects.of(draft.session())
        .map(
            cluster ->
                rights.refusal(
                    cluster,
                    List.of(name.toString()),
                    removal,
                    owner,
                    () -> later.accept(refusal(draft, base, owner, later))))
        .orElseGet(() -> Refusals.ofRevisions(draft.session()));
  }
}
