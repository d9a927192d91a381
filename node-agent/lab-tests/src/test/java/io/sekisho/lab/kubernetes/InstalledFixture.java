package io.sekisho.lab.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.lab.Await;
import io.sekisho.lab.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** A cluster that is installed on, and the ways to ask it and its agents. */
abstract class InstalledFixture {
  /** Prints all that an installation leaves on a node, if it does. */
  private static final String TRACES =
      """
      ip -o link | grep -E ' (lxc|sekisho)' ; (ip route; ip -6 route) | grep -F 'proto 83'
      find /sys/fs/bpf -mindepth 1 -not -name '*.debug'; find /run/netns /run/sekisho /var/lib/sekisho -mindepth 1
      find /opt/sekisho -maxdepth 1 -mindepth 1 2>/dev/null
      ls /etc/cni/net.d; ls /opt/cni/bin | grep sekisho
      true
      """;

  static PlainCluster cluster;

  static Command.Result agent(String... arguments) {
    return cluster.agent(cluster.plane().kubeconfig(), arguments);
  }

  static String kubectl(String... arguments) {
    return cluster.plane().kubectl(arguments);
  }

  static String system(String... arguments) {
    var words = new ArrayList<>(List.of("-n", "sekisho-system"));
    words.addAll(List.of(arguments));
    return kubectl(words.toArray(String[]::new));
  }

  /** The command line in the pod of an agent. */
  static String ask(String... arguments) {
    var words =
        new ArrayList<>(List.of("exec", "ds/sekisho-agent", "-c", "agent", "--", "sekisho-agent"));
    words.addAll(List.of(arguments));
    return system(words.toArray(String[]::new));
  }

  /** What an agent says of all nodes, ready or not. */
  static String agentsSay() {
    try {
      return ask("status");
    } catch (AssertionError e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** The command line beside the API server, once it ends with a status. */
  static Command.Result awaitStatus(int status) {
    var said = new AtomicReference<>(agent("status"));
    Await.until(
        RealNode.PATIENCE,
        () -> said + cluster.agentsSay(),
        () ->
            said.updateAndGet(s -> s.status() == status ? s : agent("status")).status() == status);
    return said.get();
  }

  /** The names of pods of a workload that do not end. */
  static List<String> names(String workload) {
    String all =
        "go-template={{range .items}}{{if not .metadata.deletionTimestamp}}{{.metadata.name}}"
            + " {{end}}{{end}}";
    String label = "app.kubernetes.io/name=" + workload;
    return List.of(system("get", "pod", "-l", label, "-o", all).strip().split(" "));
  }

  static void uninstall(String... more) {
    var words = new ArrayList<>(List.of("uninstall", "--yes", "--timeout", "120"));
    words.addAll(List.of(more));
    Command.Result said = agent(words.toArray(String[]::new));
    assertEquals(0, said.status(), () -> said + cluster.agentsSay());
    assertNodesAreClean();
    Await.until(
        RealNode.PATIENCE,
        () -> kubectl("get", "namespace", "-o", "name"),
        () -> !cluster.plane().tryKubectl("get", "namespace", "sekisho-system"));
  }

  static void assertNodesAreClean() {
    for (PlainNode node : cluster.nodes()) {
      assertEquals("", node.inside("sh", "-c", TRACES));
    }
  }

  static void assertEnforcement(String words) {
    String said = ask("enforcement");
    assertTrue(said.endsWith(": " + words + "\n"), said);
  }
}
