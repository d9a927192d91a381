package io.sekisho.console.core;

import java.nio.file.Path;
import java.util.List;

/**
 * How a cluster is called and reached.
 *
 * @param name as shown to people
 * @param addresses host:port of agents, tried in order
 * @param authority certificate of the CA that signed the agents' certificates (PEM)
 * @param certificate the operator's certificate (PEM)
 * @param key its private key (PEM, PKCS 8)
 * @param production whether changes ask for the cluster's name
 */
public record ConnectionProfile(
    String name,
    List<String> addresses,
    Path authority,
    Path certificate,
    Path key,
    boolean production) {
  public ConnectionProfile {
    addresses = List.copyOf(addresses);
  }
}
