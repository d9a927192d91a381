package io.sekisho.policy.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.policy.Direction;
import io.sekisho.policy.DocumentName;
import io.sekisho.policy.Expectation;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.Peer;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.Requirement;
import io.sekisho.policy.Selector;
import io.sekisho.policy.compile.NaivePolicy.Verdict;
import io.sekisho.policy.reach.Changes;
import io.sekisho.policy.reach.Prover;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Proofs, comparisons and changes against a naive evaluator that asks every pair and port. */
class ExpectationPropertyTest {
  private static final String NS = "k8s:" + Labels.NAMESPACE + "=";
  private static final List<Identity> PODS =
      List.of(
          new Identity(300, Labels.of(NS + "a", "app=x", "port:web=80/TCP")),
          new Identity(301, Labels.of(NS + "a", "app=y", "tier=t")),
          new Identity(302, Labels.of(NS + "b", "app=x", "tier=t", "port:-")));
  private static final List<PortRange> PORTS =
      List.of(
          new PortRange(6, 63, 63),
          new PortRange(6, 80, 80),
          new PortRange(6, 90, 90),
          new PortRange(17, 53, 53),
          new PortRange(58, 128, 128));

  private record Connection(Identity from, Identity to, PortRange port) {}

  @Provide
  Arbitrary<List<PolicyDocument>> documents() {
    return RandomPolicies.documents();
  }

  @Provide
  Arbitrary<Expectation> expectations() {
    return Combinators.combine(
            Arbitraries.of(true, false),
            Arbitraries.of("a", "b"),
            Arbitraries.of("a", "b"),
            Arbitraries.of(PORTS).list().ofMinSize(1).ofMaxSize(3))
        .as(
            (allow, from, to, ports) ->
                new Expectation(
                    new DocumentName("Expectation", "", "e"),
                    1,
                    1,
                    allow,
                    List.of(namespace(from)),
                    List.of(namespace(to)),
                    ports,
                    List.of(),
                    ""));
  }

  private static Peer namespace(String name) {
    return new Peer.Endpoints(
        Selector.of(List.of(Requirement.is("k8s:" + Labels.NAMESPACE, name))));
  }

  @Property(tries = 200)
  void compare_anyDocuments_saysWhatAskingEveryConnectionSays(
      @ForAll("documents") List<PolicyDocument> before,
      @ForAll("documents") List<PolicyDocument> after,
      @ForAll("expectations") Expectation expectation) {
    List<Connection> then = wrong(before, expectation);
    List<Connection> now = wrong(after, expectation);
    var comparison =
        Prover.compare(with(before, expectation), with(after, expectation), PODS).getFirst();
    assertEquals(now.isEmpty(), comparison.proof().holds());
    assertEquals(!then.containsAll(now), comparison.worse());
    comparison
        .proof()
        .counterExample()
        .ifPresent(
            e -> {
              var port = new PortRange(e.protocol(), e.port(), e.port());
              var shown = new Connection(e.source(), e.destination(), port);
              assertEquals(true, now.contains(shown), () -> shown + " is not among " + now);
              assertEquals(comparison.worse(), !then.contains(shown));
            });
  }

  @Property(tries = 100)
  void changes_anyDocuments_areWhatAskingEveryConnectionSays(
      @ForAll("documents") List<PolicyDocument> before,
      @ForAll("documents") List<PolicyDocument> after) {
    var changes = Changes.between(before, after, PODS);
    var old = new NaivePolicy(before);
    var now = new NaivePolicy(after);
    for (Connection c : connections(PORTS)) {
      boolean was = passes(old, c);
      boolean is = passes(now, c);
      var mine =
          changes.stream()
              .filter(x -> x.source().equals(c.from) && x.destination().equals(c.to))
              .toList();
      assertEquals(
          is && !was, mine.stream().anyMatch(x -> in(x.opened(), c.port)), () -> c + " opens");
      assertEquals(
          was && !is, mine.stream().anyMatch(x -> in(x.closed(), c.port)), () -> c + " closes");
    }
  }

  private static boolean in(List<PortRange> ranges, PortRange port) {
    return ranges.stream().anyMatch(r -> r.contains(port.protocol(), port.first()));
  }

  private static List<PolicyDocument> with(
      List<PolicyDocument> documents, Expectation expectation) {
    var out = new ArrayList<>(documents);
    out.add(
        new PolicyDocument("Expectation", "", "e", "", List.of(), List.of(expectation), List.of()));
    return out;
  }

  private static List<Connection> connections(List<PortRange> ports) {
    var out = new ArrayList<Connection>();
    for (Identity from : PODS) {
      for (Identity to : PODS) {
        ports.forEach(p -> out.add(new Connection(from, to, p)));
      }
    }
    return out;
  }

  private static List<Connection> wrong(List<PolicyDocument> documents, Expectation expectation) {
    var naive = new NaivePolicy(documents);
    return connections(expectation.ports()).stream()
        .filter(c -> expectation.from().stream().anyMatch(p -> p.matches(c.from)))
        .filter(c -> expectation.to().stream().anyMatch(p -> p.matches(c.to)))
        .filter(c -> passes(naive, c) != expectation.allow())
        .toList();
  }

  private static boolean passes(NaivePolicy naive, Connection c) {
    int protocol = c.port.protocol();
    int port = c.port.first();
    return naive.decide(c.from.labels(), c.to, protocol, port, Direction.EGRESS) != Verdict.DROPPED
        && naive.decide(c.to.labels(), c.from, protocol, port, Direction.INGRESS)
            != Verdict.DROPPED;
  }
}
