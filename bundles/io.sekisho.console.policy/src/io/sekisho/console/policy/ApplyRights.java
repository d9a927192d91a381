package io.sekisho.console.policy;

import io.sekisho.api.v1.PushRequest;
import io.sekisho.console.core.kubernetes.KubernetesCluster;
import io.sekisho.console.core.kubernetes.ObjectRef;
import io.sekisho.console.ui.Background;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.swt.widgets.Control;

/**
 * Whether the operator may apply what a draft changes. The API server is asked when other objects
 * are changed than before, or when its answer is old; until it answers what was known counts. On
 * the UI thread.
 */
public final class ApplyRights {
  private static final long OLD_NANOS = TimeUnit.SECONDS.toNanos(30);

  private Optional<Question> asked = Optional.empty();
  private Optional<String> refusal = Optional.empty();
  private long askedNanos;

  /** Of which cluster, and which objects. */
  private record Question(KubernetesCluster cluster, List<String> objects, List<ObjectRef> gone) {}

  /**
   * Why the changes may not be applied, as far as is known.
   *
   * @param objects names the changed objects: while it is the same the answer is the same
   * @param owner while it lives
   * @param changed called when the answer is another one
   */
  public Optional<String> refusal(
      KubernetesCluster cluster,
      List<String> objects,
      PushRequest changes,
      Control owner,
      Runnable changed) {
    var question = new Question(cluster, objects, PolicyObjects.refs(changes.getRemoveList()));
    boolean same = asked.equals(Optional.of(question));
    if (same && System.nanoTime() - askedNanos < OLD_NANOS) {
      return refusal;
    }
    if (!same) {
      refusal = Optional.empty();
    }
    asked = Optional.of(question);
    askedNanos = System.nanoTime();
    Background.onUi(
        cluster.refusal(changes.getUpsertList(), question.gone()),
        owner,
        (answer, thrown) -> {
          if (thrown == null && asked.equals(Optional.of(question)) && !refusal.equals(answer)) {
            refusal = answer;
            changed.run();
          }
        });
    return refusal;
  }
}
