package io.sekisho.agent;

import static io.sekisho.agent.CoreFixture.add;
import static io.sekisho.agent.CoreFixture.delete;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.datapath.DesiredState;
import io.sekisho.agent.datapath.NodeChange;
import io.sekisho.agent.health.Status;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.EndpointState;
import io.sekisho.api.v1.Node;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Identity;
import io.sekisho.policy.compile.PolicyTable;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentCoreTest {
  private static final String DENY =
      """
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata: {name: payment-in, namespace: shop}
      spec:
        endpointSelector: {matchLabels: {app: payment}}
        ingress:
        - fromEndpoints: [{matchLabels: {app: cart}}]
          toPorts: [{ports: [{port: "8080", protocol: TCP}]}]
        - fromCIDR: [192.0.2.0/24]
      """;

  @TempDir Path folder;
  private CoreFixture agent;

  @AfterEach
  void close() {
    agent.close();
  }

  private CoreFixture started() {
    agent = new CoreFixture(folder).start();
    return agent;
  }

  private DesiredState.Endpoint realized(int id) {
    return agent.datapath().realized().endpoints().get(id);
  }

  @Test
  void add_firstPod_isWiredRealizedAndPublished() {
    var response = started().call(add("c1", "cart-1", "app=cart"));
    assertEquals(Optional.empty(), response.failure());
    assertEquals("10.244.1.2/32", response.result().ips().getFirst().address());
    assertEquals("fd00:10:244:1::2/128", response.result().ips().get(1).address());
    assertEquals(PolicyTable.OPEN, realized(1).policy());
    Endpoint told = agent.cluster.inventory().endpoints().get("n1/1");
    assertEquals("cart-1", told.getPod());
    assertEquals("lxc0001", told.getInterface());
    assertEquals(realized(1).identity(), told.getIdentity());
    assertTrue(told.getLabelsList().contains("k8s:io.kubernetes.pod.namespace=shop"));
    assertTrue(Files.exists(folder.resolve("state/endpoints/1.json")));
  }

  @Test
  void intend_policy_isCompiledForThePodAndReported() {
    started().call(add("c1", "payment-1", "app=payment"));
    agent.call(add("c2", "cart-1", "app=cart"));
    agent.intend(7, DENY);
    Eventually.holds(() -> agent.realization.told().contains("realized 7 for 2"));
    assertTrue(realized(1).policy().ingressEnforced());
    int cart = realized(2).identity();
    assertTrue(
        realized(1).policy().entries().keySet().stream()
            .anyMatch(k -> k.identity() == cart && k.port() == 8080));
    assertEquals(PolicyTable.OPEN, realized(2).policy());
    var cidr = agent.datapath().realized().ipcache().get(Cidr.parse("192.0.2.0/24"));
    assertEquals(Identity.FIRST_LOCAL, cidr.identity());
    Eventually.holds(
        () -> {
          Endpoint told = agent.cluster.inventory().endpoints().get("n1/1");
          return told.getRealizedRevision() == 7
              && told.getIngressEnforced()
              && told.getState() == EndpointState.ENDPOINT_READY;
        });
  }

  @Test
  void intend_newPeerAppears_policyFollows() {
    started().call(add("c1", "payment-1", "app=payment"));
    agent.intend(1, DENY);
    Eventually.holds(() -> agent.realization.told().contains("realized 1 for 1"));
    int before = realized(1).policy().entries().size();
    agent.cluster.put(Node.newBuilder().setName("n2").addAddresses("198.18.0.2").build());
    agent.cluster.put(
        Endpoint.newBuilder()
            .setNode("n2")
            .setId(4)
            .setIdentity(2000)
            .addLabels("k8s:app=cart")
            .addLabels("k8s:io.kubernetes.pod.namespace=shop")
            .addAddresses("10.244.2.9")
            .build());
    Eventually.holds(() -> realized(1).policy().entries().size() > before);
    assertEquals(
        new DesiredState.Location(2000, Optional.of(InetAddress.ofLiteral("198.18.0.2")), true),
        agent.datapath().realized().ipcache().get(Cidr.parse("10.244.2.9")));
    agent.cluster.lose("n2");
    Eventually.holds(
        () -> !agent.datapath().realized().ipcache().containsKey(Cidr.parse("10.244.2.9")));
  }

  @Test
  void intend_documentsAboutNodes_tellNodesApartAndSelectThisOne() {
    started();
    agent.cluster.put(
        Node.newBuilder()
            .setName("n2")
            .addAddresses("198.18.0.2")
            .addLabels("k8s:zone=a")
            .addLabels("k8s:rack=7")
            .build());
    Cidr second = Cidr.parse("198.18.0.2");
    Eventually.holds(() -> agent.datapath().realized().ipcache().containsKey(second));
    assertEquals(
        Identity.REMOTE_NODE.number(),
        agent.datapath().realized().ipcache().get(second).identity());
    agent.intend(
        1,
        """
        apiVersion: cilium.io/v2
        kind: CiliumClusterwideNetworkPolicy
        metadata: {name: nodes}
        spec:
          nodeSelector: {matchLabels: {kubernetes.io/hostname: n1}}
          ingress: [{fromNodes: [{matchLabels: {zone: a}}]}]
        """,
        """
        apiVersion: sekisho.io/v1
        kind: PrefixList
        metadata: {name: bad}
        spec: {deny: [203.0.113.0/24, 198.18.0.0/24]}
        """);
    Eventually.holds(() -> agent.realization.told().contains("realized 1 for 0"));
    DesiredState now = agent.datapath().realized();
    assertEquals(Identity.FIRST_NODE, now.ipcache().get(second).identity());
    assertTrue(
        now.host().orElseThrow().policy().entries().keySet().stream()
            .anyMatch(k -> k.identity() == Identity.FIRST_NODE));
    assertEquals(2, now.prefilter().denied().size());
    assertEquals(Set.of(second, Cidr.parse("198.18.0.1")), now.prefilter().spared());
    agent.intend(2);
    Eventually.holds(() -> agent.datapath().realized().host().isEmpty());
    now = agent.datapath().realized();
    assertEquals(Identity.REMOTE_NODE.number(), now.ipcache().get(second).identity());
    assertEquals(DesiredState.PrefixFilter.NONE, now.prefilter());
  }

  @Test
  void intend_brokenDocument_changesNothingAndFails() {
    started().call(add("c1", "payment-1", "app=payment"));
    agent.intend(1, DENY);
    Eventually.holds(() -> agent.realization.told().contains("realized 1 for 1"));
    var before = realized(1);
    agent.intend(2, "kind: Nonsense");
    Eventually.holds(
        () -> agent.realization.told().stream().anyMatch(t -> t.startsWith("failed 2")));
    assertEquals(before, realized(1));
  }

  @Test
  void intend_endpointCannotBeRealized_failsThenHeals() {
    started().call(add("c1", "payment-1", "app=payment"));
    agent.datapath().fail("endpoint 1", "policy map is full");
    agent.intend(3, DENY);
    Eventually.holds(
        () -> agent.realization.told().contains("failed 3: endpoint 1: policy map is full"));
    assertTrue(
        agent.core().health().problems().stream()
            .anyMatch(p -> p.component().equals("endpoint 1")));
    agent.datapath().heal("endpoint 1");
    Eventually.holds(() -> agent.realization.told().contains("realized 3 for 1"));
    Eventually.holds(() -> agent.core().health().problems().isEmpty());
  }

  @Test
  void delete_endpoint_leavesNothingAndIsIdempotent() {
    started().call(add("c1", "cart-1", "app=cart"));
    assertEquals(Optional.empty(), agent.call(delete("c1")).failure());
    assertTrue(agent.datapath().wired().isEmpty());
    assertFalse(agent.cluster.inventory().endpoints().containsKey("n1/1"));
    assertFalse(Files.exists(folder.resolve("state/endpoints/1.json")));
    assertEquals(Optional.empty(), agent.call(delete("c1")).failure());
    Eventually.holds(() -> agent.datapath().realized().endpoints().isEmpty());
  }

  @Test
  void start_withoutStore_keepsWhatTheKernelDoes() {
    started().call(add("c1", "cart-1", "app=cart"));
    var before = agent.datapath().realized();
    agent.close();
    agent = new CoreFixture(folder, new FakeCluster("n1"), agent.kernel).startWithoutStore();
    var refused = agent.call(add("c2", "cart-2", "app=cart")).failure().orElseThrow();
    assertEquals(11, refused.code());
    assertEquals(before, agent.datapath().realized());
    assertEquals(0, agent.datapath().applies());
    assertEquals(Optional.empty(), agent.call(delete("c1")).failure());
    assertTrue(agent.datapath().wired().isEmpty());
  }

  @Test
  void add_storeGoneButLabelsKnown_works() {
    started().call(add("c1", "cart-1", "app=cart"));
    agent.cluster.available(false);
    assertEquals(Optional.empty(), agent.call(add("c2", "cart-2", "app=cart")).failure());
    var refused = agent.call(add("c3", "new-1", "app=new")).failure().orElseThrow();
    assertEquals(11, refused.code());
    assertEquals(2, agent.datapath().wired().size());
    assertFalse(agent.core().status().status().ready());
  }

  @Test
  void status_runningAgent_saysWhatIs() {
    started().call(add("c1", "cart-1", "app=cart"));
    Eventually.holds(() -> !agent.core().status().status().maps().isEmpty());
    Status status = agent.core().status().status();
    assertEquals("n1", status.node());
    assertEquals(1, status.endpoints());
    assertEquals(1, status.readyEndpoints());
    assertEquals(0, status.realizedRevision());
    assertTrue(status.ready(), () -> status.toString());
    assertTrue(status.rssBytes() > 1 << 20);
  }

  @Test
  void cluster_forgetsSomething_isAProblemUntilItDoesNot() {
    started();
    agent.cluster.forgets(Optional.of("too many ranges"));
    Eventually.holds(
        () ->
            agent.core().health().problems().stream()
                .anyMatch(
                    p ->
                        p.component().equals("ranges of nodes")
                            && p.message().equals("too many ranges")));
    agent.cluster.forgets(Optional.empty());
    Eventually.holds(() -> agent.core().health().problems().isEmpty());
  }

  @Test
  void underlay_downAndUp_isAProblemAndThenAllIsRealizedAgain() {
    started().call(add("c1", "cart-1", "app=cart"));
    var fixed = List.of(InetAddress.ofLiteral("198.18.0.1"));
    agent.datapath().change(new NodeChange.UnderlayChanged(fixed, 1500, false));
    Eventually.holds(
        () ->
            agent.core().health().problems().stream()
                .anyMatch(
                    p ->
                        p.component().equals("underlay")
                            && p.message().startsWith("lo is down since 20")));
    int before = agent.datapath().applies();
    assertEquals(0, agent.datapath().reconfigurations());

    agent.datapath().change(new NodeChange.UnderlayChanged(List.of(), 1500, true));

    Eventually.holds(() -> agent.datapath().applies() > before);
    Eventually.holds(() -> agent.core().health().problems().isEmpty());
    assertEquals(1, agent.datapath().reconfigurations());
    // The configuration names the address: the device's own do not count.
    assertEquals(fixed, agent.datapath().config().orElseThrow().underlayAddresses());
  }

  @Test
  void intend_otherNodes_areRoutedTo() {
    started();
    agent.cluster.put(
        Node.newBuilder()
            .setName("n2")
            .addAddresses("198.18.0.2")
            .addPodCidrs("10.244.2.0/24")
            .build());
    Eventually.holds(
        () ->
            agent
                .datapath()
                .realized()
                .nodes()
                .equals(
                    Map.of(
                        "n2",
                        new DesiredState.RemoteNode(
                            List.of(InetAddress.ofLiteral("198.18.0.2")),
                            List.of(Cidr.parse("10.244.2.0/24"))))));
  }

  @Test
  void reporter_realizedRevision_isPublishedSoon() {
    started();
    agent.intend(5);
    Eventually.holds(
        () ->
            agent.cluster.publishedNodes().stream()
                .anyMatch(n -> n.getRealizedRevision() == 5 && n.getMapsCount() > 0));
    Node node = agent.cluster.publishedNodes().getLast();
    assertEquals("10.244.1.0/29", node.getPodCidrs(0));
    assertEquals("198.18.0.1", node.getAddresses(0));
    assertEquals("fake ok", node.getStore());
  }
}
