package io.sekisho.agent.ipcache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.agent.cluster.Inventory;
import io.sekisho.agent.datapath.DesiredState.Location;
import io.sekisho.agent.datapath.Routing;
import io.sekisho.api.v1.Node;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.CidrLabels;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Whatever documents and configuration name: the cache says of an address what a plain look says.
 */
class IpcachePropertyTest {
  private static final List<Cidr> LINK =
      Stream.of("169.254.0.0/16", "fe80::/10", "224.0.0.0/4", "ff00::/8").map(Cidr::parse).toList();
  private static final Labels LABELS = CidrLabels.of(Cidr.parse("10.0.0.0/8"));
  private static final InetAddress OWN = InetAddress.ofLiteral("10.1.0.1");
  private static final InetAddress LOCAL = InetAddress.ofLiteral("10.0.1.2");

  /** Addresses and prefixes close together, so that they meet. */
  @Provide
  Arbitrary<InetAddress> addresses() {
    Arbitrary<Integer> few = Arbitraries.of(0, 1, 2, 128, 255);
    Arbitrary<InetAddress> v4 =
        Combinators.combine(Arbitraries.of(10, 169, 224), Arbitraries.of(0, 1, 254), few, few)
            .as(
                (a, b, c, d) ->
                    address(
                        new byte[] {
                          (byte) (int) a, (byte) (int) b, (byte) (int) c, (byte) (int) d
                        }));
    Arbitrary<InetAddress> v6 =
        Combinators.combine(Arbitraries.of(0xfd, 0xfe, 0xff, 0x20), Arbitraries.of(0, 0x80), few)
            .as(
                (a, b, c) -> {
                  byte[] bytes = new byte[16];
                  bytes[0] = (byte) (int) a;
                  bytes[1] = (byte) (int) b;
                  bytes[15] = (byte) (int) c;
                  return address(bytes);
                });
    return Arbitraries.oneOf(v4, v6);
  }

  @Provide
  Arbitrary<Cidr> prefixes() {
    return Combinators.combine(addresses(), Arbitraries.integers().between(0, 128))
        .as(
            (address, bits) -> {
              Cidr single = Cidr.of(address);
              int length = single.isV4() ? 96 + bits % 33 : bits;
              return Cidr.of(single.bytes(), length);
            });
  }

  @Provide
  Arbitrary<List<Cidr>> prefixLists() {
    return prefixes().list().ofMaxSize(6);
  }

  private static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  @Property
  void identityAndDirect_ofAnyAddress_areThoseOfTheNaiveLook(
      @ForAll("prefixLists") List<Cidr> named,
      @ForAll("prefixLists") List<Cidr> excluded,
      @ForAll("prefixes") Cidr podRange,
      @ForAll("addresses") InetAddress asked) {
    var cidrs = new HashMap<Cidr, Identity>();
    for (Cidr cidr : named) {
      cidrs.putIfAbsent(cidr, new Identity(Identity.FIRST_LOCAL + cidrs.size(), LABELS));
    }
    var node = Node.newBuilder().setName("n2").addPodCidrs(podRange.toString()).build();
    var inventory = new Inventory(1, true, Map.of("n2", node), Map.of(), Map.of(), Map.of());
    var site = new Site("n1", List.of(OWN), Routing.VXLAN, excluded);
    var locals = List.of(new Ipcache.Local(1000, List.of(LOCAL)));

    Map<Cidr, Location> cache = Ipcache.of(site, inventory, locals, cidrs, Map.of());

    Location found = longest(cache, asked);
    assertEquals(identity(cidrs, asked), found.identity());
    assertEquals(direct(excluded, podRange, asked), found.direct());
  }

  /** What the kernel's trie does. */
  private static Location longest(Map<Cidr, Location> cache, InetAddress asked) {
    return cache.entrySet().stream()
        .filter(e -> e.getKey().contains(Cidr.of(asked)))
        .max(Comparator.comparing(e -> e.getKey().length128()))
        .orElseThrow()
        .getValue();
  }

  private static int identity(Map<Cidr, Identity> cidrs, InetAddress asked) {
    if (asked.equals(LOCAL)) {
      return 1000;
    }
    if (asked.equals(OWN)) {
      return 1;
    }
    Cidr address = Cidr.of(asked);
    return cidrs.entrySet().stream()
        .filter(e -> e.getKey().contains(address) && e.getKey().isV4() == address.isV4())
        .max(Comparator.comparing(e -> e.getKey().length128()))
        .map(e -> e.getValue().number())
        .orElse(2);
  }

  private static boolean direct(List<Cidr> excluded, Cidr podRange, InetAddress asked) {
    Cidr address = Cidr.of(asked);
    return asked.equals(LOCAL)
        || asked.equals(OWN)
        || Stream.of(excluded.stream(), LINK.stream(), Stream.of(podRange))
            .flatMap(ranges -> ranges)
            .anyMatch(range -> range.contains(address) && range.isV4() == address.isV4());
  }
}
