package io.sekisho.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Ranges and their prefixes mean the same ports. */
class PortRangePropertyTest {
  @Property(tries = 100)
  void prefixes_anyRange_holdEachPortOnce(
      @ForAll @IntRange(max = 65535) int a, @ForAll @IntRange(max = 65535) int b) {
    var range = new PortRange(PortRange.TCP, Math.min(a, b), Math.max(a, b));
    List<PortRange.Prefix> prefixes = range.prefixes();
    assertTrue(prefixes.size() <= 30, () -> range + " " + prefixes);
    int sum = prefixes.stream().mapToInt(p -> 1 << (16 - p.length())).sum();
    assertEquals(range.last() - range.first() + 1, sum);
    for (int port : new int[] {range.first(), range.last(), (a + b) / 2}) {
      assertEquals(1, prefixes.stream().filter(p -> p.contains(port)).count());
    }
    for (int port : new int[] {range.first() - 1, range.last() + 1}) {
      assertTrue(port < 0 || port > 65535 || prefixes.stream().noneMatch(p -> p.contains(port)));
    }
  }

  @Example
  void prefixes_allPorts_isOneOfLengthZero() {
    assertEquals(List.of(new PortRange.Prefix(0, 0)), new PortRange(6, 0, 65535).prefixes());
  }

  @Example
  void create_outOfRange_throws() {
    assertThrows(IllegalArgumentException.class, () -> new PortRange(6, 2, 1));
    assertThrows(IllegalArgumentException.class, () -> new PortRange(6, 0, 65536));
    assertThrows(IllegalArgumentException.class, () -> new PortRange(0, 80, 80));
  }
}
