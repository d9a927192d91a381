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
final class InstallTest {
  private static final String PODS =
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: echo}
      spec:
        selector: {matchLabels: {app: echo}}
        template:
          metadata: {labels: {app: echo}}
          spec:
            terminationGracePeriodSeconds: 1
            dnsPolicy: Default
            containers:
            - name: echo
              image: sekisho.test/busybox:1
              imagePullPolicy: Never
              command: [sh, -c, 'echo "I am $NODE" >/www/index.html; exec httpd -f -p 8080 -h /www']
              env: [{name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]
              ports: [{containerPort: 8080, hostPort: 18080}]
      """;

  /** Prints all that an installation leaves on a node, if it does. */
  private static final String TRACES =
      """
      ip -o link | grep -E ' (lxc|sekisho)' ; ip route | grep -F 'proto 83'
      find /sys/fs/bpf -mindepth 1 -not -name '*.debug'; find /run/netns /run/sekisho /var/lib/sekisho -mindepth 1
      find /opt/sekisho -maxdepth 1 -mindepth 1 2>/dev/null
      ls /etc/cni/net.d; ls /opt/cni/bin | grep sekisho
      true
      """;

  /** Nothing else listens in the namespace of the API server but the control plane. */
  private static final int FORWARDED = 24_244;

  private static PlainCluster cluster;
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
    cluster.plane().kubectlWith(PODS, "apply", "-f", "-");
    kubectl("rollout", "status", "daemonset/echo", "--timeout", "120s");
  }

  /** Whoever may not install is told so, and nothing is changed. */
  private static void refuseNobody() {
    var nobody = cluster.plane().user("nobody", "/CN=nobody");
    Command.Result said = cluster.agent(nobody, "install");
    assertEquals(1, said.status(), said::toString);
    assertTrue(said.output().contains("you may not create namespaces"), said::output);
    assertFalse(cluster.plane().tryKubectl("get", "namespace", "sekisho-system"));
  }

  private static Command.Result agent(String... arguments) {
    return cluster.agent(cluster.plane().kubeconfig(), arguments);
  }

  @AfterAll
  static void takeDown() {
    console.ifPresent(ConsoleProcess::close);
    if (cluster != null) {
      cluster.close();
      assertEquals(List.of(), PlainCluster.residue());
    }
  }

  private static String kubectl(String... arguments) {
    return cluster.plane().kubectl(arguments);
  }

  private static String system(String... arguments) {
    var words = new ArrayList<>(List.of("-n", "sekisho-system"));
    words.addAll(List.of(arguments));
    return kubectl(words.toArray(String[]::new));
  }

  /** The command line in the pod of an agent. */
  private static String ask(String... arguments) {
    var words =
        new ArrayList<>(List.of("exec", "ds/sekisho-agent", "-c", "agent", "--", "sekisho-agent"));
    words.addAll(List.of(arguments));
    return system(words.toArray(String[]::new));
  }

  private static String pod(int node, String field) {
    return kubectl(
        "get",
        "pod",
        "-l",
        "app=echo",
        "--field-selector",
        "spec.nodeName=node-" + node,
        "-o",
        "jsonpath={.items[0]." + field + "}");
  }

  @Test
  @Order(3)
  void pods_ofTwoNodes_haveAddressesAndTalk() {
    String taints = kubectl("get", "node", "-o", "jsonpath={.items[*].spec.taints}");
    assertFalse(taints.contains("agent-not-ready"), taints);
    for (int node = 1; node <= 2; node++) {
      String range = kubectl("get", "node", "node-" + node, "-o", "jsonpath={.spec.podCIDR}");
      String prefix = range.substring(0, range.lastIndexOf('.') + 1);
      String address = pod(node, "status.podIP");
      assertTrue(address.startsWith(prefix), address + " is not in " + range);
    }
    String name = pod(1, "metadata.name");
    kubectl("exec", name, "--", "ping", "-c", "3", "-W", "2", pod(2, "status.podIP"));
  }

  /** By CNI's portmap, which the installation puts behind our plugin. */
  @Test
  @Order(3)
  void hostPort_ofAPod_answersAtItsNode() {
    for (int node = 1; node <= 2; node++) {
      String url = "http://" + pod(node, "status.hostIP") + ":18080/";
      String says = "I am node-" + node + "\n";
      assertEquals(says, cluster.fetch(url), "from outside of the cluster");
      String other = pod(3 - node, "metadata.name");
      assertEquals(
          says, kubectl("exec", other, "--", "timeout", "5", "wget", "-q", "-O", "-", url));
    }
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
    List<ProcessHandle> agents = ProcessHandle.allProcesses().filter(InstallTest::isOurs).toList();
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

  /** The names of pods of a workload that do not end. */
  private static List<String> names(String workload) {
    String all =
        "go-template={{range .items}}{{if not .metadata.deletionTimestamp}}{{.metadata.name}}"
            + " {{end}}{{end}}";
    String label = "app.kubernetes.io/name=" + workload;
    return List.of(system("get", "pod", "-l", label, "-o", all).strip().split(" "));
  }

  /** Its agent tells of its own node's flows and asks the other's, which may have just begun. */
  private static void seesFlowsOfBoth(ConsoleProcess opened) {
    String near = pod(1, "metadata.name");
    String far = pod(2, "status.podIP");
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

  @Test
  @Order(6)
  void rollout_underTraffic_losesNothing() throws Exception {
    Place near = PodPlace.of(pod(1, "metadata.uid"));
    Place far = PodPlace.of(pod(2, "metadata.uid"));
    List<String> before = names("sekisho-agent");
    int from = console.map(ConsoleProcess::now).orElse(0);
    long failures = shop.failures();
    try (var traffic = new PodTraffic(near, far, InetAddress.ofLiteral(pod(2, "status.podIP")))) {
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
  @Order(7)
  void uninstall_podsRun_asksFirst() {
    Command.Result said = agent("uninstall");
    assertEquals(1, said.status(), said::toString);
    assertTrue(said.output().isEmpty() && said.error().contains("--yes"), said::toString);
  }

  @Test
  @Order(8)
  void uninstall_yes_leavesNodesAndClusterClean() {
    String port = "http://" + pod(1, "status.hostIP") + ":18080/";
    kubectl("delete", "namespace", "shop", "--timeout", "60s");
    kubectl("delete", "daemonset", "echo", "--timeout", "60s");
    kubectl("wait", "--for", "delete", "--timeout", "60s", "pod", "-l", "app=echo");
    assertEquals("", cluster.fetch(port), "a pod that is gone keeps its port of the node");
    Command.Result said =
        agent("uninstall", "--yes", "--timeout", "120", "--api-server", cluster.server());
    assertEquals(0, said.status(), () -> said + cluster.agentsSay());
    assertNodesAreClean();
    Await.until(
        RealNode.PATIENCE,
        () -> kubectl("get", "namespace", "-o", "name"),
        () -> !cluster.plane().tryKubectl("get", "namespace", "sekisho-system"));
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

  private static void assertNodesAreClean() {
    for (PlainNode node : cluster.nodes()) {
      assertEquals("", node.inside("sh", "-c", TRACES));
    }
  }

  /** As the chart's notes say; the kinds of policies are there, of the installation before. */
  @Test
  @Order(9)
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
    cluster.plane().kubectlWith(PODS, "apply", "-f", "-");
    kubectl("rollout", "status", "daemonset/echo", "--timeout", "120s");
    release("upgrade", chart, "--reuse-values", "--set", "config.policy.audit=true");
    assertEnforcement("default, all under audit");
    Await.until(RealNode.PATIENCE, () -> "no ping between pods", InstallTest::podsPing);
    kubectl("delete", "daemonset", "echo", "--timeout", "60s");
    kubectl("wait", "--for", "delete", "--timeout", "60s", "pod", "-l", "app=echo");
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

  /** The kubelet may not know yet of a container that is there. */
  private static boolean podsPing() {
    try {
      String far = pod(2, "status.podIP");
      kubectl("exec", pod(1, "metadata.name"), "--", "ping", "-c", "3", "-W", "2", far);
      return true;
    } catch (AssertionError e) {
      return false;
    }
  }

  /** Helm is content with a node less, which the chart allows an update to take. */
  private static void release(String verb, String chart, String... options) {
    var words = new ArrayList<>(List.of(verb, "sekisho", chart, "--wait", "--timeout", "4m"));
    words.addAll(List.of(options));
    cluster.helm(words.toArray(String[]::new));
    system("rollout", "status", "daemonset/sekisho-agent", "--timeout", "120s");
  }

  private static void assertEnforcement(String words) {
    String said = ask("enforcement");
    assertTrue(said.endsWith(": " + words + "\n"), said);
  }
}
