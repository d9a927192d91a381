package io.sekisho.console.policy;

import io.sekisho.api.v1.Revision;
import io.sekisho.api.v1.Rollout;
import io.sekisho.console.core.ClusterSession;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.swt.widgets.Display;

/** The rollout that the operator watches in a session: the last pushed revision. UI thread only. */
final class RolloutWatch {
  private final ClusterSession session;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private Optional<Revision> revision = Optional.empty();
  private Optional<Rollout> last = Optional.empty();
  private CompletableFuture<Void> call = CompletableFuture.completedFuture(null);

  RolloutWatch(ClusterSession session) {
    this.session = session;
  }

  void addListener(Runnable listener) {
    listeners.add(listener);
  }

  void removeListener(Runnable listener) {
    listeners.remove(listener);
  }

  /** The revision that is watched. */
  Optional<Revision> revision() {
    return revision;
  }

  /** How far it has come, as last told. */
  Optional<Rollout> rollout() {
    return last;
  }

  /** Watches a revision from now on; again the same one changes nothing. */
  void watch(Revision next, Display display) {
    if (revision.filter(r -> r.getNumber() == next.getNumber()).isPresent() && !call.isDone()) {
      return;
    }
    call.cancel(true);
    revision = Optional.of(next);
    last = Optional.empty();
    call =
        session
            .revisions()
            .watchRollout(
                next.getNumber(),
                rollout -> {
                  if (!display.isDisposed()) {
                    display.asyncExec(() -> told(rollout));
                  }
                });
    tell();
  }

  private void told(Rollout rollout) {
    if (revision.filter(r -> r.getNumber() == rollout.getRevision()).isPresent()) {
      last = Optional.of(rollout);
      tell();
    }
  }

  private void tell() {
    listeners.forEach(Runnable::run);
  }
}
