package io.sekisho.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.sekisho.agent.pki.Authority;
import io.sekisho.agent.pki.Role;
import io.sekisho.api.flow.Endpoint;
import io.sekisho.api.flow.Flow;
import io.sekisho.api.flow.IP;
import io.sekisho.api.flow.Layer4;
import io.sekisho.api.flow.TCP;
import io.sekisho.api.flow.TrafficDirection;
import io.sekisho.api.flow.Verdict;
import io.sekisho.api.v1.FlowDetail;
import io.sekisho.api.v1.MapDifference;
import io.sekisho.api.v1.RuleRef;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the commands print, against a served agent. */
final class CliTest {
  @TempDir Path folder;
  private ServedAgent agent;

  /** What a command gave. */
  private record Result(int exit, String out, String err) {
    JsonObject json() {
      return JsonParser.parseString(out).getAsJsonObject();
    }
  }

  @BeforeEach
  void serve() throws Exception {
    var authority = new Authority(folder, Clock.systemUTC());
    authority.init();
    authority.node("n1", List.of("127.0.0.1"));
    authority.operator("alice", Role.OPERATOR);
    authority.operator("vera", Role.VIEWER);
    agent = new ServedAgent(folder);
  }

  /** Instead of two nodes, of which the other realizes nothing. */
  private void serveAlone() throws Exception {
    agent.close();
    agent = new ServedAgent(folder, 1);
  }

  @AfterEach
  void end() {
    agent.close();
  }

  private static Result cli(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int exit = Main.run(new PrintWriter(out), new PrintWriter(err), arguments);
    return new Result(exit, out.toString(), err.toString());
  }

  private Result ask(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.add("--socket");
    all.add(agent.socket().toString());
    return cli(all.toArray(String[]::new));
  }

  private String file(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static String policy(int port) {
    return """
    apiVersion: cilium.io/v2
    kind: CiliumNetworkPolicy
    metadata: {name: pay, namespace: shop}
    spec:
      endpointSelector: {matchLabels: {app: payment}}
      ingress:
        - toPorts: [{ports: [{port: "%d", protocol: TCP}]}]
    """
        .formatted(port);
  }

  @Test
  void nodes_table_isAligned() {
    var result = ask("nodes");
    assertEquals(0, result.exit, result.err);
    assertEquals(
        """
        NAME  STATE     ROUTING  ADDRESSES           LEAVES BY  ENDPOINTS  REVISION  LATENCY  PRESSURE  LOST  VERSION  MESSAGE
        n1    ready     vxlan    198.18.0.1,fd18::1  -          2          0         1.24ms   nat 46%   0     1.2.3    -
        n2    degraded  -        198.18.0.2          -          0          0         -        -         9     -        the map is full
        """,
        result.out);
  }

  @Test
  void nodesRemove_goneNode_namesWhatIsFree() {
    agent.lease("n9", "10.244.0.0/23");
    assertEquals("n9 is forgotten; freed: 10.244.0.0/24\n", ask("nodes", "remove", "n9").out);
    var again = ask("nodes", "remove", "n9");
    assertEquals(1, again.exit);
    assertTrue(again.err.contains("there is no node n9"), again.err);
    var alive = ask("nodes", "remove", "n1");
    assertEquals(1, alive.exit);
    assertTrue(alive.err.contains("the agent of node n1 lives"), alive.err);
  }

  @Test
  void nodes_json_isTheMessage() {
    var nodes = ask("nodes", "-o", "json").json().getAsJsonArray("nodes");
    assertEquals("n1", nodes.get(0).getAsJsonObject().get("name").getAsString());
    assertEquals("READY", nodes.get(0).getAsJsonObject().get("state").getAsString());
    assertEquals("0", nodes.get(0).getAsJsonObject().get("eventsLost").getAsString());
  }

  @Test
  void enforcement_shownAndSet_saysWhatIsAndWhatIsConfigured() {
    assertEquals("n1: default\n", ask("enforcement").out);
    assertEquals(
        "n1: always, all under audit (until the agent restarts; configured: default)\n",
        ask("enforcement", "--mode", "always", "--audit", "on").out);
    assertEquals(
        "ENFORCE_ALWAYS", ask("enforcement", "-o", "json").json().get("mode").getAsString());
    assertEquals(2, ask("enforcement", "--mode", "sometimes").exit);
  }

  @Test
  void endpointsAudit_onAndUnknown_saysSo() {
    assertEquals(
        "endpoint 7 (shop/cart) is under audit\n", ask("endpoints", "audit", "7", "on").out);
    assertEquals(
        "endpoint 7 (shop/cart) is not under audit\n", ask("endpoints", "audit", "7", "label").out);
    var unknown = ask("endpoints", "audit", "9", "off");
    assertEquals(1, unknown.exit);
    assertTrue(unknown.err.contains("no endpoint 9"), unknown.err);
  }

  @Test
  void policyVerify_differences_areListedAndTheExitCodeSaysSo() {
    var fine = ask("policy", "verify");
    assertEquals(0, fine.exit);
    assertTrue(fine.out.contains("the kernel says what the documents say"), fine.out);
    agent
        .enforcement()
        .differ(
            MapDifference.newBuilder()
                .setMap("policies")
                .setEndpoint(7)
                .setKey("ingress from peer 300, 80/TCP")
                .setExpected("deny by rule 5, precedence 9")
                .build());

    var differs = ask("policy", "verify");

    assertEquals(8, differs.exit);
    assertEquals(
        """
        MAP       ENDPOINT  KEY                            EXPECTED                      FOUND
        policies  7         ingress from peer 300, 80/TCP  deny by rule 5, precedence 9  (nothing)
        n1, revision 4: 2 endpoints, policy entries: 12, prefixes: 9, compared in 0 ms: 1 differ, NOT repaired
        """,
        differs.out);
    assertTrue(differs.err.contains("1 difference between the kernel of n1"), differs.err);
    assertEquals(8, ask("policy", "verify", "-o", "json").exit);
    var repaired = ask("policy", "verify", "--repair", "-o", "json");
    assertEquals(0, repaired.exit);
    assertEquals(true, repaired.json().get("repaired").getAsBoolean());
  }

  @Test
  void endpoints_namespace_filters() {
    assertEquals(
        """
        NODE  ID  POD        STATE  IDENTITY  ENFORCED  REVISION  ADDRESSES
        n1    7   shop/cart  ready  300       ingress   0         10.244.1.7
        """,
        ask("endpoints", "-n", "shop").out);
    assertEquals(2, ask("endpoints", "-o", "json").json().getAsJsonArray("endpoints").size());
  }

  @Test
  void identities_table_beginsWithReserved() {
    var lines = ask("identities").out.lines().toList();
    assertEquals("NUMBER  ENDPOINTS  LABELS", lines.get(0));
    assertEquals("1       0          reserved:host", lines.get(1));
  }

  @Test
  void status_oneNodeNotReady_exitsWithOne() {
    var result = ask("status");
    assertEquals(1, result.exit);
    assertTrue(result.out.startsWith("Revision in force  0\n"), result.out);
    assertEquals("sekisho-agent: not ready: n2\n", result.err);
    var json = ask("status", "-o", "json").json();
    assertEquals("0", json.get("head").getAsString());
    assertEquals(2, json.getAsJsonArray("nodes").size());
  }

  /** What an agent says of Kubernetes' faults, whose sentences its own tests make by real ones. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "cni configuration: 00-other.conflist comes before /etc/cni/net.d/05-sekisho.conflist: new"
            + " pods get that network, not this one; remove it there",
        "kubernetes: the API server is busy: Too many requests, please try again later.; it asks to"
            + " wait 4 s, since 2026-11-27T11:00:00Z; traffic, policies and known pods go on",
        "kubernetes: the API server fails with status 500: etcd is on fire, since"
            + " 2026-11-27T11:00:00Z; traffic, policies and known pods go on; kubernetes clock:"
            + " this node's clock is 600 s ahead of the API server's"
      })
  void status_nodeInTrouble_printsItsSentenceWhole(String sentence) {
    agent.degraded(sentence);
    var result = ask("status");
    assertEquals(1, result.exit);
    assertEquals("sekisho-agent: not ready: n1, n2\n", result.err);
    String row = result.out.lines().filter(l -> l.startsWith("n1 ")).findFirst().orElseThrow();
    assertTrue(row.contains(" degraded ") && row.endsWith("  " + sentence), row);
    JsonObject n1 =
        ask("status", "-o", "json").json().getAsJsonArray("nodes").get(0).getAsJsonObject();
    assertEquals(sentence, n1.get("message").getAsString());
  }

  @Test
  void policy_pushListGetDiffRollback() throws Exception {
    var push = ask("policy", "push", file("a.yaml", policy(80)), "-m", "first", "--no-wait");
    assertEquals(0, push.exit, push.err);
    assertEquals("revision 1: 1 added, 0 changed, 0 removed\n", push.out);
    assertEquals(
        """
        KIND                 NAMESPACE  NAME  LINES
        CiliumNetworkPolicy  shop       pay   7
        """,
        ask("policy", "list").out);
    assertEquals(policy(80), ask("policy", "get", "shop/pay").out);

    ask("policy", "push", file("a.yaml", policy(81)), "--no-wait");
    var diff = ask("policy", "diff").out;
    assertTrue(diff.startsWith("changed CiliumNetworkPolicy shop/pay\n"), diff);
    assertTrue(diff.contains("+    - toPorts: [{ports: [{port: \"81\""), diff);

    assertEquals(0, ask("revisions", "rollback", "1", "--no-wait").exit);
    assertEquals(policy(80), ask("policy", "get", "shop/pay").out);
    var history = ask("revisions").out.lines().toList();
    assertTrue(history.get(1).startsWith("3 *       confirmed  "), history.get(1));
    assertEquals(4, history.size());
    var shown = ask("revisions", "show", "2").out;
    assertTrue(shown.startsWith("Revision  2\nBase      1\nState     confirmed\n"), shown);

    var removed = ask("policy", "remove", "shop/pay", "--no-wait");
    assertEquals("revision 4: 0 added, 0 changed, 1 removed\n", removed.out);
    assertEquals(1, ask("policy", "get", "shop/pay").exit);
  }

  @Test
  void push_waits_tellsEachNode() throws Exception {
    serveAlone();
    var push = ask("policy", "push", file("a.yaml", policy(80)));
    assertEquals(0, push.exit, push.err);
    assertTrue(push.out.matches("(?s).*\n  n1 realized in [0-9]+ ms\n"), push.out);
  }

  @Test
  void push_confirmWithin_saysHowToConfirm() throws Exception {
    serveAlone();
    var push = ask("policy", "push", file("a.yaml", policy(80)), "--confirm-within", "60s");
    assertTrue(push.out.endsWith(": sekisho-agent policy confirm 1\n"), push.out);
    assertEquals("revision 1 confirmed\n", ask("policy", "confirm").out);
    assertEquals(1, ask("policy", "confirm").exit);
  }

  @Test
  void push_nodeGone_exitsWithFive() throws Exception {
    serveAlone();
    agent.failFrom(1);
    var push = ask("policy", "push", file("a.yaml", policy(80)));
    assertEquals(5, push.exit, push.out);
    assertTrue(push.err.endsWith("sekisho-agent: not realized on n1\n"), push.err);
    assertTrue(push.out.contains("  n1 failed in "), push.out);
  }

  @Test
  void validateAndPush_errors_tellFileLineColumn() throws Exception {
    String bad = file("bad.yaml", policy(99999));
    var validate = ask("policy", "validate", bad);
    assertEquals(4, validate.exit);
    assertTrue(validate.out.matches("(?s).*bad.yaml:7:[0-9]+: error: .*"), validate.out);

    var push = ask("policy", "push", bad);
    assertEquals(4, push.exit);
    assertTrue(push.err.contains("bad.yaml:7:"), push.err);
    assertTrue(push.err.contains("nothing was pushed"), push.err);

    var good = ask("policy", "validate", file("good.yaml", policy(80)));
    assertTrue(good.out.endsWith("1 document without error\n"), good.out);
  }

  private static Flow flow(String pod, Verdict verdict, RuleRef rule) {
    return Flow.newBuilder()
        .setTime(com.google.protobuf.Timestamp.newBuilder().setSeconds(3661).setNanos(5_000_000))
        .setNodeName("n1")
        .setVerdict(verdict)
        .setTrafficDirection(TrafficDirection.INGRESS)
        .setIP(IP.newBuilder().setSource("10.244.1.7").setDestination("10.244.1.8"))
        .setL4(
            Layer4.newBuilder()
                .setTCP(TCP.newBuilder().setSourcePort(40000).setDestinationPort(8080)))
        .setSource(Endpoint.newBuilder().setNamespace("shop").setPodName(pod))
        .setDestination(Endpoint.newBuilder().addLabels("reserved:world"))
        .setExtensions(com.google.protobuf.Any.pack(FlowDetail.newBuilder().setRule(rule).build()))
        .build();
  }

  @Test
  void monitor_lines_nameTheRule() {
    var named =
        RuleRef.newBuilder().setId(77).setNamespace("shop").setName("payment-in").setIndex(2);
    agent.flows().see(flow("cart", Verdict.FORWARDED, named.build()));
    agent.flows().see(flow("scan", Verdict.DROPPED, RuleRef.newBuilder().setId(2).build()));
    agent.flows().see(flow("free", Verdict.FORWARDED, RuleRef.newBuilder().setId(1).build()));
    assertEquals(
        """
        01:01:01.005 n1  shop/cart:40000 -> 10.244.1.8 (world):8080  TCP FORWARDED  ingress shop/payment-in:2
        01:01:01.005 n1  shop/scan:40000 -> 10.244.1.8 (world):8080  TCP DROPPED  ingress default deny
        01:01:01.005 n1  shop/free:40000 -> 10.244.1.8 (world):8080  TCP FORWARDED  –
        """,
        ask("monitor", "--local").out);
    var dropped = ask("monitor", "--verdict", "dropped", "-o", "json", "--local").json();
    assertEquals("n1", dropped.get("nodeName").getAsString());
    assertTrue(dropped.getAsJsonObject("flow").toString().contains("sekisho.v1.FlowDetail"));
    assertEquals("", ask("monitor", "--from", "shop/pay", "--local").out);
    assertEquals(1, ask("monitor", "--from", "10.0.0.0/99", "--local").exit);
  }

  @Test
  void tcp_roleAndCertificates() throws Exception {
    assertEquals(0, as("vera", "nodes").exit);
    var refused = as("vera", "policy", "push", file("a.yaml", policy(80)));
    assertEquals(1, refused.exit);
    assertTrue(refused.err.contains("vera has the role viewer"), refused.err);
    assertEquals(2, cli("nodes", "--server", "127.0.0.1:" + agent.port()).exit);
  }

  @Test
  void tcp_certificateThatEnded_isTold() throws Exception {
    var then = Clock.offset(Clock.systemUTC(), Duration.ofDays(-1000));
    new Authority(folder, then).operator("olga", Role.VIEWER);
    var refused = as("olga", "nodes");
    assertEquals(1, refused.exit);
    assertTrue(refused.err.contains("olga.crt ended at "), refused.err);
  }

  /** Over TCP, with somebody's certificate. */
  private Result as(String who, String... words) {
    var all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--server", "127.0.0.1:" + agent.port()));
    all.addAll(List.of("--ca", folder.resolve("ca.crt").toString()));
    all.addAll(List.of("--certificate", folder.resolve(who + ".crt").toString()));
    all.addAll(List.of("--key", folder.resolve(who + ".key").toString()));
    return cli(all.toArray(String[]::new));
  }

  @Test
  void socket_missing_exitsWithThree() {
    var result = cli("nodes", "--socket", folder.resolve("none").toString());
    assertEquals(3, result.exit);
    assertTrue(result.err.contains("does the agent run?"), result.err);
  }

  @Test
  void usage_unknownOption_exitsWithTwo() {
    assertEquals(2, cli("nodes", "--colour").exit);
    assertEquals(2, cli("policy").exit);
    assertEquals(2, ask("policy", "push", folder.resolve("none.yaml").toString()).exit);
  }

  @ParameterizedTest
  @ValueSource(strings = {"60", "s", "-5s", "1.5s", "99999999999s"})
  void span_broken_exitsWithTwo(String span) throws Exception {
    String policy = file("a.yaml", policy(80));
    assertEquals(2, ask("policy", "push", policy, "--confirm-within=" + span).exit);
  }

  @Test
  void run_brokenConfiguration_exitsWithTwo() throws Exception {
    var result = cli("run", "--config", file("agent.yaml", "nod: {name: n1}\n"));
    assertEquals(2, result.exit);
    assertTrue(result.err.contains("nod"), result.err);
  }

  @Test
  void help_everywhere() {
    eachCommand(new CommandLine(Main.root()), List.of());
  }

  private static void eachCommand(CommandLine line, List<String> path) {
    var arguments = new ArrayList<>(path);
    arguments.add("--help");
    if (!path.contains("help")) {
      var result = cli(arguments.toArray(String[]::new));
      assertEquals(0, result.exit, arguments.toString());
      assertTrue(result.out.startsWith("Usage: sekisho-agent"), result.out);
    }
    line.getSubcommands()
        .forEach(
            (name, command) -> {
              var next = new ArrayList<>(path);
              next.add(name);
              eachCommand(command, next);
            });
  }

  @Test
  void completion_isAScript() {
    assertTrue(cli("completion").out.contains("complete -F"));
  }
}
