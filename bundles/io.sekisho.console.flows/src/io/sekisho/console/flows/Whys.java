package io.sekisho.console.flows;

import io.sekisho.api.v1.EndQuery;
import io.sekisho.api.v1.TracePolicyRequest;
import io.sekisho.console.core.ClusterInventory;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Policy;
import io.sekisho.console.ui.Background;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.FlowVerdict;
import io.sekisho.flow.Party;
import io.sekisho.impact.run.Asking;
import io.sekisho.impact.seen.Gathering;
import io.sekisho.impact.seen.Talk;
import io.sekisho.impact.why.Why;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.swt.widgets.Control;

/**
 * Answers why: documents in force are fetched and read once for each head and each change of the
 * API server's policies, questions asked on another thread, and the last answer kept. Where the
 * answer is not what happened, the agents are asked, who know more. UI thread only.
 */
final class Whys {
  /** For which session and what in force documents were asked for. */
  private record Base(ClusterSession session, long head, List<Policy> objects) {}

  /** What was asked: the same question has the same answer. */
  private record Asked(
      Base base, String client, String server, String protocol, int port, int icmpType) {}

  private final Control owner;
  private final Runnable found;
  private Optional<Base> base = Optional.empty();
  private CompletableFuture<PoliciesInForce> inForce = new CompletableFuture<>();
  private Optional<Asked> asked = Optional.empty();
  private Optional<Why> answer = Optional.empty();

  /** Calls back when an answer has come; the owner lives as long as answers matter. */
  Whys(Control owner, Runnable found) {
    this.owner = owner;
    this.found = found;
  }

  /** What is known now; asks if nothing is. */
  Optional<Why> of(ClusterSession session, FlowRecord flow) {
    Base now = new Base(session, session.revisions().head(), session.objects().policies());
    boolean decided = flow.hasDocument() || flow.verdict() != FlowVerdict.FORWARDED;
    if (now.head() == 0 && now.objects().isEmpty() && !decided) {
      return Optional.empty();
    }
    if (base.filter(now::equals).isEmpty()) {
      base = Optional.of(now);
      inForce = PoliciesInForce.of(session);
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
      ask(question, session, flow);
    }
    return answer;
  }

  private void ask(Asked question, ClusterSession session, FlowRecord flow) {
    ClusterInventory inventory = session.inventory();
    CompletableFuture<Optional<Why>> call =
        inForce.thenComposeAsync(
            d -> {
              Talk talk = Gathering.one(flow, inventory.named()::labels);
              Optional<Why> ours = d.why(talk);
              return ours.filter(w -> PoliciesInForce.explains(w, flow)).isPresent()
                  ? CompletableFuture.completedFuture(ours)
                  : agents(session, flow, talk, d).exceptionally(t -> ours);
            });
    Background.onUiIfDone(
        call,
        owner,
        why -> {
          if (asked.filter(question::equals).isPresent() && why.isPresent()) {
            answer = why;
            found.run();
          }
        });
  }

  /** What the agents say of the same connection; fails where an end has gone since. */
  private static CompletableFuture<Optional<Why>> agents(
      ClusterSession session, FlowRecord flow, Talk talk, PoliciesInForce known) {
    Optional<Asking.Connection> connection = Asking.Connection.of(talk);
    if (connection.isEmpty()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    TracePolicyRequest request =
        TracePolicyRequest.newBuilder()
            .setSource(end(flow.client()))
            .setDestination(end(flow.server()))
            .setProtocol(connection.get().protocol())
            .setPort(connection.get().port())
            .build();
    return session
        .policies()
        .trace(request)
        .thenApply(
            r -> r.getTracesList().stream().findFirst().map(t -> Why.told(t, known.documents())));
  }

  /** A pod by its name, for its address may be another's by now. */
  private static EndQuery end(Party party) {
    boolean pod = party.kind() == Party.Kind.WORKLOAD && !party.pod().isEmpty();
    return pod
        ? EndQuery.newBuilder().setPod(party.namespace() + "/" + party.pod()).build()
        : EndQuery.newBuilder().setAddress(party.address()).build();
  }
}
