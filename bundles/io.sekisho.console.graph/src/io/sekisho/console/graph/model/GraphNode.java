package io.sekisho.console.graph.model;

/**
 * A box of the picture.
 *
 * @param id key of the workload, or {@link #NAMESPACE} or {@link #MORE} and the namespace's name
 * @param kind what it stands for
 * @param name as shown
 * @param group name of the namespace whose container it stands in, empty for none
 * @param pods how many, 0 if unknown or none
 * @param ready how many of them are ready
 * @param members workloads that it stands for: 1, or more where it is folded
 * @param troubled how many of them are in trouble: not all pods ready, or an end of a dropped
 *     connection that is not visible otherwise
 */
public record GraphNode(
    String id,
    Kind kind,
    String name,
    String group,
    int pods,
    int ready,
    int members,
    int troubled) {
  /** Before the name of a namespace, in ids of folded namespaces and of containers. */
  public static final String NAMESPACE = "ns:";

  /** Before the name of a namespace, in ids of what is left out of it. */
  public static final String MORE = "more:";

  /** What a node stands for. */
  public enum Kind {
    WORKLOAD,
    /** Outside of the cluster. */
    OUTSIDE,
    /** A node of the cluster. */
    HOST,
    /** Nobody knows. */
    UNKNOWN,
    /** A namespace folded to one node. */
    NAMESPACE,
    /** What the budget leaves out. */
    MORE
  }

  /** Whether some of its pods are not ready. */
  public boolean sick() {
    return pods > 0 && ready < pods;
  }

  /** Whether it stands on a rim, outside of the cluster. */
  public boolean outside() {
    return kind == Kind.OUTSIDE || kind == Kind.UNKNOWN;
  }

  /** Whether it stands for several workloads. */
  public boolean folded() {
    return kind == Kind.NAMESPACE || kind == Kind.MORE;
  }

  /** Name of the namespace that a folded node stands for. */
  public String foldedGroup() {
    return switch (kind) {
      case NAMESPACE -> id.substring(NAMESPACE.length());
      case MORE -> id.substring(MORE.length());
      default -> "";
    };
  }
}
