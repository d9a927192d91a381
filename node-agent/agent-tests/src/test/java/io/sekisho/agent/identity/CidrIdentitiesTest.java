package io.sekisho.agent.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.health.Health;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Identity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CidrIdentitiesTest {
  private static final Cidr TEN = Cidr.parse("10.0.0.0/8");
  private static final Cidr NET = Cidr.parse("192.0.2.0/24");

  private final Health health = new Health(Clock.systemUTC());

  @Test
  void assign_sameSetInAnyOrder_sameNumbers() {
    Map<Cidr, Identity> one = new CidrIdentities(Map.of()).assign(List.of(TEN, NET));
    Map<Cidr, Identity> two = new CidrIdentities(Map.of()).assign(List.of(NET, TEN));
    assertEquals(one, two);
    assertEquals(Identity.FIRST_LOCAL, one.get(TEN).number());
    assertTrue(one.get(NET).isLocal());
    assertEquals("", one.get(NET).labels().get("reserved:world").orElseThrow());
  }

  @Test
  void assign_prefixGoesAndComesBack_keepsItsNumber() {
    var identities = new CidrIdentities(Map.of());
    int before = identities.assign(List.of(TEN, NET)).get(NET).number();
    identities.assign(List.of(TEN));
    assertEquals(before, identities.assign(List.of(NET)).get(NET).number());
  }

  @Test
  void assign_sameSetAgain_isTheSameMap() {
    var identities = new CidrIdentities(Map.of());
    Map<Cidr, Identity> one = identities.assign(List.of(TEN, NET));
    assertSame(one, identities.assign(Set.of(NET, TEN)));
    assertNotEquals(one, identities.assign(List.of(NET)));
  }

  @Test
  void assign_afterRestart_keepsNumbers() {
    var before = new CidrIdentities(Map.of());
    before.assign(List.of(NET));
    Map<Cidr, Identity> first = before.assign(List.of(NET, TEN));
    var after = new CidrIdentities(before.numbers());
    assertEquals(first, after.assign(List.of(TEN, NET)));
  }

  @Test
  void assign_memoryFull_forgetsOnlyWhatIsNotNamed() {
    var restored = new HashMap<Cidr, Integer>();
    for (int i = 0; i <= LocalNumbers.MEMORY; i++) {
      restored.put(
          Cidr.of(
              java.net.InetAddress.ofLiteral(
                  "10.%d.%d.%d".formatted(i >> 16, i >> 8 & 255, i & 255))),
          Identity.FIRST_LOCAL + i);
    }
    Cidr kept = Cidr.parse("10.0.1.0");
    var identities = new CidrIdentities(restored);
    assertEquals(Identity.FIRST_LOCAL + 256, identities.assign(List.of(kept)).get(kept).number());
    assertEquals(1, identities.numbers().size());
  }

  @Property(tries = 100)
  void assign_anySequence_noNumberTwice(
      @ForAll @Size(max = 20) List<@Size(max = 8) Set<@IntRange(max = 15) Integer>> steps) {
    var identities = new CidrIdentities(Map.of());
    var known = new HashMap<Cidr, Integer>();
    for (Set<Integer> step : steps) {
      var named = step.stream().map(n -> Cidr.parse("10." + n + ".0.0/16")).toList();
      identities
          .assign(named)
          .forEach(
              (cidr, identity) ->
                  assertEquals(
                      known.computeIfAbsent(cidr, c -> identity.number()), identity.number()));
    }
    assertEquals(known.size(), new HashSet<>(known.values()).size());
  }

  @Test
  void file_writtenAndRead_isTheSame(@TempDir Path folder) {
    var file = LocalIdentityFile.cidrs(folder, health);
    assertEquals(Map.of(), file.read());
    Map<Cidr, Integer> numbers = Map.of(TEN, 1 << 24, Cidr.parse("fd00::/8"), (1 << 24) + 7);
    file.write(numbers);
    assertEquals(numbers, file.read());
    assertTrue(health.problems().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{\"10.0.0.0/99\": 16777216}",
        "{\"10.0.0.0/8\": 5}",
        "{\"10.0.0.0/8\": \"x\"}",
        "{\"10.0.0.0/8\": {}}",
        "null"
      })
  void file_broken_isSetAsideAndReported(String text, @TempDir Path folder) throws Exception {
    Path file = folder.resolve("cidr-identities.json");
    Files.writeString(file, text);
    assertEquals(Map.of(), LocalIdentityFile.cidrs(folder, health).read());
    assertEquals(text, Files.readString(folder.resolve("cidr-identities.json.broken")));
    assertEquals(1, health.problems().size());
  }
}
