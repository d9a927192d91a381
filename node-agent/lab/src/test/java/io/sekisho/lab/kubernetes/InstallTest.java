package io.sekisho.lab.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sekisho.lab.Await;
import io.sekisho.lab.Command;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
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
            - {name: echo, image: "sekisho.test/busybox:1", imagePullPolicy: Never}
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
    var words = new java.util.ArrayList<>(List.of("-n", "sekisho-system"));
    words.addAll(List.of(arguments));
    return kubectl(words.toArray(String[]::new));
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

  @Test
  @Order(4)
  void agents_withOneCertificate_knowEachOther() {
    String status =
        system("exec", "ds/sekisho-agent", "-c", "agent", "--", "sekisho-agent", "status");
    assertTrue(status.contains("node-1") && status.contains("node-2"), status);
    // flows of both nodes: the agent asks the other one by its certificate's name
    String flows =
        system(
            "exec",
            "ds/sekisho-agent",
            "-c",
            "agent",
            "--",
            "sekisho-agent",
            "monitor",
            "--last",
            "100",
            "-o",
            "json");
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

  @Test
  @Order(5)
  void rollout_underTraffic_losesNothing() throws Exception {
    String name = pod(1, "metadata.name");
    String far = pod(2, "status.podIP");
    List<String> before = names("sekisho-agent");
    int from = console.map(ConsoleProcess::now).orElse(0);
    var ping =
        CompletableFuture.supplyAsync(
            () -> kubectl("exec", name, "--", "ping", "-i", "0.1", "-c", "300", "-W", "2", far));
    system("rollout", "restart", "daemonset/sekisho-agent");
    Command.Result said = agent("status", "--wait", "--timeout", "180");
    assertEquals(0, said.status(), () -> said + cluster.agentsSay());
    String told = ping.join();
    assertTrue(Pattern.compile("\\b0% packet loss").matcher(told).find(), told);
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
  @Order(6)
  void uninstall_podsRun_asksFirst() {
    Command.Result said = agent("uninstall");
    assertEquals(1, said.status(), said::toString);
    assertTrue(said.output().isEmpty() && said.error().contains("--yes"), said::toString);
  }

  @Test
  @Order(7)
  void uninstall_yes_leavesNodesAndClusterClean() {
    kubectl("delete", "daemonset", "echo", "--timeout", "60s");
    kubectl("wait", "--for", "delete", "--timeout", "60s", "pod", "-l", "app=echo");
    Command.Result said =
        agent("uninstall", "--yes", "--timeout", "120", "--api-server", cluster.server());
    assertEquals(0, said.status(), () -> said + cluster.agentsSay());
    for (PlainNode node : cluster.nodes()) {
      assertEquals("", node.inside("sh", "-c", TRACES));
    }
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
}
