package io.sekisho.console.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.core.kubernetes.ApiState;
import io.sekisho.console.core.kubernetes.KubernetesObjects;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Node;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Pod;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Policy;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Service;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Workload;
import io.sekisho.console.core.kubernetes.ObjectRef;
import io.sekisho.console.nodes.ClusterModel.Mark;
import io.sekisho.console.nodes.ClusterModel.Row;
import io.sekisho.console.ui.Selected;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The objects of an API server as rows of the tree. */
class KubernetesRowsTest {
  private static Pod pod(String name, boolean ready, String why) {
    return new Pod(
        "shop",
        name,
        "Deployment",
        "cart",
        "n1",
        List.of("10.244.0.2"),
        Map.of("app", "cart"),
        "Running",
        ready,
        why,
        0);
  }

  private static KubernetesObjects objects(int wanted, List<Pod> pods) {
    return new KubernetesObjects(
        true,
        List.of(),
        List.of("empty", "shop"),
        List.of(new Workload("Deployment", "shop", "cart", wanted)),
        pods,
        List.of(
            new Service(
                "shop",
                "cart",
                "ClusterIP",
                List.of("10.96.0.9"),
                Map.of("app", "cart"),
                List.of("80/TCP"))),
        List.of(
            new Node("n1", List.of("198.18.0.1"), true, false, "v1.36"),
            new Node("n2", List.of(), true, false, "v1.36")),
        List.of(
            new Policy(
                new ObjectRef("NetworkPolicy", "shop", "deny"),
                "networking.k8s.io/v1",
                "7",
                "",
                List.of()),
            new Policy(
                new ObjectRef("CiliumClusterwideNetworkPolicy", "", "all"),
                "cilium.io/v2",
                "8",
                "",
                List.of())),
        List.of(),
        1);
  }

  private static KubernetesRows rows(KubernetesObjects objects) {
    return new KubernetesRows("shop-prod", objects, Set.of());
  }

  @Test
  void namespaces_aDeployment_holdsItsPodsAndSaysHowManyAreReady() {
    List<Row> all =
        rows(objects(3, List.of(pod("cart-1", true, ""), pod("cart-2", false, "CrashLoopBackOff"))))
            .namespaces();
    assertEquals(List.of("empty", "shop"), all.stream().map(Row::name).toList());
    Row cart = all.get(1).children().getFirst();
    assertEquals("cart", cart.name());
    assertEquals("1 of 3 ready", cart.value());
    assertEquals(Mark.DEGRADED, cart.mark());
    assertEquals(Optional.of(new Selected.Workload("shop/cart")), cart.select());
    Row broken = cart.children().get(1);
    assertEquals("CrashLoopBackOff", broken.value());
    assertEquals(Mark.TROUBLE, broken.mark());
    assertEquals(Optional.of(new Selected.Pod("shop", "cart-2", "cart")), broken.select());
    assertEquals("shop/cart-2", broken.path().source());
  }

  @Test
  void namespaces_servicesAndPolicies_standBelowTheWorkloads() {
    List<String> names =
        rows(objects(1, List.of(pod("cart-1", true, "")))).namespaces().get(1).children().stream()
            .map(r -> r.name() + "|" + r.value())
            .toList();
    assertEquals(List.of("cart|1", "service cart  80/TCP|1", "policy deny|"), names);
  }

  @Test
  void namespaces_policiesOfTwoKindsWithOneName_sayTheirKindAndHaveKeysOfTheirOwn() {
    KubernetesObjects o = objects(1, List.of());
    List<Policy> both = new ArrayList<>(o.policies());
    both.add(
        new Policy(
            new ObjectRef("CiliumNetworkPolicy", "shop", "deny"),
            "cilium.io/v2",
            "9",
            "",
            List.of()));
    KubernetesObjects twice =
        new KubernetesObjects(
            true,
            List.of(),
            o.namespaces(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            both,
            List.of(),
            2);
    List<Row> rows = rows(twice).namespaces().get(1).children();
    assertEquals(
        List.of("policy deny (NetworkPolicy)", "policy deny (CiliumNetworkPolicy)"),
        rows.stream().map(Row::name).toList());
    assertEquals(2, rows.stream().map(Row::key).distinct().count());
  }

  @Test
  void namespaces_aService_isSelectedWithTheWorkloadsBehindIt() {
    Row service =
        rows(objects(1, List.of(pod("cart-1", false, "BackOff"))))
            .namespaces()
            .get(1)
            .children()
            .get(1);
    assertEquals("no pods", service.value(), "none is ready");
    assertEquals(
        Optional.of(new Selected.Service("shop", "cart", Set.of("shop/cart"))), service.select());
  }

  @Test
  void namespaces_aServiceWithNothingBehind_saysSo() {
    Row service = rows(objects(0, List.of())).namespaces().get(1).children().get(1);
    assertEquals("no pods", service.value());
    assertEquals(Mark.DEGRADED, service.mark());
  }

  @Test
  void troubles_ofTheApiServer_areToldWithSinceWhen() {
    KubernetesObjects o = objects(1, List.of());
    KubernetesObjects partly =
        new KubernetesObjects(
            true,
            List.of("You may not list nodes."),
            o.namespaces(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            1);
    List<Row> rows =
        KubernetesRows.troubles("shop-prod", new ApiState.Failed("It is gone.", 0), partly);
    assertEquals("It is gone.", rows.getFirst().name());
    assertEquals(Mark.TROUBLE, rows.getFirst().mark());
    assertEquals("You may not list nodes.", rows.get(1).children().getFirst().name());
    assertEquals(List.of(), KubernetesRows.troubles("x", new ApiState.Connected("v1"), o));
  }

  @Test
  void clusterPolicies_andNodesWithoutAgents_areTold() {
    KubernetesRows rows = rows(objects(1, List.of()));
    assertEquals("policy all", rows.clusterPolicies().getFirst().name());
    List<Row> bare = rows.nodesWithoutAgent(Set.of("n1"));
    assertEquals(List.of("n2"), bare.stream().map(Row::name).toList());
    assertTrue(bare.getFirst().value().contains("no agent"));
  }
}
