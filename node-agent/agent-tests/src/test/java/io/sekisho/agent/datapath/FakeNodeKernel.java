package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.NodeFeature.Presence;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * A kernel in memory: namespaces are names, and every address answers at once unless a test says
 * that it does not. Thread-safe.
 */
public final class FakeNodeKernel implements NodeKernel {
  /** What every answer takes. */
  public static final long RTT_NANOS = 250_000;

  private final Set<String> namespaces = new TreeSet<>();
  private final Set<InetAddress> silent = new HashSet<>();
  private final Set<InetAddress> unresolved = new HashSet<>();
  private final List<String> sent = new ArrayList<>();
  private Optional<String> exit = Optional.empty();

  @Override
  public List<NodeFeature> features() {
    return List.of(
        new NodeFeature("BTF", Presence.PRESENT, "describes types", "5.4", Optional.empty()),
        new NodeFeature("TCX", Presence.MISSING, "attaches", "6.6", Optional.of("clsact")));
  }

  @Override
  public Pinger pinger() {
    return new FakePinger("node");
  }

  @Override
  public synchronized Pinger pinger(Path networkNamespace) {
    String name = String.valueOf(networkNamespace.getFileName());
    if (!namespaces.contains(name)) {
      throw new DatapathException(
          DatapathException.Code.WIRING_FAILED, "no namespace " + networkNamespace);
    }
    return new FakePinger(name);
  }

  @Override
  public synchronized Path keepNamespace(String name) {
    namespaces.add(name);
    return Path.of("/run/netns", name);
  }

  @Override
  public synchronized void deleteNamespace(String name) {
    namespaces.remove(name);
  }

  @Override
  public synchronized Optional<String> unresolved(InetAddress address) {
    return unresolved.contains(address) ? Optional.of("eth0") : Optional.empty();
  }

  @Override
  public synchronized Optional<String> exit(String device, InetAddress from, InetAddress to) {
    return exit;
  }

  /** All packets leave by an interface from now on. */
  public synchronized void leaveBy(String device) {
    exit = Optional.of(device);
  }

  /** Nobody on the link has an address from now on, nor answers at it. */
  public synchronized void takeAway(String address) {
    unresolved.add(InetAddress.ofLiteral(address));
    silence(address);
  }

  /** The namespaces that exist. */
  public synchronized Set<String> namespaces() {
    return Set.copyOf(namespaces);
  }

  /** An address does not answer from now on. */
  public synchronized void silence(String address) {
    silent.add(InetAddress.ofLiteral(address));
  }

  /** An address answers again. */
  public synchronized void heal(String address) {
    silent.remove(InetAddress.ofLiteral(address));
    unresolved.remove(InetAddress.ofLiteral(address));
  }

  /** All pings so far, as {@code namespace > address}; the agent's own namespace is "node". */
  public synchronized List<String> sent() {
    return List.copyOf(sent);
  }

  private synchronized Pinger.Echo echo(String from, InetAddress to) {
    sent.add(from + " > " + to.getHostAddress());
    return silent.contains(to) ? Pinger.Echo.SILENCE : Pinger.Echo.answered(RTT_NANOS);
  }

  private final class FakePinger implements Pinger {
    private final String from;

    private FakePinger(String from) {
      this.from = from;
    }

    @Override
    public CompletableFuture<Echo> ping(InetAddress to, Duration timeout) {
      return CompletableFuture.completedFuture(echo(from, to));
    }

    @Override
    public void close() {}
  }
}
