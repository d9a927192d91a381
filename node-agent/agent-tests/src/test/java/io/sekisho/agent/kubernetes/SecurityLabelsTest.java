package io.sekisho.agent.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.policy.Labels;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class SecurityLabelsTest {
  private static final LabelFilter USUAL = new LabelFilter(List.of(), List.of());

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: cart-5d9c-x1
        namespace: shop
        uid: u1
        labels: {app: cart, pod-template-hash: 5d9c, io.kubernetes.pod.namespace: kube-system}
        ownerReferences:
        - {apiVersion: apps/v1, kind: ReplicaSet, name: cart-5d9c, uid: r1, controller: true}
      spec:
        serviceAccountName: carts
        initContainers:
        - {name: side, ports: [{name: metrics, containerPort: 9090}]}
        containers:
        - name: main
          ports:
          - {name: http, containerPort: 8080, protocol: TCP}
          - {name: dns, containerPort: 53, protocol: UDP}
          - {containerPort: 7000}
      """;

  @Test
  void of_pod_hasLabelsNamespaceAccountAndPorts() {
    PodFacts pod = PodFacts.of(ApiObjects.of(POD));
    Labels labels = SecurityLabels.of(pod, Map.of("team", "web"), USUAL);
    assertEquals(
        Labels.of(
            "k8s:app=cart",
            "k8s:io.kubernetes.pod.namespace=shop",
            "k8s:io.cilium.k8s.namespace.labels.team=web",
            "k8s:io.cilium.k8s.policy.serviceaccount=carts",
            "port:http=8080/TCP",
            "port:dns=53/UDP",
            "port:metrics=9090/TCP"),
        labels);
    assertEquals("cart", pod.workload());
    assertEquals("shop", labels.namespace());
  }

  @Test
  void of_labelsThatOnlyWeMaySet_areDropped() {
    var pod =
        new PodFacts(
            "shop",
            "p",
            "u",
            Map.of(
                "io.cilium.k8s.policy.serviceaccount", "root",
                "io.cilium.k8s.namespace.labels.team", "admins",
                "io.kubernetes.pod.namespace", "kube-system",
                "app", "x"),
            "default",
            List.of(),
            "p",
            BandwidthAnnotations.of(Map.of()));
    Labels labels = SecurityLabels.of(pod, Map.of(), USUAL);
    assertEquals("shop", labels.namespace());
    assertEquals("default", labels.get("k8s:io.cilium.k8s.policy.serviceaccount").orElseThrow());
    assertEquals(true, labels.get("k8s:io.cilium.k8s.namespace.labels.team").isEmpty());
  }

  @Test
  void filter_includeGoesBeforeExclude() {
    var filter =
        new LabelFilter(
            List.of(Pattern.compile("example\\.org/keep")),
            List.of(Pattern.compile("example\\.org/.*")));
    assertEquals(true, filter.takes("example.org/keep"));
    assertEquals(false, filter.takes("example.org/build"));
    assertEquals(true, filter.takes("pod-template-hash"));
  }

  @Test
  void podFacts_mirrorPod_hasTheStaticPodsUid() {
    PodFacts mirror =
        PodFacts.of(
            ApiObjects.of(
                """
                apiVersion: v1
                kind: Pod
                metadata:
                  {name: etcd-n1, namespace: kube-system, uid: mirror,
                   annotations: {kubernetes.io/config.mirror: static},
                   ownerReferences: [{apiVersion: v1, kind: Node, name: n1, uid: n, controller: true}]}
                spec: {containers: [{name: etcd}]}
                """));
    assertEquals("static", mirror.uid());
    assertEquals("etcd-n1", mirror.workload());
  }
}
