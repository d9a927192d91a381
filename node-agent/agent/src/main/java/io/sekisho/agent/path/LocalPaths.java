package io.sekisho.agent.path;

import com.google.protobuf.Timestamp;
import io.sekisho.agent.cluster.Inventory;
import io.sekisho.agent.config.AgentConfig;
import io.sekisho.agent.datapath.DatapathException;
import io.sekisho.agent.datapath.NodeKernel;
import io.sekisho.agent.datapath.Pinger;
import io.sekisho.agent.datapath.Pinger.Echo;
import io.sekisho.agent.endpoint.LocalEndpoint;
import io.sekisho.agent.reconcile.View;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.PeerProbe;
import io.sekisho.api.v1.Ping;
import io.sekisho.api.v1.TracePathRequest;
import io.sekisho.api.v1.TracePathResponse;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/** Traces paths from the endpoints of this node. */
public final class LocalPaths implements PathTracer {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  /** Between two pings, ms: a burst would measure itself. */
  private static final long PAUSE_MILLIS = 50;

  private static final int USUAL_COUNT = 5;
  private static final int MOST = 20;

  private final AgentConfig config;
  private final Supplier<View> views;
  private final Supplier<List<PeerProbe>> probes;
  private final NodeKernel kernel;
  private final InstantSource clock;

  /**
   * Traces from the endpoints of a view.
   *
   * @param probes what the last pings to other nodes said
   */
  public LocalPaths(
      AgentConfig config,
      Supplier<View> views,
      Supplier<List<PeerProbe>> probes,
      NodeKernel kernel,
      InstantSource clock) {
    this.config = config;
    this.views = views;
    this.probes = probes;
    this.kernel = kernel;
    this.clock = clock;
  }

  @Override
  public TracePathResponse trace(TracePathRequest request) {
    int count = count(request);
    View view = views.get();
    LocalEndpoint source = source(request.getSource(), view);
    PathEnd end = PathEnd.of(request.getDestination(), view.inventory());
    boolean ipv4 = family(request, source, end);
    InetAddress from = address(source.spec().addresses(), ipv4, request.getSource());
    InetAddress to = address(end.addresses(), ipv4, request.getDestination());
    String self = config.node().name();
    Inventory inventory = view.inventory();
    Endpoint start = source.toApi(self);
    Node node = inventory.nodes().getOrDefault(self, Node.newBuilder().setName(self).build());
    Optional<String> exit = kernel.exit(start.getInterface(), from, to);
    var hops = new PathHops(config, node, inventory.nodes().values(), probes.get(), exit);
    var out = TracePathResponse.newBuilder().addAllHops(hops.between(start, from, end, to));
    measure(source, to, count, out);
    return out.build();
  }

  private static int count(TracePathRequest request) {
    int count = request.getCount() == 0 ? USUAL_COUNT : request.getCount();
    if (count < 1 || count > MOST) {
      throw new PathException(
          PathException.Code.INVALID, "count is " + count + ", not 1 to " + MOST);
    }
    return count;
  }

  private static LocalEndpoint source(String name, View view) {
    return view.endpoints().values().stream()
        .filter(e -> (e.spec().request().namespace() + "/" + e.spec().request().pod()).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new PathException(
                    PathException.Code.UNKNOWN_ENDPOINT, "there is no endpoint " + name + " here"));
  }

  /** Whether IPv4 is used: as asked for, else where both ends have it. */
  private static boolean family(TracePathRequest request, LocalEndpoint source, PathEnd end) {
    return switch (request.getFamily()) {
      case 0 ->
          PathEnd.ofFamily(source.spec().addresses(), true).isPresent()
              && PathEnd.ofFamily(end.addresses(), true).isPresent();
      case 4 -> true;
      case 6 -> false;
      default ->
          throw new PathException(
              PathException.Code.INVALID, "family is " + request.getFamily() + ", not 4 or 6");
    };
  }

  private static InetAddress address(List<InetAddress> addresses, boolean ipv4, String whose) {
    return PathEnd.ofFamily(addresses, ipv4)
        .orElseThrow(
            () ->
                new PathException(
                    PathException.Code.NOT_POSSIBLE,
                    whose + " has no IPv" + (ipv4 ? 4 : 6) + " address"));
  }

  private void measure(
      LocalEndpoint source, InetAddress to, int count, TracePathResponse.Builder out) {
    Path namespace = source.spec().request().networkNamespace();
    try (var pinger = kernel.pinger(namespace)) {
      List<Echo> echoes = pings(pinger, to, count);
      echoes.forEach(echo -> out.addSamplesNs(echo.rttNanos().orElse(0)));
      out.setPing(sum(echoes));
    } catch (DatapathException e) {
      throw new PathException(
          PathException.Code.NOT_POSSIBLE,
          "pings cannot be sent from the source: " + e.getMessage(),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PathException(PathException.Code.CANCELLED, "nobody waits any more", e);
    }
  }

  private static List<Echo> pings(Pinger pinger, InetAddress to, int count)
      throws InterruptedException {
    var sent = new ArrayList<CompletableFuture<Echo>>();
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        Thread.sleep(PAUSE_MILLIS);
      }
      sent.add(pinger.ping(to, TIMEOUT));
    }
    var echoes = new ArrayList<Echo>();
    for (CompletableFuture<Echo> ping : sent) {
      try {
        echoes.add(ping.get());
      } catch (ExecutionException e) {
        throw new IllegalStateException("pings complete without errors", e);
      }
    }
    return echoes;
  }

  private Ping sum(List<Echo> echoes) {
    long[] times =
        echoes.stream()
            .map(Echo::rttNanos)
            .filter(OptionalLong::isPresent)
            .mapToLong(OptionalLong::getAsLong)
            .sorted()
            .toArray();
    var ping = Ping.newBuilder().setSent(echoes.size()).setAnswered(times.length);
    if (times.length > 0) {
      Instant now = clock.instant();
      ping.setRttNs(times[times.length / 2])
          .setLastAnswer(
              Timestamp.newBuilder().setSeconds(now.getEpochSecond()).setNanos(now.getNano()));
    }
    return ping.build();
  }
}
