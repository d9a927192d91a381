package io.sekisho.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A folder's manifests: documents, workloads, and what is neither. */
class ManifestsTest {
  private static final String MIXED =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop, labels: {team: red}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: cart, namespace: shop, labels: {not: these}}
      spec:
        replicas: 3
        template:
          metadata: {labels: {app: cart}}
          spec:
            containers:
            - name: cart
              image: cart:1
              ports: [{name: http, containerPort: 8080}, {containerPort: 9}, {name: dns, containerPort: 53, protocol: UDP}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: cart, namespace: shop}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: p, namespace: shop}
      spec: {podSelectr: {}}
      """;

  @Test
  void read_mixedText_tellsKindsApart() {
    Manifests manifests = Manifests.read(List.of(MIXED));
    assertEquals(Set.of("Service"), manifests.skipped());
    assertEquals("Deployment shop/cart", manifests.workloads().get(0).toString());
    assertEquals(
        "k8s:app=cart,k8s:io.cilium.k8s.namespace.labels.team=red,"
            + "k8s:io.kubernetes.pod.namespace=shop,port:dns=53/UDP,port:http=8080/TCP",
        manifests.workloads().get(0).labels().toString());
    Problem problem = manifests.parsed().errors().get(0);
    assertEquals("25:8", problem.line() + ":" + problem.column(), problem.toString());
    assertEquals("podSelector", problem.suggestion());
  }

  @Test
  void read_podsAndCronJobs_haveTheirLabels() {
    Manifests manifests =
        Manifests.read(
            List.of(
                "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {app: a}}\nspec: {containers: []}\n",
                "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c}\nspec: {jobTemplate: {spec:"
                    + " {template: {metadata: {labels: {app: c}}, spec: {containers: []}}}}}\n",
                "apiVersion: v1\nkind: Pod\nmetadata: {name: h}\nspec: {hostNetwork: true}\n"));
    assertFalse(manifests.parsed().hasErrors(), () -> "" + manifests.parsed().problems());
    assertEquals(2, manifests.workloads().size(), "a pod on the host's network is no pod");
    assertEquals(2, manifests.identities().size());
    assertTrue(PortLabels.told(manifests.workloads().get(0).labels()));
  }

  @Test
  void read_brokenManifests_areTold() {
    for (String text :
        List.of(
            "kind: Pod\nmetadata: {labels: {app: 1}}\n",
            "kind: Pod\nspec: {containers: 7}\n",
            "kind: Pod\nspec: {containers: [{ports: [{name: HTTP, containerPort: 80}]}]}\n",
            "kind: Deploymnt\n---\nkind: [\n",
            "apiVersion: cilium.io/v2\nkind: CiliumEgressGatewayPolicy\n")) {
      assertTrue(Manifests.read(List.of(text)).parsed().hasErrors(), text);
    }
  }
}
