package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.datapath.DesiredState.PrefixFilter;
import io.sekisho.libbpf.BpfLink;
import io.sekisho.policy.Cidr;
import io.sekisho.testkit.Await;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deny lists on the underlay, with real packets. */
final class KernelPrefilterTest {
  private static final int DROP = 1;
  private static final int PREFIX_DENIED = 240;

  private static TestCluster cluster;

  @BeforeAll
  static void create() {
    cluster = new TestCluster();
    assertEquals(List.of(), cluster.apply());
  }

  @AfterAll
  static void close() {
    cluster.close();
  }

  @AfterEach
  void release() {
    deny(PrefixFilter.NONE);
  }

  private static void deny(PrefixFilter filter) {
    cluster.deny(filter);
    assertEquals(List.of(), cluster.apply());
  }

  private static PrefixFilter filter(String... prefixes) {
    var denied = new HashSet<Cidr>();
    List.of(prefixes).forEach(p -> denied.add(Cidr.parse(p)));
    return new PrefixFilter(denied, Set.of());
  }

  private static String node(boolean ipv4) {
    return ipv4 ? "198.18.0.1" : "fd18::1";
  }

  private static boolean pings(boolean ipv4) {
    return Traffic.pings(cluster.outside(), node(ipv4), 1000);
  }

  private static PrefilterState state() {
    return cluster.node(1).datapath().prefilter();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void denied_prefixOfTheSender_nothingComesIn(boolean ipv4) {
    assertTrue(pings(ipv4));
    long before = state().packets();
    deny(filter(ipv4 ? "198.18.0.128/25" : "fd18::200/120", "203.0.113.0/24"));
    assertFalse(pings(ipv4));
    assertEquals(2, state().prefixes());
    assertFalse(state().mode().isEmpty());
    assertTrue(state().packets() > before);
    Await.until(
        "a drop event",
        () -> cluster.log(1).has(e -> e.type() == DROP && e.subtype() == PREFIX_DENIED));
    deny(PrefixFilter.NONE);
    assertTrue(pings(ipv4));
    assertEquals("", state().mode());
  }

  @Test
  void denied_otherPrefixes_letAllElsePass() {
    deny(filter("203.0.113.0/24", "2001:db8::/32", "198.18.0.77/32"));
    assertTrue(pings(true));
    assertTrue(pings(false));
    assertTrue(Traffic.pings(cluster.pod(11), cluster.address(21, true), 2000));
  }

  @Test
  void spared_nodesInsideADeniedPrefix_stillMeet() {
    deny(
        new PrefixFilter(
            Set.of(Cidr.parse("198.18.0.0/24")),
            Set.of(Cidr.of(InetAddress.ofLiteral("198.18.0.1")), Cidr.parse("198.18.0.2"))));
    assertFalse(pings(true));
    assertTrue(Traffic.pings(cluster.pod(11), cluster.address(21, true), 2000));
    assertTrue(Traffic.pings(cluster.node(2).namespace(), node(true), 2000));
  }

  @Test
  void reopen_goesOnDenying_andReadsBackWhatItDenies() {
    deny(filter("198.18.0.200/32"));
    cluster.node(1).reopen();
    cluster.node(1).datapath().onEvents(cluster.log(1));
    assertFalse(pings(true));
    assertEquals(1, state().prefixes());
    deny(filter("198.18.0.201/32"));
    assertTrue(pings(true));
    assertEquals(1, state().prefixes());
    assertEquals(List.of(), cluster.differences(1));
    assertEquals(
        List.of(
            new MapDifference("prefilter", 0, "198.18.0.200", "spared", ""),
            new MapDifference("prefilter", 0, "198.18.0.201", "", "denied")),
        cluster
            .node(1)
            .datapath()
            .auditPrefilter(new PrefixFilter(Set.of(), Set.of(Cidr.parse("198.18.0.200")))));
  }

  @Test
  void denied_hundredThousandPrefixes_fitAndAreFound() {
    var many = new HashSet<Cidr>();
    for (int i = 0; i < 50_000; i++) {
      many.add(Cidr.parse("10.%d.%d.0/24".formatted(i >> 8, i & 255)));
      many.add(Cidr.parse("2001:db8:%x::/48".formatted(i)));
    }
    many.add(Cidr.parse("198.18.0.200"));
    deny(new PrefixFilter(many, Set.of()));
    assertEquals(100_001, state().prefixes());
    assertFalse(pings(true));
    many.remove(Cidr.parse("198.18.0.200"));
    deny(new PrefixFilter(many, Set.of()));
    assertTrue(pings(true));
  }

  @Test
  void denied_replacedByAsManyOthers_findRoom() {
    deny(new PrefixFilter(halves(10), Set.of()));
    deny(new PrefixFilter(halves(11), Set.of()));
    assertEquals(70_000, state().prefixes());
    assertEquals(
        List.of(),
        cluster.node(1).datapath().auditPrefilter(new PrefixFilter(halves(11), Set.of())));
  }

  /** More than half of what a table holds. */
  private static Set<Cidr> halves(int first) {
    var all = new HashSet<Cidr>();
    for (int i = 0; i < 70_000; i++) {
      int last = (i & 1) * 128;
      all.add(Cidr.parse("%d.%d.%d.%d/25".formatted(first, i >> 9, i >> 1 & 255, last)));
    }
    return all;
  }

  @Test
  void programGone_isADifference_andARepairBringsItBack() {
    var denied = filter("198.18.0.200/32");
    deny(denied);
    var node = cluster.node(1);
    var links = node.config().pinRoot().resolve(node.config().node()).resolve("links");
    try (var link = BpfLink.openPinned(links.resolve("eth0_prefilter"))) {
      link.detach(); // by somebody else
    }
    assertTrue(pings(true));
    assertEquals(
        List.of(new MapDifference("prefilter", 0, "the program", "on eth0", "")),
        node.datapath().auditPrefilter(denied));

    node.datapath().reread();
    deny(denied);

    assertFalse(pings(true));
    assertEquals(List.of(), node.datapath().auditPrefilter(denied));
  }
}
