package io.sekisho.console.flows;

import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.Revision;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Policy;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.FlowVerdict;
import io.sekisho.impact.run.Asking;
import io.sekisho.impact.seen.Talk;
import io.sekisho.impact.why.Why;
import io.sekisho.policy.DocumentName;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.PolicyDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * The documents in force as the console knows them: the revision's, and the objects of the API
 * server beside them. As on a node, a name that both have is the revision's. One thread at a time
 * asks.
 */
record PoliciesInForce(List<PolicyDocument> documents, Asking asking) {
  /** Those of now; an agent that does not say how it obeys them obeys them as is usual. */
  static CompletableFuture<PoliciesInForce> of(ClusterSession session) {
    long head = session.revisions().head();
    List<Policy> objects = session.objects().policies();
    CompletableFuture<Revision> revision =
        head == 0
            ? CompletableFuture.completedFuture(Revision.getDefaultInstance())
            : session.revisions().get(head);
    return revision.thenCombineAsync(
        session.revisions().enforcement().exceptionally(t -> Enforcement.USUAL),
        (r, obeyed) -> read(r, objects, obeyed));
  }

  private static PoliciesInForce read(
      Revision revision, List<Policy> objects, Enforcement enforcement) {
    List<String> texts = new ArrayList<>();
    revision.getDocumentsList().forEach(d -> texts.add(d.getYaml()));
    Set<DocumentName> taken =
        revision.getDocumentsList().stream().map(PoliciesInForce::name).collect(Collectors.toSet());
    objects.stream()
        .filter(
            o ->
                !taken.contains(
                    new DocumentName(o.ref().kind(), o.ref().namespace(), o.ref().name())))
        .forEach(o -> texts.add(o.yaml()));
    List<PolicyDocument> documents =
        texts.stream().flatMap(t -> Documents.parse(List.of(t)).documents().stream()).toList();
    return new PoliciesInForce(documents, new Asking(documents, enforcement));
  }

  private static DocumentName name(Document document) {
    return new DocumentName(document.getKind(), document.getNamespace(), document.getName());
  }

  synchronized Optional<Why> why(Talk talk) {
    return Asking.Connection.of(talk).map(c -> Why.of(documents, asking, c));
  }

  /**
   * Whether an answer is what happened to a flow. If not, something else was in force then, or
   * agents know more: services behind rules, objects of an API server that the session does not
   * see.
   */
  static boolean explains(Why why, FlowRecord flow) {
    return why.passes() == (flow.verdict() != FlowVerdict.DROPPED)
        && (!flow.hasDocument()
            || why.ends().stream()
                .flatMap(e -> e.rule().stream())
                .anyMatch(
                    r -> r.toString().equals(flow.rule()) && r.kind().equals(flow.ruleKind())));
  }
}
