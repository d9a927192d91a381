package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.agent.datapath.UplinkPlan.Remark;
import io.sekisho.netlink.Addresses;
import io.sekisho.netlink.Addresses.Assigned;
import io.sekisho.netlink.DefaultRoute;
import io.sekisho.netlink.Link;
import io.sekisho.netlink.MacAddress;
import io.sekisho.policy.Cidr;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** On which devices beside the underlay is masqueraded, and what is said of the others. */
final class UplinkPlanTest {
  private static final int UNDERLAY = 2;
  private static final int ETH1 = 3;
  private static final int ETH2 = 4;
  private static final int WG0 = 5;
  private static final int POD = 6;
  private static final InetAddress FIRST = InetAddress.ofLiteral("198.19.0.1");
  private static final InetAddress SECOND = InetAddress.ofLiteral("198.19.0.2");
  private static final InetAddress IPV6 = InetAddress.ofLiteral("fd19::1");

  private static Link link(int index, String name, Optional<MacAddress> mac) {
    return new Link(
        index,
        name,
        mac,
        1500,
        "",
        true,
        true,
        mac.isPresent(),
        0,
        0,
        OptionalInt.empty(),
        "",
        Optional.empty());
  }

  private static final List<Link> LINKS =
      List.of(
          link(1, "lo", Optional.of(MacAddress.parse("00:00:00:00:00:00"))),
          link(UNDERLAY, "eth0", Optional.of(MacAddress.parse("02:00:00:00:00:02"))),
          link(ETH1, "eth1", Optional.of(MacAddress.parse("02:00:00:00:00:03"))),
          link(ETH2, "eth2", Optional.of(MacAddress.parse("02:00:00:00:00:04"))),
          link(WG0, "wg0", Optional.empty()),
          link(POD, "lxc0001", Optional.of(MacAddress.parse("02:00:00:00:00:06"))));

  private static final List<Assigned> ADDRESSES =
      List.of(
          new Assigned(ETH1, FIRST, 24, 0),
          new Assigned(ETH1, SECOND, 24, 0),
          new Assigned(ETH1, InetAddress.ofLiteral("fe80::3"), 64, 253),
          new Assigned(ETH1, InetAddress.ofLiteral("fd19::8"), 64, 0, false),
          new Assigned(ETH1, IPV6, 64, 0),
          new Assigned(ETH2, InetAddress.ofLiteral("198.20.0.1"), 24, 0));

  private static DefaultRoute ipv4(int metric, Integer... devices) {
    return new DefaultRoute(true, metric, List.of(devices));
  }

  private static DefaultRoute ipv6(int metric, Integer... devices) {
    return new DefaultRoute(false, metric, List.of(devices));
  }

  private static UplinkPlan plan(Masquerade masquerade, DefaultRoute... defaults) {
    return plan(masquerade, Map.of(), defaults);
  }

  private static UplinkPlan plan(
      Masquerade masquerade, Map<Integer, Uplink.Source> before, DefaultRoute... defaults) {
    var seen =
        new UplinkPlan.Seen(
            UNDERLAY, Set.of(POD), List.of(), List.of(defaults), Set.of(), LINKS, ADDRESSES);
    return UplinkPlan.of(masquerade, seen, before);
  }

  private static final Uplink WHOLE =
      new Uplink(
          ETH1,
          "eth1",
          new Uplink.Source(Optional.of(FIRST), Optional.of(IPV6)),
          List.of(FIRST, SECOND, IPV6));

  @Test
  void defaultOnTheUnderlay_orNone_takesNoOther() {
    assertEquals(UplinkPlan.NONE, plan(Masquerade.USUAL));
    assertEquals(UplinkPlan.NONE, plan(Masquerade.USUAL, ipv4(0, UNDERLAY), ipv6(1024, UNDERLAY)));
  }

  @Test
  void everyDefaultRoute_whateverItsMetric_countsWithTheDevicesAddresses() {
    assertEquals(
        new UplinkPlan(Map.of(ETH1, WHOLE), List.of()),
        plan(Masquerade.USUAL, ipv4(0, UNDERLAY), ipv4(500, ETH1)));
  }

  @Test
  void severalNextHops_allCount() {
    UplinkPlan plan = plan(Masquerade.USUAL, ipv4(0, UNDERLAY, ETH1, ETH2));
    assertEquals(Set.of(ETH1, ETH2), plan.uplinks().keySet());
    assertEquals(List.of(), plan.remarks());
  }

  @Test
  void addressThatIsStillThere_staysTheSource_anotherDoesNot() {
    var second = new Uplink.Source(Optional.of(SECOND), Optional.empty());
    var source =
        plan(Masquerade.USUAL, Map.of(ETH1, second), ipv4(0, ETH1)).uplinks().get(ETH1).source();
    assertEquals(new Uplink.Source(Optional.of(SECOND), Optional.of(IPV6)), source);
    var gone =
        new Uplink.Source(Optional.of(InetAddress.ofLiteral("198.19.0.9")), Optional.empty());
    assertEquals(
        WHOLE, plan(Masquerade.USUAL, Map.of(ETH1, gone), ipv4(0, ETH1)).uplinks().get(ETH1));
  }

  @Test
  void familyWithoutAddress_isToldOnlyOfTheBestRoute() {
    var remark =
        new Remark(
            "eth2",
            "has no IPv6 address, though the default route leaves by it",
            "what pods send there is dropped (167)");
    assertEquals(List.of(remark), plan(Masquerade.USUAL, ipv6(1, ETH2)).remarks());
    UplinkPlan backup = plan(Masquerade.USUAL, ipv6(1, UNDERLAY), ipv6(2, ETH2));
    assertEquals(List.of(), backup.remarks());
    assertEquals(Set.of(ETH2), backup.uplinks().keySet());
  }

  @Test
  void familyWithoutPods_isNotSpokenOf() {
    var seen =
        new UplinkPlan.Seen(
            UNDERLAY,
            Set.of(),
            List.of(Cidr.parse("10.244.1.0/24")),
            List.of(ipv6(1, ETH2), ipv6(1, WG0)),
            Set.of(),
            LINKS,
            ADDRESSES);
    UplinkPlan plan = UplinkPlan.of(Masquerade.USUAL, seen, Map.of());
    assertEquals(List.of(), plan.remarks());
    assertEquals(Set.of(ETH2), plan.uplinks().keySet());
  }

  @Test
  void deviceWithoutEthernet_orAPods_isRefusedAndTold() {
    assertEquals(
        new UplinkPlan(
            Map.of(),
            List.of(
                new Remark(
                    "wg0",
                    "is no Ethernet device, though the IPv4 default route leaves by it",
                    UplinkPlan.KEPT),
                new Remark(
                    "lxc0001",
                    "is a device of ours, or a pod's, though the IPv6 default route leaves by it",
                    UplinkPlan.KEPT))),
        plan(Masquerade.USUAL, ipv4(0, WG0), ipv6(0, POD)));
    assertEquals(
        UplinkPlan.NONE,
        plan(Masquerade.USUAL, ipv4(0, UNDERLAY), ipv4(9, WG0), ipv6(9, WG0), ipv6(0, UNDERLAY)));
  }

  @Test
  void namedDevices_countAlone_andWhatIsWrongWithThemIsTold() {
    UplinkPlan plan =
        plan(Masquerade.USUAL.on(List.of("eth0", "eth1", "wg0", "eth9")), ipv4(0, ETH2));
    assertEquals(Map.of(ETH1, WHOLE), plan.uplinks());
    assertEquals(
        List.of(
            new Remark("wg0", "is no Ethernet device", UplinkPlan.KEPT),
            new Remark(
                "eth9", "is named in masquerade.devices and not there", "nothing leaves by it"),
            new Remark(
                "eth2",
                "is not named in masquerade.devices, though the IPv4 default route leaves by it",
                UplinkPlan.KEPT)),
        plan.remarks());
  }

  @Test
  void moreThanTheMapHolds_areRefused() {
    var links = new ArrayList<Link>(LINKS);
    var devices = new ArrayList<Integer>();
    for (int index = 100; index <= 100 + UplinkPlan.MOST; index++) {
      links.add(
          link(
              index,
              "many" + index,
              Optional.of(MacAddress.parse("02:00:00:00:01:%02x".formatted(index)))));
      devices.add(index);
    }
    var seen =
        new UplinkPlan.Seen(
            UNDERLAY,
            Set.of(),
            List.of(),
            List.of(new DefaultRoute(true, 0, devices)),
            Set.of(),
            links,
            List.of());
    UplinkPlan plan = UplinkPlan.of(Masquerade.USUAL, seen, Map.of());
    assertEquals(UplinkPlan.MOST, plan.uplinks().size());
    assertEquals(devices.size(), plan.remarks().size());
  }

  @Test
  void defaultThatWentAMomentAgo_itsDeviceStays() {
    var seen =
        new UplinkPlan.Seen(
            UNDERLAY, Set.of(POD), List.of(), List.of(), Set.of(ETH1, UNDERLAY), LINKS, ADDRESSES);
    UplinkPlan plan = UplinkPlan.of(Masquerade.USUAL, seen, Map.of());
    assertEquals(Map.of(ETH1, WHOLE), plan.uplinks());
    assertEquals(List.of(), plan.remarks());
    UplinkPlan named = UplinkPlan.of(Masquerade.USUAL.on(List.of()), seen, Map.of());
    assertEquals(Map.of(), named.uplinks());
  }

  @Test
  void moreAddressesThanFit_deviceIsRefused_othersServe() throws Exception {
    var many = new ArrayList<Addresses.Assigned>(ADDRESSES);
    for (int i = 0; i < UplinkPlan.MOST_ADDRESSES; i++) {
      byte[] bytes = {10, 99, (byte) (i >> 8), (byte) i};
      many.add(new Addresses.Assigned(ETH2, InetAddress.getByAddress(bytes), 32, 0));
    }
    var seen =
        new UplinkPlan.Seen(
            UNDERLAY,
            Set.of(POD),
            List.of(),
            List.of(new DefaultRoute(true, 9, List.of(ETH1)), ipv4(1, ETH2)),
            Set.of(),
            LINKS,
            many);
    UplinkPlan plan = UplinkPlan.of(Masquerade.USUAL, seen, Map.of());
    assertEquals(Set.of(ETH1), plan.uplinks().keySet());
    int own = (int) many.stream().filter(a -> a.index() == ETH2 && a.isGlobal()).count();
    assertEquals(
        List.of(
            new Remark(
                "eth2",
                "has %d addresses, and other uplinks 3, of at most 512 together,".formatted(own)
                    + " though the IPv4 default route leaves by it",
                UplinkPlan.KEPT)),
        plan.remarks());
  }
}
