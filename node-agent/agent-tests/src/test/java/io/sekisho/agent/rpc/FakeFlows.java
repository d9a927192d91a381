package io.sekisho.agent.rpc;

import io.sekisho.agent.observer.FlowSource;
import io.sekisho.api.flow.Flow;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Flows that a test makes. */
public final class FakeFlows implements FlowSource {
  private final List<Flow> ring = new ArrayList<>();
  private final List<Follower> followers = new CopyOnWriteArrayList<>();

  /** A flow that is seen now. */
  public void see(Flow flow) {
    synchronized (this) {
      ring.add(flow);
    }
    followers.forEach(follower -> follower.flow(flow));
  }

  /** Events that the kernel has lost. */
  public void lose(long events) {
    followers.forEach(follower -> follower.lost(events));
  }

  /** How many follow. */
  public int followers() {
    return followers.size();
  }

  @Override
  public synchronized List<Flow> past() {
    return List.copyOf(ring);
  }

  @Override
  public Following follow(Follower follower) {
    followers.add(follower);
    return () -> followers.remove(follower);
  }

  @Override
  public int capacity() {
    return 1000;
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
    return System.nanoTime() - 1_000_000_000L;
  }
}
