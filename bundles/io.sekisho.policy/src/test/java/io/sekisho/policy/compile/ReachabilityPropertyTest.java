package io.sekisho.policy.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.compile.NaivePolicy.Verdict;
import io.sekisho.policy.reach.Cluster;
import io.sekisho.policy.reach.Reachability;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Reachability says of every pair and port what the reference says. */
class ReachabilityPropertyTest {
  private static final String NS = "k8s:" + Labels.NAMESPACE + "=";
  private static final List<Identity> PODS =
      List.of(
          new Identity(300, Labels.of(NS + "a", "app=x", "port:web=80/TCP")),
          new Identity(301, Labels.of(NS + "a", "app=y", "tier=t")),
          new Identity(302, Labels.of(NS + "b", "app=x", "tier=t", "port:-")));
  private static final Map<Integer, Set<Cidr>> ADDRESSES =
      Map.of(
          300, Set.of(Cidr.parse("10.1.2.3"), Cidr.parse("fd00::1")),
          301, Set.of(Cidr.parse("10.2.0.1"), Cidr.parse("10.2.0.2"), Cidr.parse("10.1.3.1")),
          302, Set.of(Cidr.parse("192.0.2.1")));
  private static final int[][] L4 = {
    {1, 8},
    {6, 0},
    {6, 63},
    {6, 64},
    {6, 79},
    {6, 80},
    {6, 88},
    {6, 90},
    {6, 91},
    {6, 128},
    {6, 65535},
    {17, 53},
    {17, 80},
    {58, 128},
    {132, 80}
  };

  @Provide
  Arbitrary<List<PolicyDocument>> documents() {
    return RandomPolicies.documents();
  }

  @Property(tries = 100)
  void whoReaches_everyPair_isWhatBothSidesLetPass(
      @ForAll("documents") List<PolicyDocument> documents) {
    var reachability = new Reachability(documents, new Cluster(PODS, ADDRESSES), Enforcement.USUAL);
    var naive = new NaivePolicy(documents);
    for (Identity to : PODS) {
      var reach = reachability.whoReaches(to);
      for (Identity from : PODS) {
        for (int[] l4 : L4) {
          boolean expected = anywhere(naive, from, to, l4);
          boolean actual =
              reach.stream()
                  .filter(r -> r.peer().equals(from))
                  .flatMap(r -> r.ports().stream())
                  .anyMatch(p -> p.contains(l4[0], l4[1]));
          assertEquals(expected, actual, () -> from + " to " + to + " " + l4[0] + "/" + l4[1]);
        }
      }
    }
  }

  /** Whether it passes between some addresses of both. */
  private static boolean anywhere(NaivePolicy naive, Identity from, Identity to, int[] l4) {
    return at(to).anyMatch(a -> passes(naive, from, to, a, l4, Direction.EGRESS))
        && at(from).anyMatch(a -> passes(naive, to, from, a, l4, Direction.INGRESS));
  }

  private static Stream<Cidr> at(Identity pod) {
    return ADDRESSES.getOrDefault(pod.number(), Set.of()).stream();
  }

  private static boolean passes(
      NaivePolicy naive,
      Identity subject,
      Identity peer,
      Cidr address,
      int[] l4,
      Direction direction) {
    return naive.decide(subject.labels(), peer, Optional.of(address), l4[0], l4[1], direction)
        != Verdict.DROPPED;
  }
}
