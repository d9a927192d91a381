package io.sekisho.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Prefixes of both families, in and out of text. */
class CidrTest {
  @ParameterizedTest
  @CsvSource({
    "10.1.2.3/8, 10.0.0.0/8",
    "10.1.2.3, 10.1.2.3",
    "0.0.0.0/0, 0.0.0.0/0",
    "fd18:0:0:0:0:0:0:42, fd18::42",
    "fd00:10:244:1::/64, fd00:10:244:1::/64",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "::/0, ::/0",
    "::1, ::1",
  })
  void toString_asPeopleWriteIt(String text, String shown) {
    Cidr cidr = Cidr.parse(text);
    assertEquals(shown, cidr.toString());
    assertEquals(cidr, Cidr.parse(cidr.toString()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "10/8", "1.2.3", "1.2.3.4/33", "::/129", "fe80::1%eth0", "host", "1.2.3.4/"})
  void parse_noPrefix_refused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Cidr.parse(text));
  }

  @Test
  void contains_narrower_butNotTheOtherFamily() {
    assertTrue(Cidr.parse("10.0.0.0/8").contains(Cidr.parse("10.1.0.0/16")));
    assertTrue(!Cidr.parse("10.0.0.0/8").contains(Cidr.parse("fd00::1")));
    assertTrue(!Cidr.parse("10.1.0.0/16").contains(Cidr.parse("10.0.0.0/8")));
  }

  @Test
  void outward_prefix_isItselfAndAllAroundItTheLongestFirst() {
    Cidr prefix = Cidr.parse("10.1.0.0/16");
    List<Cidr> around = prefix.outward().toList();
    assertEquals(113, around.size());
    assertEquals(prefix, around.getFirst());
    assertEquals(Cidr.parse("10.0.0.0/8"), around.get(8));
    assertEquals(Cidr.parse("::/0"), around.getLast());
    assertTrue(around.stream().allMatch(p -> p.contains(prefix)));
  }
}
