package io.sekisho.lab;

import java.util.List;
import java.util.Map;

/**
 * A pod that is up.
 *
 * @param namespace of the cluster, for example {@code shop}
 * @param name unique in it
 * @param workload what it is a copy of
 * @param node the node's name
 * @param labels its labels; one such as {@code port:web=8080/TCP} names a port
 * @param addresses as the plugin answered, without prefix length, IPv4 first
 */
public record Pod(
    String namespace,
    String name,
    String workload,
    String node,
    Map<String, String> labels,
    List<String> addresses) {
  /** Keeps immutable copies. */
  public Pod {
    labels = Map.copyOf(labels);
    addresses = List.copyOf(addresses);
  }

  /** {@code shop/cart-1}. */
  public String fullName() {
    return namespace + "/" + name;
  }

  /** Name of its files and its process. */
  String fileName() {
    return namespace + "-" + name;
  }
}
