package io.sekisho.agent.rpc;

import com.google.protobuf.Timestamp;
import io.sekisho.api.flow.LostEvent;
import io.sekisho.api.flow.LostEventSource;
import io.sekisho.api.observer.GetFlowsResponse;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits for one client. It holds a bounded number of flows and never blocks who offers them;
 * what does not fit is counted, and the count is told before the next flow that does, so that flows
 * told and flows counted always add up to flows offered.
 */
final class FlowOutbox implements AutoCloseable {
  private int capacity;
  private int wanted;
  private final String self;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final ArrayDeque<GetFlowsResponse> queue = new ArrayDeque<>();
  private final Map<Place, Long> losses = new LinkedHashMap<>();
  private boolean closed;

  /** Where events were lost. */
  private record Place(LostEventSource source, String node) {}

  /**
   * Holds at most so many flows, once no more wait; those that it holds already stay, and until
   * they are taken the old limit holds, or all that comes meanwhile would be lost. A client that is
   * still told the past needs more room than one that only follows.
   */
  void holdAtMost(int flows) {
    lock.lock();
    try {
      wanted = flows;
      shrink();
    } finally {
      lock.unlock();
    }
  }

  /** An empty outbox of an agent's client. */
  FlowOutbox(int capacity, String self) {
    this.capacity = capacity;
    this.wanted = capacity;
    this.self = self;
  }

  /** A flow; counted as lost if there is no room for it and for the counts before it. */
  void flow(GetFlowsResponse flow) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      if (queue.size() + losses.size() < capacity) {
        tellLosses();
        queue.add(flow);
      } else {
        losses.merge(new Place(LostEventSource.OBSERVER_EVENTS_QUEUE, self), 1L, Long::sum);
      }
      filled.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Events that were lost before they came here. */
  void lost(LostEventSource source, String node, long events) {
    lock.lock();
    try {
      losses.merge(new Place(source, node), events, Long::sum);
      filled.signal();
    } finally {
      lock.unlock();
    }
  }

  /** News of a node; always has room, since there are few. */
  void status(GetFlowsResponse status) {
    lock.lock();
    try {
      queue.add(status);
      filled.signal();
    } finally {
      lock.unlock();
    }
  }

  /** The next response; waits for one; empty after {@link #close}. */
  Optional<GetFlowsResponse> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (queue.isEmpty() && losses.isEmpty() && !closed) {
        filled.await();
      }
      if (closed) {
        return Optional.empty();
      }
      if (queue.isEmpty()) {
        tellLosses();
      }
      GetFlowsResponse next = queue.remove();
      shrink();
      return Optional.of(next);
    } finally {
      lock.unlock();
    }
  }

  private void shrink() {
    if (queue.size() < wanted) {
      capacity = wanted;
    }
  }

  private void tellLosses() {
    losses.forEach((place, events) -> queue.add(lost(place, events)));
    losses.clear();
  }

  private static GetFlowsResponse lost(Place place, long events) {
    Instant now = Instant.now();
    return GetFlowsResponse.newBuilder()
        .setLostEvents(LostEvent.newBuilder().setSource(place.source).setNumEventsLost(events))
        .setNodeName(place.node)
        .setTime(Timestamp.newBuilder().setSeconds(now.getEpochSecond()).setNanos(now.getNano()))
        .build();
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      queue.clear();
      filled.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
