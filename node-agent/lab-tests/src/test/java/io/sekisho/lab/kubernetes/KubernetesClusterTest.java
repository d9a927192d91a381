package io.sekisho.lab.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sekisho.lab.Await;
import io.sekisho.lab.Command;
import io.sekisho.lab.traffic.ByteStream;
import io.sekisho.lab.traffic.Echo;
import io.sekisho.lab.traffic.Place;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pods of real kubelets over our CNI plugin and agents, with policies by kubectl. */
final class KubernetesClusterTest {
  private static final String PODS =
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            terminationGracePeriodSeconds: 1
            dnsPolicy: Default
            containers:
            - name: web
              image: sekisho.test/busybox:1
              imagePullPolicy: Never
              command: [sh, -c, 'echo "I am $NODE" >/www/index.html; exec httpd -f -p 8080 -h /www']
              env: [{name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]
              ports: [{name: http, containerPort: 8080}]
              readinessProbe: {httpGet: {port: 8080, path: /}, periodSeconds: 1}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: client, labels: {app: client, role: friend}}
      spec:
        nodeName: node-1
        terminationGracePeriodSeconds: 1
        dnsPolicy: Default
        containers:
        - {name: c, image: "sekisho.test/busybox:1", imagePullPolicy: Never}
      """;

  /** Resident memory of an agent; DESIGN.md tells what was measured. */
  private static final long AGENT_BYTES = 190L << 20;

  private static RealCluster cluster;
  private static Shop shop;

  @BeforeAll
  static void bringUp() {
    assumeTrue(ControlPlane.missingForNodes().isEmpty(), ControlPlane.missingForNodes()::toString);
    cluster = RealCluster.up("sk8s-", 2);
    cluster.plane().kubectlWith(PODS, "apply", "-f", "-");
    kubectl("rollout", "status", "daemonset/web", "--timeout", "120s");
    // both nodes have lost their taint: there are carts on each
    shop = Shop.carts(cluster.plane());
    shop.frontend(Shop.BY_SERVICE);
    kubectl("wait", "--for", "condition=Ready", "--timeout", "120s", "pod/client");
    shop.awaitReady("cart");
    // it has found the service among its variables, and a cart behind it
    shop.awaitReady("frontend");
  }

  @AfterAll
  static void takeDown() {
    if (cluster != null) {
      cluster.close();
      assertEquals(List.of(), cluster.residue());
    }
  }

  private static String kubectl(String... arguments) {
    return cluster.plane().kubectl(arguments);
  }

  /** Field of the web pod of a node. */
  private static String web(int node, String field) {
    return kubectl(
        "get",
        "pod",
        "-l",
        "app=web",
        "--field-selector",
        "spec.nodeName=node-" + node,
        "-o",
        "jsonpath={.items[0]." + field + "}");
  }

  private static boolean reaches(String pod, String address) {
    return cluster
        .plane()
        .tryKubectl(
            "exec",
            pod,
            "--",
            "timeout",
            "2",
            "wget",
            "-q",
            "-O",
            "-",
            "http://" + address + ":8080/");
  }

  private static void awaitReach(String pod, String address, boolean reachable) {
    Await.until(
        RealNode.PATIENCE,
        () -> pod + (reachable ? " does not reach " : " still reaches ") + address,
        () -> reaches(pod, address) == reachable);
  }

  @Test
  void pods_haveAddressesOfTheirNodesRange() {
    for (int node = 1; node <= 2; node++) {
      String range = kubectl("get", "node", "node-" + node, "-o", "jsonpath={.spec.podCIDR}");
      String address = web(node, "status.podIP");
      String prefix = range.substring(0, range.lastIndexOf('.') + 1);
      assertTrue(address.startsWith(prefix), address + " is not in " + range);
      String endpoints = cluster.node(node).ask("endpoints", "-o", "json").replace("\\u003d", "=");
      assertTrue(endpoints.contains(web(node, "metadata.name")), endpoints);
      assertTrue(endpoints.contains("k8s:app=web"), endpoints);
      assertTrue(endpoints.contains("io.cilium.k8s.policy.serviceaccount=default"), endpoints);
    }
  }

  @Test
  void pods_ofTwoNodes_reachEachOther() {
    String far = web(2, "status.podIP");
    kubectl("exec", "client", "--", "ping", "-c", "3", "-W", "2", far);
    assertEquals(
        "I am node-2\n",
        kubectl("exec", "client", "--", "wget", "-q", "-O", "-", "http://" + far + ":8080/"));
    String near = web(1, "status.podIP");
    assertTrue(reaches("client", near));
  }

  @Test
  void nodes_areAvailableWithoutOurTaint() {
    String taints = kubectl("get", "node", "-o", "jsonpath={.items[*].spec.taints}");
    assertFalse(taints.contains("agent-not-ready"), taints);
    assertEquals(
        "False False",
        kubectl(
            "get",
            "node",
            "-o",
            "jsonpath={.items[*].status.conditions[?(@.type=='NetworkUnavailable')].status}"));
    kubectl("-n", "sekisho-system", "get", "sekishonode", "node-1", "node-2");
  }

  @Test
  void networkPolicy_byKubectl_takesEffectAndGoes() {
    String far = web(2, "status.podIP");
    awaitReach("client", far, true);
    cluster
        .plane()
        .kubectlWith(
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: strangers}
            spec:
              podSelector: {matchLabels: {app: web}}
              ingress:
              - from: [{podSelector: {matchLabels: {role: guest}}}]
                ports: [{port: http}]
            """,
            "apply",
            "-f",
            "-");
    awaitReach("client", far, false);
    // The pod moves to another identity, which the policy lets in by the named port.
    kubectl("label", "pod", "client", "--overwrite", "role=guest");
    awaitReach("client", far, true);
    kubectl("label", "pod", "client", "--overwrite", "role=friend");
    awaitReach("client", far, false);
    kubectl("delete", "networkpolicy", "strangers");
    awaitReach("client", far, true);
  }

  @Test
  void ciliumPolicy_byKubectl_isRealizedOnBothNodes() {
    applyAndAwait(
        "everybody",
        """
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: {name: everybody}
        spec: {endpointSelector: {matchLabels: {app: web}}, ingress: [{fromEntities: [all]}]}
        """);
    kubectl("delete", "cnp", "everybody");
  }

  @Test
  void toServices_withAndWithoutSelector_meansTheirBackends() {
    String far = web(2, "status.podIP");
    awaitReach("client", far, true);
    awaitPing(RealCluster.SERVERS, true);
    cluster
        .plane()
        .kubectlWith(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {clusterIP: None, selector: {app: web}, ports: [{port: 8080}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: outside}
            spec: {clusterIP: None, ports: [{port: 8080}]}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: outside-1, labels: {kubernetes.io/service-name: outside}}
            addressType: IPv4
            ports: [{port: 8080}]
            endpoints: [{addresses: [%s]}]
            """
                .formatted(RealCluster.SERVERS),
            "apply",
            "-f",
            "-");
    toService("outside");
    awaitReach("client", far, false);
    awaitPing(RealCluster.SERVERS, true);
    toService("web");
    awaitReach("client", far, true);
    awaitPing(RealCluster.SERVERS, false);
    toService("outside");
    awaitPing(RealCluster.SERVERS, true);
    kubectl("delete", "endpointslice", "outside-1");
    awaitPing(RealCluster.SERVERS, false);
    kubectl("delete", "cnp", "to-service");
    kubectl("delete", "service", "web", "outside");
    awaitReach("client", far, true);
  }

  private static void toService(String name) {
    cluster
        .plane()
        .kubectlWith(
            """
            apiVersion: cilium.io/v2
            kind: CiliumNetworkPolicy
            metadata: {name: to-service}
            spec:
              endpointSelector: {matchLabels: {app: client}}
              egress: [{toServices: [{k8sService: {serviceName: %s, namespace: default}}]}]
            """
                .formatted(name),
            "apply",
            "-f",
            "-");
  }

  private static void awaitPing(String address, boolean answers) {
    Await.until(
        RealNode.PATIENCE,
        () -> "client " + (answers ? "does not reach " : "still reaches ") + address,
        () ->
            cluster
                    .plane()
                    .tryKubectl("exec", "client", "--", "ping", "-c", "1", "-W", "1", address)
                == answers);
  }

  @Test
  void node_labelledByKubectl_isSelectedByItsLabel() {
    kubectl("label", "node", "node-2", "--overwrite", "zone=b");
    Await.until(
        RealNode.PATIENCE,
        () -> cluster.node(1).ask("nodes", "-o", "json"),
        () -> cluster.node(1).ask("nodes", "-o", "json").contains("k8s:zone"));
  }

  private static Place client() {
    return PodPlace.of(kubectl("get", "pod", "client", "-o", "jsonpath={.metadata.uid}"));
  }

  /** The process, or the one behind it, is halted: connections stay, and nothing is answered. */
  @ParameterizedTest
  @ValueSource(strings = {"kube-apiserver", "etcd"})
  void status_apiServerIsSilent_saysSinceWhenUntilItAnswers(String halted) throws IOException {
    String pid = Long.toString(cluster.plane().process(halted).pid());
    String silent =
        "(?s).* kubernetes: the API server (does not answer|fails with status 50[04]): [^\\n]*,"
            + " since [0-9-]+T[0-9:.]+Z; traffic, policies and known pods go on.*";
    InetAddress far = InetAddress.ofLiteral(web(2, "status.podIP"));
    try (var traffic = new PodTraffic(client(), PodPlace.of(web(2, "metadata.uid")), far)) {
      Command.of("kill", "-STOP", pid).run();
      try {
        Await.until(
            RealNode.PATIENCE,
            () -> cluster.node(1).status(),
            () -> cluster.node(1).status().matches(silent));
        traffic.awaitMore(20);
      } finally {
        Command.of("kill", "-CONT", pid).run();
      }
      Await.until(
          RealNode.PATIENCE,
          () -> cluster.node(1).status(),
          () -> !cluster.node(1).status().contains("kubernetes: the API server"));
      traffic.assertNothingLost();
    }
  }

  @Test
  void agent_restartedUnderTraffic_losesNothing() throws IOException {
    InetAddress far = InetAddress.ofLiteral(web(2, "status.podIP"));
    long failures = shop.failures();
    try (var traffic = new PodTraffic(client(), PodPlace.of(web(2, "metadata.uid")), far)) {
      traffic.awaitMore(20);
      for (boolean forcibly : List.of(true, false)) {
        for (int node = 1; node <= 2; node++) {
          cluster.node(node).endAgent(forcibly);
          cluster.node(node).startAgent();
        }
      }
      traffic.awaitMore(50);
      traffic.assertNothingLost();
    }
    shop.awaitCall(true);
    assertEquals(failures, shop.failures(), "calls of the shop's frontend were not answered");
    for (RealNode node : cluster.nodes()) {
      long resident = node.residentBytes();
      assertTrue(resident < AGENT_BYTES, node.name() + "'s agent has " + (resident >> 20) + " MB");
    }
  }

  @Test
  void pod_relabelled_keepsConnectionsThatItsNewLabelsMayHave_losesOthers() throws IOException {
    applyAndAwait(
        "friends",
        """
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: {name: friends}
        spec:
          endpointSelector: {matchLabels: {app: web}}
          ingress:
          - fromEndpoints: [{matchExpressions: [{key: role, operator: In, values: [friend, guest]}]}]
          - fromEntities: [host, remote-node]
        """);
    InetAddress far = InetAddress.ofLiteral(web(2, "status.podIP"));
    try (var echo = new Echo(PodPlace.of(web(2, "metadata.uid")), PodTraffic.PORT);
        var stream = new ByteStream("client", client(), far, PodTraffic.PORT)) {
      Instant begun = Instant.now();
      awaitMore(stream, 100);
      relabel("guest");
      awaitMore(stream, 400);
      assertEquals("", stream.trouble());
      assertEquals("", dropsSince(begun));
      relabel("stranger");
      Await.until(
          RealNode.PATIENCE,
          () -> "a stranger's connection goes on",
          () -> !stream.trouble().isEmpty());
      String told = dropsSince(begun);
      assertTrue(told.contains("DROPPED (policy denied)"), told);
      assertFalse(reaches("client", web(2, "status.podIP")));
    } finally {
      relabel("friend");
      kubectl("delete", "cnp", "friends");
    }
    awaitReach("client", web(2, "status.podIP"), true);
  }

  private static void awaitMore(ByteStream stream, long more) {
    long before = stream.sent();
    Await.until(
        RealNode.PATIENCE,
        () -> "the stream stands still: " + stream.trouble(),
        () -> stream.sent() >= before + more || !stream.trouble().isEmpty());
  }

  /** Both nodes know the client by its new label when it returns. */
  private static void relabel(String role) {
    kubectl("label", "pod", "client", "--overwrite", "role=" + role);
    String label = "k8s:role=" + role;
    for (RealNode node : cluster.nodes()) {
      Await.until(
          RealNode.PATIENCE,
          () -> node.endpoints().toString(),
          () -> node.endpoints().stream().anyMatch(e -> e.getLabelsList().contains(label)));
    }
  }

  /** What the server's node has dropped of the client's. */
  private static String dropsSince(Instant time) {
    return cluster.node(2).drops("--from", "default/client", "--since", time.toString());
  }

  private static void applyAndAwait(String policy, String text) {
    cluster.plane().kubectlWith(text, "apply", "-f", "-");
    String path = "jsonpath={.status.conditions[?(@.type=='Realized')].message}";
    Await.until(
        RealNode.PATIENCE,
        () -> kubectl("get", "cnp", policy, "-o", "yaml"),
        () -> kubectl("get", "cnp", policy, "-o", path).equals("realized on 2 of 2 nodes"));
  }

  @Test
  void shop_policyByKubectl_endsCallsAndTheCommandLineSaysWhy() {
    cluster.plane().kubectlWith(Shop.DENIAL, "apply", "-f", "-");
    shop.awaitCall(false);
    // the agents here do not ask each other: the cart's own tells
    String told =
        cluster.nodes().stream()
            .map(node -> node.drops("--from", "shop/frontend", "--to", "shop/cart"))
            .collect(Collectors.joining());
    assertTrue(Shop.DENIED.matcher(told).find(), told);
    shop.kubectl("delete", "cnp", "no-frontend");
    shop.awaitCall(true);
  }

  @Test
  void node_drained_podsComeUpElsewhereAndItForgetsThem() {
    List<Shop.Member> gone =
        Stream.of("cart", "frontend")
            .flatMap(app -> shop.members(app).stream())
            .filter(member -> member.node().equals("node-2"))
            .toList();
    assertFalse(gone.isEmpty(), "no pod of the shop is on node-2");
    kubectl("drain", "node-2", "--ignore-daemonsets", "--timeout", "100s");
    try {
      for (String app : List.of("cart", "frontend")) {
        shop.awaitReady(app);
        for (Shop.Member member : shop.members(app)) {
          assertEquals("node-1", member.node(), member::toString);
          assertTrue(
              gone.stream().noneMatch(g -> g.address().equals(member.address())), member::toString);
          awaitReach("client", member.address(), true);
        }
      }
      shop.awaitCall(true);
      for (RealNode node : cluster.nodes()) {
        Await.until(
            RealNode.PATIENCE,
            () -> node.endpoints().toString(),
            () -> gone.stream().noneMatch(g -> node.knows(g.name())));
        // the kernel's maps, read back, hold what is known, and nothing beside
        node.ask("policy", "verify");
      }
    } finally {
      kubectl("uncordon", "node-2");
    }
  }

  @Test
  void pod_deleted_leavesNothingOnItsNode() {
    cluster
        .plane()
        .kubectlWith(
            PODS.substring(PODS.lastIndexOf("---\n"))
                .replace("name: client", "name: short")
                .replace("node-1", "node-2"),
            "apply",
            "-f",
            "-");
    kubectl("wait", "--for", "condition=Ready", "--timeout", "120s", "pod/short");
    assertTrue(cluster.node(2).knows("short"));
    int before = interfaces();
    kubectl("delete", "pod", "short", "--timeout", "120s");
    Await.until(
        RealNode.PATIENCE,
        () -> cluster.node(2).endpoints().toString(),
        () -> !cluster.node(2).knows("short") && interfaces() == before - 1);
  }

  private static int interfaces() {
    return (int)
        cluster.node(2).inside("ip", "-o", "link").lines().filter(l -> l.contains(" lxc")).count();
  }
}
