package io.sekisho.cli;

import io.sekisho.agent.observer.FlowSource;
import io.sekisho.api.flow.Flow;
import java.util.ArrayList;
import java.util.List;

/** Past flows that a test makes. */
final class MadeFlows implements FlowSource {
  private final List<Flow> ring = new ArrayList<>();

  synchronized void see(Flow flow) {
    ring.add(flow);
  }

  synchronized void forget() {
    ring.clear();
  }

  @Override
  public synchronized List<Flow> past() {
    return List.copyOf(ring);
  }

  @Override
  public Following follow(Follower follower) {
    return () -> {};
  }

  @Override
  public int capacity() {
    return 100;
  }

  @Override
  public synchronized long seen() {
    return ring.size();
  }

  @Override
  public long lost() {
    return 0;
  }

  @Override
  public long startedNanos() {
    return System.nanoTime();
  }
}
