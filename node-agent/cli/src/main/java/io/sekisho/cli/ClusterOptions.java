package io.sekisho.cli;

import io.sekisho.agent.apiserver.Administration;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say which Kubernetes cluster is meant. */
final class ClusterOptions {
  private static final Duration CALL = Duration.ofSeconds(20);

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "How to reach the cluster; else KUBECONFIG, else ~/.kube/config.")
  private @Nullable Path kubeconfig;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "A context of the kubeconfig; the current one unless given.")
  private @Nullable String context;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description = "How long to wait for the nodes; ${DEFAULT-VALUE} unless given.")
  private int seconds;

  /** Whether a cluster was named. */
  boolean given() {
    return kubeconfig != null || context != null;
  }

  Administration open() {
    return Administration.open(
        Optional.ofNullable(kubeconfig), Optional.ofNullable(context), CALL, Clock.systemUTC());
  }

  Duration patience() {
    return Duration.ofSeconds(seconds);
  }
}
