package io.sekisho.console.flows;

import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.Revision;
import io.sekisho.console.core.ClusterInventory;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.ui.Background;
import io.sekisho.flow.FlowRecord;
import io.sekisho.impact.run.Asking;
import io.sekisho.impact.seen.Gathering;
import io.sekisho.impact.seen.Talk;
import io.sekisho.impact.why.Why;
import io.sekisho.policy.Documents;
import io.sekisho.policy.PolicyDocument;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.swt.widgets.Control;

/**
 * Answers why: documents in force are fetched and read once for each head, questions asked on
 * another thread, and the last answer kept. UI thread only.
 */
final class Whys {
  /** For which session and head documents were asked for. */
  private record Base(ClusterSession session, long head) {}

  /** What was asked: the same question has the same answer. */
  private record Asked(
      Base base, String client, String server, String protocol, int port, int icmpType) {}

  /** The documents in force, ready to be asked by one thread at a time. */
  private record InForce(List<PolicyDocument> documents, Asking asking) {
    static InForce of(Revision revision) {
      List<PolicyDocument> documents =
          Documents.parse(revision.getDocumentsList().stream().map(Document::getYaml).toList())
              .documents();
      return new InForce(documents, new Asking(documents));
    }

    synchronized Optional<Why> why(Talk talk) {
      return Asking.Connection.of(talk).map(c -> Why.of(documents, asking, c));
    }
  }

  private final Control owner;
  private final Runnable found;
  private Optional<Base> base = Optional.empty();
  private CompletableFuture<InForce> inForce = new CompletableFuture<>();
  private Optional<Asked> asked = Optional.empty();
  private Optional<Why> answer = Optional.empty();

  /** Calls back when an answer has come; the owner lives as long as answers matter. */
  Whys(Control owner, Runnable found) {
    this.owner = owner;
    this.found = found;
  }

  /** What is known now; asks if nothing is. */
  Optional<Why> of(ClusterSession session, FlowRecord flow) {
    Base now = new Base(session, session.revisions().head());
    if (now.head() == 0) {
      return Optional.empty();
    }
    if (base.filter(now::equals).isEmpty()) {
      base = Optional.of(now);
      inForce = session.revisions().get(now.head()).thenApplyAsync(InForce::of);
    }
    Asked question =
        new Asked(
            now,
            flow.client().key(),
            flow.server().key(),
            flow.protocol(),
            flow.serverPort(),
            flow.icmpType());
    if (asked.filter(question::equals).isEmpty()) {
      asked = Optional.of(question);
      answer = Optional.empty();
      ask(question, session.inventory(), flow);
    }
    return answer;
  }

  private void ask(Asked question, ClusterInventory inventory, FlowRecord flow) {
    Background.onUiIfDone(
        inForce.thenApplyAsync(d -> d.why(Gathering.one(flow, inventory.named()::labels))),
        owner,
        why -> {
          if (asked.filter(question::equals).isPresent() && why.isPresent()) {
            answer = why;
            found.run();
          }
        });
  }
}
