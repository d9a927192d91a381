package io.sekisho.console.kubernetes;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.ConnectionProfile;
import io.sekisho.console.core.GrpcClusterSession;
import io.sekisho.console.core.kubernetes.KubernetesContext;
import io.sekisho.console.kubernetes.agents.PodRoutes;
import java.time.Clock;
import java.util.Optional;

/** Opens sessions of clusters that are reached through their API server. */
public final class KubernetesSessions {
  private KubernetesSessions() {}

  /** Begins to connect; returns at once. */
  public static ClusterSession open(ConnectionProfile profile) {
    KubernetesContext context = profile.kubernetes().orElseThrow();
    Clock clock = Clock.systemUTC();
    KubernetesSession kubernetes = KubernetesSession.open(context, clock);
    return GrpcClusterSession.open(
        profile,
        new PodRoutes(profile, context, kubernetes.clients()),
        Optional.of(kubernetes),
        clock);
  }
}
