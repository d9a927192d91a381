package io.sekisho.agent.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.sekisho.agent.cluster.Inventory;
import io.sekisho.agent.datapath.DesiredState.PrefixFilter;
import io.sekisho.agent.datapath.Routing;
import io.sekisho.agent.health.Health;
import io.sekisho.agent.identity.LocalIdentities;
import io.sekisho.agent.ipcache.Site;
import io.sekisho.api.v1.Node;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Labels;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.testkit.TestClock;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DenyListsTest {
  private static final Labels HOST = Labels.of("reserved:host", "zone=a");
  private static final Site SITE =
      new Site("n1", List.of(InetAddress.ofLiteral("198.18.0.1")), Routing.VXLAN, List.of());

  @TempDir private Path folder;
  private final TestClock clock = new TestClock();
  private final DenyLists lists = new DenyLists();

  private static List<PolicyDocument> deny(String... prefixes) {
    var parsed =
        Documents.parse(
            List.of(
                """
                apiVersion: sekisho.io/v1
                kind: PrefixList
                metadata: {name: bad}
                spec: {deny: ["%s"]}
                """
                    .formatted(String.join("\", \"", prefixes))));
    assertEquals(List.of(), parsed.errors());
    return parsed.documents();
  }

  private static Set<Cidr> prefixes(String... texts) {
    return Stream.of(texts).map(Cidr::parse).collect(Collectors.toUnmodifiableSet());
  }

  private PrefixFilter filter(List<PolicyDocument> documents, String... spared) {
    return lists.of(documents, HOST, prefixes(spared));
  }

  @Test
  void of_addressInsideAndOutsideOfADeniedPrefix_onlyThatInsideIsSpared() {
    assertEquals(
        new PrefixFilter(prefixes("198.18.0.0/15", "2001:db8::/32"), prefixes("198.18.0.2")),
        filter(deny("198.18.0.0/15", "2001:db8::/32"), "198.18.0.2", "192.0.2.1", "fd00::1"));
  }

  @Test
  void of_addressOfItsOwnInTheList_isSparedInsteadOfDenied() {
    assertEquals(
        new PrefixFilter(prefixes("198.18.0.3"), prefixes("198.18.0.2")),
        filter(deny("198.18.0.2", "198.18.0.3"), "198.18.0.2"));
  }

  @Test
  void of_rangeSpared_partsOfItAreNotDeniedAndWhatIsAroundIs() {
    assertEquals(
        new PrefixFilter(prefixes("198.0.0.0/8", "203.0.113.0/24"), prefixes("198.18.0.0/16")),
        filter(
            deny("198.0.0.0/8", "198.18.7.0/24", "198.18.0.0/16", "203.0.113.0/24"),
            "198.18.0.0/16"));
  }

  @Test
  void of_allOfIpv6Spared_doesNotConcernIpv4() {
    assertEquals(
        new PrefixFilter(prefixes("198.0.0.0/8"), Set.of()),
        filter(deny("198.0.0.0/8", "2001:db8::/32"), "::/0"));
  }

  @Test
  void of_sameAgain_isTheSameObject() {
    var documents = deny("198.18.0.0/15");
    var first = filter(documents, "198.18.0.2");
    assertSame(first, filter(documents, "198.18.0.2"));
    assertNotSame(first, filter(documents, "198.18.0.2", "198.18.0.3"));
  }

  private LocalIdentities identities() {
    return new LocalIdentities(
        folder, Runnable::run, new Health(java.time.Clock.systemUTC()), clock);
  }

  private static Inventory nodes(String... addresses) {
    var nodes = new TreeMap<String, Node>();
    for (String address : addresses) {
      nodes.put(address, Node.newBuilder().setName(address).addAddresses(address).build());
    }
    return new Inventory(1, true, nodes, new TreeMap<>(), Map.of(), Map.of());
  }

  @Test
  void spared_nodeThatFellSilent_staysSparedAlsoForTheNextAgent() {
    var documents = deny("198.18.0.0/15");
    var identities = identities();
    var spared = new Spared(List.of(), identities.addresses());
    var both = spared.of(SITE, nodes("198.18.0.2", "198.18.0.3"));
    assertSame(both, spared.of(SITE, nodes("198.18.0.3")));
    assertEquals(
        prefixes("198.18.0.1", "198.18.0.2", "198.18.0.3"),
        lists.of(documents, HOST, both).spared());
    identities.keep();

    var next = new Spared(List.of(), identities().addresses());
    assertEquals(both, next.of(SITE, Inventory.EMPTY));
  }

  @Test
  void spared_nodeGoneForLong_isForgotten() {
    var identities = identities();
    var spared = new Spared(prefixes("192.0.2.0/24").stream().toList(), identities.addresses());
    spared.of(SITE, nodes("198.18.0.2"));
    clock.advance(Duration.ofDays(30));
    assertEquals(
        prefixes("192.0.2.0/24", "198.18.0.1", "198.18.0.2"), spared.of(SITE, Inventory.EMPTY));
    clock.advance(Duration.ofDays(1));
    assertEquals(prefixes("192.0.2.0/24", "198.18.0.1"), spared.of(SITE, Inventory.EMPTY));
    identities.keep();
    assertEquals(prefixes("198.18.0.1"), Set.copyOf(identities().addresses().days().keySet()));
  }
}
