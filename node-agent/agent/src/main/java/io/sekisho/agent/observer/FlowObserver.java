package io.sekisho.agent.observer;

import io.sekisho.agent.datapath.EventSink;
import io.sekisho.agent.metrics.Metrics;
import io.sekisho.agent.policy.RuleNames;
import io.sekisho.agent.reconcile.View;
import io.sekisho.api.flow.DropReason;
import io.sekisho.api.flow.Flow;
import io.sekisho.policy.Identity;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes the datapath's events and keeps the last of them. Taking one costs a copy into the ring and
 * two counters; names are looked up and flows made only when somebody asks.
 */
public final class FlowObserver implements EventSink, FlowSource, AutoCloseable {
  private final FlowRing ring;
  private final FlowEncoder encoder;
  private final LiveFlows live;
  private final WallClock wall;
  private final LongSupplier monotonic;
  private final long started;
  private final Counters counters;
  private volatile long lostInKernel;

  /**
   * Who the observer is, and its clocks.
   *
   * @param node the node's name
   * @param cluster the cluster's name
   * @param capacity flows in the ring, a power of two
   * @param clock the time of day
   * @param monotonic the clock that the kernel stamps events with
   */
  public record Settings(
      String node, String cluster, int capacity, Clock clock, LongSupplier monotonic) {}

  /**
   * Begins with an empty ring.
   *
   * @param views who is who
   * @param rules names of rules
   */
  public FlowObserver(Settings settings, Supplier<View> views, RuleNames rules, Metrics metrics) {
    this.ring = new FlowRing(settings.capacity());
    this.encoder =
        new FlowEncoder(settings.node(), new Names(settings.cluster(), views), new Rules(rules));
    this.live = new LiveFlows(ring, encoder);
    this.wall = new WallClock(settings.clock(), settings.monotonic());
    this.monotonic = settings.monotonic();
    this.started = monotonic.getAsLong();
    this.counters = new Counters(metrics);
    metrics.gauge("sekisho_events_lost_total", this::lost);
  }

  @Override
  public void accept(Event event) {
    if (isProbe(event)) {
      return;
    }
    ring.append(event, wall.wallNanos(event.timestamp()));
    counters.count(event);
    live.appended();
  }

  /** Pings between health endpoints that pass are no news; that one is dropped is. */
  private static boolean isProbe(Event event) {
    boolean passed = event.type() != FlowEncoder.DROP && !event.denied() && !event.audited();
    int health = Identity.HEALTH.number();
    return passed && (event.sourceIdentity() == health || event.destinationIdentity() == health);
  }

  @Override
  public List<Flow> past() {
    return PastFlows.of(ring, encoder);
  }

  @Override
  public Following follow(Follower follower) {
    return live.follow(follower);
  }

  @Override
  public int capacity() {
    return ring.capacity();
  }

  @Override
  public long seen() {
    return ring.head();
  }

  @Override
  public long lost() {
    return lostInKernel;
  }

  /** What the datapath says of events that it lost since its start; from time to time. */
  public void lostInKernel(long total) {
    lostInKernel = total;
    live.lostInKernel(total);
    wall.adjust();
  }

  @Override
  public long startedNanos() {
    return started;
  }

  /** Ends telling followers; the ring can still be read. */
  @Override
  public void close() {
    live.close();
  }

  /**
   * Flows by verdict and drops by reason; the counters of a reason are made when it first comes.
   */
  private static final class Counters {
    private final Metrics metrics;
    private final LongAdder forwarded;
    private final LongAdder dropped;
    private final LongAdder audited;
    private final @Nullable LongAdder[] reasons = new LongAdder[256];

    Counters(Metrics metrics) {
      this.metrics = metrics;
      this.forwarded = metrics.counter("sekisho_flows_total", "verdict", "forwarded");
      this.dropped = metrics.counter("sekisho_flows_total", "verdict", "dropped");
      this.audited = metrics.counter("sekisho_flows_total", "verdict", "audit");
    }

    void count(Event event) {
      if (event.type() == FlowEncoder.DROP) {
        dropped.increment();
        reason(event.subtype() & 0xff).increment();
      } else {
        (event.audited() ? audited : event.denied() ? dropped : forwarded).increment();
      }
    }

    private LongAdder reason(int number) {
      LongAdder present = reasons[number];
      if (present == null) {
        DropReason reason = DropReason.forNumber(number);
        String name = reason == null ? "reason_" + number : reason.name();
        present = metrics.counter("sekisho_drops_total", "reason", name);
        reasons[number] = present;
      }
      return present;
    }
  }
}
