package io.sekisho.agent.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.sekisho.agent.apiserver.ApiServer;
import io.sekisho.agent.cluster.Await;
import io.sekisho.agent.cluster.ClusterStore;
import io.sekisho.agent.cluster.ClusterStore.Lifetime;
import io.sekisho.agent.cluster.KubernetesStore;
import io.sekisho.agent.install.CertificateSecrets;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agents' roles against what agents ask the API server for: neither less nor more. */
final class RightsTest extends SourceFixture {
  private static final String OWN = "sekisho-system";
  private static final String JOB = "sekisho-certificates";
  private static final Duration LEASE = Duration.ofSeconds(2);

  /** One of each kind of the cluster store, alone in its object. */
  private static final List<String> KEYS =
      List.of(
          "nodes/n1",
          "endpoints/n1/1",
          "identities/by-number/300",
          "revisions/1",
          "realized/n1",
          "head");

  /** One of each kind of policies that has a status, by the name that kubectl takes. */
  private static final List<String> POLICIES =
      List.of(
          "ciliumnetworkpolicy",
          "ciliumclusterwidenetworkpolicy",
          "clusternetworkpolicy",
          "adminnetworkpolicy",
          "baselineadminnetworkpolicy",
          "expectation",
          "prefixlist");

  private static final String NAMESPACES =
      "subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]";

  @Test
  void roles_areWhatAgentsAskFor() throws IOException {
    Set<String> everywhere = Rights.granted(api, namespace);
    Set<String> inOwn = new TreeSet<>(Rights.granted(api, OWN));
    inOwn.removeAll(everywhere);
    defineAllPolicies();
    useStore();
    makePolicies();
    serve();
    assertEquals(1, new NodeRanges(api, node, state).take().ranges().size());
    Await.until(
        () -> asked(false).containsAll(patches()) && asked(false).contains("create events"),
        () -> asked(false));
    serveStatusNoMore();
    removePolicies();
    makePolicies();
    restart();
    serve();

    Await.until(
        () -> asked(false).containsAll(everywhere) && asked(true).containsAll(inOwn),
        () -> "asked for everywhere: " + asked(false) + ", in our namespace: " + asked(true));
    assertEquals(
        List.of(), Rights.asked(cluster, "agent").stream().filter(Rights.Asked::refused).toList());
    Set<String> rest = asked(true);
    rest.removeAll(everywhere);
    assertEquals(everywhere, asked(false));
    assertEquals(inOwn, rest);
  }

  /** The job that makes certificates, by its service account: all that it may is three secrets. */
  @Test
  void certificateRole_isWhatTheJobAsksFor(@TempDir Path folder) throws IOException {
    cluster.apply("certificates.yaml");
    try (ApiServer client = Rights.byToken(cluster, folder, JOB)) {
      Await.until(() -> !Rights.granted(client, OWN).isEmpty());
      for (Duration later : List.of(Duration.ZERO, Duration.ofDays(800))) {
        Clock then = Clock.offset(Clock.systemUTC(), later);
        new CertificateSecrets(client, OWN, "agents.test", then, said -> {}).make();
      }
      Set<String> granted = Rights.granted(client, OWN);
      List<Rights.Asked> asked = Rights.asked(cluster, "system:serviceaccount:" + OWN + ":" + JOB);
      Set<String> used =
          asked.stream()
              .map(a -> a.right() + (a.right().startsWith("create") ? "" : " " + a.name()))
              .collect(Collectors.toCollection(TreeSet::new));
      assertEquals(granted, used);
      assertEquals(List.of(), asked.stream().filter(a -> !a.namespace().equals(OWN)).toList());
    }
  }

  /** What no role can say: an agent changes the node that its pod is on, and little of it. */
  @Test
  void ownNode_isAllThatAnAgentChanges(@TempDir Path folder) throws IOException {
    cluster.apply("own-node.yaml");
    cluster.kubectlWith(
        """
        apiVersion: v1
        kind: Node
        metadata: {name: other}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: own, namespace: sekisho-system}
        spec: {nodeName: %s, serviceAccountName: sekisho-agent, containers: [{name: c, image: x}]}
        """
            .formatted(node),
        "create",
        "-f",
        "-");
    String[] bound = {"sekisho-agent", "--bound-object-kind=Pod", "--bound-object-name=own"};
    try (ApiServer client = Rights.byToken(cluster, folder, bound)) {
      String others = "an agent changes its own node only";
      Await.until(() -> Rights.refusal(client, "other", n -> n).contains(others));
      assertEquals("", Rights.refusal(client, node, OwnNode::withoutTaint));
      List<UnaryOperator<GenericKubernetesResource>> changes =
          List.of(
              n -> Rights.with(n, "unschedulable", true),
              n -> Rights.with(n, "taints", List.of(Map.of("key", "k", "effect", "NoSchedule"))),
              n -> n.toBuilder().editMetadata().addToLabels("zone", "b").endMetadata().build());
      for (UnaryOperator<GenericKubernetesResource> change : changes) {
        String said = Rights.refusal(client, node, change);
        assertTrue(said.contains("takes taints away, and changes nothing else"), said);
      }
    }
  }

  /** What was asked for in our namespace, or everywhere else. */
  private static Set<String> asked(boolean own) {
    return Rights.asked(cluster, "agent").stream()
        .filter(a -> own == a.namespace().equals(OWN))
        .map(Rights.Asked::right)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> patches() {
    return POLICIES.stream().map(RightsTest::patch).collect(Collectors.toSet());
  }

  private static String patch(String kind) {
    String plural = kind.endsWith("y") ? kind.substring(0, kind.length() - 1) + "ies" : kind + "s";
    String group =
        kind.startsWith("cilium")
            ? "cilium.io"
            : kind.endsWith("policy") ? "policy.networking.k8s.io" : "sekisho.io";
    return "patch " + plural + "/status." + group;
  }

  /** The fixture leaves one out. */
  private void defineAllPolicies() {
    cluster.apply("policy-crds.yaml");
    cluster.awaitResources();
    restart();
  }

  private void restart() {
    source.close();
    source = source(api);
    source.start();
  }

  private void useStore() {
    ApiServer other = client();
    try (var living = new KubernetesStore(api, settings("n1"))) {
      var dying = new KubernetesStore(other, settings("n2"));
      for (String key : KEYS) {
        use(living, key);
        dying.put(key, new byte[] {2}, Lifetime.SESSION);
      }
      Await.until(() -> asked(true).contains("patch leases.coordination.k8s.io"));
      dying.close();
      Await.until(
          () -> KEYS.stream().noneMatch(key -> living.get(key).isPresent()),
          () -> living.list("nodes/"));
    } finally {
      other.close();
    }
  }

  private static KubernetesStore.Settings settings(String holder) {
    return new KubernetesStore.Settings(OWN, holder, LEASE);
  }

  private static void use(ClusterStore store, String key) {
    try (var watch = store.watch(key, new Ignored())) {
      store.put(key, new byte[] {1}, Lifetime.PERSISTENT);
      store.put(key, new byte[] {2}, Lifetime.PERSISTENT);
      assertEquals(1, store.list(key).size());
      assertEquals(2, store.get(key).orElseThrow().value()[0]);
      String verb = "watch " + plural(key) + ".sekisho.io";
      Await.until(() -> asked(true).contains(verb), () -> verb + " of " + asked(true));
    }
    store.delete(key);
  }

  private static String plural(String key) {
    return switch (key.substring(0, 2)) {
      case "no" -> "sekishonodes";
      case "en" -> "sekishoendpointslices";
      case "id" -> "sekishoidentities";
      case "re" -> key.startsWith("rev") ? "sekishorevisions" : "sekishorealizations";
      default -> "sekishoentries";
    };
  }

  /** What a watch tells is another test's matter. */
  private static final class Ignored implements ClusterStore.Watcher {
    @Override
    public void reset() {}

    @Override
    public void put(ClusterStore.Entry entry) {}

    @Override
    public void deleted(String key) {}

    @Override
    public void synced() {}
  }

  private void makePolicies() {
    policy("p", "80");
    cilium("p", "fromEndpoints: [{}]");
    cilium("refused", "authentication: {mode: required}");
    apply("cilium.io/v2", POLICIES.get(1), "endpointSelector: {}, ingress: [{}]");
    apply(
        "policy.networking.k8s.io/v1alpha2",
        POLICIES.get(2),
        "tier: Admin, priority: 1, subject: {namespaces: {}}");
    apply("policy.networking.k8s.io/v1alpha1", POLICIES.get(3), "priority: 1, " + NAMESPACES);
    apply("policy.networking.k8s.io/v1alpha1", POLICIES.get(4), NAMESPACES);
    apply(
        "sekisho.io/v1",
        POLICIES.get(5),
        "expect: deny, from: [{namespace: a}], to: [{namespace: b}]");
    apply("sekisho.io/v1", POLICIES.get(6), "deny: [203.0.113.0/24]");
  }

  /** Those that come after them have no status that a new leader would find. */
  private void removePolicies() {
    for (String kind : POLICIES) {
      cluster.kubectl("-n", namespace, "delete", kind, "--all");
    }
  }

  private static void apply(String version, String kind, String spec) {
    String words =
        switch (kind) {
          case "ciliumclusterwidenetworkpolicy" -> "CiliumClusterwideNetworkPolicy";
          case "clusternetworkpolicy" -> "ClusterNetworkPolicy";
          case "adminnetworkpolicy" -> "AdminNetworkPolicy";
          case "baselineadminnetworkpolicy" -> "BaselineAdminNetworkPolicy";
          case "expectation" -> "Expectation";
          default -> "PrefixList";
        };
    cluster.kubectlWith(
        "{apiVersion: %s, kind: %s, metadata: {name: default}, spec: {%s}}"
            .formatted(version, words, spec),
        "apply",
        "-f",
        "-");
  }

  /** Where others brought the kinds they may have no status; an agent asks whether that is so. */
  private void serveStatusNoMore() throws IOException {
    String all = Files.readString(ControlPlane.scripts().resolve("manifests/policy-crds.yaml"));
    cluster.kubectlWith(
        all.replace("    subresources:\n      status: {}\n", ""), "apply", "-f", "-");
    for (String kind : POLICIES) {
      String name = kind.equals(POLICIES.getFirst()) ? "p" : "default";
      Await.until(
          () -> !cluster.tryKubectl("-n", namespace, "get", kind, name, "--subresource", "status"),
          () -> kind + " has a status still");
    }
  }
}
