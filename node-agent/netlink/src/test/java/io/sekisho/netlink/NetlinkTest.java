package io.sekisho.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** rtnetlink against a real kernel, in namespaces of its own. */
final class NetlinkTest {
  private static final MacAddress NEAR = MacAddress.parse("02:00:00:00:00:01");
  private static final MacAddress FAR = MacAddress.parse("02:00:00:00:00:02");

  private final TestNamespaces namespaces = new TestNamespaces();
  private NetworkNamespace host;

  @BeforeEach
  void create() {
    host = namespaces.create();
  }

  @AfterEach
  void delete() {
    namespaces.close();
  }

  private interface Work<T> {
    T on(Netlink netlink);
  }

  private static <T> T in(NetworkNamespace namespace, Work<T> work) {
    return namespace.call(
        () -> {
          try (var netlink = Netlink.open()) {
            return work.on(netlink);
          }
        });
  }

  private static InetAddress ip(String text) {
    return InetAddress.ofLiteral(text);
  }

  private static Link link(Netlink netlink, String name) {
    return netlink.find(Links.named(name)).orElseThrow();
  }

  private Link veth(NetworkNamespace pod) {
    return in(
        host,
        netlink -> {
          netlink.run(
              Links.addVeth(
                  new Links.End("near", NEAR, 1450), new Links.End("far", FAR, 1440), pod.fd()));
          return link(netlink, "near");
        });
  }

  @Test
  void addVeth_intoAnotherNamespace_hasBothEnds() {
    var pod = namespaces.create();
    Link near = veth(pod);
    Link far = in(pod, netlink -> link(netlink, "far"));

    assertEquals("veth", near.kind());
    assertEquals(Optional.of(NEAR), near.mac());
    assertEquals(1450, near.mtu());
    assertTrue(near.up());
    assertEquals(Optional.of(FAR), far.mac());
    assertEquals(1440, far.mtu());
    assertFalse(far.up());
    assertEquals(near.index(), far.peer());
  }

  @Test
  void addVeth_sameNameTwice_exists() {
    var pod = namespaces.create();
    veth(pod);

    var error = assertThrows(NetlinkException.class, () -> veth(pod));

    assertEquals(NetlinkException.Code.EXISTS, error.code());
  }

  @Test
  void run_badRoute_carriesTheKernelsWords() {
    var error =
        assertThrows(
            NetlinkException.class,
            () -> in(host, netlink -> addRoute(netlink, "192.0.2.0", "198.51.100.1")));

    assertTrue(error.getMessage().contains("Nexthop has invalid gateway"), error.getMessage());
  }

  private static Object addRoute(Netlink netlink, String destination, String gateway) {
    netlink.run(Routes.add(Route.via(ip(destination), 24, ip(gateway))));
    return netlink;
  }

  @Test
  void run_batchWithTwoErrors_throwsTheFirstAndDoesTheRest() {
    var error =
        assertThrows(
            NetlinkException.class,
            () ->
                in(
                    host,
                    netlink -> {
                      netlink.run(
                          Links.delete("nothing"), Links.addBridge("br1"), Links.delete("nowhere"));
                      return netlink;
                    }));

    assertEquals(NetlinkException.Code.NOT_FOUND, error.code());
    assertTrue(error.getMessage().contains("nothing"), error.getMessage());
    assertEquals(1, error.getSuppressed().length);
    assertTrue(in(host, netlink -> netlink.find(Links.named("br1"))).isPresent());
  }

  @Test
  void routes_ofBothFamilies_areListedAndDeleted() {
    var listed =
        in(
            host,
            netlink -> {
              netlink.run(Links.addBridge("br1"));
              int index = link(netlink, "br1").index();
              var all =
                  List.of(
                      Route.direct(ip("10.9.0.5"), 32, index),
                      Route.direct(ip("fd00:9::5"), 128, index),
                      Route.defaultOnLink(ip("169.254.1.1"), index),
                      Route.defaultOnLink(ip("fe80::1"), index));
              all.forEach(route -> netlink.run(Routes.add(route)));
              all.forEach(route -> netlink.run(Routes.add(route)));
              var found = netlink.list(Routes.all());
              for (Route route : all) {
                assertTrue(
                    found.stream()
                        .anyMatch(
                            r ->
                                r.destination().equals(route.destination())
                                    && r.prefixLength() == route.prefixLength()
                                    && r.gateway().equals(route.gateway())
                                    && r.index() == index),
                    () -> route + " not in " + found);
              }
              all.forEach(route -> netlink.run(Routes.delete(route)));
              return netlink.list(Routes.all());
            });

    assertTrue(
        listed.stream().noneMatch(r -> r.destination().equals(ip("10.9.0.5"))), listed::toString);
    assertTrue(listed.stream().noneMatch(r -> r.gateway().isPresent()), listed::toString);
  }

  @Test
  void defaults_ofBothFamiliesAndSeveralNextHops_nameTheirDevices() {
    in(
        host,
        netlink -> {
          netlink.run(Links.addBridge("br1"), Links.addBridge("br2"));
          int first = link(netlink, "br1").index();
          int second = link(netlink, "br2").index();
          netlink.run(
              Links.up(first),
              Links.up(second),
              Addresses.add(first, ip("10.9.0.1"), 24),
              Addresses.add(second, ip("10.8.0.1"), 24),
              Routes.add(Route.direct(ip("10.7.0.0"), 24, first)),
              Routes.add(Route.unreachable(ip("0.0.0.0"), 0).by(Route.STATIC, 900)),
              Routes.add(Route.defaultOnLink(ip("10.9.0.9"), first).by(Route.STATIC, 50)),
              Routes.add(Route.defaultOnLink(ip("fe80::1"), second).by(Route.STATIC, 60)));
          command(
              "ip route add default metric 70"
                  + " nexthop via 10.9.0.9 nexthop via 10.8.0.9 weight 3");
          assertEquals(
              Set.of(
                  new DefaultRoute(true, 50, List.of(first)),
                  new DefaultRoute(false, 60, List.of(second)),
                  new DefaultRoute(true, 70, List.of(first, second))),
              Set.copyOf(netlink.list(Routes.defaults())));
          return first;
        });
  }

  private static void command(String words) {
    try {
      assertEquals(0, new ProcessBuilder(words.split(" ")).inheritIO().start().waitFor());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void routeTo_lockedMtu_isToldOfBothFamilies() {
    in(
        host,
        netlink -> {
          netlink.run(Links.addBridge("br1"));
          int index = link(netlink, "br1").index();
          netlink.run(Links.up(index));
          for (String text : List.of("10.9.0.5", "fd00:9::5")) {
            InetAddress there = ip(text);
            int length = there.getAddress().length * 8;
            assertThrows(NetlinkException.class, () -> netlink.find(Routes.to(there)));
            Route wide = Route.direct(there, length, index).by(83, 20);
            netlink.run(Routes.add(wide));
            assertEquals(0, netlink.find(Routes.to(there)).orElseThrow().mtu());
            netlink.run(Routes.add(wide.locked(1330)));
            Route narrow = netlink.find(Routes.to(there)).orElseThrow();
            assertEquals(1330, narrow.mtu(), narrow::toString);
            assertTrue(netlink.list(Routes.all()).contains(wide.locked(1330)));
            assertFalse(netlink.list(Routes.all()).contains(wide));
          }
          return index;
        });
  }

  @Test
  void addresses_ofBothFamilies_areUsableAtOnce() {
    in(
        host,
        netlink -> {
          netlink.run(Links.addBridge("br1"));
          int index = link(netlink, "br1").index();
          netlink.run(
              Addresses.add(index, ip("10.9.0.1"), 32), Addresses.add(index, ip("fd00:9::1"), 128));
          var all = netlink.list(Addresses.all());
          assertTrue(all.contains(new Addresses.Assigned(index, ip("10.9.0.1"), 32, 0)));
          assertTrue(all.contains(new Addresses.Assigned(index, ip("fd00:9::1"), 128, 0)));
          netlink.run(Addresses.delete(index, ip("10.9.0.1"), 32));
          assertFalse(
              netlink.list(Addresses.all()).stream()
                  .anyMatch(a -> a.address().equals(ip("10.9.0.1"))));
          return netlink;
        });
  }

  @Test
  void neighbours_permanent_areListedAndDeleted() {
    var pod = namespaces.create();
    int index = veth(pod).index();
    in(
        host,
        netlink -> {
          netlink.run(Neighbours.add(index, ip("10.9.0.5"), FAR));
          netlink.run(Neighbours.add(index, ip("fd00:9::5"), FAR));
          var all = netlink.list(Neighbours.all());
          assertTrue(
              all.contains(
                  new Neighbours.Neighbour(index, ip("10.9.0.5"), Optional.of(FAR), true)));
          assertTrue(
              all.contains(
                  new Neighbours.Neighbour(index, ip("fd00:9::5"), Optional.of(FAR), true)));
          netlink.run(Neighbours.delete(index, ip("10.9.0.5")));
          assertFalse(
              netlink.list(Neighbours.all()).stream()
                  .anyMatch(n -> n.address().equals(ip("10.9.0.5"))));
          return netlink;
        });
  }

  @Test
  void rules_withMark_areListedAndDeleted() {
    var rule = new Rules.Rule(Rules.Family.IPV6, 100, 0x200, 0xf00, 2005);
    in(
        host,
        netlink -> {
          netlink.run(Rules.add(rule));
          assertTrue(netlink.list(Rules.all(Rules.Family.IPV6)).contains(rule));
          netlink.run(Rules.delete(rule));
          assertFalse(netlink.list(Rules.all(Rules.Family.IPV6)).contains(rule));
          return netlink;
        });
  }

  @ParameterizedTest
  @CsvSource({
    "IPV4, 23, true", // FRA_SPORT_RANGE
    "IPV4, 24, true", // FRA_DPORT_RANGE
    "IPV6, 23, true",
    "IPV6, 24, true",
    "IPV4, 10, false", // FRA_FWMARK
    "IPV6, 10, false"
  })
  void rule_thatLooksAtPorts_isToldFromOthers(Rules.Family family, int attribute, boolean ports) {
    byte[] range = {80, 0, 90, 0}; // of ports, or a mark
    int number = family == Rules.Family.IPV4 ? 2 : 10;
    Body rule = new Body().u8(number).u8(0).u8(0).u8(0).u8(254).u8(0).u8(0).u8(1).u32(0);
    rule.attribute32(6, 100).attribute(attribute, range);
    var add = new Request("add rule", 32, Netlink.Flags.CREATE, rule.bytes());
    in(
        host,
        netlink -> {
          List<Boolean> before = netlink.list(Rules.lookAtPorts(family));
          assertEquals(netlink.list(Rules.all(family)).size(), before.size());
          assertFalse(before.contains(true));
          netlink.run(add);
          assertEquals(ports, netlink.list(Rules.lookAtPorts(family)).contains(true));
          return netlink;
        });
  }

  @Test
  void rules_withSource_areListedAndDeleted() {
    for (String address : List.of("10.9.0.7", "fd00:9::7")) {
      var rule = Rules.Rule.from(ip(address), 20_000, 20_007);
      in(
          host,
          netlink -> {
            netlink.run(Rules.add(rule));
            assertTrue(netlink.list(Rules.all(rule.family())).contains(rule));
            netlink.run(Rules.delete(rule));
            assertFalse(netlink.list(Rules.all(rule.family())).contains(rule));
            return netlink;
          });
    }
  }

  @Test
  void addNew_defaultRouteOfAnotherMetric_standsBesideTheFirst() {
    NetworkNamespace pod = namespaces.create();
    Link near = veth(pod);
    in(
        host,
        netlink -> {
          netlink.run(Links.addBridge("other"));
          var first = Route.defaultOnLink(ip("169.254.1.1"), near.index());
          var other = Route.defaultOnLink(ip("169.254.1.1"), link(netlink, "other").index());
          var second = other.by(Route.STATIC, 20_000);
          netlink.run(Routes.add(first), Routes.addNew(second));
          assertTrue(netlink.list(Routes.all()).containsAll(List.of(first, second)));
          return netlink;
        });
  }

  @Test
  void addVxlan_external_saysItsPort() {
    Link made =
        in(
            host,
            netlink -> {
              netlink.run(Links.addVxlan("vx", 8472, 1450));
              return link(netlink, "vx");
            });

    assertEquals(Optional.of(new Link.Tunnel(8472, true)), made.tunnel());
    assertEquals(Link.VXLAN, made.kind());
    assertTrue(made.up());
    assertFalse(made.resolves());
  }

  @Test
  void addGeneve_external_saysItsPortOrIsUnsupported() {
    try {
      Link made =
          in(
              host,
              netlink -> {
                netlink.run(Links.addGeneve("gnv", 6081, 1450));
                return link(netlink, "gnv");
              });
      assertEquals(Optional.of(new Link.Tunnel(6081, true)), made.tunnel());
      assertEquals(Link.GENEVE, made.kind());
      assertFalse(made.resolves());
    } catch (NetlinkException e) {
      assertEquals(NetlinkException.Code.UNSUPPORTED_FEATURE, e.code());
    }
  }

  @Test
  void addVeth_intoAnotherNamespace_namesItByNumber() {
    var pod = namespaces.create();
    Link near = veth(pod);

    int id = in(host, netlink -> netlink.find(NamespaceIds.of(pod))).orElseThrow();
    assertEquals(id, near.peerNamespace().orElseThrow());
    var stranger = namespaces.create();
    assertEquals(Optional.empty(), in(host, netlink -> netlink.find(NamespaceIds.of(stranger))));
  }

  @Test
  void addNew_routeOfAnother_existsAndStays() {
    var destination = ip("10.9.0.0");
    in(
        host,
        netlink -> {
          netlink.run(Links.addBridge("br1"));
          int index = link(netlink, "br1").index();
          Route theirs = Route.direct(destination, 24, index).by(12, 50);
          netlink.run(Routes.add(theirs));
          var error =
              assertThrows(
                  NetlinkException.class,
                  () ->
                      netlink.run(Routes.addNew(Route.direct(destination, 24, index).by(83, 50))));
          assertEquals(NetlinkException.Code.EXISTS, error.code());
          assertEquals(
              List.of(theirs),
              netlink.list(Routes.all()).stream()
                  .filter(r -> r.destination().equals(destination) && r.prefixLength() == 24)
                  .toList());
          return netlink;
        });
  }

  @ParameterizedTest
  @CsvSource({"10.9.0.0, 24, 198.18.0.1", "fd00:9::, 64, fd18::1"})
  void routes_withEverything_areReadBack(String destination, int length, String source) {
    in(
        host,
        netlink -> {
          netlink.run(Links.addBridge("br1"));
          int index = link(netlink, "br1").index();
          netlink.run(Addresses.add(index, ip(source), ip(source).getAddress().length * 8));
          Route direct =
              Route.direct(ip(destination), length, 0)
                  .by(index, Optional.of(ip(source)), 1400)
                  .by(83, 100);
          Route none = Route.unreachable(ip(destination), length).by(83, 1_000_000);
          netlink.run(Routes.addNew(direct), Routes.addNew(none));
          var ours = netlink.list(Routes.all()).stream().filter(r -> r.protocol() == 83).toList();
          assertEquals(2, ours.size());
          assertTrue(ours.contains(direct), ours::toString);
          assertTrue(
              ours.stream()
                  .anyMatch(r -> r.type() == Route.Type.UNREACHABLE && r.metric() == 1_000_000));
          ours.forEach(route -> netlink.run(Routes.delete(route)));
          assertTrue(netlink.list(Routes.all()).stream().noneMatch(r -> r.protocol() == 83));
          return netlink;
        });
  }

  @Test
  void change_ofALink_isSeen() {
    var pod = namespaces.create();
    int near = veth(pod).index();
    in(
        host,
        netlink -> {
          netlink.run(Links.addBridge("br"));
          int bridge = link(netlink, "br").index();
          netlink.run(
              Links.master(near, bridge), Links.mtu(near, 1300), Links.alias(near, "for test"));
          Link changed = link(netlink, "near");
          assertEquals(bridge, changed.master());
          assertEquals(1300, changed.mtu());
          assertEquals("for test", changed.alias());
          netlink.run(Links.down(near));
          assertFalse(link(netlink, "near").up());
          netlink.run(Links.namespace(near, pod.fd()));
          assertEquals(Optional.empty(), netlink.find(Links.named("near")));
          return netlink;
        });
    assertTrue(
        in(pod, netlink -> netlink.list(Links.all())).stream()
            .anyMatch(l -> l.name().equals("near")));
  }

  @Test
  void run_hugeBatch_isAnsweredWhole() {
    in(
        host,
        netlink -> {
          netlink.run(Links.addBridge("br1"));
          int index = link(netlink, "br1").index();
          var routes = new java.util.ArrayList<Request>();
          for (int i = 0; i < 500; i++) {
            var to = ip("10.8." + i / 250 + "." + i % 250);
            routes.add(Routes.add(Route.direct(to, 32, index)));
          }
          netlink.run(routes);
          long found = netlink.list(Routes.all()).stream().filter(r -> r.index() == index).count();
          assertTrue(found >= 500, () -> "found " + found);
          return netlink;
        });
  }
}
