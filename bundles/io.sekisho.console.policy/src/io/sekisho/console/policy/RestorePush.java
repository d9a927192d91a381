package io.sekisho.console.policy;

import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.DocumentName;
import io.sekisho.api.v1.PushResponse;
import io.sekisho.api.v1.Revision;
import io.sekisho.api.v1.RollbackRequest;
import io.sekisho.api.v1.ValidateRequest;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.ui.Background;
import io.sekisho.impact.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The documents of an old revision, to be a new one.
 *
 * @param session where
 * @param head what is in force, with its documents
 * @param old what comes back, with its documents
 */
record RestorePush(ClusterSession session, Revision head, Revision old) implements Push {
  /** Asks for both revisions. */
  static CompletableFuture<RestorePush> of(ClusterSession session, long number) {
    return session
        .revisions()
        .get(number)
        .thenCombine(
            session.revisions().get(0), (old, head) -> new RestorePush(session, head, old));
  }

  private static String key(Document d) {
    String path = d.getNamespace().isEmpty() ? d.getName() : d.getNamespace() + "/" + d.getName();
    return path + "  " + d.getKind();
  }

  private static Map<String, Document> byKey(Revision revision) {
    return revision.getDocumentsList().stream()
        .collect(
            Collectors.toMap(RestorePush::key, Function.identity(), (a, b) -> b, TreeMap::new));
  }

  /** Documents that come back: gone since, or written otherwise. */
  private List<Document> back() {
    Map<String, Document> now = byKey(head);
    return byKey(old).entrySet().stream()
        .filter(
            e ->
                !now.containsKey(e.getKey())
                    || !now.get(e.getKey()).getYaml().equals(e.getValue().getYaml()))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** Documents that go: made since. */
  private List<Document> gone() {
    Map<String, Document> then = byKey(old);
    return byKey(head).entrySet().stream()
        .filter(e -> !then.containsKey(e.getKey()))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** Whether both have the same documents. */
  boolean changesNothing() {
    return back().isEmpty() && gone().isEmpty();
  }

  @Override
  public String words() {
    return Texts.bind(Texts.restore_what, old.getNumber(), session.profile().name());
  }

  @Override
  public String verb() {
    return Texts.bind(Texts.restore_verb, old.getNumber());
  }

  @Override
  public List<String> documents() {
    Map<String, Document> now = byKey(head);
    List<String> out = new ArrayList<>();
    back()
        .forEach(
            d ->
                out.add(
                    key(d)
                        + "  "
                        + (now.containsKey(key(d)) ? Texts.change_changed : Texts.change_added)));
    gone().forEach(d -> out.add(key(d) + "  " + Texts.change_removed));
    return out;
  }

  @Override
  public String message() {
    return Texts.bind(Texts.restore_message, old.getNumber(), old.getMessage()).strip();
  }

  @Override
  public ValidateRequest proof() {
    return ValidateRequest.newBuilder()
        .setBase(head.getNumber())
        .addAllTexts(back().stream().map(Document::getYaml).toList())
        .addAllRemove(
            gone().stream()
                .map(
                    d ->
                        DocumentName.newBuilder()
                            .setKind(d.getKind())
                            .setNamespace(d.getNamespace())
                            .setName(d.getName())
                            .build())
                .toList())
        .build();
  }

  @Override
  public CompletableFuture<DryRuns.Result> impact() {
    var sides = new DryRuns.Sides(texts(head), texts(old));
    return Drafts.dryRuns(session)
        .flows()
        .thenCombineAsync(
            session.revisions().enforcement(),
            (flows, obeyed) ->
                Compared.of(sides, flows, obeyed, session.inventory(), Progress.NONE),
            Background.workers());
  }

  private static List<String> texts(Revision revision) {
    return revision.getDocumentsList().stream().map(Document::getYaml).toList();
  }

  @Override
  public CompletableFuture<PushResponse> send(
      String message, boolean confirm, List<String> overridden) {
    RollbackRequest.Builder request =
        RollbackRequest.newBuilder()
            .setBase(head.getNumber())
            .setTo(old.getNumber())
            .setMessage(message)
            .addAllOverrideExpectations(overridden);
    if (confirm) {
      request.setConfirmWithin(Push.confirmWithin());
    }
    return session.revisions().rollback(request.build());
  }

  @Override
  public void sent() {
    Drafts.of(session).load();
  }
}
