package io.sekisho.agent.revision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import io.sekisho.agent.cluster.Await;
import io.sekisho.agent.cluster.FileStore;
import io.sekisho.agent.cluster.FlakyStore;
import io.sekisho.agent.cluster.Inventory;
import io.sekisho.agent.cluster.StoreCluster;
import io.sekisho.agent.explain.PolicyJudge;
import io.sekisho.api.v1.PushRequest;
import io.sekisho.api.v1.Realized;
import io.sekisho.api.v1.RevisionState;
import io.sekisho.api.v1.RolloutState;
import io.sekisho.policy.Enforcement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the head to the intent, with and without the store. */
final class RevisionControllerTest {
  @TempDir Path folder;
  private final FakeClock clock = new FakeClock();
  private final List<Long> intents = new CopyOnWriteArrayList<>();
  private FlakyStore store;
  private StoreCluster cluster;
  private Revisions revisions;
  private RevisionController controller;

  @BeforeEach
  void open() {
    store = new FlakyStore(new FileStore(folder.resolve("store")));
    cluster = new StoreCluster("n1", store);
    revisions =
        new Revisions(
            store,
            new PolicyDocumentReader(),
            new PolicyJudge(() -> Inventory.EMPTY, () -> Enforcement.USUAL),
            clock);
    start();
  }

  private void start() {
    controller = new RevisionController("n1", store, cluster, revisions, clock, folder);
    controller.listen(intent -> intents.add(intent.revision()));
  }

  @AfterEach
  void close() {
    controller.close();
    cluster.close();
  }

  private void push(long base, int confirmSeconds) {
    var request =
        PushRequest.newBuilder()
            .setBase(base)
            .addUpsert(RevisionsTest.policy("p" + base, (int) (80 + base)));
    if (confirmSeconds > 0) {
      request.setConfirmWithin(Duration.newBuilder().setSeconds(confirmSeconds));
    }
    revisions.push(request.build(), "alice");
  }

  private void awaitIntents(Long... expected) {
    Await.until(() -> intents.equals(List.of(expected)), () -> intents);
  }

  private void awaitRealized(long revision, RolloutState state) {
    Await.until(
        () -> {
          Realized realized = cluster.inventory().realized().get("n1");
          return realized != null
              && realized.getRevision() == revision
              && realized.getState() == state;
        },
        () -> cluster.inventory().realized());
  }

  @Test
  void start_emptyStore_intendsEmptyStart() {
    awaitIntents(0L);
  }

  @Test
  void push_intendsTheNewRevision() {
    awaitIntents(0L);
    push(0, 0);
    awaitIntents(0L, 1L);
    controller.realized(1, 4);
    awaitRealized(1, RolloutState.REALIZED);
    assertEquals(4, cluster.inventory().realized().get("n1").getEndpoints());
  }

  @Test
  void failed_isPublishedWithItsMessage() {
    awaitIntents(0L);
    push(0, 0);
    awaitIntents(0L, 1L);
    controller.failed(1, "the map is full");
    awaitRealized(1, RolloutState.FAILED);
    assertEquals("the map is full", cluster.inventory().realized().get("n1").getMessage());
  }

  @Test
  void pending_confirmed_staysAfterDeadline() {
    awaitIntents(0L);
    push(0, 60);
    awaitIntents(0L, 1L);
    revisions.confirm(1);
    Await.until(() -> controller.head().getConfirmed() == 1);
    clock.advance(java.time.Duration.ofSeconds(120));
    push(1, 0);
    awaitIntents(0L, 1L, 2L);
  }

  @Test
  void pending_deadlinePassed_goesBackAndMovesTheHead() {
    awaitIntents(0L);
    push(0, 0);
    push(1, 60);
    Await.until(() -> intents.getLast() == 2);
    clock.advance(java.time.Duration.ofSeconds(60));

    Await.until(() -> intents.getLast() == 1, () -> intents);
    Await.until(() -> controller.head().getNumber() == 1, controller::head);
    assertEquals(RevisionState.REVERTED, revisions.get(2).getState());
  }

  @Test
  void pending_storeAwayAtDeadline_goesBackByOwnClock() {
    awaitIntents(0L);
    push(0, 0);
    push(1, 60);
    Await.until(() -> intents.getLast() == 2);
    store.away(true);
    clock.advance(java.time.Duration.ofSeconds(60));
    Await.until(() -> intents.getLast() == 1, () -> intents);
    controller.realized(1, 0);
    assertEquals(2, controller.head().getNumber());

    store.away(false);
    Await.until(() -> controller.head().getNumber() == 1, controller::head);
    awaitRealized(1, RolloutState.REVERTED_ON_NODE);
    assertEquals(RevisionState.REVERTED, revisions.get(2).getState());
    assertEquals(1, intents.getLast());
  }

  /** Else a stop in order would lose the intent that is being written. */
  @Test
  void close_whileItWorks_letsItFinish() {
    awaitIntents(0L);
    var working = new CountDownLatch(1);
    var mayEnd = new CountDownLatch(1);
    var ended = new AtomicBoolean();
    controller.listen(
        intent -> {
          working.countDown();
          try {
            mayEnd.await();
            ended.set(true);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    Await.until(() -> working.getCount() == 0);
    Thread closing = Thread.ofPlatform().start(controller::close);
    try {
      Await.until(() -> closing.getState() != Thread.State.RUNNABLE);
    } finally {
      mayEnd.countDown();
    }
    Await.until(() -> !closing.isAlive());
    assertTrue(ended.get());
  }

  @Test
  void restart_withoutStore_intendsTheSame() {
    awaitIntents(0L);
    push(0, 0);
    awaitIntents(0L, 1L);
    Await.until(() -> Files.exists(folder.resolve("intent")));
    controller.close();
    intents.clear();

    var gone = new FlakyStore(new FileStore(folder.resolve("other")));
    gone.away(true);
    try (var alone =
        new RevisionController(
            "n1",
            gone,
            cluster,
            new Revisions(
                gone,
                new PolicyDocumentReader(),
                new PolicyJudge(() -> Inventory.EMPTY, () -> Enforcement.USUAL),
                clock),
            clock,
            folder)) {
      alone.listen(intent -> intents.add((long) intent.documents().size()));
      awaitIntents(1L);
    }
  }

  @Test
  void restart_damagedFile_followsTheStore() throws Exception {
    awaitIntents(0L);
    push(0, 0);
    awaitIntents(0L, 1L);
    controller.close();
    Files.writeString(folder.resolve("intent"), "garbage");
    intents.clear();

    start();
    awaitIntents(1L);
    assertTrue(Files.exists(folder.resolve("intent.broken")));
  }

  @Test
  void start_storeHasLostItsHead_keepsWhatIsKnown() {
    awaitIntents(0L);
    push(0, 0);
    awaitIntents(0L, 1L);
    controller.close();
    intents.clear();

    try (var empty = new FileStore(folder.resolve("empty"));
        var next =
            new RevisionController(
                "n1",
                empty,
                cluster,
                new Revisions(
                    empty,
                    new PolicyDocumentReader(),
                    new PolicyJudge(() -> Inventory.EMPTY, () -> Enforcement.USUAL),
                    clock),
                clock,
                folder)) {
      next.listen(intent -> intents.add(intent.revision()));
      awaitIntents(1L);
    }
  }
}
