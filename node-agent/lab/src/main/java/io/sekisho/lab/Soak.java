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
 * IPv4 and IPv6, and to outside through the masquerade. A policy allows that and nothing else; it
 * is pushed again, and other pods come and go, all the time.
 */
public final class Soak {
  private static final int PORT = 7007;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** A start takes some 2 s: most ends hit one, some a running agent. */
  private static final int LONGEST_MILLIS = 4_000;

  /** One end in so many is in order (SIGTERM); and after so many all agents may come up whole. */
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
   * What came of it.
   *
   * @param streams one count for each stream
   * @param killed how many agents were ended by SIGKILL
   * @param stopped how many by SIGTERM, besides
   * @param churn what the pods and pushes beside it did, one sentence
   * @param troubles what should not have been, beside losses: a packet that the policy denies and
   *     that came through, a churn that stood still
   */
  public record Outcome(
      List<Stream.Count> streams, int killed, int stopped, String churn, List<String> troubles) {
    /** Keeps immutable copies. */
    public Outcome {
      streams = List.copyOf(streams);
      troubles = List.copyOf(troubles);
    }

    /** Whether nothing was lost and nothing else went wrong. */
    public boolean isWell() {
      return troubles.isEmpty()
          && streams.stream().allMatch(count -> count.lost() == 0 && count.trouble().isEmpty());
    }
  }

  /**
   * Makes three pods, sends, ends agents, counts; the pods and the policy stay.
   *
   * @param kills how often an agent ends by SIGKILL; ends by SIGTERM come on top
   */
  public Outcome run(int kills) {
    Pod client = pod("client", "n1");
    List<Pod> servers = List.of(pod("near", "n1"), pod("far", "n2"));
    Place from = place(client);
    List<Stream> streams = new ArrayList<>();
    List<Echo> echoes = new ArrayList<>();
    try (SoakPolicy policy = new SoakPolicy(lab, from, PORT)) {
      for (Pod server : servers) {
        echoes.add(new Echo(place(server), PORT));
        policy.listen(server.name(), place(server), server.addresses());
      }
      Place outside = new Place(lab.names().world(Outside.SERVER.name()));
      echoes.add(new Echo(outside, PORT));
      policy.listen("outside", outside, Outside.SERVER.addresses());
      policy.begin();
      servers.forEach(server -> begin(streams, from, server.name(), server.addresses()));
      begin(streams, from, "outside", Outside.SERVER.addresses());
      InetAddress near = InetAddress.ofLiteral(servers.getFirst().addresses().getFirst());
      try (SoakChurn churn = new SoakChurn(lab, policy, near, PORT)) {
        return disturb(kills, streams, policy, churn);
      }
    } catch (IOException e) {
      throw new LabException(LabException.Code.AGENT, "an echo does not end: " + e, e);
    } finally {
      streams.forEach(Stream::close);
      echoes.forEach(Soak::end);
    }
  }

  private Pod pod(String name, String node) {
    return lab.addPod(SoakPolicy.NAMESPACE, name, node, Map.of("app", SoakPolicy.APP));
  }

  private Place place(Pod pod) {
    return new Place(lab.names().pod(pod.namespace(), pod.name()));
  }

  private static void begin(
      List<Stream> streams, Place from, String where, List<String> addresses) {
    for (String text : addresses) {
      InetAddress to = InetAddress.ofLiteral(text);
      // a new pod is not known to the other node at once
      Await.until(
          PATIENCE, () -> where + " is not reached", () -> Exchange.udp(from, to, PORT, 8, 500));
      String way = where + (text.contains(":") ? " IPv6 " : " IPv4 ");
      streams.add(new DatagramStream(way + "UDP", from, to, PORT));
      streams.add(connection(way, from, to));
      streams.add(AttemptStream.connections(way + "new connections", from, to, PORT));
      streams.add(AttemptStream.pings(way + "ICMP", from, to));
    }
  }

  private static ByteStream connection(String way, Place from, InetAddress to) {
    try {
      return new ByteStream(way + "TCP stream", from, to, PORT);
    } catch (IOException e) {
      throw new LabException(LabException.Code.AGENT, way + "has no connection: " + e, e);
    }
  }

  private Outcome disturb(int kills, List<Stream> streams, SoakPolicy policy, SoakChurn churn) {
    List<String> troubles = new ArrayList<>();
    int killed = 0;
    int stopped = 0;
    awaitMore(streams);
    while (killed < kills) {
      String node = "n" + (1 + random.nextInt(2));
      NodeAgent agent = lab.agent(node);
      LockSupport.parkNanos(random.nextInt(LONGEST_MILLIS) * 1_000_000L);
      agent.pid(); // one that has ended by itself is an error
      if (random.nextInt(ORDERLY) == 0) {
        agent.stop();
        stopped++;
      } else {
        agent.kill();
        killed++;
      }
      policy
          .leak(killed + stopped)
          .ifPresent(place -> troubles.add(place + " is open while " + node + "'s agent is down"));
      agent.start(launchers.get(random.nextInt(launchers.size())));
      if ((killed + stopped) % ORDERLY == 0 || killed == kills) {
        lab.agent("n1").awaitHealthy();
        lab.agent("n2").awaitHealthy();
        progress.accept(killed + " of " + kills + " killed, " + stopped + " stopped");
      }
    }
    SoakChurn.Count made = churn.finish();
    awaitMore(streams);
    if (!made.trouble().isEmpty() || made.pods() == 0 || made.pushes() == 0) {
      troubles.add(made.toString());
    }
    List<Stream.Count> counts = streams.stream().map(Stream::finish).toList();
    return new Outcome(counts, killed, stopped, made.toString(), troubles);
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
