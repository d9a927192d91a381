package io.sekisho.lab;

import io.sekisho.lab.traffic.AttemptStream;
import io.sekisho.lab.traffic.ByteStream;
import io.sekisho.lab.traffic.DatagramStream;
import io.sekisho.lab.traffic.Echo;
import io.sekisho.lab.traffic.Exchange;
import io.sekisho.lab.traffic.Place;
import io.sekisho.lab.traffic.Stream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Agents end at random moments, also while they start, and traffic must not notice: UDP, a TCP
 * connection, new connections and ICMP, to a pod of the same node and to one of another node, over
 * IPv4 and IPv6, and to outside through the masquerade.
 */
public final class Soak {
  private static final int PORT = 7007;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** A start takes some 2 s: most ends hit one, some a running agent. */
  private static final int LONGEST_MILLIS = 4_000;

  /** One end in so many is in order (SIGTERM); and after so many the agent may come up whole. */
  private static final int ORDERLY = 5;

  private final Lab lab;
  private final Random random;
  private final List<Path> launchers;
  private final Consumer<String> progress;

  /**
   * On a lab that is up with two nodes and the machines of {@link Outside}.
   *
   * @param seed of the random moments
   * @param launchers of agents, one of which is picked for each start
   */
  public Soak(Lab lab, long seed, List<Path> launchers, Consumer<String> progress) {
    this.lab = lab;
    this.launchers = List.copyOf(launchers);
    this.progress = progress;
    random = new Random(seed);
  }

  /**
   * Makes three pods, sends, ends agents, counts; the pods stay.
   *
   * @param kills how often an agent ends
   * @return one count for each stream
   */
  public List<Stream.Count> run(int kills) {
    Pod client = lab.addPod("soak", "client", "n1", Map.of("app", "soak"));
    List<Pod> servers =
        List.of(
            lab.addPod("soak", "near", "n1", Map.of("app", "soak")),
            lab.addPod("soak", "far", "n2", Map.of("app", "soak")));
    List<Stream> streams = new ArrayList<>();
    List<Echo> echoes = new ArrayList<>();
    try {
      for (Pod server : servers) {
        Place place = new Place(lab.names().pod(server.namespace(), server.name()));
        echoes.add(new Echo(place, PORT));
        begin(streams, client, server.name(), server.addresses());
      }
      echoes.add(new Echo(new Place(lab.names().world(Outside.SERVER.name())), PORT));
      begin(streams, client, "outside", Outside.SERVER.addresses());
      disturb(kills, streams);
      return streams.stream().map(Stream::finish).toList();
    } catch (IOException e) {
      throw new LabException(LabException.Code.AGENT, "no traffic to begin with: " + e, e);
    } finally {
      streams.forEach(Stream::close);
      echoes.forEach(Soak::end);
    }
  }

  private void begin(List<Stream> streams, Pod client, String where, List<String> addresses)
      throws IOException {
    Place from = new Place(lab.names().pod(client.namespace(), client.name()));
    for (String text : addresses) {
      InetAddress to = InetAddress.ofLiteral(text);
      // a new pod is not known to the other node at once
      Await.until(
          PATIENCE, () -> where + " is not reached", () -> Exchange.udp(from, to, PORT, 8, 500));
      String way = where + (text.contains(":") ? " IPv6 " : " IPv4 ");
      streams.add(new DatagramStream(way + "UDP", from, to, PORT));
      streams.add(new ByteStream(way + "TCP stream", from, to, PORT));
      streams.add(AttemptStream.connections(way + "new connections", from, to, PORT));
      streams.add(AttemptStream.pings(way + "ICMP", from, to));
    }
  }

  private void disturb(int kills, List<Stream> streams) {
    awaitMore(streams);
    for (int i = 1; i <= kills; i++) {
      String node = "n" + (1 + random.nextInt(2));
      NodeAgent agent = lab.agent(node);
      LockSupport.parkNanos(random.nextInt(LONGEST_MILLIS) * 1_000_000L);
      if (random.nextInt(ORDERLY) == 0) {
        agent.stop();
      } else {
        agent.kill();
      }
      agent.start(launchers.get(random.nextInt(launchers.size())));
      if (i % ORDERLY == 0 || i == kills) {
        lab.agent("n1").awaitHealthy();
        lab.agent("n2").awaitHealthy();
        progress.accept(i + " of " + kills + " ends");
      }
    }
    awaitMore(streams);
  }

  private static void awaitMore(List<Stream> streams) {
    for (Stream stream : streams) {
      long before = stream.sent();
      Await.until(
          PATIENCE, () -> stream.name() + " stands still", () -> stream.sent() > before + 20);
    }
  }

  private static void end(Echo echo) {
    try {
      echo.close();
    } catch (IOException e) {
      throw new LabException(LabException.Code.IO, "an echo does not end", e);
    }
  }
}
