package io.sekisho.console.flows;

import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.Revision;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.Link;
import io.sekisho.console.core.kubernetes.KubernetesObjects;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Policy;
import io.sekisho.console.ui.Background;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Labels;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.PolicySpec;
import io.sekisho.policy.Rule;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.eclipse.swt.widgets.Control;

/**
 * Answers which policies in force select an endpoint: of the revision and of the API server. They
 * are fetched and read once for each of their states, on another thread; the last answer is kept.
 * UI thread only.
 */
final class Selecting {
  /** A policy that selects, and in which directions it speaks. */
  record Selects(String kind, String title, Set<Direction> directions) {}

  /** For which state of the documents they were asked for. */
  private record Base(ClusterSession session, boolean connected, long head, long version) {}

  private record Asked(Base base, Labels labels) {}

  private final Control owner;
  private final Runnable found;
  private Optional<Base> base = Optional.empty();
  private CompletableFuture<List<PolicyDocument>> inForce = new CompletableFuture<>();
  private Optional<Asked> asked = Optional.empty();
  private Optional<List<Selects>> answer = Optional.empty();

  /** Calls back when an answer has come; the owner lives as long as answers matter. */
  Selecting(Control owner, Runnable found) {
    this.owner = owner;
    this.found = found;
  }

  /** What is known now, by title; asks if nothing is. */
  Optional<List<Selects>> of(ClusterSession session, Labels labels) {
    KubernetesObjects objects = session.objects();
    boolean connected = session.link() instanceof Link.Connected;
    Base now = new Base(session, connected, session.revisions().head(), objects.version());
    if (base.filter(now::equals).isEmpty()) {
      base = Optional.of(now);
      inForce = documents(session, now.head(), objects);
    }
    Asked question = new Asked(now, labels);
    if (asked.filter(question::equals).isEmpty()) {
      boolean other = asked.filter(a -> a.labels().equals(labels)).isEmpty();
      asked = Optional.of(question);
      answer = other ? Optional.empty() : answer; // until the new one has come
      ask(question);
    }
    return answer;
  }

  private static CompletableFuture<List<PolicyDocument>> documents(
      ClusterSession session, long head, KubernetesObjects objects) {
    CompletableFuture<Revision> revision =
        head == 0
            ? CompletableFuture.completedFuture(Revision.getDefaultInstance())
            : session.revisions().get(head);
    return revision.thenApplyAsync(
        r ->
            Documents.parse(
                    Stream.concat(
                            r.getDocumentsList().stream().map(Document::getYaml),
                            objects.policies().stream().map(Policy::yaml))
                        .toList())
                .documents(),
        Background.workers());
  }

  private void ask(Asked question) {
    Background.onUiIfDone(
        inForce.thenApplyAsync(d -> selecting(d, question.labels()), Background.workers()),
        owner,
        selects -> {
          if (asked.filter(question::equals).isPresent()) {
            answer = Optional.of(selects);
            found.run();
          }
        });
  }

  private static List<Selects> selecting(List<PolicyDocument> documents, Labels labels) {
    List<Selects> out = new ArrayList<>();
    for (PolicyDocument document : documents) {
      List<PolicySpec> specs = document.specs().stream().filter(s -> s.selects(labels)).toList();
      if (!specs.isEmpty()) {
        Set<Direction> directions = EnumSet.noneOf(Direction.class);
        for (PolicySpec spec : specs) {
          directions.addAll(spec.isolated());
          spec.rules().stream()
              .map(Rule::reference)
              .forEach(r -> directions.add(r.section().direction()));
        }
        out.add(new Selects(document.kind(), document.documentName().path(), directions));
      }
    }
    return out.stream().sorted(java.util.Comparator.comparing(Selects::title)).toList();
  }
}
