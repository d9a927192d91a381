package io.sekisho.console.ui;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.kubernetes.KubernetesCluster;
import io.sekisho.console.core.kubernetes.KubernetesContext.Target;
import io.sekisho.policy.Kind;
import java.util.Collection;
import java.util.Optional;

/**
 * What the operator may not change in a cluster, each with why in one sentence: by the role that
 * agents read in the certificate, or by the permissions of the API server. What is refused is
 * greyed beforehand; what is not known yet is not.
 */
public final class Refusals {
  private Refusals() {}

  /** Why revisions may not be pushed, confirmed or brought back; empty if they may. */
  public static Optional<String> ofRevisions(ClusterSession session) {
    return session.role().onlyLooks() ? Optional.of(Texts.refused_role) : Optional.empty();
  }

  /** Why no policy may be changed, wherever policies of the cluster go; empty if some may. */
  public static Optional<String> ofPolicies(ClusterSession session) {
    return objects(session)
        .map(k -> k.access().refusalOfAll())
        .orElseGet(() -> ofRevisions(session));
  }

  /** The same of one kind of documents. */
  public static Optional<String> ofPolicies(ClusterSession session, Kind kind) {
    return objects(session)
        .map(k -> k.access().refusal(kind))
        .orElseGet(() -> ofRevisions(session));
  }

  /**
   * The same of a text that has documents of several kinds, all of which must be allowed.
   *
   * @param kinds as they are written; what is no kind of ours is left out
   */
  public static Optional<String> ofPolicies(ClusterSession session, Collection<String> kinds) {
    return ofPolicies(session)
        .or(
            () ->
                kinds.stream()
                    .flatMap(k -> Kind.of(k).stream())
                    .flatMap(k -> ofPolicies(session, k).stream())
                    .findFirst());
  }

  private static Optional<KubernetesCluster> objects(ClusterSession session) {
    return session.kubernetes().filter(k -> k.context().target() == Target.KUBERNETES);
  }
}
