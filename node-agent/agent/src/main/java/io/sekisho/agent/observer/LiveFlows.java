package io.sekisho.agent.observer;

import io.sekisho.agent.observer.FlowSource.Follower;
import io.sekisho.agent.observer.FlowSource.Following;
import io.sekisho.api.flow.Flow;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * Tells followers of new flows, on a thread of its own that sleeps while there is none to tell or
 * nobody to tell it to. It reads the ring behind the writer; what the writer overwrites before it
 * is read is counted and told as lost, exactly.
 */
final class LiveFlows implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(LiveFlows.class.getName());

  private final FlowRing ring;
  private final FlowEncoder encoder;
  private final List<Follow> follows = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile boolean sleeping;
  private volatile boolean closed;
  private volatile long lostInKernel;

  LiveFlows(FlowRing ring, FlowEncoder encoder) {
    this.ring = ring;
    this.encoder = encoder;
    this.thread = Thread.ofPlatform().name("sekisho-observer").daemon().start(this::run);
  }

  /** Tells a follower of everything from now on. */
  Following follow(Follower follower) {
    var follow = new Follow(follower, ring.head(), lostInKernel);
    follows.add(follow);
    wake();
    return () -> follows.remove(follow);
  }

  /** There may be something new; called for every event, so it must cost nothing. */
  void appended() {
    if (sleeping) {
      wake();
    }
  }

  /** So many events were lost in the kernel since the start. */
  void lostInKernel(long total) {
    if (total != lostInKernel) {
      lostInKernel = total;
      wake();
    }
  }

  private void wake() {
    sleeping = false;
    LockSupport.unpark(thread);
  }

  private void run() {
    long next = ring.head();
    var one = new PackedEvent();
    while (!closed) {
      if (follows.isEmpty()) {
        sleep(next, true);
        next = ring.head();
        continue;
      }
      follows.forEach(this::tellKernelLoss);
      next = tell(next, one);
      sleep(next, false);
    }
  }

  /** Sleeps unless something came meanwhile; with nobody to tell, only a follower wakes it. */
  private void sleep(long next, boolean alone) {
    if (!alone) {
      sleeping = true;
    }
    boolean idle = alone ? follows.isEmpty() : ring.head() == next;
    if (idle && !closed) {
      LockSupport.park(this);
    }
    sleeping = false;
  }

  private long tell(long from, PackedEvent one) {
    long next = Math.min(from, oldestStart(from));
    long end = ring.head();
    while (next < end && !closed) {
      long oldest = ring.tail();
      if (next < oldest) {
        overrun(next, oldest);
        next = oldest;
      }
      if (ring.read(next, one.words, 0)) {
        tell(next, encoder.encode(one));
      } else {
        overrun(next, next + 1);
      }
      next++;
    }
    return next;
  }

  /** A new follower may want flows that were passed by while nobody followed. */
  private long oldestStart(long from) {
    long oldest = from;
    for (Follow follow : follows) {
      if (follow.next < oldest) {
        oldest = follow.next;
      }
    }
    return oldest;
  }

  private void tell(long number, Flow flow) {
    for (Follow follow : follows) {
      if (number >= follow.next) {
        follow.next = number + 1;
        guarded(follow, () -> follow.follower.flow(flow));
      }
    }
  }

  private void overrun(long from, long to) {
    for (Follow follow : follows) {
      long lost = to - Math.max(from, follow.next);
      if (lost > 0) {
        follow.next = to;
        guarded(follow, () -> follow.follower.lost(lost));
      }
    }
  }

  private void tellKernelLoss(Follow follow) {
    long total = lostInKernel;
    long news = total - follow.lostTold;
    if (news > 0) {
      follow.lostTold = total;
      guarded(follow, () -> follow.follower.lost(news));
    }
  }

  private void guarded(Follow follow, Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "a follower failed and is told no more: {0}", e);
      follows.remove(follow);
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A follower, the number of its next flow, and the kernel's losses that it knows. */
  private static final class Follow {
    private final Follower follower;
    private long next;
    private long lostTold;

    private Follow(Follower follower, long next, long lostTold) {
      this.follower = follower;
      this.next = next;
      this.lostTold = lostTold;
    }
  }
}
