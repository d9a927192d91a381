package io.sekisho.agent;

import io.sekisho.agent.datapath.Datapath;
import io.sekisho.agent.datapath.NodeChange.UnderlayChanged;
import io.sekisho.agent.datapath.NodeConfig;
import io.sekisho.agent.health.Health;
import io.sekisho.agent.loop.EventLoop;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Follows the underlay of the node: other addresses become those of the dataplane, of the plan and
 * of what the cluster knows; a device that is down is a problem that health names. Belongs to the
 * event loop.
 */
final class UnderlayFollower {
  private static final String COMPONENT = "underlay";

  /** After which what the dataplane refused is tried again. */
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final Settings settings;
  private final EventLoop loop;
  private final Function<Function<Datapath, Boolean>, CompletableFuture<Boolean>> datapath;
  private final Health health;
  private final Clock clock;
  private final Consumer<List<InetAddress>> followed;
  private List<InetAddress> addresses;
  private Optional<UnderlayChanged> newest = Optional.empty();

  /**
   * What is followed.
   *
   * @param device name of the underlay
   * @param fixed whether the configuration names the addresses: then they stay
   * @param config the dataplane's settings with these addresses
   */
  record Settings(String device, boolean fixed, Function<List<InetAddress>, NodeConfig> config) {}

  /**
   * Begins with these addresses.
   *
   * @param datapath runs a call on the dataplane
   * @param followed hears of the addresses whenever the dataplane has taken what changed; they may
   *     be the same, but routes may be lost
   */
  UnderlayFollower(
      Settings settings,
      List<InetAddress> addresses,
      EventLoop loop,
      Function<Function<Datapath, Boolean>, CompletableFuture<Boolean>> datapath,
      Health health,
      Clock clock,
      Consumer<List<InetAddress>> followed) {
    this.settings = settings;
    this.addresses = List.copyOf(addresses);
    this.loop = loop;
    this.datapath = datapath;
    this.health = health;
    this.clock = clock;
    this.followed = followed;
  }

  /** The underlay is not as it was; on the event loop. */
  void changed(UnderlayChanged now) {
    loop.requireInLoop();
    newest = Optional.of(now);
    List<InetAddress> wanted = settings.fixed() ? addresses : merged(addresses, now.addresses());
    if (!now.up()) {
      health.report(
          COMPONENT,
          "%s is down since %s"
              .formatted(settings.device(), clock.instant().truncatedTo(ChronoUnit.SECONDS)));
    } else if (wanted.isEmpty()) {
      health.report(COMPONENT, settings.device() + " has no address");
    } else {
      take(now, wanted);
    }
  }

  /** Addresses that stay keep their place, for the first of a family is the tunnel's end. */
  private static List<InetAddress> merged(List<InetAddress> old, List<InetAddress> now) {
    var out = new ArrayList<>(old);
    out.retainAll(now);
    now.stream().filter(address -> !out.contains(address)).forEach(out::add);
    return out;
  }

  private void take(UnderlayChanged now, List<InetAddress> wanted) {
    var config = settings.config().apply(wanted);
    datapath
        .apply(
            d -> {
              d.reconfigure(config);
              return true;
            })
        .whenCompleteAsync(
            (done, failure) -> {
              if (failure == null) {
                taken(now, wanted);
              } else {
                refused(now, failure);
              }
            },
            loop);
  }

  private void taken(UnderlayChanged now, List<InetAddress> wanted) {
    addresses = List.copyOf(wanted);
    if (newest.equals(Optional.of(now))) {
      health.clear(COMPONENT);
    }
    followed.accept(addresses);
  }

  private void refused(UnderlayChanged now, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (newest.equals(Optional.of(now))) {
      health.report(COMPONENT, String.valueOf(cause == null ? failure : cause.getMessage()));
      loop.schedule(
          RETRY,
          () -> {
            if (newest.equals(Optional.of(now))) {
              changed(now);
            }
          });
    }
  }
}
