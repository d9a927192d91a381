package io.sekisho.agent.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.policy.Cidr;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class IpamTest {
  private static Ipam ipam(String... ranges) {
    return new Ipam(List.of(ranges).stream().map(Cidr::parse).toList());
  }

  private static InetAddress address(String text) {
    return InetAddress.ofLiteral(text);
  }

  @Test
  void allocate_bothFamilies_oneOfEachIpv4First() {
    Ipam ipam = ipam("fd00:10:244:1::/64", "10.244.1.0/24");
    assertEquals(List.of(address("10.244.1.2"), address("fd00:10:244:1::2")), ipam.allocate());
    assertEquals(List.of(address("10.244.1.3"), address("fd00:10:244:1::3")), ipam.allocate());
  }

  @Test
  void allocate_smallRange_givesAllButReservedThenFails() {
    Ipam ipam = ipam("10.0.0.0/29");
    Set<InetAddress> given = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      given.addAll(ipam.allocate());
    }
    assertEquals(5, given.size());
    assertFalse(given.contains(address("10.0.0.0")));
    assertFalse(given.contains(address("10.0.0.1")));
    assertFalse(given.contains(address("10.0.0.7")));
    var e = assertThrows(IpamException.class, ipam::allocate);
    assertEquals(IpamException.Code.EXHAUSTED, e.code());
    assertEquals("all 5 addresses of 10.0.0.0/29 are in use", e.getMessage());
  }

  @Test
  void allocate_oneFamilyExhausted_takesNothingOfTheOther() {
    Ipam ipam = ipam("10.0.0.0/24", "fd00::/125");
    for (int i = 0; i < 5; i++) {
      ipam.allocate();
    }
    assertThrows(IpamException.class, ipam::allocate);
    ipam.release(List.of(address("fd00::4")));
    assertEquals(address("fd00::4"), ipam.allocate().get(1));
  }

  @Test
  void release_address_restsUntilTheOthersWereGiven() {
    Ipam ipam = ipam("10.0.0.0/29");
    List<InetAddress> first = ipam.allocate();
    ipam.release(first);
    assertEquals(List.of(address("10.0.0.3")), ipam.allocate());
  }

  @Test
  void reserve_takenOrReservedOrForeign_failsAndTakesNothing() {
    Ipam ipam = ipam("10.0.0.0/24", "fd00::/64");
    ipam.reserve(List.of(address("10.0.0.9"), address("fd00::9")));
    for (String bad : List.of("10.0.0.9", "10.0.0.0", "10.0.0.1", "10.0.0.255", "10.9.9.9")) {
      assertThrows(
          IpamException.class, () -> ipam.reserve(List.of(address("fd00::7"), address(bad))), bad);
    }
    ipam.reserve(List.of(address("fd00::7")));
  }

  @Test
  void release_addressNeverTaken_doesNotMatter() {
    Ipam ipam = ipam("10.0.0.0/24");
    ipam.release(List.of(address("10.0.0.77"), address("192.0.2.1"), address("::1")));
    assertEquals(List.of(address("10.0.0.2")), ipam.allocate());
  }

  @Property(tries = 200)
  void allocateAndRelease_anySequence_neverGivesTwice(
      @ForAll @Size(max = 300) List<@IntRange(max = 9) Integer> steps) {
    Ipam ipam = ipam("10.0.0.0/27", "fd00::/123");
    List<List<InetAddress>> held = new ArrayList<>();
    Set<InetAddress> inUse = new HashSet<>();
    for (int step : steps) {
      if (step < 6) {
        if (held.size() == 29) {
          assertThrows(IpamException.class, ipam::allocate);
          continue;
        }
        List<InetAddress> given = ipam.allocate();
        given.forEach(a -> assertTrue(inUse.add(a), () -> a + " was given twice"));
        held.add(given);
      } else if (!held.isEmpty()) {
        List<InetAddress> back = held.remove(step % held.size());
        ipam.release(back);
        inUse.removeAll(back);
      }
    }
  }
}
