package io.sekisho.console.tests;

import com.google.protobuf.Timestamp;
import io.sekisho.api.v1.HistoryResponse;
import io.sekisho.api.v1.PushRequest;
import io.sekisho.api.v1.PushResponse;
import io.sekisho.api.v1.Revision;
import io.sekisho.api.v1.RevisionState;
import io.sekisho.api.v1.RollbackRequest;
import io.sekisho.api.v1.Rollout;
import io.sekisho.api.v1.ValidateRequest;
import io.sekisho.api.v1.ValidateResponse;
import io.sekisho.console.core.ConsoleException;
import io.sekisho.console.core.ConsoleException.Code;
import io.sekisho.console.core.RevisionClient;
import io.sekisho.policy.Enforcement;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Revisions held in memory, confirmed at once; documents are kept as pushed, unread. */
public final class FakeRevisions implements RevisionClient {
  private final List<Revision> newestFirst = new CopyOnWriteArrayList<>();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile CompletableFuture<Enforcement> enforcement =
      CompletableFuture.completedFuture(Enforcement.USUAL);
  private volatile CompletableFuture<Void> held = CompletableFuture.completedFuture(null);

  /** Begins with one revision. */
  public FakeRevisions() {
    newestFirst.add(
        revision(42, 41, "shop/payment-in: 1 rule added", 1_700_000_000L).toBuilder()
            .addAllDocuments(ShopDocuments.all())
            .build());
  }

  private static Revision revision(long number, long base, String message, long second) {
    return Revision.newBuilder()
        .setNumber(number)
        .setBase(base)
        .setAuthor("alice")
        .setMessage(message)
        .setCreated(Timestamp.newBuilder().setSeconds(second))
        .setState(RevisionState.CONFIRMED)
        .setChanged(1)
        .build();
  }

  @Override
  public CompletableFuture<ValidateResponse> validate(ValidateRequest request) {
    return CompletableFuture.supplyAsync(() -> Validated.of(request.getTextsList()));
  }

  @Override
  public CompletableFuture<PushResponse> push(PushRequest request) {
    if (request.getBase() != head()) {
      return CompletableFuture.failedFuture(
          new ConsoleException(Code.CONFLICT, "The head has moved; nothing was changed.", null));
    }
    return append(request.getMessage());
  }

  private CompletableFuture<PushResponse> append(String message) {
    Revision next = revision(head() + 1, head(), message, System.currentTimeMillis() / 1000);
    newestFirst.addFirst(next);
    return CompletableFuture.completedFuture(PushResponse.newBuilder().setRevision(next).build());
  }

  /** A new revision of somebody else's waits for its confirmation. */
  public void pend(String message) {
    append(message);
    newestFirst.set(0, newestFirst.getFirst().toBuilder().setState(RevisionState.PENDING).build());
  }

  @Override
  public Optional<Revision> pending() {
    return Optional.of(newestFirst.getFirst()).filter(r -> r.getState() == RevisionState.PENDING);
  }

  @Override
  public CompletableFuture<Revision> confirm(long revision) {
    return get(revision);
  }

  @Override
  public CompletableFuture<PushResponse> rollback(RollbackRequest request) {
    return append(request.getMessage());
  }

  /** What comes of asking how policies are obeyed, from now on. */
  public void enforcement(CompletableFuture<Enforcement> next) {
    enforcement = next;
  }

  @Override
  public CompletableFuture<Enforcement> enforcement() {
    return enforcement;
  }

  @Override
  public CompletableFuture<HistoryResponse> history() {
    return CompletableFuture.completedFuture(
        HistoryResponse.newBuilder().addAllRevisions(newestFirst).setHead(head()).build());
  }

  /** Answers of {@link #get} wait for {@link #release} from now on. */
  public void hold() {
    held = new CompletableFuture<>();
  }

  /** Gives the answers that wait. */
  public void release() {
    held.complete(null);
  }

  /** How often a revision was asked for. */
  public int asked() {
    return asked.get();
  }

  @Override
  public CompletableFuture<Revision> get(long number) {
    asked.incrementAndGet();
    return held.thenCompose(v -> found(number));
  }

  private CompletableFuture<Revision> found(long number) {
    long wanted = number == 0 ? head() : number;
    Optional<Revision> found =
        newestFirst.stream().filter(r -> r.getNumber() == wanted).findFirst();
    return found
        .map(CompletableFuture::completedFuture)
        .orElseGet(
            () ->
                CompletableFuture.failedFuture(
                    new ConsoleException(
                        Code.INVALID, "There is no revision " + wanted + ".", null)));
  }

  @Override
  public CompletableFuture<Void> watchRollout(long revision, Consumer<Rollout> each) {
    boolean pending = pending().filter(r -> r.getNumber() == revision).isPresent();
    each.accept(
        Rollout.newBuilder()
            .setRevision(revision)
            .setState(pending ? RevisionState.PENDING : RevisionState.CONFIRMED)
            .setSettled(!pending)
            .build());
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public long head() {
    return newestFirst.getFirst().getNumber();
  }
}
