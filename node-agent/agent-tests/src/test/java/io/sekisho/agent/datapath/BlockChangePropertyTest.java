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
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Prefixes of blocks come and go, and tables with them: after every single write, in the order of
 * {@link Realizer}, every pod at every address is decided as before or as after.
 */
class BlockChangePropertyTest {
  private static final int[][] L4 = {{6, 64}, {6, 80}, {6, 90}, {17, 53}, {17, 80}};
  private static final List<Cidr> ADDRESSES =
      List.of("10.1.2.3", "10.1.3.1", "10.2.0.1", "192.0.2.1", "fd00::1", "2001:db8::1").stream()
          .map(Cidr::parse)
          .toList();
  private static final Comparator<Cidr> LONGEST_FIRST =
      Comparator.<Cidr>comparingInt(c -> -c.length128()).thenComparing(c -> c);
  private static final int RULE_OF_OTHERS = 4711;
  private static final AtomicInteger MATTERED = new AtomicInteger();

  /** What the kernel says at one moment. */
  private record State(Map<Cidr, Integer> blocks, PolicyTable table) {
    Verdict verdict(Identity peer, Cidr address, int[] l4, boolean egress) {
      int block =
          blocks.entrySet().stream()
              .filter(b -> b.getKey().contains(address))
              .max(Comparator.comparingInt(b -> b.getKey().length128()))
              .map(Map.Entry::getValue)
              .orElse(0);
      return NaivePolicy.verdict(
          NaivePolicy.lookup(table, peer.number(), block, l4[0], l4[1], egress),
          egress ? table.egressEnforced() : table.ingressEnforced());
    }
  }

  @Provide
  Arbitrary<List<PolicyDocument>> documents() {
    return RandomPolicies.documents();
  }

  private final Map<Cidr, Integer> numbers = new TreeMap<>();

  private Map<Cidr, Integer> blocks(PolicyCompiler compiler) {
    var out = new HashMap<Cidr, Integer>();
    for (Cidr block : compiler.blocks()) {
      int number = numbers.computeIfAbsent(block, b -> Identity.FIRST_LOCAL + numbers.size());
      out.put(block, BlockLabels.identity(number, block).number());
    }
    return out;
  }

  private static List<Identity> peers(PolicyCompiler compiler, Map<Cidr, Integer> blocks) {
    var out = new ArrayList<Identity>();
    for (int i = 0; i < RandomPolicies.PODS.size(); i++) {
      out.add(new Identity(Identity.FIRST_CLUSTER + i, RandomPolicies.PODS.get(i)));
    }
    out.addAll(List.of(Identity.HOST, Identity.WORLD, Identity.REMOTE_NODE));
    int number = Identity.FIRST_LOCAL + 1000;
    for (Cidr cidr : compiler.cidrs()) {
      out.add(new Identity(number++, CidrLabels.of(cidr)));
    }
    blocks.forEach((prefix, block) -> out.add(new Identity(block, BlockLabels.of(prefix))));
    return out;
  }

  @Property(tries = 120, afterFailure = AfterFailureMode.SAMPLE_FIRST)
  void change_anyTwoRevisions_everyStateDecidesAsOldOrNew(
      @ForAll("documents") List<PolicyDocument> before,
      @ForAll("documents") List<PolicyDocument> after) {
    var old = new PolicyCompiler(before);
    var wanted = new PolicyCompiler(after);
    var change = new BlockChange(blocks(old), blocks(wanted));
    if (change.coming().isEmpty() && change.going().isEmpty()) {
      return;
    }
    PeerIndex oldPeers = PeerIndex.of(peers(old, change.old()));
    PeerIndex newPeers = PeerIndex.of(peers(wanted, change.wanted()));
    for (Labels subject : RandomPolicies.PODS) {
      run(change, old.compile(subject, oldPeers), wanted.compile(subject, newPeers));
    }
  }

  /** As the realizer does it for one endpoint. */
  private static void run(BlockChange change, PolicyTable old, PolicyTable wanted) {
    var first = new State(change.old(), old);
    var last = new State(change.wanted(), wanted);
    // directions that are no longer enforced are opened before tables change
    boolean ingress = old.ingressEnforced() && wanted.ingressEnforced();
    boolean egress = old.egressEnforced() && wanted.egressEnforced();
    var entries = new HashMap<>(old.entries());
    var blocks = new HashMap<>(change.old());
    Runnable check =
        () -> checkState(new State(blocks, new PolicyTable(ingress, egress, entries)), first, last);
    // left by an agent that died in the middle, or that had given the numbers to other prefixes
    for (int number : change.coming().values()) {
      for (boolean out : new boolean[] {false, true}) {
        entries.put(
            new PolicyKey(number, out, 0, 0, 0), new PolicyEntry(false, 1, RULE_OF_OTHERS, 0));
      }
    }
    check.run();
    move(entries, change.before(Map.copyOf(entries)), check);
    change.coming().entrySet().stream()
        .sorted(Map.Entry.comparingByKey(LONGEST_FIRST))
        .forEach(
            e -> {
              blocks.put(e.getKey(), e.getValue());
              check.run();
            });
    move(entries, change.after(wanted.entries()), check);
    change.going().stream()
        .sorted(LONGEST_FIRST.reversed())
        .forEach(
            prefix -> {
              blocks.remove(prefix);
              check.run();
            });
    move(entries, wanted.entries(), check);
    assertEquals(change.wanted(), blocks);
    assertEquals(wanted.entries(), entries);
  }

  /** In place, or all at once. */
  private static void move(
      Map<PolicyKey, PolicyEntry> entries, Map<PolicyKey, PolicyEntry> to, Runnable check) {
    var change = TableChange.between(Map.copyOf(entries), to);
    if (change.isEmpty()) {
      entries.clear();
      entries.putAll(to);
      check.run();
      return;
    }
    change
        .get()
        .writes()
        .forEach(
            (key, entry) -> {
              entries.put(key, entry);
              check.run();
            });
    for (PolicyKey removal : change.get().removals()) {
      entries.remove(removal);
      check.run();
    }
  }

  private static void checkState(State state, State old, State wanted) {
    for (int i = 0; i < RandomPolicies.PODS.size(); i++) {
      var peer = new Identity(Identity.FIRST_CLUSTER + i, RandomPolicies.PODS.get(i));
      for (Cidr address : ADDRESSES) {
        for (int[] l4 : L4) {
          for (boolean egress : new boolean[] {false, true}) {
            Verdict now = state.verdict(peer, address, l4, egress);
            Verdict was = old.verdict(peer, address, l4, egress);
            Verdict shall = wanted.verdict(peer, address, l4, egress);
            if (was != shall) {
              MATTERED.incrementAndGet();
            }
            assertTrue(
                now == was || now == shall,
                () ->
                    "%s at %s, %d/%d %s: %s between %s and %s"
                        .formatted(
                            peer, address, l4[0], l4[1], egress ? "out" : "in", now, was, shall));
          }
        }
      }
    }
  }

  @AfterContainer
  static void somethingChanged() {
    assertTrue(MATTERED.get() > 1000, MATTERED::toString);
  }
}
