package io.sekisho.console.flows;

import io.sekisho.console.core.ClusterInventory;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.ui.Background;
import io.sekisho.flow.FlowRecord;
import io.sekisho.policy.evaluate.Evaluator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.swt.widgets.Control;

/**
 * Answers about nearest misses: documents are fetched and read once for each head, questions asked
 * on another thread, and the last answer kept. UI thread only.
 */
final class NearestMisses {
  /** For which session and head documents were asked for. */
  private record Base(ClusterSession session, long head) {}

  /** What was asked: the same question has the same answer. */
  private record Asked(Base base, String client, String server, String protocol, int port) {}

  private final Control owner;
  private final Runnable found;
  private Optional<Base> base = Optional.empty();
  private CompletableFuture<Evaluator> evaluator = new CompletableFuture<>();
  private Optional<Asked> asked = Optional.empty();
  private Optional<NearestMiss> answer = Optional.empty();

  /** Calls back when an answer has come; the owner lives as long as answers matter. */
  NearestMisses(Control owner, Runnable found) {
    this.owner = owner;
    this.found = found;
  }

  /** What is known now; asks if nothing is. */
  Optional<NearestMiss> of(ClusterSession session, FlowRecord flow) {
    Base now = new Base(session, session.revisions().head());
    if (now.head() == 0) {
      return Optional.empty();
    }
    if (base.filter(now::equals).isEmpty()) {
      base = Optional.of(now);
      evaluator = session.revisions().get(now.head()).thenApplyAsync(NearestMiss::evaluator);
    }
    Asked question =
        new Asked(
            now, flow.client().key(), flow.server().key(), flow.protocol(), flow.serverPort());
    if (asked.filter(question::equals).isEmpty()) {
      asked = Optional.of(question);
      answer = Optional.empty();
      ask(question, session.inventory(), flow);
    }
    return answer;
  }

  private void ask(Asked question, ClusterInventory inventory, FlowRecord flow) {
    Background.onUiIfDone(
        evaluator.thenApplyAsync(e -> NearestMiss.of(e, inventory, flow)),
        owner,
        miss -> {
          if (asked.filter(question::equals).isPresent() && miss.isPresent()) {
            answer = miss;
            found.run();
          }
        });
  }
}
