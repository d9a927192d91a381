package io.sekisho.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code status --kubeconfig} prints of a cluster's objects; a real API server and kubelet say
 * the same in the lab.
 */
final class ClusterStatusTest {
  private static final String SENTENCE =
      "00-other.conflist comes before /etc/cni/net.d/05-sekisho.conflist: new pods get that"
          + " network, not this one; remove it there";
  private static final String SET =
      """
      {"apiVersion": "apps/v1", "kind": "DaemonSet",
       "metadata": {"name": "sekisho-agent", "namespace": "sekisho-system", "generation": 1,
        "annotations": {"deprecated.daemonset.template.generation": "1"}},
       "status": {"desiredNumberScheduled": 2, "observedGeneration": 1}}""";
  private static final String POD =
      """
      {"apiVersion": "v1", "kind": "Pod",
       "metadata": {"name": "a-%1$s", "namespace": "sekisho-system",
        "labels": {"pod-template-generation": "1"}},
       "spec": {"nodeName": "%1$s"}, "status": {"conditions": [{"type": "Ready", "status": "%2$s"}],
        "phase": "Running",
        "containerStatuses": [{"name": "agent", "restartCount": 3, "ready": %3$s,
          "state": {"waiting": {"reason": "CrashLoopBackOff"}},
          "lastState": {"terminated": {"exitCode": 4}}}]}}""";
  private static final String NODE =
      """
      {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "%s"},
       "status": {"conditions": [{"type": "Ready", "status": "True"},
        {"type": "OtherNetworkFirst", "status": "%s", "message": "%s"}]}}""";

  @TempDir Path folder;
  private HttpServer server;
  private volatile String other = "False";
  private volatile String ready = "True";

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    Files.writeString(
        folder.resolve("config"),
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: u, user: {}}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        current-context: x
        """
            .formatted(server.getAddress().getPort()));
  }

  @AfterEach
  void end() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String body =
        path.endsWith("/daemonsets/sekisho-agent")
            ? SET
            : path.endsWith("/nodes")
                ? list(NODE.formatted("n1", other, SENTENCE), NODE.formatted("n2", "False", "fine"))
                : list(POD.formatted("n1", "True", true), POD.formatted("n2", ready, false));
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static String list(String... items) {
    return "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"metadata\": {}, \"items\": ["
        + String.join(",", items)
        + "]}";
  }

  private void assertSays(int exit, String out, String err) {
    var printed = new StringWriter();
    var errors = new StringWriter();
    int status =
        Main.run(
            new PrintWriter(printed),
            new PrintWriter(errors),
            "status",
            "--kubeconfig",
            folder.resolve("config").toString());
    assertEquals(out, printed.toString(), errors::toString);
    assertEquals(err, errors.toString());
    assertEquals(exit, status);
  }

  @Test
  void status_allWell_isARowForEachNode() {
    assertSays(
        0,
        """
        NODE  AGENT  RESTARTS  KUBELET
        n1    ready  3         ready
        n2    ready  3         ready
        """,
        "");
  }

  @Test
  void status_otherNetworkFirst_saysWhereAndWhatToDo() {
    other = "True";
    assertSays(
        1,
        """
        NODE  AGENT  RESTARTS  KUBELET
        n1    ready  3         ready
        n2    ready  3         ready
        node n1: %s
        """
            .formatted(SENTENCE),
        "sekisho-agent: 1 node with another network first\n");
  }

  @Test
  void status_agentThatEnds_saysHow() {
    ready = "False";
    assertSays(
        1,
        """
        NODE  AGENT                                               RESTARTS  KUBELET
        n1    ready                                               3         ready
        n2    agent: CrashLoopBackOff (last ended with status 4)  3         ready
        """,
        "sekisho-agent: 1 node without its agent\n");
  }
}
