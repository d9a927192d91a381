package io.sekisho.lab.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sekisho.lab.Await;
import io.sekisho.lab.Command;
import io.sekisho.lab.traffic.Place;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The life of an installation on two real nodes: our image, our manifests as they are, {@code
 * sekisho-agent install}, pods, an update under traffic, {@code uninstall}.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class PlainClusterTest extends InstalledFixture {
  private static final String CHECKER = "app=checker";

  /** Nothing else listens in the namespace of the API server but the control plane. */
  private static final int FORWARDED = 24_244;

  private static EchoPods echo;
  private static Shop shop;
  private static Optional<ConsoleProcess> console = Optional.empty();

  @BeforeAll
  static void install() {
    assumeTrue(ControlPlane.missingForNodes().isEmpty(), ControlPlane.missingForNodes()::toString);
    cluster = new PlainCluster(2);
    refuseNobody();
    Command.Result said =
        agent("install", "--wait", "--timeout", "240", "--api-server", cluster.server());
    assertEquals(0, said.status(), () -> said + cluster.agentsSay());
    assertTrue(said.output().contains("nothing is in the way"), said::output);
    assertTrue(said.output().contains("every node has its agent"), said::output);
    kubectl("wait", "--for", "condition=Ready", "--timeout", "60s", "node", "--all");
    echo = new EchoPods(cluster);
    echo.apply();
  }

  /** Whoever may not install is told so, and nothing is changed. */
  private static void refuseNobody() {
    var nobody = cluster.plane().user("nobody", "/CN=nobody");
    Command.Result said = cluster.agent(nobody, "install");
    assertEquals(1, said.status(), said::toString);
    assertTrue(said.output().contains("you may not create namespaces"), said::output);
    assertFalse(cluster.plane().tryKubectl("get", "namespace", "sekisho-system"));
  }

  @AfterAll
  static void takeDown() {
    console.ifPresent(ConsoleProcess::close);
    if (cluster != null) {
      cluster.close();
      assertEquals(List.of(), PlainCluster.residue());
    }
  }

  @Test
  @Order(3)
  void pods_ofTwoNodes_haveAddressesAndTalk() {
    String taints = kubectl("get", "node", "-o", "jsonpath={.items[*].spec.taints}");
    assertFalse(taints.contains("agent-not-ready"), taints);
    for (int node = 1; node <= 2; node++) {
      String range = kubectl("get", "node", "node-" + node, "-o", "jsonpath={.spec.podCIDR}");
      String prefix = range.substring(0, range.lastIndexOf('.') + 1);
      String address = echo.field(node, "status.podIP");
      assertTrue(address.startsWith(prefix), address + " is not in " + range);
    }
    String name = echo.field(1, "metadata.name");
    kubectl("exec", name, "--", "ping", "-c", "3", "-W", "2", echo.field(2, "status.podIP"));
  }

  /** By CNI's portmap, which the installation puts behind our plugin. */
  @Test
  @Order(3)
  void hostPort_ofAPod_answersAtItsNode() {
    for (int node = 1; node <= 2; node++) {
      echo.assertPortAnswers(node, echo.field(node, "status.hostIP"));
    }
  }

  @Test
  @Order(3)
  void hostPort_byIpv6_answersAtItsNode() {
    for (int node = 1; node <= 2; node++) {
      String addresses = echo.field(node, "status.podIPs[*].ip");
      assertTrue(addresses.contains("fd00:10:244:"), addresses);
      echo.assertPortAnswers(node, "[" + PlainCluster.address6(node) + "]");
    }
  }

  /** A real kubelet's pods would get it: every way to ask says so. */
  @Test
  @Order(4)
  void status_otherNetworkFirst_saysSoUntilItIsGone() {
    String file = "/etc/cni/net.d/00-other.conflist";
    String other = "{\"cniVersion\":\"1.0.0\",\"name\":\"o\",\"plugins\":[{\"type\":\"bridge\"}]}";
    String sentence =
        "00-other.conflist comes before /etc/cni/net.d/05-sekisho.conflist: new pods get that"
            + " network, not this one; remove it there";
    cluster.nodes().getFirst().inside("sh", "-c", "echo '" + other + "' >" + file);
    try {
      Command.Result said = awaitStatus(1);
      assertTrue(said.output().contains("node node-1: " + sentence + "\n"), said::toString);
      assertTrue(said.error().contains("1 node with another network first"), said::toString);
      String row = "(?s).*node-1 +degraded .*cni configuration: " + sentence + ".*";
      Await.until(RealNode.PATIENCE, PlainClusterTest::agentsSay, () -> agentsSay().matches(row));
    } finally {
      cluster.nodes().getFirst().inside("rm", file);
    }
    assertFalse(awaitStatus(0).output().contains("00-other"));
  }

  @Test
  @Order(4)
  void agents_withOneCertificate_knowEachOther() {
    String status = ask("status");
    assertTrue(status.contains("node-1") && status.contains("node-2"), status);
    // flows of both nodes: the agent asks the other one by its certificate's name
    String flows = ask("monitor", "--last", "100", "-o", "json");
    assertTrue(flows.contains("node-1") && flows.contains("node-2"), flows);
  }

  /** A JVM says nothing of classes that were recorded in vain: of another Java, path, or time. */
  @Test
  @Order(4)
  void agents_ofTheImage_haveTheirClassesReady() throws IOException {
    String said =
        system(
            "exec",
            "ds/sekisho-agent",
            "-c",
            "agent",
            "--",
            "env",
            "SEKISHO_JAVA_OPTS=-XX:AOTMode=on",
            "sekisho-agent",
            "--version");
    assertTrue(said.contains("sekisho-agent"), said);
    List<ProcessHandle> agents =
        ProcessHandle.allProcesses().filter(PlainClusterTest::isOurs).toList();
    assertEquals(2, agents.size(), agents::toString);
    for (ProcessHandle agent : agents) {
      String mapped = Files.readString(Path.of("/proc/" + agent.pid() + "/maps"));
      assertTrue(mapped.contains("/usr/lib/sekisho/agent/lib/agent.aot"), mapped);
    }
  }

  /** Whether it is an agent of an image, whoever's lab runs beside us. */
  private static boolean isOurs(ProcessHandle process) {
    try {
      // the JDK tells no more than a page of it
      String words = Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
      return words.contains("/usr/lib/sekisho/agent/lib/")
          && words.endsWith("\0run\0--config\0/etc/sekisho/agent.yaml\0");
    } catch (IOException e) {
      return false; // it has ended
    }
  }

  @Test
  @Order(4)
  void portForward_toAnAgent_servesTheAdministrator(@TempDir Path folder) throws IOException {
    for (String part : List.of("ca.crt", "tls.crt", "tls.key")) {
      String field = "jsonpath={.data." + part.replace(".", "\\.") + "}";
      String text = system("get", "secret", "sekisho-admin-tls", "-o", field);
      Files.write(folder.resolve(part), Base64.getDecoder().decode(text.strip()));
    }
    Process forward = cluster.forward(FORWARDED);
    try {
      var words =
          List.of(
              "status",
              "--server",
              "127.0.0.1:" + FORWARDED,
              "--server-name",
              "agents.sekisho.internal",
              "--ca",
              folder.resolve("ca.crt").toString(),
              "--certificate",
              folder.resolve("tls.crt").toString(),
              "--key",
              folder.resolve("tls.key").toString());
      var said = new AtomicReference<>(cluster.agent(words));
      Await.until(
          RealNode.PATIENCE,
          () -> said + cluster.agentsSay(),
          () -> said.updateAndGet(s -> s.status() == 0 ? s : cluster.agent(words)).status() == 0);
      assertTrue(said.get().output().contains("node-2"), said::toString);
    } finally {
      forward.destroy();
    }
  }

  /** Finds the agents' pods by the API, forwards a port through API server and kubelet. */
  @Test
  @Order(4)
  void console_throughTheApiServer_seesAllAgents() throws IOException {
    assumeTrue(ConsoleProcess.isBuilt(), "the console is not built");
    ConsoleProcess opened = cluster.console(cluster.plane().kubeconfig(), "PORT_FORWARD");
    console = Optional.of(opened);
    String tested = opened.await(0, "the test's end", l -> l.startsWith("tested "));
    String agent = tested.substring("tested 2 ADMIN ".length());
    assertTrue(tested.startsWith("tested 2 ADMIN node-"), () -> opened.said().toString());
    assertTrue(names("sekisho-agent").stream().anyMatch(agent::contains), tested);
    opened.await(0, "a connection", l -> l.startsWith("link connected node-"));
    opened.await(0, "both nodes", "nodes node-1 node-2"::equals);
    opened.await(0, "the API server's objects", l -> l.startsWith("objects true "));
    seesFlowsOfBoth(opened);
  }

  @Test
  @Order(4)
  void console_atTheNodesAddresses_seesAllAgents() throws Exception {
    assumeTrue(ConsoleProcess.isBuilt(), "the console is not built");
    try (ConsoleProcess direct = cluster.console(cluster.plane().kubeconfig(), "DIRECT")) {
      // either agent may be the one that answers first
      direct.await(
          0, "the test's end", l -> l.matches("tested 2 ADMIN 203\\.0\\.113\\.1[12]:4244"));
      direct.await(0, "both nodes", "nodes node-1 node-2"::equals);
      assertEquals(0, direct.end(), () -> direct.said().toString());
    }
  }

  /** Whoever may not forward ports is told so, by the test and by a session. */
  @Test
  @Order(4)
  void console_mayNotForward_saysSo() throws IOException {
    assumeTrue(ConsoleProcess.isBuilt(), "the console is not built");
    Path looker = cluster.plane().user("looker", "/O=lookers/CN=looker");
    String role = "--role=looker";
    system("create", "role", "looker", "--verb=get,list", "--resource=pods,secrets");
    system("create", "rolebinding", "looker", role, "--group=lookers");
    try (ConsoleProcess refused = cluster.console(looker, "PORT_FORWARD")) {
      refused.await(
          0,
          "the permission",
          "failure You may not create pods/portforward in sekisho-system."::equals);
      refused.await(
          0,
          "that the API server refuses",
          l -> l.matches("link .* was refused by the API server with status 403\\."));
    }
  }

  /** Its agent tells of its own node's flows and asks the other's, which may have just begun. */
  private static void seesFlowsOfBoth(ConsoleProcess opened) {
    String near = echo.field(1, "metadata.name");
    String far = echo.field(2, "status.podIP");
    int from = opened.now();
    Await.until(
        RealNode.PATIENCE,
        () -> "flows of both nodes were not said: " + opened.said() + cluster.agentsSay(),
        () -> {
          kubectl("exec", near, "--", "ping", "-c", "1", "-W", "2", far);
          List<String> said = opened.said().subList(from, opened.now());
          return Stream.of("node-1", "node-2")
              .allMatch(n -> said.stream().anyMatch(l -> l.startsWith("flows ") && l.contains(n)));
        });
  }

  /** Services are not served in containers where cgroups are of version 1: by address, then. */
  @Test
  @Order(5)
  void shop_policyByKubectl_dropIsToldByCommandLineAndConsole() {
    shop = Shop.carts(cluster.plane());
    shop.awaitReady("cart");
    shop.frontend(shop.members("cart").getFirst().address() + ":8080");
    shop.awaitReady("frontend");
    int from = console.map(ConsoleProcess::now).orElse(0);
    cluster.plane().kubectlWith(Shop.DENIAL, "apply", "-f", "-");
    shop.awaitCall(false);
    String told = ask("monitor", "--verdict", "dropped", "--from", "shop/frontend");
    assertTrue(Shop.DENIED.matcher(told).find(), told);
    console.ifPresent(
        opened ->
            opened.await(
                from,
                "the drop",
                l -> l.matches("drop shop/frontend shop/cart POLICY_DENY shop/no-frontend:\\d")));
    shop.kubectl("delete", "cnp", "no-frontend");
    shop.awaitCall(true);
  }

  /** What the kubelet tells of a probe that a policy cuts off stands beside the drop. */
  @Test
  @Order(6)
  void probe_deniedByPolicy_isToldBesideTheDrop() {
    shop.checker(shop.members("cart").getFirst().address() + ":8080");
    shop.awaitReady("checker");
    int from = console.map(ConsoleProcess::now).orElse(0);
    cluster.plane().kubectlWith(Shop.denial("checker"), "apply", "-f", "-");
    shop.kubectl(
        "wait", "--for", "condition=Ready=false", "--timeout", "60s", "pod", "-l", CHECKER);
    String each =
        "jsonpath={range .items[*]}{.source.component} {.involvedObject.name}{\"\\n\"}{end}";
    Await.until(
        RealNode.PATIENCE,
        () -> shop.kubectl("get", "events"),
        () ->
            shop.kubectl("get", "events", "--field-selector", "reason=Unhealthy", "-o", each)
                .contains("kubelet checker-"));
    String told = ask("monitor", "--verdict", "dropped", "--from", "shop/checker");
    assertTrue(told.contains("TCP DROPPED (policy deny)  ingress shop/no-checker:"), told);
    console.ifPresent(
        opened ->
            opened.await(
                from,
                "the probe's failure beside the drop",
                l ->
                    l.matches(
                        "beside drop shop/checker shop/cart POLICY_DENY shop/no-checker:\\d"
                            + " checker-\\S+ Unhealthy Readiness probe failed:.*")));
    shop.kubectl("delete", "cnp", "no-checker");
    shop.awaitReady("checker");
    shop.kubectl("delete", "service,deployment", "checker");
  }

  @Test
  @Order(7)
  void rollout_underTraffic_losesNothing() throws Exception {
    Place near = PodPlace.of(echo.field(1, "metadata.uid"));
    Place far = PodPlace.of(echo.field(2, "metadata.uid"));
    List<String> before = names("sekisho-agent");
    int from = console.map(ConsoleProcess::now).orElse(0);
    long failures = shop.failures();
    try (var traffic =
        new PodTraffic(near, far, InetAddress.ofLiteral(echo.field(2, "status.podIP")))) {
      traffic.awaitMore(20);
      system("rollout", "restart", "daemonset/sekisho-agent");
      Command.Result said = agent("status", "--wait", "--timeout", "180");
      assertEquals(0, said.status(), () -> said + cluster.agentsSay());
      traffic.awaitMore(50);
      traffic.assertNothingLost();
    }
    shop.awaitCall(true);
    assertEquals(failures, shop.failures(), "calls of the shop's frontend were not answered");
    if (console.isPresent()) {
      followsTo(console.get(), from, before);
    }
  }

  /** The console's session goes on by a new way to a new pod, and ends whole. */
  private static void followsTo(ConsoleProcess opened, int from, List<String> before)
      throws Exception {
    List<String> after = names("sekisho-agent");
    assertTrue(after.stream().noneMatch(before::contains), () -> before + " " + after);
    opened.await(
        from,
        "a connection to one of " + after,
        l -> l.startsWith("link connected ") && after.stream().anyMatch(l::contains));
    seesFlowsOfBoth(opened);
    assertEquals(0, opened.end(), () -> opened.said().toString());
  }

  @Test
  @Order(8)
  void uninstall_podsRun_asksFirst() {
    Command.Result said = agent("uninstall");
    assertEquals(1, said.status(), said::toString);
    assertTrue(said.output().isEmpty() && said.error().contains("--yes"), said::toString);
  }

  @Test
  @Order(9)
  void uninstall_yes_leavesNodesAndClusterClean() {
    String port = "http://" + echo.field(1, "status.hostIP") + ":18080/";
    kubectl("delete", "namespace", "shop", "--timeout", "60s");
    echo.delete();
    assertEquals("", cluster.fetch(port), "a pod that is gone keeps its port of the node");
    uninstall("--api-server", cluster.server());
    String kinds = kubectl("get", "crd", "-o", "name");
    assertFalse(kinds.contains("sekisho.io"), kinds);
    assertTrue(kinds.contains("ciliumnetworkpolicies"), kinds);
    assertEquals(
        "",
        kubectl(
            "get",
            "node",
            "-o",
            "jsonpath={.items[*].status.conditions[?(@.type=='NetworkUnavailable')].status}"));
  }

  /** As README says, with nothing filled in; the API server is met at its service's address. */
  @Test
  @Order(10)
  void manifests_appliedByKubectlAsTheyAre_makeReadyAgents() {
    String manifests = ControlPlane.scripts().resolve("manifests").toString();
    kubectl("apply", "-f", manifests + "/namespace.yaml", "-f", manifests);
    system("rollout", "status", "daemonset/sekisho-agent", "--timeout", "240s");
    kubectl("wait", "--for", "condition=Ready", "--timeout", "60s", "node", "--all");
    assertEquals(0, awaitStatus(0).status());
    assertEnforcement("default");
    echo.apply();
    Await.until(RealNode.PATIENCE, () -> "no ping between pods", echo::ping);
    echo.delete();
    uninstall();
  }

  /** As the chart's notes say; the kinds of policies are there, of the installation before. */
  @Test
  @Order(11)
  void chart_installedUpgradedUninstalledByHelm_works(@TempDir Path folder) throws IOException {
    assumeTrue(
        ControlPlane.missingPrograms("helm").isEmpty(),
        ControlPlane.missingPrograms("helm")::toString);
    String chart = ControlPlane.scripts().resolve("chart").toString();
    String[] server = cluster.server().split(":");
    String api = "apiServer.host=%s,apiServer.port=%s".formatted(server[0], server[1]);
    release(
        "install",
        chart,
        "--create-namespace",
        "--set",
        "crds.policies=false,maxUnavailable=2," + api);
    assertEnforcement("default");
    echo.apply();
    release("upgrade", chart, "--reuse-values", "--set", "config.policy.audit=true");
    assertEnforcement("default, all under audit");
    Await.until(RealNode.PATIENCE, () -> "no ping between pods", echo::ping);
    echo.delete();
    Path manifest = folder.resolve("manifest.yaml");
    Files.writeString(manifest, cluster.helm("get", "manifest", "sekisho"));
    Command.Result said =
        agent("uninstall", "--yes", "--timeout", "120", "--manifest", manifest.toString());
    assertEquals(0, said.status(), () -> said + cluster.agentsSay());
    cluster.helm("uninstall", "sekisho");
    assertNodesAreClean();
    String left = system("get", "daemonset,job,pod,configmap", "-o", "name");
    assertFalse(left.contains("sekisho"), left);
  }

  /** Helm is content with a node less, which the chart allows an update to take. */
  private static void release(String verb, String chart, String... options) {
    var words = new ArrayList<>(List.of(verb, "sekisho", chart, "--wait", "--timeout", "4m"));
    words.addAll(List.of(options));
    cluster.helm(words.toArray(String[]::new));
    system("rollout", "status", "daemonset/sekisho-agent", "--timeout", "120s");
  }
}
