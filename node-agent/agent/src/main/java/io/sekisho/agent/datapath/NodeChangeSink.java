package io.sekisho.agent.datapath;

/** Hears of changes of the node's devices, on a thread of the datapath; must not block. */
@FunctionalInterface
public interface NodeChangeSink {
  /** Something changed. */
  void accept(NodeChange change);
}
