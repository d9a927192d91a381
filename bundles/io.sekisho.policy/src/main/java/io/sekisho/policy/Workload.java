package io.sekisho.policy;

/**
 * Pods that a manifest would make.
 *
 * @param kind kind of the manifest, for example {@code Deployment}
 * @param namespace its namespace
 * @param name its name
 * @param labels security labels of its pods, their ports' names and their namespace's labels
 *     included
 */
public record Workload(String kind, String namespace, String name, Labels labels) {
  /** {@code kind namespace/name}. */
  @Override
  public String toString() {
    return kind + " " + namespace + "/" + name;
  }
}
