package io.sekisho.flow;

/**
 * One end of a flow as the operator knows it.
 *
 * @param kind what it is
 * @param namespace empty outside of all namespaces
 * @param workload name of the workload; for what is outside, the text to show ("world", a CIDR)
 * @param pod name of the pod, empty if it is none
 * @param address in text form
 * @param identity number of the identity, 0 if unknown
 */
public record Party(
    Kind kind, String namespace, String workload, String pod, String address, int identity) {
  /** What an end of a flow is. */
  public enum Kind {
    WORKLOAD,
    /** Outside of the cluster: world, or a CIDR that a document names. */
    OUTSIDE,
    /** A node of the cluster. */
    NODE,
    UNKNOWN
  }

  /** Key of the workload in graph and selection: {@code namespace/workload}. */
  public String key() {
    return namespace + "/" + workload;
  }
}
