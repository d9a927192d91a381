package io.sekisho.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.util.Timestamps;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.PathHop;
import io.sekisho.api.v1.PathHopKind;
import io.sekisho.api.v1.PathsGrpc;
import io.sekisho.api.v1.PeerProbe;
import io.sekisho.api.v1.TracePathRequest;
import io.sekisho.api.v1.TracePathResponse;
import io.sekisho.lab.traffic.AttemptStream;
import io.sekisho.lab.traffic.Place;
import io.sekisho.lab.traffic.Stream;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node still answers while no agent runs on it, and paths between nodes. */
final class AgentDownTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int PINGS = 5;

  private static Cluster cluster;

  @BeforeAll
  static void up() throws IOException {
    ClusterNetwork network = ClusterNetwork.USUAL.withProbes(1);
    cluster = new Cluster("skd", new Lab.Wish(2, false, false, 180).on(network));
    for (String server : List.of("near", "far")) {
      cluster.awaitReach(server, 0);
      cluster.awaitReach(server, 1);
    }
    Await.until(
        SOON,
        () -> "the nodes do not probe each other: " + probe("n1", "n2") + probe("n2", "n1"),
        () ->
            probe("n1", "n2").getEndpoint().getAnswered() > 0
                && probe("n2", "n1").getEndpoint().getAnswered() > 0);
  }

  @AfterAll
  static void down() throws IOException {
    cluster.close();
  }

  @AfterEach
  void bothAgentsRun() {
    for (String name : List.of("n1", "n2")) {
      long started = Timestamps.toMillis(node(name).getStarted());
      boolean wasUp = cluster.lab().agent(name).isUp();
      cluster.lab().faults().startAgent(name);
      Await.until(
          SOON,
          () -> "the first node does not know of " + name + "'s start",
          () -> wasUp || Timestamps.toMillis(node(name).getStarted()) > started);
    }
  }

  /** A node as the first one knows it. */
  private static Node node(String name) {
    try (AgentClient agent = cluster.lab().client("n1")) {
      return agent.nodes().stream()
          .filter(known -> known.getName().equals(name))
          .findFirst()
          .orElse(Node.getDefaultInstance());
    }
  }

  /** The pings of a node to another one. */
  private static PeerProbe probe(String from, String to) {
    return node(from).getProbesList().stream()
        .filter(probe -> probe.getNode().equals(to))
        .findFirst()
        .orElse(PeerProbe.getDefaultInstance());
  }

  /** Pings from pod to pod and from health endpoint to health endpoint, each family. */
  private static List<Stream> pings(String toNode, String toPod) {
    List<Stream> streams = new ArrayList<>();
    String from = toNode.equals("n2") ? "n1" : "n2";
    Place health = new Place(cluster.lab().names().lab() + "-health-" + from);
    for (String address : node(toNode).getHealthAddressesList()) {
      InetAddress to = InetAddress.ofLiteral(address);
      streams.add(AttemptStream.pings("health endpoint " + address, health, to));
    }
    for (int family = 0; family < 2; family++) {
      InetAddress to = cluster.address(toPod, family);
      streams.add(AttemptStream.pings("pod " + to, cluster.place("client"), to));
    }
    return streams;
  }

  private static void awaitMore(List<Stream> streams, long more) {
    for (Stream stream : streams) {
      long before = stream.sent();
      Await.until(SOON, () -> stream.name() + " stands still", () -> stream.sent() > before + more);
    }
  }

  @Test
  void agentKilled_healthEndpointAndPodsOfItsNode_answerEveryPing() {
    List<Stream> streams = pings("n2", "far");
    assertEquals(4, streams.size());
    try {
      awaitMore(streams, 5);
      cluster.lab().faults().killAgent("n2");
      long killed = System.currentTimeMillis();
      awaitMore(streams, 60);
      // and so say the probes of the other node's agent
      Await.until(
          SOON,
          () -> "no probe was answered since: " + probe("n1", "n2"),
          () -> isAnsweredSince(probe("n1", "n2"), killed));
      cluster.lab().faults().startAgent("n2");
      awaitMore(streams, 5);
      for (Stream stream : streams) {
        Stream.Count count = stream.finish();
        assertEquals(0, count.lost(), count::toString);
      }
    } finally {
      streams.forEach(Stream::close);
    }
  }

  private static boolean isAnsweredSince(PeerProbe probe, long millis) {
    return Timestamps.toMillis(probe.getEndpoint().getLastAnswer()) > millis + 2_000
        && Timestamps.toMillis(probe.getUnderlay().getLastAnswer()) > millis + 2_000
        && probe.getEndpoint().getAnswered() == probe.getEndpoint().getSent();
  }

  private static TracePathResponse trace(String asked, String from, String to, int family) {
    try (AgentClient agent = cluster.lab().client(asked)) {
      return PathsGrpc.newBlockingStub(agent.channel())
          .withDeadlineAfter(30, TimeUnit.SECONDS)
          .trace(
              TracePathRequest.newBuilder()
                  .setSource("test/" + from)
                  .setDestination("test/" + to)
                  .setCount(PINGS)
                  .setFamily(family)
                  .build());
    }
  }

  private static void assertAnswered(TracePathResponse path) {
    assertEquals(PINGS, path.getPing().getSent(), path::toString);
    assertEquals(PINGS, path.getPing().getAnswered(), path::toString);
    assertEquals(PINGS, path.getSamplesNsCount());
    assertTrue(path.getSamplesNsList().stream().allMatch(nanos -> nanos > 0), path::toString);
    List<String> nodes = path.getHopsList().stream().map(PathHop::getNode).distinct().toList();
    assertEquals(2, nodes.size(), path::toString);
    long tunnelEnds =
        path.getHopsList().stream().filter(h -> h.getKind() == PathHopKind.OVERLAY).count();
    assertEquals(2, tunnelEnds, path::toString);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 6})
  void trace_betweenNodes_isAnsweredWhomeverOneAsks(int family) {
    assertAnswered(trace("n1", "client", "far", family));
    assertAnswered(trace("n2", "client", "far", family));
    assertAnswered(trace("n1", "far", "client", family));
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 6})
  void trace_toANodeWithoutAgent_isAnswered_fromItIsAClearError(int family) {
    cluster.lab().faults().killAgent("n2");
    assertAnswered(trace("n1", "client", "far", family));
    StatusRuntimeException refused =
        assertThrows(StatusRuntimeException.class, () -> trace("n1", "far", "client", family));
    assertEquals(Status.Code.UNAVAILABLE, refused.getStatus().getCode());
    String says = String.valueOf(refused.getStatus().getDescription());
    assertTrue(says.contains("the agent of n2 does not answer"), says);
  }
}
