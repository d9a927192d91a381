package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PortRangesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"''|''", "80|80", "1-3,5|1-3,5", " 1-2 ,3 |1-3", "65535|65535", "0-65535|0-65535"})
  void parse_list_isWrittenAsTheKernelDoes(String text, String written) {
    assertEquals(written, PortRanges.parse(text).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "1-", "-1", "3-2", "65536", "1-2-3", "999999", "1;2"})
  void parse_nonsense_isRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> PortRanges.parse(text));
  }

  @Test
  void minus_partOfARange_leavesTheRest() {
    var rest = PortRanges.parse("8080,49152-65535").minus(PortRanges.of(49_152, 65_000));
    assertEquals("8080,65001-65535", rest.toString());
  }

  @Property
  void written_anySet_isReadBack(@ForAll Set<@IntRange(max = 65_535) Integer> ports) {
    var text = new StringBuilder();
    new TreeSet<>(ports).forEach(port -> text.append(port).append(','));
    PortRanges ranges = PortRanges.parse(text.toString());
    assertEquals(ranges, PortRanges.parse(ranges.toString()));
    ports.forEach(
        port -> assertTrue(PortRanges.of(port, port).minus(ranges).equals(PortRanges.NONE)));
  }
}
