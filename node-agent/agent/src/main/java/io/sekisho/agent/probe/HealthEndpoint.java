package io.sekisho.agent.probe;

import io.sekisho.agent.datapath.DesiredState;
import io.sekisho.agent.datapath.DesiredState.Location;
import io.sekisho.agent.datapath.NodeKernel;
import io.sekisho.agent.datapath.WiredEndpoint;
import io.sekisho.agent.datapath.Wiring;
import io.sekisho.agent.health.Health;
import io.sekisho.agent.ipam.Ipam;
import io.sekisho.agent.ipam.IpamException;
import io.sekisho.agent.loop.EventLoop;
import io.sekisho.agent.reconcile.Planner;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Identity;
import io.sekisho.policy.compile.PolicyTable;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint without a pod: a network namespace in which nothing runs, wired as every endpoint is,
 * with identity {@code reserved:health} and without policy. Its kernel stack answers pings, also
 * while no agent runs. It is no endpoint of the cluster: no list shows it and nothing counts it.
 * Belongs to the event loop; {@link #addresses} may be read by all.
 */
final class HealthEndpoint {
  /** Its number; pods have those below. */
  static final int ID = 65_535;

  private static final String COMPONENT = "health endpoint";
  private static final String INTERFACE = "eth0";
  private static final Duration RETRY = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofMillis(100);

  private final String name;
  private final EventLoop loop;
  private final Planner planner;
  private final Ipam ipam;
  private final NodeKernel kernel;
  private final Health health;
  private final Consumer<Path> ready;
  private @Nullable Map<Cidr, Location> lastOthers;
  private @Nullable WiredEndpoint lastOwn;
  private Map<Cidr, Location> lastAll = Map.of();
  private Optional<WiredEndpoint> wired = Optional.empty();
  private volatile List<InetAddress> addresses = List.of();

  /**
   * Not made yet.
   *
   * @param name of its network namespace
   * @param ready hears of the namespace when it is wired; on a thread that may block
   */
  HealthEndpoint(
      String name,
      EventLoop loop,
      Planner planner,
      Ipam ipam,
      NodeKernel kernel,
      Health health,
      Consumer<Path> ready) {
    this.name = name;
    this.loop = loop;
    this.planner = planner;
    this.ipam = ipam;
    this.kernel = kernel;
    this.health = health;
    this.ready = ready;
  }

  /** Its addresses; none before it is wired. */
  List<InetAddress> addresses() {
    return addresses;
  }

  /** Goes on with the one of an earlier agent, or begins one. */
  void start(Optional<WiredEndpoint> present) {
    loop.requireInLoop();
    planner.add(this::addTo);
    present.filter(this::keeps).ifPresent(this::live);
    make();
  }

  /** Its interface is gone: somebody deleted it, or the namespace. */
  void again() {
    loop.requireInLoop();
    make();
  }

  /** An address that is not the node's any more is given up. */
  private boolean keeps(WiredEndpoint present) {
    try {
      ipam.reserve(present.addresses());
      return true;
    } catch (IpamException e) {
      return false;
    }
  }

  /**
   * A new address is taken only when all endpoints of an earlier agent have theirs back, those too
   * that only the cluster knows: then plans are made.
   */
  private void make() {
    if (wired.isEmpty() && planner.waitsFor().isPresent()) {
      loop.schedule(LOOK, this::make);
      return;
    }
    try {
      List<InetAddress> own = wired.map(WiredEndpoint::addresses).orElseGet(ipam::allocate);
      make(own);
    } catch (IpamException e) {
      health.report(COMPONENT, String.valueOf(e.getMessage()));
      loop.schedule(RETRY, this::make);
    }
  }

  private void make(List<InetAddress> own) {
    var namespace =
        CompletableFuture.supplyAsync(
            () -> kernel.keepNamespace(name), task -> Thread.ofPlatform().daemon().start(task));
    var _ =
        namespace
            .thenCompose(
                file -> planner.datapath(d -> d.wire(new Wiring(ID, file, INTERFACE, own, 0))))
            .whenCompleteAsync(
                (made, failure) -> {
                  if (failure == null) {
                    live(made);
                    planner.changed();
                    health.clear(COMPONENT);
                    ready.accept(namespace.join());
                  } else {
                    failed(own, failure);
                  }
                },
                loop);
  }

  private void failed(List<InetAddress> own, Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    health.report(COMPONENT, String.valueOf(cause.getMessage()));
    if (wired.isEmpty()) {
      ipam.release(own);
    }
    loop.schedule(RETRY, this::make);
  }

  private void live(WiredEndpoint now) {
    wired = Optional.of(now);
    addresses = now.addresses();
  }

  /** Takes away what an earlier agent left, on a node that has none any more. */
  void remove(Optional<WiredEndpoint> present) {
    loop.requireInLoop();
    var unwired =
        present.isEmpty()
            ? CompletableFuture.completedFuture(true)
            : planner.datapath(
                d -> {
                  d.unwire(ID);
                  return true;
                });
    var _ =
        unwired
            .thenAcceptAsync(
                done -> kernel.deleteNamespace(name),
                task -> Thread.ofPlatform().daemon().start(task))
            .whenComplete(
                (done, failure) -> {
                  if (failure != null) {
                    health.report(COMPONENT, "cannot be removed: " + failure.getMessage());
                  }
                });
  }

  /** The desired state with this endpoint in it. */
  private DesiredState addTo(DesiredState state) {
    if (wired.isEmpty()) {
      return state;
    }
    int identity = Identity.HEALTH.number();
    var endpoints = new HashMap<>(state.endpoints());
    endpoints.put(ID, new DesiredState.Endpoint(wired.get(), identity, PolicyTable.OPEN, false));
    return state.with(endpoints, ipcache(state.ipcache(), wired.get()));
  }

  /** The same map again for the same one: there are thousands of prefixes in it. */
  @SuppressWarnings("ReferenceEquality") // What did not change is the same object.
  private Map<Cidr, Location> ipcache(Map<Cidr, Location> others, WiredEndpoint own) {
    if (others != lastOthers || own != lastOwn) {
      var all = new HashMap<>(others);
      var here = new Location(Identity.HEALTH.number(), Optional.empty(), false);
      own.addresses().forEach(address -> all.put(Cidr.of(address), here));
      lastOthers = others;
      lastOwn = own;
      lastAll = Map.copyOf(all);
    }
    return lastAll;
  }
}
