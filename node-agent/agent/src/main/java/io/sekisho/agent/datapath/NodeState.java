package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.Datapath.RealizeError;
import io.sekisho.libbpf.BpfException;
import io.sekisho.libbpf.BpfMap;
import java.util.List;

/** What the programs look at before all else: {@code struct node_state} of bpf/types.h. */
final class NodeState {
  private static final int KEY = 0;

  /** NODE_HOST_POLICY. */
  static final int HOST_POLICY = 1;

  /** NODE_UNSETTLED. */
  static final int UNSETTLED = 2;

  private final BpfMap<Integer, Integer> map;
  private int flags;

  /** Begins with what the kernel says. */
  NodeState(BpfMap<Integer, Integer> map) {
    this.map = map;
    this.flags = flags(map);
  }

  /** What the kernel says. */
  static int flags(BpfMap<Integer, Integer> map) {
    return map.get(KEY).orElse(0);
  }

  /** Goes on with what the kernel says. */
  void reread() {
    flags = flags(map);
  }

  /** Whether the node's own traffic is subject to policy. */
  void hostPolicy(boolean inForce, List<RealizeError> errors) {
    set(HOST_POLICY, inForce, DesiredState.name(DesiredState.HOST_ENDPOINT), errors);
  }

  /**
   * Whether tables may say something that open connections were not decided by. It stands in the
   * kernel so that an agent that dies then leaves word of it.
   */
  void unsettled(boolean is, List<RealizeError> errors) {
    set(UNSETTLED, is, "policies", errors);
  }

  boolean isUnsettled() {
    return (flags & UNSETTLED) != 0;
  }

  private void set(int flag, boolean on, String object, List<RealizeError> errors) {
    int wanted = on ? flags | flag : flags & ~flag;
    if (wanted == flags) {
      return;
    }
    try {
      map.put(KEY, wanted);
      flags = wanted;
    } catch (BpfException e) {
      errors.add(Failures.unrealized(object, e));
    }
  }
}
