package io.sekisho.agent.observer;

import io.sekisho.api.flow.Flow;
import java.util.List;

/** The node's flows: a bounded ring of past ones, and live ones. */
public interface FlowSource {
  /** Past flows, oldest first; a copy. */
  List<Flow> past();

  /**
   * Calls back with every new flow, on the observer's thread; must not block.
   *
   * @return ends it
   */
  Following follow(Follower follower);

  /** Flows that the ring can hold. */
  int capacity();

  /** Flows seen since start. */
  long seen();

  /** Events lost in the kernel's ring since start. */
  long lost();

  /** When the observer began, System.nanoTime. */
  long startedNanos();

  /** Takes live flows. */
  interface Follower {
    /** One new flow. */
    void flow(Flow flow);

    /** So many events were lost in the kernel since the last call. */
    void lost(long events);
  }

  /** A running follow. */
  interface Following extends AutoCloseable {
    @Override
    void close();
  }
}
