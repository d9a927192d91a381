package io.sekisho.console.graph.model;

/**
 * A namespace shown as a container.
 *
 * @param name of the namespace
 * @param pods of all of its workloads, shown or not
 */
public record GraphGroup(String name, int pods) {
  /** Where edges of the whole namespace end. */
  public String id() {
    return GraphNode.NAMESPACE + name;
  }
}
