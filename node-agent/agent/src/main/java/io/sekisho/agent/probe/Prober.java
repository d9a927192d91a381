package io.sekisho.agent.probe;

import io.sekisho.agent.datapath.Pinger;
import io.sekisho.agent.health.Health;
import io.sekisho.agent.loop.EventLoop;
import io.sekisho.api.v1.PeerProbe;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Pings one node after the other, so that each gets its turn once in an interval: at its underlay
 * address from here, and at its health endpoint from ours. Belongs to the event loop; {@link
 * #probes} may be read by all.
 */
final class Prober {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

  private final EventLoop loop;
  private final Health health;
  private final InstantSource clock;
  private final Duration interval;
  private final String overlay;
  private final Supplier<List<ProbePeer>> peers;
  private final Function<InetAddress, CompletableFuture<Optional<String>>> unresolved;
  private final Map<String, PeerState> states = new TreeMap<>();
  private volatile Optional<Pinger> underlay = Optional.empty();
  private volatile Optional<Pinger> endpoint = Optional.empty();
  private volatile List<PeerProbe> probes = List.of();
  private int turn;

  /**
   * Nothing is pinged before {@link #start}.
   *
   * @param interval in which every node is pinged once
   * @param overlay what carries pods' packets, for messages
   * @param peers the nodes to ping; asked before every turn
   * @param unresolved on which interface an address is asked for in vain; must not block
   */
  Prober(
      EventLoop loop,
      Health health,
      InstantSource clock,
      Duration interval,
      String overlay,
      Supplier<List<ProbePeer>> peers,
      Function<InetAddress, CompletableFuture<Optional<String>>> unresolved) {
    this.loop = loop;
    this.health = health;
    this.clock = clock;
    this.interval = interval;
    this.overlay = overlay;
    this.peers = peers;
    this.unresolved = unresolved;
  }

  void start() {
    loop.execute(this::tick);
  }

  /** Pings nodes by this from now on. */
  void underlay(Pinger pinger) {
    underlay = Optional.of(pinger);
  }

  /** Pings health endpoints by this from now on, and ends what did so before. */
  void endpoint(Pinger pinger) {
    endpoint.ifPresent(Pinger::close);
    endpoint = Optional.of(pinger);
  }

  /** What the last pings said, by node. */
  List<PeerProbe> probes() {
    return probes;
  }

  private void tick() {
    List<ProbePeer> now = peers.get();
    adopt(now);
    if (now.isEmpty()) {
      loop.schedule(interval, this::tick);
      return;
    }
    turn = (turn + 1) % now.size();
    ping(state(now.get(turn)));
    loop.schedule(interval.dividedBy(now.size()), this::tick);
  }

  /** Forgets nodes that left, and what was measured at addresses that changed. */
  private void adopt(List<ProbePeer> now) {
    states
        .values()
        .removeIf(
            state -> {
              boolean gone = !now.contains(state.peer());
              if (gone) {
                health.clear(component(state.peer()));
              }
              return gone;
            });
    publish();
  }

  private PeerState state(ProbePeer peer) {
    return states.computeIfAbsent(peer.name(), name -> new PeerState(peer));
  }

  private void ping(PeerState state) {
    ping(state, underlay, state.peer().underlay(), state.underlay());
    ping(state, endpoint, state.peer().endpoint(), state.endpoint());
    ping(state, underlay, state.peer().underlayIpv6(), state.underlayIpv6());
    ping(state, endpoint, state.peer().endpointIpv6(), state.endpointIpv6());
  }

  private void ping(
      PeerState state, Optional<Pinger> by, Optional<InetAddress> to, PingWindow window) {
    if (by.isEmpty() || to.isEmpty()) {
      return;
    }
    Duration wait = interval.compareTo(LONGEST_WAIT) < 0 ? interval : LONGEST_WAIT;
    var _ =
        by.get()
            .ping(to.get(), wait)
            .thenAcceptAsync(
                echo -> {
                  window.add(echo, clock.instant());
                  judge(state);
                  look(state);
                },
                loop);
  }

  /** Why a node that has long been silent is: perhaps its address is nobody's on the link. */
  private void look(PeerState state) {
    if (!state.underlayIsSilent()) {
      state.unresolved(Optional.empty());
      return;
    }
    state
        .peer()
        .underlay()
        .ifPresent(
            address -> {
              var _ =
                  unresolved
                      .apply(address)
                      .thenAcceptAsync(
                          device -> {
                            state.unresolved(device);
                            judge(state);
                          },
                          loop);
            });
  }

  private void judge(PeerState state) {
    if (states.get(state.peer().name()) != state) {
      return;
    }
    int seconds = (int) interval.multipliedBy(PeerState.SILENT).toSeconds();
    String component = component(state.peer());
    state
        .problem(seconds, overlay)
        .ifPresentOrElse(
            message -> health.report(component, message), () -> health.clear(component));
    publish();
  }

  private static String component(ProbePeer peer) {
    return "way to " + peer.name();
  }

  private void publish() {
    probes = states.values().stream().map(PeerState::toApi).toList();
  }
}
