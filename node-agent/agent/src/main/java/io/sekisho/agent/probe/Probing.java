package io.sekisho.agent.probe;

import com.google.common.net.InetAddresses;
import io.sekisho.agent.config.AgentConfig;
import io.sekisho.agent.datapath.DatapathException;
import io.sekisho.agent.datapath.HealthNamespace;
import io.sekisho.agent.datapath.NodeKernel;
import io.sekisho.agent.datapath.Pinger;
import io.sekisho.agent.datapath.WiredEndpoint;
import io.sekisho.agent.health.Health;
import io.sekisho.agent.ipam.Ipam;
import io.sekisho.agent.loop.EventLoop;
import io.sekisho.agent.node.NodePart;
import io.sekisho.agent.reconcile.Planner;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.PeerProbe;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The node's health endpoint and prober, and what they tell of the node. */
public final class Probing implements NodePart, AutoCloseable {
  private static final String COMPONENT = "probes";

  private final AgentConfig config;
  private final EventLoop loop;
  private final NodeKernel kernel;
  private final Health health;
  private final HealthEndpoint endpoint;
  private final Prober prober;
  private final List<Pinger> pingers = new ArrayList<>();
  private boolean closed;

  /**
   * Nothing is made or measured before {@link #start}.
   *
   * @param underlay the node's own underlay addresses
   * @param ipam gives the health endpoint its addresses
   */
  public Probing(
      AgentConfig config,
      List<InetAddress> underlay,
      EventLoop loop,
      Planner planner,
      Ipam ipam,
      NodeKernel kernel,
      Health health,
      InstantSource clock) {
    this.config = config;
    this.loop = loop;
    this.kernel = kernel;
    this.health = health;
    String node = config.node().name();
    endpoint =
        new HealthEndpoint(
            HealthNamespace.name(config.dirs().bpf(), node),
            loop,
            planner,
            ipam,
            kernel,
            health,
            this::ready);
    prober =
        new Prober(
            loop,
            health,
            clock,
            Duration.ofSeconds(config.health().probeSeconds()),
            way(config),
            () ->
                ProbePeer.of(
                    node,
                    underlay,
                    endpoint.addresses(),
                    planner.view().inventory().nodes().values()));
  }

  private static String way(AgentConfig config) {
    return config.routing().isOverlay()
        ? "overlay port " + config.overlay().port()
        : "routes to its pods missing, or";
  }

  /**
   * Begins, or takes away what an earlier agent left if probes are switched off; on the event loop.
   *
   * @param found endpoints that the kernel carries
   * @return those that are pods'
   */
  public List<WiredEndpoint> start(List<WiredEndpoint> found) {
    loop.requireInLoop();
    Optional<WiredEndpoint> present =
        found.stream().filter(wired -> wired.endpointId() == HealthEndpoint.ID).findFirst();
    if (config.health().probes()) {
      endpoint.start(present);
      open(kernel::pinger, prober::underlay);
      prober.start();
    } else {
      endpoint.remove(present);
    }
    return found.stream().filter(wired -> wired.endpointId() != HealthEndpoint.ID).toList();
  }

  private void ready(Path namespace) {
    open(() -> kernel.pinger(namespace), prober::endpoint);
  }

  private void open(Supplier<Pinger> opening, Consumer<Pinger> use) {
    Thread.ofPlatform()
        .name("open-pinger")
        .daemon()
        .start(
            () -> {
              try {
                keep(opening.get(), use);
                health.clear(COMPONENT);
              } catch (DatapathException e) {
                health.report(COMPONENT, String.valueOf(e.getMessage()));
              }
            });
  }

  private synchronized void keep(Pinger pinger, Consumer<Pinger> use) {
    if (closed) {
      pinger.close();
    } else {
      pingers.add(pinger);
      use.accept(pinger);
    }
  }

  /** An endpoint's interface went; if it is the health endpoint's, it is made again. Any thread. */
  public void interfaceGone(int endpointId) {
    if (endpointId == HealthEndpoint.ID && config.health().probes()) {
      loop.execute(endpoint::again);
    }
  }

  /** What the last pings to the other nodes said. */
  public List<PeerProbe> probes() {
    return prober.probes();
  }

  @Override
  public void addTo(Node.Builder node) {
    endpoint.addresses().stream()
        .map(InetAddresses::toAddrString)
        .forEach(node::addHealthAddresses);
    node.addAllProbes(prober.probes());
  }

  /** Ends the pings; the health endpoint stays and answers. */
  @Override
  public synchronized void close() {
    closed = true;
    pingers.forEach(Pinger::close);
  }
}
