package io.sekisho.agent.revision;

import com.google.protobuf.util.Timestamps;
import io.sekisho.agent.cluster.Cluster;
import io.sekisho.agent.cluster.ClusterStore;
import io.sekisho.agent.cluster.ClusterStoreException;
import io.sekisho.agent.cluster.Keys;
import io.sekisho.agent.revision.IntentFile.Known;
import io.sekisho.api.v1.Head;
import io.sekisho.api.v1.Realized;
import io.sekisho.api.v1.Revision;
import io.sekisho.api.v1.RolloutState;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Turns the head of the store into this node's {@link Intent}, and what became of it into {@link
 * Realized}.
 *
 * <p>One thread owns the state. The store is read on virtual threads, so that the time to confirm
 * is kept by this node's clock even while the store hangs: when it runs out, the confirmed revision
 * comes back here at once, and the head is moved back when the store answers. What was known last
 * is on disk; a node that starts without the store begins with it. Nothing is emitted before
 * anything is known, so that a new node without store is not taken for one without policies.
 */
public final class RevisionController implements Realization, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(RevisionController.class.getName());
  private static final long CHECK_MILLIS = 100;
  private static final long RETRY_MILLIS = 500;
  private static final long CLOSE_SECONDS = 2;

  private final String node;
  private final Cluster cluster;
  private final RevisionStore store;
  private final Revisions revisions;
  private final Clock clock;
  private final IntentFile file;
  private final ScheduledThreadPoolExecutor loop =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("revision").daemon().factory());
  private final List<Intent.Listener> listeners = new CopyOnWriteArrayList<>();
  private final List<Runnable> headListeners = new CopyOnWriteArrayList<>();
  private final ClusterStore.Watch watch;
  private volatile Head head = Head.getDefaultInstance();
  private volatile boolean closed;
  private @Nullable Known known;
  private @Nullable Intent emitted;
  private boolean reverting;

  /**
   * Begins to follow the head.
   *
   * @param state the node's state folder; the file {@code intent} is kept there
   */
  public RevisionController(
      String node,
      ClusterStore store,
      Cluster cluster,
      Revisions revisions,
      Clock clock,
      Path state) {
    this.node = node;
    this.cluster = cluster;
    this.store = new RevisionStore(store);
    this.revisions = revisions;
    this.clock = clock;
    loop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    file = new IntentFile(state.resolve("intent"));
    file.read().ifPresent(last -> loop.execute(() -> begin(last)));
    watch = store.watch(Keys.HEAD, new HeadWatcher());
  }

  /** Calls back with the present intent, if there is one, and with each that follows. */
  public void listen(Intent.Listener listener) {
    loop.execute(
        () -> {
          listeners.add(listener);
          if (emitted != null) {
            listener.intended(emitted);
          }
        });
  }

  /** Calls back after every change of the head. */
  public Registration listenHead(Runnable listener) {
    headListeners.add(listener);
    return () -> headListeners.remove(listener);
  }

  /** Ends callbacks. */
  @FunctionalInterface
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  /** Which revision is in force as far as this node knows. */
  public Head head() {
    return head;
  }

  @Override
  public void realized(long revision, int endpoints) {
    report(revision, RolloutState.REALIZED, "", endpoints);
  }

  @Override
  public void failed(long revision, String message) {
    report(revision, RolloutState.FAILED, message, 0);
  }

  private void report(long revision, RolloutState state, String message, int endpoints) {
    Head now = head;
    boolean back = state == RolloutState.REALIZED && revision < now.getNumber() && isOver(now);
    cluster.publish(
        Realized.newBuilder()
            .setNode(node)
            .setRevision(revision)
            .setState(back ? RolloutState.REVERTED_ON_NODE : state)
            .setTime(Timestamps.fromMillis(clock.millis()))
            .setMessage(message)
            .setEndpoints(endpoints)
            .build());
  }

  private void fetch(Head wanted) {
    while (!closed && head.equals(wanted)) {
      try {
        Optional<Revision> revision = store.revision(wanted.getNumber());
        Optional<Revision> confirmed =
            Revisions.isPending(wanted) ? store.revision(wanted.getConfirmed()) : revision;
        if (revision.isPresent() && confirmed.isPresent()) {
          var next = new Known(wanted, revision.get(), confirmed.get());
          post(() -> learn(next));
          return;
        }
        LOG.log(System.Logger.Level.ERROR, "revision {0} is not in the store", wanted.getNumber());
      } catch (ClusterStoreException e) {
        LOG.log(System.Logger.Level.DEBUG, "revision not read yet: {0}", e.getMessage());
      }
      pause();
    }
  }

  private void begin(Known last) {
    head = last.head();
    known = last;
    apply();
  }

  /** A confirmation of what is known counts at once: it must not wait for the store to be read. */
  private void confirmed(Head next) {
    Known now = known;
    if (now != null
        && !Revisions.isPending(next)
        && now.revision().getNumber() == next.getNumber()) {
      learn(new Known(next, now.revision(), now.revision()));
    }
  }

  private void learn(Known next) {
    if (!next.head().equals(head)) {
      return;
    }
    if (!next.equals(known)) {
      known = next;
      file.write(next);
    }
    apply();
  }

  /** Emits what shall be in force now; keeps an eye on the clock while a confirmation is due. */
  private void apply() {
    Known now = known;
    if (now == null) {
      return;
    }
    boolean pending = Revisions.isPending(now.head());
    boolean over = pending && isOver(now.head());
    emit(over ? now.confirmed() : now.revision());
    if (over && !reverting) {
      reverting = true;
      Thread.ofVirtual().name("revert").start(() -> moveBack(now.head()));
    } else if (pending && !over) {
      loop.schedule(this::apply, CHECK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void emit(Revision revision) {
    if (emitted != null
        && emitted.revision() == revision.getNumber()
        && emitted.documents().equals(revision.getDocumentsList())) {
      return;
    }
    var intent = new Intent(revision.getNumber(), revision.getDocumentsList(), System.nanoTime());
    emitted = intent;
    for (var listener : listeners) {
      try {
        listener.intended(intent);
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "a listener of the intent failed", e);
      }
    }
  }

  private void moveBack(Head overdue) {
    while (!closed && head.equals(overdue)) {
      try {
        revisions.revertOverdue();
        break;
      } catch (ClusterStoreException e) {
        LOG.log(System.Logger.Level.DEBUG, "head not moved back yet: {0}", e.getMessage());
      }
      pause();
    }
    post(() -> reverting = false);
  }

  private boolean isOver(Head which) {
    return Revisions.isPending(which) && revisions.isOver(which);
  }

  private void pause() {
    try {
      Thread.sleep(RETRY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
    }
  }

  private void post(Runnable task) {
    if (!closed) {
      loop.execute(task);
    }
  }

  /** Lets an intent that is being written come to the disk. */
  @Override
  public void close() {
    closed = true;
    watch.close();
    loop.shutdown();
    try {
      if (loop.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loop.shutdownNow();
  }

  /** Follows the head; no head is the empty start. */
  private final class HeadWatcher implements ClusterStore.Watcher {
    private boolean seen;
    private boolean live;

    @Override
    public void reset() {
      seen = false;
      live = false;
    }

    @Override
    public void put(ClusterStore.Entry entry) {
      if (!entry.key().equals(Keys.HEAD)) {
        return;
      }
      seen = true;
      try {
        moved(RevisionStore.parse(entry, Head.parser()));
      } catch (ClusterStoreException e) {
        LOG.log(System.Logger.Level.ERROR, "the intent stays as it is: {0}", e.getMessage());
      }
    }

    @Override
    public void deleted(String key) {
      LOG.log(System.Logger.Level.ERROR, "{0} was deleted; the intent stays as it is", key);
    }

    @Override
    public void synced() {
      live = true;
      if (!seen) {
        post(this::missing);
      }
    }

    /** A store without head is new, unless this node knows better: then it has lost its data. */
    private void missing() {
      if (known == null || known.head().getNumber() == 0) {
        moved(Head.getDefaultInstance());
      } else {
        LOG.log(System.Logger.Level.ERROR, "the store has no head; the intent stays as it is");
      }
    }

    private void moved(Head next) {
      if (live) {
        revisions.pushed(next);
      }
      post(
          () -> {
            head = next;
            confirmed(next);
            Thread.ofVirtual().name("fetch-revision").start(() -> fetch(next));
            headListeners.forEach(Runnable::run);
          });
    }
  }
}
