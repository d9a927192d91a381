package io.sekisho.agent.ipam;

import io.sekisho.agent.health.Health;
import io.sekisho.agent.loop.EventLoop;
import io.sekisho.policy.Cidr;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Keeps {@link Ipam} supplied with ranges: takes them at the start, and asks again for what is
 * missing or not confirmed. Trouble stands in health, and in the answer of who wants an address.
 */
public final class RangeSupply implements AutoCloseable {
  /** Under which trouble stands in health. */
  public static final String COMPONENT = "pod ranges";

  private static final Duration AGAIN = Duration.ofSeconds(2);

  private final PodRanges source;
  private final Ipam ipam;
  private final EventLoop loop;
  private final Health health;
  private final Consumer<List<Cidr>> extended;
  private volatile List<Cidr> ranges = List.of();
  private volatile Optional<PodRanges.Trouble> trouble = Optional.empty();
  private volatile boolean closed;

  /**
   * Nothing is taken yet.
   *
   * @param extended hears of ranges that came after {@link #takeNow}, on a thread that may block
   */
  public RangeSupply(
      PodRanges source, Ipam ipam, EventLoop loop, Health health, Consumer<List<Cidr>> extended) {
    this.source = source;
    this.ipam = ipam;
    this.loop = loop;
    this.health = health;
    this.extended = extended;
  }

  /** Takes ranges; waits no longer than the cluster store's time-out for each. */
  public void takeNow() {
    take();
  }

  /** Asks again from now on while something is wrong. */
  public void start() {
    if (!closed && trouble.isPresent()) {
      loop.schedule(AGAIN, () -> Thread.ofVirtual().name("pod-ranges").start(this::again));
    }
  }

  private void again() {
    List<Cidr> before = ranges;
    take();
    if (!closed && !ranges.equals(before)) {
      extended.accept(ranges);
    }
    start();
  }

  private void take() {
    PodRanges.Held held = source.take();
    List<Cidr> come = held.ranges().stream().filter(r -> !ranges.contains(r)).toList();
    ranges = held.ranges();
    trouble = held.trouble();
    loop.call(
        () -> {
          ipam.extend(come);
          ipam.shortage(shortage());
          return come;
        });
    trouble.ifPresentOrElse(
        t -> health.report(COMPONENT, t.message()), () -> health.clear(COMPONENT));
  }

  /** The node's ranges now. */
  public List<Cidr> ranges() {
    return ranges;
  }

  /** Why no address can be given; empty if one can. */
  public Optional<String> shortage() {
    return trouble.filter(PodRanges.Trouble::missing).map(PodRanges.Trouble::message);
  }

  @Override
  public void close() {
    closed = true;
  }
}
