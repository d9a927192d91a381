package io.sekisho.console.core;

import io.sekisho.console.core.kubernetes.KubernetesContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a cluster is called and reached.
 *
 * @param name as shown to people
 * @param addresses host:port of agents, tried in order; none when Kubernetes knows them
 * @param authority certificate of the CA that signed the agents' certificates (PEM)
 * @param certificate the operator's certificate (PEM)
 * @param key its private key (PEM, PKCS 8)
 * @param production whether changes ask for the cluster's name
 * @param kubernetes the API server that knows the agents; the three files are then asked only where
 *     it names no Secret
 */
public record ConnectionProfile(
    String name,
    List<String> addresses,
    Path authority,
    Path certificate,
    Path key,
    boolean production,
    Optional<KubernetesContext> kubernetes) {
  public ConnectionProfile {
    addresses = List.copyOf(addresses);
  }

  /** A cluster without Kubernetes. */
  public ConnectionProfile(
      String name,
      List<String> addresses,
      Path authority,
      Path certificate,
      Path key,
      boolean production) {
    this(name, addresses, authority, certificate, key, production, Optional.empty());
  }

  /** A cluster that is reached through its API server. */
  public static ConnectionProfile kubernetes(
      String name, boolean production, KubernetesContext context) {
    Path none = Path.of("");
    return new ConnectionProfile(
        name, List.of(), none, none, none, production, Optional.of(context));
  }

  /** The same with another way through Kubernetes. */
  public ConnectionProfile with(KubernetesContext context) {
    return new ConnectionProfile(
        name, addresses, authority, certificate, key, production, Optional.of(context));
  }

  /** The same with other files. */
  public ConnectionProfile with(Path ca, Path own, Path secret) {
    return new ConnectionProfile(name, addresses, ca, own, secret, production, kubernetes);
  }
}
