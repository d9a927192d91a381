package io.sekisho.console.policy;

import io.sekisho.api.v1.DocumentName;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Policy;
import io.sekisho.console.core.kubernetes.ObjectRef;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Selected;
import io.sekisho.flow.FlowRecord;
import java.util.List;
import java.util.Optional;

/**
 * A rule that shall be shown.
 *
 * @param rule as it is named, {@code shop/payment-in:1}; the index may be absent
 * @param kind of its document, empty where unknown: then the first document of the name is meant
 * @param line there, from 1; 0 where unknown
 */
record RuleSubject(String rule, String kind, int line) {
  /** {@code shop/payment-in}. */
  String document() {
    return rule.replaceFirst(":\\d+$", "");
  }

  /** The same as a name; its kind may be empty. */
  DocumentName name() {
    String document = document();
    int slash = document.indexOf('/');
    return DocumentName.newBuilder()
        .setKind(kind)
        .setNamespace(slash < 0 ? "" : document.substring(0, slash))
        .setName(document.substring(slash + 1))
        .build();
  }

  /** Its document in the draft. */
  Optional<DraftDocument> in(Draft draft) {
    return draft.documents().stream()
        .filter(d -> d.title().equals(document()))
        .filter(d -> kind.isEmpty() || d.kinds().contains(kind))
        .findFirst();
  }

  /** Its object at the API server. */
  Optional<InForce> object(ClusterSession session) {
    return session
        .kubernetes()
        .flatMap(
            k ->
                k.objects().policies().stream()
                    .map(Policy::ref)
                    .filter(r -> named(r.title(), r.kind()))
                    .findFirst()
                    .map((ObjectRef r) -> new InForce.OfKubernetes(k, r)));
  }

  /** Whether a document of this name and kind is meant. */
  boolean named(String title, String itsKind) {
    return title.equals(document()) && (kind.isEmpty() || kind.equals(itsKind));
  }

  /** The rule that decided on what is selected; empty where none is known. */
  static Optional<RuleSubject> of(Scope scope) {
    return switch (scope.selected()) {
      case Selected.Connection c -> connection(scope, c);
      case Selected.Flows f -> f.ends().flatMap(c -> connection(scope, c));
      case Selected.Flow f -> Optional.of(of(f.flow()));
      case Selected.Nothing n -> Optional.empty();
      case Selected.Workload w -> Optional.empty();
      case Selected.Pod p -> Optional.empty();
      case Selected.Service s -> Optional.empty();
      case Selected.Namespace n -> Optional.empty();
      case Selected.Node n -> Optional.empty();
    };
  }

  private static RuleSubject of(FlowRecord flow) {
    return new RuleSubject(flow.rule(), flow.ruleKind(), flow.ruleLine());
  }

  /** A connection knows the rule that drops; the newest flow of it knows the kind and the line. */
  private static Optional<RuleSubject> connection(Scope scope, Selected.Connection c) {
    return scope
        .session()
        .flatMap(
            s ->
                s.traffic()
                    .edge(c.clientKey(), c.serverKey())
                    .map(e -> e.dropRule())
                    .filter(r -> !r.isEmpty())
                    .map(r -> seen(s, c, r).orElse(new RuleSubject(r, "", 0))));
  }

  private static Optional<RuleSubject> seen(
      ClusterSession session, Selected.Connection c, String rule) {
    List<FlowRecord> flows = session.flows().newestFirst();
    return flows.stream()
        .filter(f -> f.rule().equals(rule))
        .filter(f -> f.client().key().equals(c.clientKey()))
        .filter(f -> f.server().key().equals(c.serverKey()))
        .findFirst()
        .map(RuleSubject::of);
  }
}
