package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.policy.BlockLabels;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.CidrLabels;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.compile.NaivePolicy;
import io.sekisho.policy.compile.NaivePolicy.Verdict;
import io.sekisho.policy.compile.PeerIndex;
import io.sekisho.policy.compile.PolicyCompiler;
import io.sekisho.policy.compile.PolicyEntry;
import io.sekisho.policy.compile.PolicyKey;
import io.sekisho.policy.compile.PolicyTable;
import io.sekisho.policy.compile.RandomPolicies;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * A table that changes in place never decides otherwise than the old one or the new one, whatever
 * write was the last: a fake kernel that knows the lookup is asked after every single write.
 */
class TableChangePropertyTest {
  private static final int[][] L4 = {
    {1, 8},
    {58, 128},
    {6, 1},
    {6, 63},
    {6, 64},
    {6, 79},
    {6, 80},
    {6, 90},
    {6, 91},
    {6, 65535},
    {17, 53},
    {17, 80},
    {132, 80},
    {47, 0}
  };

  private static final AtomicInteger IN_PLACE = new AtomicInteger();
  private static final AtomicInteger EXCHANGED = new AtomicInteger();

  @Provide
  Arbitrary<List<PolicyDocument>> documents() {
    return RandomPolicies.documents();
  }

  private static List<Identity> peers(PolicyCompiler old, PolicyCompiler wanted) {
    var out = new ArrayList<Identity>();
    for (int i = 0; i < RandomPolicies.PODS.size(); i++) {
      out.add(new Identity(Identity.FIRST_CLUSTER + i, RandomPolicies.PODS.get(i)));
    }
    out.addAll(List.of(Identity.HOST, Identity.WORLD, Identity.REMOTE_NODE));
    Set<Cidr> cidrs = new TreeSet<>(old.cidrs());
    cidrs.addAll(wanted.cidrs());
    int number = Identity.FIRST_LOCAL;
    for (Cidr cidr : cidrs) {
      out.add(BlockLabels.identity(number, cidr));
      out.add(new Identity(number++, CidrLabels.of(cidr)));
    }
    return out;
  }

  @Property(tries = 150, afterFailure = AfterFailureMode.SAMPLE_FIRST)
  void between_anyTwoTables_everyStateDecidesAsOldOrNew(
      @ForAll("documents") List<PolicyDocument> before,
      @ForAll("documents") List<PolicyDocument> extra) {
    // Revisions mostly share their documents: the new one has the old ones but for the first.
    var after = new ArrayList<>(before.isEmpty() ? before : before.subList(1, before.size()));
    after.addAll(extra.stream().limit(1).map(TableChangePropertyTest::renamed).toList());
    var old = new PolicyCompiler(before);
    var wanted = new PolicyCompiler(after);
    List<Identity> peers = peers(old, wanted);
    var index = PeerIndex.of(peers);
    for (Labels subject : RandomPolicies.PODS) {
      check(old.compile(subject, index), wanted.compile(subject, index), peers);
    }
  }

  private static PolicyDocument renamed(PolicyDocument document) {
    return new PolicyDocument(
        document.kind(),
        document.namespace(),
        "extra",
        document.yaml(),
        document.specs(),
        document.expectations(),
        document.prefixes());
  }

  private static void check(PolicyTable old, PolicyTable wanted, List<Identity> peers) {
    var change = TableChange.between(old.entries(), wanted.entries());
    if (change.isEmpty()) {
      EXCHANGED.incrementAndGet();
      return;
    }
    IN_PLACE.incrementAndGet();
    // As Realizer does: directions that are no longer enforced are opened before tables change.
    boolean ingress = old.ingressEnforced() && wanted.ingressEnforced();
    boolean egress = old.egressEnforced() && wanted.egressEnforced();
    List<Packet> packets = packets(old, wanted, peers);
    Map<PolicyKey, PolicyEntry> state = new HashMap<>(old.entries());
    for (var write : change.get().writes().entrySet()) {
      state.put(write.getKey(), write.getValue());
      checkState(new PolicyTable(ingress, egress, state), packets);
    }
    for (PolicyKey removal : change.get().removals()) {
      state.remove(removal);
      checkState(new PolicyTable(ingress, egress, state), packets);
    }
    assertEquals(wanted.entries(), state);
  }

  /** What the kernel is asked, and what the two tables say to it. */
  private record Packet(
      Identity peer, int block, int[] l4, boolean egress, Verdict was, Verdict shall) {
    @Override
    public String toString() {
      return "%s %d/%d %s in block %d: between %s and %s"
          .formatted(peer, l4[0], l4[1], egress ? "out" : "in", block, was, shall);
    }
  }

  private static List<Packet> packets(PolicyTable old, PolicyTable wanted, List<Identity> peers) {
    var out = new ArrayList<Packet>();
    IntStream blocks = peers.stream().mapToInt(Identity::number).filter(Identity::isBlock).limit(3);
    int[] places = IntStream.concat(IntStream.of(0), blocks).toArray();
    for (Identity peer : peers) {
      if (Identity.isBlock(peer.number())) {
        continue; // nobody's identity
      }
      for (int block : places) {
        for (int[] l4 : L4) {
          for (boolean egress : new boolean[] {false, true}) {
            Verdict was = verdict(old, peer, block, l4, egress);
            Verdict shall = verdict(wanted, peer, block, l4, egress);
            out.add(new Packet(peer, block, l4, egress, was, shall));
          }
        }
      }
    }
    return out;
  }

  private static void checkState(PolicyTable state, List<Packet> packets) {
    for (Packet packet : packets) {
      Verdict now = verdict(state, packet.peer(), packet.block(), packet.l4(), packet.egress());
      assertTrue(now == packet.was() || now == packet.shall(), () -> now + ": " + packet);
    }
  }

  private static Verdict verdict(
      PolicyTable table, Identity peer, int block, int[] l4, boolean egress) {
    return NaivePolicy.verdict(
        NaivePolicy.lookup(table, peer.number(), block, l4[0], l4[1], egress),
        egress ? table.egressEnforced() : table.ingressEnforced());
  }

  @AfterContainer
  static void bothWaysWereTaken() {
    assertTrue(IN_PLACE.get() > 100 && EXCHANGED.get() > 20, IN_PLACE + " " + EXCHANGED);
  }
}
