package io.sekisho.agent.probe;

import static io.sekisho.agent.CoreFixture.add;
import static io.sekisho.agent.CoreFixture.delete;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.CoreFixture;
import io.sekisho.agent.Eventually;
import io.sekisho.agent.FakeCluster;
import io.sekisho.agent.datapath.DesiredState.Location;
import io.sekisho.agent.datapath.FakeDatapath;
import io.sekisho.agent.datapath.FakeNodeKernel;
import io.sekisho.api.v1.FeaturePresence;
import io.sekisho.api.v1.Node;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.compile.PolicyTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The health endpoint in a whole agent on a fake kernel. */
class ProbingTest {
  private static final String NAMESPACE = "sekisho-health-n1";
  private static final int HEALTH = 4;

  @TempDir Path folder;
  private final FakeNodeKernel node = new FakeNodeKernel();
  private CoreFixture agent;

  private CoreFixture started(boolean probes) {
    return started(new FakeDatapath.Kernel(), probes);
  }

  private CoreFixture started(FakeDatapath.Kernel kernel, boolean probes) {
    agent = new CoreFixture(folder, new FakeCluster("n1"), kernel, node, probes).start();
    return agent;
  }

  @AfterEach
  void close() {
    agent.close();
  }

  private Node published() {
    List<Node> all = agent.cluster.publishedNodes();
    return all.isEmpty() ? Node.getDefaultInstance() : all.getLast();
  }

  private void awaitHealthEndpoint() {
    Eventually.holds(() -> agent.datapath().realized().endpoints().containsKey(HealthEndpoint.ID));
  }

  @Test
  void start_healthEndpoint_isWiredOpenWithItsIdentity() {
    started(true);
    awaitHealthEndpoint();
    var realized = agent.datapath().realized().endpoints().get(HealthEndpoint.ID);
    assertEquals(HEALTH, realized.identity());
    assertEquals(PolicyTable.OPEN, realized.policy());
    assertEquals(Set.of(NAMESPACE), node.namespaces());
    String address = realized.wired().addresses().getFirst().getHostAddress();
    assertEquals(
        new Location(HEALTH, Optional.empty(), false),
        agent.datapath().realized().ipcache().get(Cidr.parse(address)));
    Eventually.holds(() -> published().getHealthAddressesList().contains(address));
  }

  @Test
  void healthEndpoint_isInNoListAndNotCounted() {
    started(true).call(add("c1", "cart-1", "app=cart"));
    awaitHealthEndpoint();
    agent.intend(3);
    Eventually.holds(() -> agent.realization.told().contains("realized 3 for 1"));
    assertEquals(1, agent.core().status().status().endpoints());
    assertEquals(1, agent.cluster.inventory().endpoints().size());
    assertEquals(List.of(), agent.core().health().problems());
  }

  @Test
  void restart_healthEndpoint_keepsItsAddressAndIsNotInterrupted() {
    started(true);
    awaitHealthEndpoint();
    var before = agent.datapath().wired().get(HealthEndpoint.ID);
    agent.restart().start();
    awaitHealthEndpoint();
    assertEquals(before, agent.datapath().wired().get(HealthEndpoint.ID));
    agent.call(add("c1", "cart-1", "app=cart"));
    var pod = agent.datapath().wired().get(1);
    assertTrue(pod.addresses().stream().noneMatch(before.addresses()::contains));
    Eventually.holds(() -> agent.core().health().problems().isEmpty());
  }

  @Test
  void switchedOff_nothingIsMade_andWhatWasThereGoes() {
    var kernel = new FakeDatapath.Kernel();
    started(kernel, true);
    awaitHealthEndpoint();
    agent.close();
    started(kernel, false);
    Eventually.holds(() -> node.namespaces().isEmpty() && agent.datapath().wired().isEmpty());
    Eventually.holds(() -> !agent.cluster.publishedNodes().isEmpty());
    assertEquals(0, published().getHealthAddressesCount());
    assertEquals(0, published().getProbesCount());
  }

  @Test
  void noAddressFree_isAProblemUntilThereIsOne() {
    started(false);
    for (int i = 1; i <= 5; i++) {
      assertEquals(Optional.empty(), agent.call(add("c" + i, "p-" + i, "app=p")).failure());
    }
    agent.close();
    agent =
        new CoreFixture(folder, new FakeCluster("n1"), agent.kernel, node, true)
            .startWithoutStore();
    agent.cluster.sync();
    agent.intend(0);
    Eventually.holds(
        () ->
            agent.core().health().problems().stream()
                .anyMatch(p -> p.component().equals("health endpoint")));
    agent.call(delete("c3"));
    awaitHealthEndpoint();
  }

  @Test
  void otherNode_isPingedAndTold() {
    started(true);
    agent.cluster.put(
        Node.newBuilder()
            .setName("n2")
            .addAddresses("198.18.0.2")
            .addHealthAddresses("10.244.2.2")
            .build());
    Eventually.holds(
        () ->
            node.sent().contains("node > 198.18.0.2")
                && node.sent().contains(NAMESPACE + " > 10.244.2.2"));
    Eventually.holds(
        () ->
            published().getProbesList().stream()
                .anyMatch(p -> p.getNode().equals("n2") && p.getEndpoint().getAnswered() > 0));
  }

  @Test
  void node_tellsNetworkAndFeatures() {
    started(true);
    Eventually.holds(() -> published().getFeaturesCount() == 2);
    Node told = published();
    assertEquals("vxlan", told.getRouting());
    assertEquals("lo", told.getUnderlayDevice());
    assertTrue(told.getUnderlayMtu() > 1000);
    assertEquals(told.getUnderlayMtu() - 50, told.getPodMtu());
    assertTrue(told.getMasquerade());
    assertEquals(FeaturePresence.MISSING, told.getFeatures(1).getPresence());
    assertEquals("clsact", told.getFeatures(1).getFallback());
  }
}
