package io.sekisho.flow;

/**
 * Pods of a workload as the inventory knows them.
 *
 * @param pods how many there are
 * @param ready how many of them are ready
 */
public record WorkloadPods(int pods, int ready) {
  /** Nothing is known: what is outside, or not in the inventory. */
  public static final WorkloadPods NONE = new WorkloadPods(0, 0);
}
