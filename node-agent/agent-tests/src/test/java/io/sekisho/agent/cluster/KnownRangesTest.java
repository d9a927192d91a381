package io.sekisho.agent.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.RangeLease;
import io.sekisho.policy.Cidr;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When a range of a node that is gone stays the cluster's, and when it ends. */
final class KnownRangesTest {
  private static final Cidr RANGE = Cidr.parse("10.0.3.0/24");

  private static Map<String, Node> nodes(String name, String... ranges) {
    return Map.of(
        name, Node.newBuilder().setName(name).addAllPodCidrs(Arrays.asList(ranges)).build());
  }

  private static Map<String, RangeLease> lease(Cidr range, String node) {
    return Map.of(
        "ranges/" + range, RangeLease.newBuilder().setCidr(range.toString()).setNode(node).build());
  }

  @Test
  void of_nothingNew_givesTheSameMap() {
    var known = new KnownRanges(Map.of());
    Map<Cidr, String> first = known.of(Map.of(), nodes("n2", "10.0.2.0/24", "no range"));
    assertEquals(Map.of(Cidr.parse("10.0.2.0/24"), "n2"), first);
    assertSame(first, known.of(Map.of(), nodes("n2", "10.0.2.0/24", "no range")));
  }

  @Test
  void of_knownBefore_countsAtOnce() {
    var known = new KnownRanges(Map.of(RANGE, "n3"));
    assertEquals(Map.of(RANGE, "n3"), known.of(Map.of(), Map.of()));
    assertEquals(2, known.of(Map.of(), nodes("n2", "10.0.2.0/24")).size());
  }

  @Test
  void of_anotherNodeHasIt_isThatNodes() {
    var known = new KnownRanges(Map.of(RANGE, "n3"));
    assertEquals(Map.of(RANGE, "n4"), known.of(Map.of(), nodes("n4", RANGE.toString())));
    assertEquals(Map.of(RANGE, "n4"), known.of(Map.of(), Map.of()));
  }

  @Test
  void of_anotherNodeHasAPartOrTheWhole_isGoneForGood() {
    for (String other : new String[] {"10.0.3.128/25", "10.0.0.0/16"}) {
      var known = new KnownRanges(Map.of(RANGE, "n3"));
      Map<Cidr, String> theirs = Map.of(Cidr.parse(other), "n4");
      assertEquals(theirs, known.of(Map.of(), nodes("n4", other)));
      assertEquals(theirs, known.of(Map.of(), Map.of()));
    }
  }

  @Test
  void of_leaseSaysNobody_isForgotten() {
    var known = new KnownRanges(Map.of(RANGE, "n3"));
    assertEquals(Map.of(RANGE, "n5"), known.of(lease(RANGE, "n5"), Map.of()));
    assertEquals(Map.of(), known.of(lease(RANGE, ""), Map.of()));
    assertEquals(Map.of(), known.of(Map.of(), Map.of()));
  }

  @Test
  void of_tooManyGone_forgetsThoseThatWentFirst() {
    var before = new HashMap<Cidr, String>();
    for (int i = 0; i < KnownRanges.GONE; i++) {
      before.put(Cidr.parse("10." + i / 256 + "." + i % 256 + ".0/24"), "old");
    }
    before.remove(Cidr.parse("10.0.0.0/24"));
    var room = new KnownRanges(before);
    room.of(Map.of(), nodes("n2", "192.168.0.0/24"));
    assertFalse(room.full());
    before.put(Cidr.parse("10.0.0.0/24"), "old");
    var known = new KnownRanges(before);
    assertEquals(KnownRanges.GONE, known.of(Map.of(), Map.of()).size());
    Map<Cidr, String> with = known.of(Map.of(), nodes("n2", "192.168.0.0/24", "192.168.1.0/24"));
    assertEquals(KnownRanges.GONE + 2, with.size());
    Map<Cidr, String> after = known.of(Map.of(), Map.of());
    assertEquals(KnownRanges.GONE, after.size());
    assertTrue(after.containsKey(Cidr.parse("192.168.0.0/24")));
    assertFalse(after.containsKey(Cidr.parse("10.0.0.0/24")));
    assertTrue(known.full());

    known.of(lease(Cidr.parse("192.168.0.0/24"), ""), Map.of());
    assertFalse(known.full());
  }
}
