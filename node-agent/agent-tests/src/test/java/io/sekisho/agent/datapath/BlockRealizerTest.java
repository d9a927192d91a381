package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.Identity;
import io.sekisho.policy.compile.PolicyEntry;
import io.sekisho.policy.compile.PolicyKey;
import io.sekisho.policy.compile.PolicyTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Prefixes of blocks come and go in real maps, as far as there is room. */
final class BlockRealizerTest extends RealizerTestBase {
  private static final int BLOCK = Identity.FIRST_BLOCK;
  private static final Cidr OUTER = Cidr.parse("10.0.0.0/8");
  private static final Cidr INNER = Cidr.parse("10.1.0.0/16");

  private static PolicyTable blocked(int... numbers) {
    var entries = new HashMap<PolicyKey, PolicyEntry>();
    for (int number : numbers) {
      entries.put(new PolicyKey(number, false, 6, 80, 16), ALLOW);
    }
    return table(entries);
  }

  @Test
  void apply_blocks_areInTheMapAndReadBack() {
    var state = state(blocked(BLOCK)).with(Map.of(OUTER, BLOCK, INNER, BLOCK + 1));

    assertEquals(List.of(), apply(state));

    assertEquals(Map.of(OUTER, BLOCK, INNER, BLOCK + 1), maps.policyBlocks().entries());
    var audit = new MapAudit(maps);
    assertEquals(List.of(), audit.shared(state));
    maps.policyBlocks().put(INNER, 7);
    maps.policyBlocks().remove(OUTER);
    assertEquals(
        List.of(
            new MapDifference("policy_blocks", 0, "10.0.0.0/8", Integer.toString(BLOCK), ""),
            new MapDifference("policy_blocks", 0, "10.1.0.0/16", Integer.toString(BLOCK + 1), "7")),
        audit.shared(state));
    realizer.reread();
    assertEquals(List.of(), apply(state));
    assertEquals(List.of(), audit.shared(state));
  }

  @Test
  void apply_blockComesAndGoes_openConnectionsAreDecidedAgain() {
    apply(state(blocked(BLOCK)).with(Map.of(OUTER, BLOCK)));
    int before = entry(1).policyRevision();
    // the table says the same, and something else: the exception is cut out of the block
    apply(state(blocked(BLOCK)).with(Map.of(OUTER, BLOCK, INNER, BLOCK + 1)));
    int excepted = entry(1).policyRevision();
    assertTrue(excepted != before);
    assertEquals(blocked(BLOCK).entries(), tableOf(1));

    apply(state(blocked(BLOCK)).with(Map.of(OUTER, BLOCK)));

    assertTrue(entry(1).policyRevision() != excepted);
    assertEquals(blocked(BLOCK).entries(), tableOf(1));
    assertEquals(Map.of(OUTER, BLOCK), maps.policyBlocks().entries());
  }

  @Test
  void apply_blocksTooMany_neitherWhatIsMissingNorWhatIsAroundItIsMeant() {
    apply(state(blocked(BLOCK)).with(Map.of(OUTER, BLOCK)));
    var wanted = new HashMap<Cidr, Integer>(Map.of(OUTER, BLOCK));
    for (int i = 0; i < 70; i++) {
      wanted.put(Cidr.parse("10.1.0." + i), BLOCK + 1 + i);
    }

    var errors = apply(state(blocked(BLOCK)).with(wanted));

    assertEquals("policy_blocks", errors.getFirst().object());
    assertTrue(errors.getFirst().message().contains("prefixes are missing"), errors::toString);
    assertEquals(Optional.empty(), maps.policyBlocks().get(OUTER));

    assertEquals(List.of(), apply(state(blocked(BLOCK)).with(Map.of(OUTER, BLOCK))));
    assertEquals(Map.of(OUTER, BLOCK), maps.policyBlocks().entries());
  }

  @Test
  void apply_tableTooLargeWhileAnExceptionGoes_theExceptionStays() {
    apply(state(blocked(BLOCK)).with(Map.of(OUTER, BLOCK, INNER, BLOCK + 1)));
    apply(state(tooLarge()).with(Map.of(OUTER, BLOCK)));

    assertEquals(
        Map.of(OUTER, BLOCK, INNER, BLOCK + 1),
        maps.policyBlocks().entries(),
        "the old table is in force, and must not allow what it excepted");
  }

  @Test
  void apply_numbersWereLostAndATableCannotChange_theExceptionHasNotTheNumberOfItsBlock() {
    apply(state(blocked(BLOCK)).with(Map.of(OUTER, BLOCK, INNER, BLOCK + 1)));

    apply(state(tooLarge()).with(Map.of(INNER, BLOCK, OUTER, BLOCK + 1)));

    assertEquals(Map.of(INNER, BLOCK, OUTER, BLOCK + 1), maps.policyBlocks().entries());
    assertEquals(Map.of(), tableOf(1), "what was said of a number was said of another prefix");

    assertEquals(
        List.of(), apply(state(blocked(BLOCK + 1)).with(Map.of(INNER, BLOCK, OUTER, BLOCK + 1))));
    assertEquals(blocked(BLOCK + 1).entries(), tableOf(1));
  }

  @Test
  void apply_oneTableIsFull_theOthersKnowThePrefixThatComes() {
    var full = new HashMap<>(peers(maps.tableShape().maxEntries() - 2));
    full.put(new PolicyKey(BLOCK, false, 6, 80, 16), ALLOW);
    apply(state(table(full), blocked(BLOCK)).with(Map.of(OUTER, BLOCK)));
    int before = tableId(2);

    var errors =
        apply(
            state(table(full), blocked(BLOCK, BLOCK + 1))
                .with(Map.of(OUTER, BLOCK, INNER, BLOCK + 1)));

    assertEquals(List.of(), errors);
    assertEquals(before, tableId(2));
    assertEquals(blocked(BLOCK, BLOCK + 1).entries(), tableOf(2));
    assertEquals(full, tableOf(1));
  }
}
