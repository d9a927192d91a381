package io.sekisho.agent.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.policy.Cidr;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever happens to a node's addresses, agents' restarts too, nobody gets one that is held. */
class IpamHistoryTest {
  private static final List<Cidr> RANGES =
      List.of(Cidr.parse("10.0.0.0/28"), Cidr.parse("fd00::/124"));
  private static final int SIZE = 13;

  private Ipam ipam = new Ipam(RANGES);
  private final List<List<InetAddress>> held = new ArrayList<>();
  private final Set<InetAddress> inUse = new HashSet<>();

  /** Order in which addresses were given back, to see that they rest. */
  private final Deque<InetAddress> rested = new ArrayDeque<>();

  @Property(tries = 300)
  void anyHistory_neverGivesWhatIsHeld(
      @ForAll @Size(max = 200) List<@IntRange(max = 99) Integer> steps) {
    ipam = new Ipam(RANGES);
    held.clear();
    inUse.clear();
    rested.clear();
    for (int step : steps) {
      if (step < 55) {
        give();
      } else if (step < 85) {
        back(step);
      } else if (step < 92) {
        foreign(step);
      } else {
        restart(step % 2 == 0);
      }
    }
  }

  private void give() {
    long own = held.stream().filter(h -> h.size() == 2).count();
    long foreignOfOurs = held.stream().filter(h -> h.size() == 1 && inRange(h)).count();
    if (own + foreignOfOurs >= SIZE) {
      var error = assertThrows(IpamException.class, ipam::allocate);
      assertEquals(IpamException.Code.EXHAUSTED, error.code());
      return;
    }
    List<InetAddress> given = ipam.allocate();
    assertEquals(2, given.size());
    take(given);
    if (own + foreignOfOurs + 1 < SIZE && !rested.isEmpty()) {
      assertFalse(given.contains(rested.peekLast()), "what was just given back rests");
    }
    rested.removeAll(given);
  }

  private void take(List<InetAddress> given) {
    for (InetAddress address : given) {
      assertTrue(inUse.add(address), () -> address + " is held already");
    }
    held.add(given);
  }

  private void back(int step) {
    if (!held.isEmpty()) {
      List<InetAddress> back = held.remove(step % held.size());
      ipam.release(back);
      inUse.removeAll(back);
      rested.addAll(back);
    }
  }

  /** An adopted endpoint with an address of our range, or of somebody else's. */
  private void foreign(int step) {
    var address = InetAddress.ofLiteral((step % 2 == 0 ? "10.0.0." : "192.0.2.") + (2 + step % 5));
    if (inUse.contains(address)) {
      assertThrows(IpamException.class, () -> ipam.reserveForeign(List.of(address)));
    } else {
      ipam.reserveForeign(List.of(address));
      take(List.of(address));
    }
  }

  /** The next agent reserves what the state files say, perhaps before it knows its ranges. */
  private void restart(boolean rangesKnown) {
    ipam = new Ipam(rangesKnown ? RANGES : List.of());
    ipam.shortage(rangesKnown ? Optional.empty() : Optional.of("not known yet"));
    for (List<InetAddress> each : held) {
      if (each.size() == 2) {
        ipam.reserve(each);
      } else {
        ipam.reserveForeign(each);
      }
    }
    if (!rangesKnown) {
      var error = assertThrows(IpamException.class, ipam::allocate);
      assertEquals(IpamException.Code.NO_RANGE, error.code());
      ipam.extend(RANGES);
      ipam.shortage(Optional.empty());
    }
    rested.clear();
  }

  private static boolean inRange(List<InetAddress> addresses) {
    return RANGES.getFirst().contains(Cidr.of(addresses.getFirst()));
  }
}
