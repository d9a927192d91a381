package io.sekisho.console.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sekisho.console.core.ConnectionProfile;
import io.sekisho.console.core.kubernetes.Access;
import io.sekisho.console.core.kubernetes.ApiState;
import io.sekisho.console.core.kubernetes.Deed;
import io.sekisho.console.core.kubernetes.KubernetesContext;
import io.sekisho.console.core.kubernetes.KubernetesObjects;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Event;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Pod;
import io.sekisho.console.core.kubernetes.ObjectRef;
import io.sekisho.console.core.kubernetes.Plan;
import io.sekisho.console.core.kubernetes.Plan.Change;
import io.sekisho.console.kubernetes.KubernetesTest.Report;
import io.sekisho.console.kubernetes.KubernetesTest.Step;
import io.sekisho.policy.Kind;
import io.sekisho.testkit.Await;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The console against a real API server: what it sees, may do, and applies. */
class ApiServerTest {
  private static final String POLICY =
      """
      # who may talk to the cart
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: %s, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: cart}}
        ingress:
        - from:
          - podSelector: {matchLabels: {app: %s}}
          ports: [{port: 8080, protocol: TCP}]
        policyTypes: [Ingress]
      """;

  private static Optional<ControlPlane> cluster = Optional.empty();

  @BeforeAll
  static void up() {
    assumeTrue(ControlPlane.missing().isEmpty(), () -> ControlPlane.missing().orElse(""));
    ControlPlane made = ControlPlane.apiServer();
    cluster = Optional.of(made);
    made.kubectl("create", "namespace", "shop");
    made.kubectl("create", "namespace", "sekisho-system");
    made.apply("policy-crds.yaml");
    made.awaitResources();
  }

  @AfterAll
  static void down() {
    cluster.ifPresent(ControlPlane::close);
  }

  private static ControlPlane cluster() {
    return cluster.orElseThrow();
  }

  private static KubernetesContext context(Path kubeconfig) {
    return KubernetesContext.usual(List.of(kubeconfig), "test");
  }

  private static KubernetesSession open(Path kubeconfig) {
    return KubernetesSession.open(context(kubeconfig), Clock.systemUTC());
  }

  private static KubernetesSession admin() {
    return open(cluster().kubeconfig());
  }

  private static void until(String what, KubernetesSession session, ObjectsCheck check) {
    Await.until(what, () -> check.holds(session.objects()));
  }

  /** Something that holds of what was told. */
  private interface ObjectsCheck {
    boolean holds(KubernetesObjects objects);
  }

  @Test
  void objects_ofADeployment_areToldByTheirOwnerAndFollowed() {
    cluster().kubectlWith(deployment(), "apply", "-f", "-");
    try (KubernetesSession session = admin()) {
      until("the pod", session, o -> o.synced() && o.pod("shop", "cart-5d9c7b-x1").isPresent());
      Pod pod = session.objects().pod("shop", "cart-5d9c7b-x1").orElseThrow();
      assertEquals("Deployment", pod.workloadKind());
      assertEquals("cart", pod.workload());
      assertFalse(pod.ready());
      assertTrue(
          session.objects().workloads().stream()
              .anyMatch(w -> w.key().equals("shop/cart") && w.wanted() == 3),
          session.objects().workloads().toString());
      assertTrue(
          session.objects().services().stream()
              .anyMatch(s -> s.name().equals("cart") && s.selects(pod)));
      cluster().kubectlWith(event(), "apply", "-f", "-");
      until("the event", session, o -> !o.about("shop/cart", 0, Long.MAX_VALUE).isEmpty());
      Event event = session.objects().about("shop/cart", 0, Long.MAX_VALUE).getFirst();
      assertEquals("Unhealthy", event.reason());
      assertEquals(1_767_225_600_000L, event.last());
      cluster().kubectl("delete", "pod", "-n", "shop", "cart-5d9c7b-x1", "--force");
      until("no pod", session, o -> o.pod("shop", "cart-5d9c7b-x1").isEmpty());
      assertEquals(1, session.objects().about("shop/cart", 0, Long.MAX_VALUE).size());
    }
  }

  private static String deployment() {
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: cart, namespace: shop}
    spec:
      replicas: 3
      selector: {matchLabels: {app: cart}}
      template:
        metadata: {labels: {app: cart}}
        spec: {containers: [{name: c, image: cart}]}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: cart, namespace: shop}
    spec: {selector: {app: cart}, ports: [{port: 80, targetPort: 8080}]}
    ---
    apiVersion: v1
    kind: Pod
    metadata:
      name: cart-5d9c7b-x1
      namespace: shop
      labels: {app: cart, pod-template-hash: 5d9c7b}
      ownerReferences:
      - {apiVersion: apps/v1, kind: ReplicaSet, name: cart-5d9c7b, uid: "1", controller: true}
    spec: {containers: [{name: c, image: cart}]}
    """;
  }

  private static String event() {
    return """
    apiVersion: v1
    kind: Event
    metadata: {name: cart-5d9c7b-x1.1, namespace: shop}
    involvedObject: {apiVersion: v1, kind: Pod, name: cart-5d9c7b-x1, namespace: shop}
    type: Warning
    reason: Unhealthy
    message: "Readiness probe failed: connection refused"
    count: 4
    lastTimestamp: "2026-01-01T00:00:00Z"
    """;
  }

  @Test
  void access_ofAViewer_saysWhichPermissionIsMissing() {
    Path kubeconfig = cluster().user("viewer", "/O=readers/CN=viewer");
    // the role "view" is empty where no controller manager gathers its rules
    cluster()
        .kubectl(
            "create",
            "clusterrole",
            "reader",
            "--verb=get,list,watch",
            "--resource=pods,services,events,deployments.apps,statefulsets.apps,daemonsets.apps,"
                + "networkpolicies.networking.k8s.io");
    cluster()
        .kubectl(
            "create", "clusterrolebinding", "readers", "--clusterrole=reader", "--group=readers");
    Await.until(
        "the role counts",
        () ->
            cluster()
                .tryKubectl("auth", "can-i", "list", "pods", "-A", "--as=v", "--as-group=readers"));
    try (KubernetesSession session = open(kubeconfig)) {
      Await.until("an answer", () -> session.access().known());
      Access access = session.access();
      assertTrue(access.refusal(Deed.SEE_PODS).isEmpty());
      assertEquals(
          "You may not patch networkpolicies (networking.k8s.io) in all namespaces.",
          access.refusal(Deed.APPLY_NETWORK_POLICIES).orElse(""));
      assertEquals(
          "You may not create pods/portforward in sekisho-system.",
          access.refusal(Deed.FORWARD).orElse(""));
      assertTrue(access.refusal(Deed.READ_CERTIFICATE).isPresent());
      assertEquals(
          Optional.of("You may not patch ciliumclusterwidenetworkpolicies (cilium.io)."),
          access.refusal(Kind.CILIUM_CLUSTERWIDE));
      assertEquals(
          Optional.of("You may not patch adminnetworkpolicies (policy.networking.k8s.io)."),
          access.refusal(Kind.ADMIN_NETWORK_POLICY));
      assertEquals(
          Optional.of("You may not patch prefixlists (sekisho.io)."),
          access.refusal(Kind.PREFIX_LIST));
      assertTrue(access.refusalOfAll().isPresent());
      until(
          "the rest, and that nodes are missing",
          session,
          o -> o.synced() && o.missing().stream().anyMatch(m -> m.contains("list nodes")));
      Plan plan = session.plan(List.of(POLICY.formatted("refused", "web")), List.of()).join();
      assertTrue(plan.refused());
      assertTrue(plan.steps().getFirst().error().orElse("").contains("cannot patch"));
    }
  }

  @Test
  void refusal_ofRightsInOneNamespace_namesTheOthers() throws Exception {
    Path kubeconfig = Deputy.of(cluster());
    Files.writeString(
        kubeconfig,
        Files.readString(kubeconfig)
            .replace("cluster: test, user", "cluster: test, namespace: shop, user"));
    cluster().kubectl("create", "namespace", "ops");
    String here = POLICY.formatted("mine", "web");
    String there = here.replace("namespace: shop", "namespace: ops");
    var gone = new ObjectRef("NetworkPolicy", "shop", "mine");
    try (KubernetesSession session = open(kubeconfig)) {
      assertEquals(Optional.empty(), session.refusal(List.of(here, "kind: ["), List.of()).join());
      assertEquals(
          Optional.of(
              "You may not patch networkpolicies (networking.k8s.io) in ops.\n"
                  + "You may not create networkpolicies (networking.k8s.io) in ops.\n"
                  + "You may not delete networkpolicies (networking.k8s.io) in shop."),
          session.refusal(List.of(here, there), List.of(gone)).join());
      Await.until("an answer", () -> session.access().known());
      assertEquals(Optional.empty(), session.access().refusal(Deed.APPLY_NETWORK_POLICIES));
      assertTrue(session.access().refusal(Deed.APPLY_CILIUM_POLICIES).isPresent());
      assertEquals(Optional.empty(), session.access().refusalOfAll());
    }
  }

  @Test
  void apply_dryRunFirst_createsChangesAndRemoves() {
    ObjectRef ref = new ObjectRef("NetworkPolicy", "shop", "life");
    try (KubernetesSession session = admin()) {
      Plan create = session.plan(List.of(POLICY.formatted("life", "web")), List.of()).join();
      assertEquals(Change.CREATE, create.steps().getFirst().change(), create.toString());
      assertFalse(cluster().tryKubectl("get", "networkpolicy", "-n", "shop", "life"));
      List<Plan.Step> told = new CopyOnWriteArrayList<>();
      assertEquals(List.of(), session.apply(create, false, told::add).join());
      assertEquals(1, told.size());
      until("the policy", session, o -> o.policies().stream().anyMatch(p -> p.ref().equals(ref)));
      KubernetesObjects.Policy live =
          session.objects().policies().stream()
              .filter(p -> p.ref().equals(ref))
              .findFirst()
              .orElseThrow();
      assertEquals(List.of("sekisho-console"), live.managers());
      assertFalse(
          live.yaml().contains("managedFields") || live.yaml().contains("uid"), live.yaml());

      Plan same = session.plan(List.of(POLICY.formatted("life", "web")), List.of()).join();
      assertEquals(Change.SAME, same.steps().getFirst().change(), same.toString());
      Plan change = session.plan(List.of(POLICY.formatted("life", "shop")), List.of()).join();
      assertEquals(Change.CHANGE, change.steps().getFirst().change());
      assertTrue(change.steps().getFirst().live().contains("app: web"), change.toString());
      assertTrue(change.steps().getFirst().after().contains("app: shop"), change.toString());
      assertEquals(List.of(), session.apply(change, false, told::add).join());
      assertTrue(
          cluster()
              .kubectl("get", "networkpolicy", "-n", "shop", "life", "-o", "yaml")
              .contains("app: shop"));

      Plan remove = session.plan(List.of(), List.of(ref)).join();
      assertEquals(Change.REMOVE, remove.steps().getFirst().change());
      assertTrue(cluster().tryKubectl("get", "networkpolicy", "-n", "shop", "life"));
      assertEquals(List.of(), session.apply(remove, false, told::add).join());
      assertFalse(cluster().tryKubectl("get", "networkpolicy", "-n", "shop", "life"));
    }
  }

  @Test
  void apply_fieldsOfOthers_areNamedAndTakenOverOnlyWhenForced() {
    cluster()
        .kubectlWith(
            POLICY.formatted("owned", "web"),
            "apply",
            "--server-side",
            "--field-manager=gitops",
            "-f",
            "-");
    String mine = POLICY.formatted("owned", "shop");
    try (KubernetesSession session = admin()) {
      Plan plan = session.plan(List.of(mine), List.of()).join();
      Plan.Step step = plan.steps().getFirst();
      assertEquals(
          List.of(new Plan.Conflict("gitops", ".spec.ingress")), step.conflicts(), plan.toString());
      assertTrue(step.after().contains("app: shop"), step.after());
      List<Plan.Step> failed = session.apply(plan, false, s -> {}).join();
      assertEquals(1, failed.size());
      assertTrue(failed.getFirst().error().orElse("").contains("gitops"), failed.toString());
      assertTrue(live("owned").contains("app: web"));
      assertEquals(List.of(), session.apply(plan, true, s -> {}).join());
      assertTrue(live("owned").contains("app: shop"));
    }
  }

  @Test
  void apply_changedSinceThePlan_isLeftAlone() {
    cluster().kubectlWith(POLICY.formatted("raced", "web"), "apply", "-f", "-");
    try (KubernetesSession session = admin()) {
      Plan plan = session.plan(List.of(POLICY.formatted("raced", "shop")), List.of()).join();
      cluster().kubectl("annotate", "networkpolicy", "-n", "shop", "raced", "seen=now");
      List<Plan.Step> failed = session.apply(plan, true, s -> {}).join();
      assertEquals(1, failed.size());
      assertTrue(live("raced").contains("app: web"));
    }
  }

  private static String live(String name) {
    return cluster().kubectl("get", "networkpolicy", "-n", "shop", name, "-o", "yaml");
  }

  @Test
  void plan_brokenDocuments_sayWhatIsWrongAndTheOthersArePlanned() {
    try (KubernetesSession session = admin()) {
      List<String> texts =
          List.of(
              POLICY.formatted("good", "web"),
              POLICY.formatted("typo", "web").replace("ingress:", "ingres:"),
              "kind: [",
              "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: e}\n",
              POLICY.formatted("elsewhere", "web").replace("shop}", "nowhere}"));
      Plan plan = session.plan(texts, List.of()).join();
      List<String> errors = plan.steps().stream().map(s -> s.error().orElse("")).toList();
      assertEquals("", errors.get(0));
      assertTrue(errors.get(1).contains("ingres"), errors.get(1));
      assertEquals("The text is not YAML of an object.", errors.get(2));
      assertEquals(
          "Deployment is not a kind for Kubernetes: push it to the agents.", errors.get(3));
      assertTrue(errors.get(4).contains("\"nowhere\" not found"), errors.get(4));
    }
  }

  @Test
  void test_withoutAgents_goesAsFarAsItCan() {
    List<Step> steps = new ArrayList<>();
    ConnectionProfile profile =
        ConnectionProfile.kubernetes("test", false, context(cluster().kubeconfig()));
    Report report = KubernetesTest.run(profile, steps::add).join();
    assertTrue(report.version().startsWith("v1."), report.toString());
    assertTrue(report.failure().contains("app.kubernetes.io/name=sekisho-agent"), report.failure());
    assertEquals(List.of(Step.SIGN_IN, Step.API_SERVER, Step.PERMISSIONS, Step.AGENTS), steps);
  }

  @Test
  void test_deadServer_saysSo(@org.junit.jupiter.api.io.TempDir Path folder) throws Exception {
    Path dead =
        Files.writeString(
            folder.resolve("dead"),
            Files.readString(cluster().kubeconfig())
                .replaceFirst("https://[^\"]+", "https://127.0.0.1:1"));
    Report report =
        KubernetesTest.run(ConnectionProfile.kubernetes("x", false, context(dead)), s -> {}).join();
    assertEquals("", report.version());
    assertTrue(report.failure().contains("nothing listens there"), report.failure());
    try (KubernetesSession session = open(dead)) {
      Await.until("a failure", () -> session.state() instanceof ApiState.Failed);
    }
  }

  @Test
  void plan_cancelled_failsWithThat() {
    try (KubernetesSession session = admin()) {
      var call = session.plan(List.of(POLICY.formatted("never", "web")), List.of());
      call.cancel(true);
      assertThrows(java.util.concurrent.CancellationException.class, call::join);
      assertFalse(cluster().tryKubectl("get", "networkpolicy", "-n", "shop", "never"));
    } catch (CompletionException e) {
      throw new AssertionError(e);
    }
  }
}
