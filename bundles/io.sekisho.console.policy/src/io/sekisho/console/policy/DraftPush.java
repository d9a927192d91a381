package io.sekisho.console.policy;

import io.sekisho.api.v1.PushRequest;
import io.sekisho.api.v1.PushResponse;
import io.sekisho.api.v1.ValidateRequest;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.ui.Format;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Every change of a draft. */
record DraftPush(Draft draft) implements Push {
  @Override
  public ClusterSession session() {
    return draft.session();
  }

  private String count() {
    return Format.counted(draft.changes().size(), Texts.push_document);
  }

  @Override
  public String words() {
    return Texts.bind(Texts.push_what, count(), session().profile().name());
  }

  @Override
  public String verb() {
    return Texts.bind(Texts.push_verb, count());
  }

  @Override
  public List<String> documents() {
    return draft.changes().stream().map(d -> d.title() + "  " + DraftWords.state(d)).toList();
  }

  @Override
  public String message() {
    return "";
  }

  @Override
  public ValidateRequest proof() {
    PushRequest changes = draft.changesAsRequest();
    return ValidateRequest.newBuilder()
        .setBase(changes.getBase())
        .addAllTexts(changes.getUpsertList())
        .addAllRemove(changes.getRemoveList())
        .build();
  }

  @Override
  public CompletableFuture<DryRuns.Result> impact() {
    return Drafts.dryRuns(session())
        .result()
        .map(CompletableFuture::completedFuture)
        .orElseGet(
            () -> CompletableFuture.failedFuture(new IllegalStateException(Texts.push_no_dry_run)));
  }

  @Override
  public CompletableFuture<PushResponse> send(
      String message, boolean confirm, List<String> overridden) {
    PushRequest.Builder request =
        draft.changesAsRequest().toBuilder()
            .setMessage(message)
            .addAllOverrideExpectations(overridden);
    if (confirm) {
      request.setConfirmWithin(Push.confirmWithin());
    }
    return session().revisions().push(request.build());
  }

  @Override
  public void sent() {
    draft.pushed();
  }
}
