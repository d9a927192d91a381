package io.sekisho.agent.reconcile;

import io.sekisho.agent.datapath.Datapath;
import io.sekisho.agent.datapath.Datapath.Repair;
import io.sekisho.agent.health.Health;
import io.sekisho.agent.loop.EventLoop;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Has the datapath look every few seconds, and whenever the kernel tells of a disturbance, whether
 * devices, attachments, routes and settings are as it made them. What was found stands in health
 * until a later look does not find it any more, so that what is mended at once is seen, too.
 */
public final class KernelRepair {
  private static final Duration PERIOD = Duration.ofSeconds(5);
  private static final String COMPONENT = "look at the kernel";

  private final EventLoop loop;
  private final Reconciler reconciler;
  private final Health health;
  private Set<String> found = Set.of();
  private boolean underWay;
  private boolean again;
  private boolean following;
  private boolean narrowedAgain;

  /** Looks after the kernel of a node. */
  public KernelRepair(EventLoop loop, Reconciler reconciler, Health health) {
    this.loop = loop;
    this.reconciler = reconciler;
    this.health = health;
  }

  /** Looks now, and every few seconds from now on; on the event loop. */
  public void start() {
    loop.requireInLoop();
    look();
    loop.schedule(PERIOD, this::start);
  }

  /** Something was disturbed; any thread. */
  public void disturbed() {
    loop.execute(this::look);
  }

  private void look() {
    if (underWay) {
      again = true;
      return;
    }
    underWay = true;
    again = false;
    reconciler.submit(Datapath::repair).whenCompleteAsync(this::looked, loop);
  }

  /** A way to another node may carry less than it did; any thread. */
  public void narrowed() {
    loop.execute(this::followWays);
  }

  /** However often it is asked for, one call waits at most. */
  private void followWays() {
    narrowedAgain = following;
    if (following) {
      return;
    }
    following = true;
    reconciler
        .submit(
            datapath -> {
              datapath.followWays();
              return true;
            })
        .whenCompleteAsync(this::followed, loop);
  }

  private void followed(@Nullable Boolean done, @Nullable Throwable failure) {
    following = false;
    if (done == null) {
      health.report(COMPONENT, "failed: " + failure);
    }
    if (narrowedAgain) {
      followWays();
    }
  }

  private void looked(@Nullable List<Repair> repairs, @Nullable Throwable failure) {
    underWay = false;
    if (repairs == null) {
      health.report(COMPONENT, "failed: " + failure);
    } else {
      health.clear(COMPONENT);
      tell(repairs);
    }
    if (again) {
      look();
    }
  }

  private void tell(List<Repair> repairs) {
    var now = new HashSet<String>();
    for (Repair repair : repairs) {
      now.add(repair.object());
      health.report(repair.object(), repair.message());
    }
    found.stream().filter(object -> !now.contains(object)).forEach(health::clear);
    found = Set.copyOf(now);
  }
}
