package io.sekisho.agent.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NodeIdentitiesTest {
  private static final Labels PLAIN = Identity.REMOTE_NODE.labels();
  private static final Labels A = Labels.of("reserved:remote-node", "zone=a");
  private static final Labels B = Labels.of("reserved:remote-node", "zone=b");

  @Test
  void assign_nodesThatNobodyTellsApart_areOneIdentity() {
    var identities = new NodeIdentities(Map.of());
    assertEquals(
        Map.of("n2", Identity.REMOTE_NODE, "n3", Identity.REMOTE_NODE),
        identities.assign(Map.of("n2", PLAIN, "n3", PLAIN)));
    assertTrue(identities.numbers().isEmpty());
  }

  @Test
  void assign_sameLabels_shareANumberAndKeepIt() {
    var identities = new NodeIdentities(Map.of());
    var first = identities.assign(Map.of("n2", A, "n3", B, "n4", A));
    assertEquals(first.get("n2"), first.get("n4"));
    assertNotEquals(first.get("n2"), first.get("n3"));
    assertTrue(first.get("n2").number() >= Identity.FIRST_NODE);
    assertEquals(A, first.get("n2").labels());
    assertSame(first, identities.assign(Map.of("n4", A, "n3", B, "n2", A)));
    identities.assign(Map.of("n2", PLAIN));
    var after = new NodeIdentities(identities.numbers());
    assertEquals(first.get("n3"), after.assign(Map.of("n9", B)).get("n9"));
  }

  @Test
  void apiServers_thatNoDocumentNames_haveTheReservedIdentity() {
    var servers = new ApiServers(List.of(Cidr.parse("203.0.113.6")));
    assertEquals(Set.of(), servers.named(Set.of()));
    assertEquals(Identity.KUBE_APISERVER, servers.mark(Map.of()).get(Cidr.parse("203.0.113.6")));
  }

  @Test
  void apiServers_insideANamedPrefix_areOfBoth() {
    var servers = new ApiServers(List.of(Cidr.parse("203.0.113.6")));
    Cidr around = Cidr.parse("203.0.113.0/24");
    assertEquals(Set.of(around, Cidr.parse("203.0.113.6")), servers.named(Set.of(around)));
    var cidrs = new CidrIdentities(Map.of());
    var marked = servers.mark(cidrs.assign(servers.named(Set.of(around))));
    Labels labels = marked.get(Cidr.parse("203.0.113.6")).labels();
    assertTrue(labels.get("reserved:kube-apiserver").isPresent());
    assertTrue(labels.get("cidr:203.0.113.6").isPresent());
    assertTrue(marked.get(around).labels().get("reserved:kube-apiserver").isEmpty());
  }
}
