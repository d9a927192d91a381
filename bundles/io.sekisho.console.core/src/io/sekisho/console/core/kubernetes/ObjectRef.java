package io.sekisho.console.core.kubernetes;

/**
 * Which object of the API server.
 *
 * @param namespace empty for objects of the whole cluster
 */
public record ObjectRef(String kind, String namespace, String name) {
  /** {@code namespace/name}, or the name alone. */
  public String title() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }
}
