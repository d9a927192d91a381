package io.sekisho.impact.propose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.api.flow.Endpoint;
import io.sekisho.api.flow.Flow;
import io.sekisho.impact.SeenFlow;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.evaluate.Evaluator;
import io.sekisho.policy.evaluate.Question;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * A produced policy allows every seen flow, and nothing of pairs that were never seen, as far as
 * labels tell pods apart; a CiliumNetworkPolicy and a NetworkPolicy alike.
 */
final class PolicyFromFlowsPropertyTest {
  private static final List<int[]> PORTS =
      List.of(
          new int[] {6, 80},
          new int[] {6, 81},
          new int[] {6, 443},
          new int[] {17, 53},
          new int[] {132, 80},
          new int[] {1, 8},
          new int[] {58, 128});

  /** Somebody at an end. */
  private record Place(Endpoint endpoint, String address) {
    Labels labels() {
      return Labels.of(endpoint.getLabelsList());
    }

    Identity identity(Evaluator evaluator) {
      return labels().get("reserved:world").isPresent()
          ? evaluator.outside(InetAddress.ofLiteral(address))
          : new Identity(endpoint.getIdentity(), labels());
    }
  }

  /** A connection that was seen. */
  private record Seen(Place client, Place server, int protocol, int port) {}

  @Property(tries = 300)
  void propose_randomClusters_allowsWhatWasSeenAndNoOtherPair(@ForAll Random random) {
    List<Place> pods = IntStream.range(0, 9).mapToObj(i -> pod(i, random)).toList();
    var places = new ArrayList<>(pods);
    places.add(new Place(SeenFlow.reserved(2, "world"), "203.0.113.7"));
    places.add(new Place(SeenFlow.reserved(2, "world"), "198.51.100.9"));
    places.add(new Place(SeenFlow.reserved(6, "remote-node"), "198.18.0.2"));
    Place subject = pods.getFirst();
    Set<Seen> seen = new HashSet<>();
    List<Flow> flows = new ArrayList<>();
    for (int i = 0; i < random.nextInt(12); i++) {
      Place peer = places.get(random.nextInt(places.size()));
      boolean out = random.nextBoolean();
      int[] port = PORTS.get(random.nextInt(PORTS.size()));
      Seen one = new Seen(out ? subject : peer, out ? peer : subject, port[0], port[1]);
      seen.add(one);
      flows.add(
          new SeenFlow()
              .from(one.client().endpoint(), one.client().address())
              .to(one.server().endpoint(), one.server().address())
              .port(one.protocol(), one.port())
              .build());
    }
    var wish =
        new Wish(
            "",
            List.of(subject.labels()),
            pods.stream().map(Place::labels).toList(),
            Set.of(Direction.values()),
            32,
            128,
            false,
            random.nextBoolean());
    List<Proposal> proposals = PolicyFromFlows.propose(wish, SeenFlow.gather(flows));
    String yaml = proposals.getFirst().yaml();
    var parsed = Documents.parse(List.of(yaml));
    assertEquals(List.of(), parsed.errors(), yaml);
    check(new Evaluator(parsed.documents()), subject, places, seen, yaml);
  }

  private static void check(
      Evaluator evaluator, Place subject, List<Place> places, Set<Seen> seen, String yaml) {
    for (Seen one : seen) {
      for (Direction direction : Direction.values()) {
        var end = direction == Direction.EGRESS ? one.client() : one.server();
        if (end.equals(subject)) {
          assertTrue(
              evaluator
                  .evaluate(
                      new Question(
                          one.client().identity(evaluator),
                          one.server().identity(evaluator),
                          one.protocol(),
                          one.port(),
                          direction))
                  .allowed(),
              () -> "seen, and not allowed: " + one + "\n" + yaml);
        }
      }
    }
    for (Place peer : places) {
      boolean out = seen.stream().noneMatch(s -> is(s.client(), subject) && is(s.server(), peer));
      boolean in = seen.stream().noneMatch(s -> is(s.client(), peer) && is(s.server(), subject));
      for (int[] port : PORTS) {
        if (out) {
          denied(evaluator, subject, peer, port, Direction.EGRESS, yaml);
        }
        if (in) {
          denied(evaluator, peer, subject, port, Direction.INGRESS, yaml);
        }
      }
    }
  }

  private static void denied(
      Evaluator evaluator, Place from, Place to, int[] port, Direction direction, String yaml) {
    var question =
        new Question(from.identity(evaluator), to.identity(evaluator), port[0], port[1], direction);
    assertFalse(
        evaluator.evaluate(question).allowed(),
        () -> "never seen, and allowed: " + question + "\n" + yaml);
  }

  /** The same, or what only labels of single pods tell apart. */
  private static boolean is(Place one, Place other) {
    return one.address().equals(other.address())
        || !one.labels().namespace().isEmpty()
            && one.labels().namespace().equals(other.labels().namespace())
            && WorkloadLabels.of(one.labels()).equals(WorkloadLabels.of(other.labels()));
  }

  private static Place pod(int number, Random random) {
    var labels = new TreeSet<String>();
    if (random.nextInt(4) > 0) {
      labels.add("k8s:app=" + List.of("a", "b", "c").get(random.nextInt(3)));
    }
    if (random.nextInt(3) == 0) {
      labels.add("k8s:tier=" + List.of("1", "true").get(random.nextInt(2)));
    }
    if (random.nextInt(3) == 0) {
      labels.add("k8s:pod-template-hash=" + random.nextInt(9));
    }
    if (random.nextInt(4) == 0) {
      labels.add("k8s:example.com/part-of=shop");
    }
    String namespace = random.nextBoolean() ? "x" : "y";
    labels.add("k8s:io.kubernetes.pod.namespace=" + namespace);
    return new Place(
        Endpoint.newBuilder()
            .setIdentity(300 + number)
            .setNamespace(namespace)
            .setPodName("pod-" + number)
            .addAllLabels(labels)
            .build(),
        "10.244.0." + number);
  }
}
