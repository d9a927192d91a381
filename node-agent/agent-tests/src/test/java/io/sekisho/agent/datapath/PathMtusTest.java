package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.datapath.DesiredState.RemoteNode;
import io.sekisho.policy.Cidr;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which ways to nodes count as narrow, and until when. */
final class PathMtusTest {
  private static final int LINK = 1500;
  private static final InetAddress OWN4 = InetAddress.ofLiteral("198.18.0.1");
  private static final InetAddress OWN6 = InetAddress.ofLiteral("fd18::1");
  private static final InetAddress FAR = InetAddress.ofLiteral("fd18::2");
  private static final InetAddress THIRD = InetAddress.ofLiteral("fd18::3");

  private final FakePaths kernel = new FakePaths();
  private final PathMtus paths = new PathMtus(kernel);

  /** A kernel that is told whatever the test says. */
  private static final class FakePaths implements PathMtus.PathKernel {
    private final Map<InetAddress, Integer> told = new HashMap<>();
    private final Set<InetAddress> unreachable = new HashSet<>();
    private final List<InetAddress> pinged = new ArrayList<>();

    @Override
    public OptionalInt mtuTo(InetAddress address) {
      return unreachable.contains(address)
          ? OptionalInt.empty()
          : OptionalInt.of(told.getOrDefault(address, 0));
    }

    @Override
    public void ping(Collection<InetAddress> addresses, int length) {
      assertEquals(LINK, length);
      pinged.addAll(addresses);
    }
  }

  private static RemoteNode node(InetAddress... addresses) {
    return new RemoteNode(List.of(addresses), List.of(Cidr.parse("10.0.2.0/24")), false);
  }

  @Test
  void ipv6End_isThereOnlyWhereIpv4DoesNotServe() {
    assertEquals(Optional.of(FAR), PathMtus.ipv6End(List.of(OWN4, OWN6), node(FAR)));
    assertEquals(Optional.of(FAR), PathMtus.ipv6End(List.of(OWN6), node(OWN4, FAR)));
    assertEquals(Optional.empty(), PathMtus.ipv6End(List.of(OWN4, OWN6), node(OWN4, FAR)));
    assertEquals(Optional.empty(), PathMtus.ipv6End(List.of(OWN4), node(FAR)));
  }

  @Test
  void meet_toldBefore_isNarrowAtOnce() {
    kernel.told.put(FAR, 1400);
    paths.meet(List.of(FAR, THIRD));
    assertEquals(Map.of(FAR, 1400), paths.mtus());
    paths.meet(List.of(THIRD));
    assertEquals(Map.of(), paths.mtus());
  }

  @Test
  void look_pingsAllAndTellsOfAChange() {
    paths.meet(List.of(FAR, THIRD));
    assertFalse(paths.look(LINK));
    assertEquals(List.of(FAR, THIRD), kernel.pinged);
    kernel.told.put(THIRD, 1400);
    assertTrue(paths.look(LINK));
    assertFalse(paths.look(LINK));
    kernel.told.put(THIRD, 1350);
    assertTrue(paths.look(LINK));
    assertEquals(Map.of(THIRD, 1350), paths.mtus());
  }

  @Test
  void look_kernelForgets_isWideAfterPingsThatNobodyBlames() {
    kernel.told.put(FAR, 1400);
    paths.meet(List.of(FAR));
    assertFalse(paths.look(LINK));
    kernel.told.clear();
    for (int i = 1; i < PathMtus.UNBLAMED; i++) {
      assertFalse(paths.look(LINK), "after " + i);
    }
    assertTrue(paths.look(LINK));
    assertEquals(Map.of(), paths.mtus());
  }

  @Test
  void hear_isNarrowWithoutAPing_andNeverWide() {
    paths.meet(List.of(FAR, THIRD));
    assertFalse(paths.hear());
    kernel.told.put(THIRD, 1400);
    assertTrue(paths.hear());
    assertFalse(paths.hear());
    kernel.told.clear();
    for (int i = 0; i < 2 * PathMtus.UNBLAMED; i++) {
      assertFalse(paths.hear());
    }
    assertEquals(Map.of(THIRD, 1400), paths.mtus());
    assertEquals(List.of(), kernel.pinged);
  }

  @Test
  void look_pingIsBlamedAgain_staysNarrow() {
    kernel.told.put(FAR, 1400);
    paths.meet(List.of(FAR));
    paths.look(LINK);
    for (int i = 0; i < 3 * PathMtus.UNBLAMED; i++) {
      kernel.told.remove(FAR);
      if (i % PathMtus.UNBLAMED == PathMtus.UNBLAMED - 1) {
        kernel.told.put(FAR, 1400);
      }
      assertFalse(paths.look(LINK));
    }
    assertEquals(Map.of(FAR, 1400), paths.mtus());
  }

  @Test
  void look_noWayForAWhile_saysNothingOfIt() {
    kernel.told.put(FAR, 1400);
    paths.meet(List.of(FAR));
    kernel.unreachable.add(FAR);
    for (int i = 0; i < 2 * PathMtus.UNBLAMED; i++) {
      assertFalse(paths.look(LINK));
    }
    assertEquals(Map.of(FAR, 1400), paths.mtus());
  }

  @Test
  void look_manyNodes_pingsSomeEachTimeAndAllInTheEnd() {
    var many = new ArrayList<InetAddress>();
    for (int i = 0; i < 2 * PathMtus.PINGS + 5; i++) {
      many.add(InetAddress.ofLiteral("fd18::1:" + i));
    }
    paths.meet(many);
    paths.look(LINK);
    assertEquals(PathMtus.PINGS, kernel.pinged.size());
    paths.look(LINK);
    paths.look(LINK);
    assertEquals(Set.copyOf(many), Set.copyOf(kernel.pinged));
  }
}
