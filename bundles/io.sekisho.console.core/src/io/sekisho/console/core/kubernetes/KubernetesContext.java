package io.sekisho.console.core.kubernetes;

import java.nio.file.Path;
import java.util.List;

/**
 * How a cluster is reached through its API server. It names files and objects; no secret is in it.
 *
 * @param files kubeconfig files, merged in this order as kubectl does
 * @param context which of their contexts
 * @param namespace where the agents run
 * @param secret the Secret there with our certificate for the agents; empty when the profile names
 *     files
 * @param serverName what the agents' certificates name; empty for the address that is called
 * @param reach how agents are called
 * @param target where policies are put
 */
public record KubernetesContext(
    List<Path> files,
    String context,
    String namespace,
    String secret,
    String serverName,
    Reach reach,
    Target target) {
  /** Where the chart puts agents. */
  public static final String USUAL_NAMESPACE = "sekisho-system";

  /** The administrator's certificate that the chart makes. */
  public static final String USUAL_SECRET = "sekisho-admin-tls";

  /** The name in the certificates that the chart makes. */
  public static final String USUAL_SERVER_NAME = "agents.sekisho.internal";

  /** How agents are called. */
  public enum Reach {
    /** Through the API server, which forwards to the pod's port. */
    PORT_FORWARD,
    /** At the address of the pod's node. */
    DIRECT
  }

  /** Where policies are put. */
  public enum Target {
    /** A revision, pushed to the agents. */
    AGENTS,
    /** Objects of the API server, which agents follow. */
    KUBERNETES
  }

  public KubernetesContext {
    files = List.copyOf(files);
  }

  /** The usual choices for a context. */
  public static KubernetesContext usual(List<Path> files, String context) {
    return new KubernetesContext(
        files,
        context,
        USUAL_NAMESPACE,
        USUAL_SECRET,
        USUAL_SERVER_NAME,
        Reach.PORT_FORWARD,
        Target.AGENTS);
  }

  /** The same with another way to the agents. */
  public KubernetesContext with(Reach other) {
    return new KubernetesContext(files, context, namespace, secret, serverName, other, target);
  }

  /** The same with another place for policies. */
  public KubernetesContext with(Target other) {
    return new KubernetesContext(files, context, namespace, secret, serverName, reach, other);
  }
}
