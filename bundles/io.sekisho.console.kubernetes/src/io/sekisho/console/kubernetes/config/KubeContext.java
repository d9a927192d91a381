package io.sekisho.console.kubernetes.config;

import java.nio.file.Path;

/**
 * A context of some kubeconfig: a cluster, and who we are there.
 *
 * @param server URL of the API server
 * @param problem why it can't be used, one sentence; empty when it can
 * @param file where it stands
 * @param current whether it is the one that kubectl uses
 */
public record KubeContext(
    String name,
    String cluster,
    String server,
    String user,
    SignIn signIn,
    String namespace,
    String problem,
    Path file,
    boolean current) {
  /** Whether it can be used, as far as the files say. */
  public boolean usable() {
    return problem.isEmpty();
  }
}
