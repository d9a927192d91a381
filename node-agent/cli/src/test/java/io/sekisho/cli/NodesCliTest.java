package io.sekisho.cli;

import static io.sekisho.cli.ServedAgent.ping;
import static io.sekisho.cli.ServedAgent.probe;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.sekisho.agent.pki.Authority;
import io.sekisho.api.v1.PathDrop;
import io.sekisho.api.v1.PathHop;
import io.sekisho.api.v1.PathHopKind;
import io.sekisho.api.v1.PeerProbe;
import io.sekisho.api.v1.RuleRef;
import io.sekisho.api.v1.TracePathRequest;
import io.sekisho.api.v1.TracePathResponse;
import io.sekisho.api.v1.Uplink;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands about nodes, ways and the machine print, against a served agent. */
final class NodesCliTest {
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
    agent = new ServedAgent(folder);
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

  @Test
  void show_node_tellsEverything() {
    String out = ask("nodes", "show", "n1").out;
    assertTrue(out.contains("Routing          vxlan\n"), out);
    assertTrue(out.contains("Underlay         eth0, MTU 1500\n"), out);
    assertTrue(out.contains("Health endpoint  10.244.1.2\n"), out);
    assertTrue(out.contains("nat      46       100       46%\n"), out);
    assertTrue(out.contains("n2  87us      1.24ms 2/10 lost  -\n"), out);
    assertTrue(
        out.contains("TCX      missing   6.6    attaches programs; instead: clsact filters\n"),
        out);
    var json = ask("nodes", "show", "n1", "-o", "json").json();
    assertEquals("vxlan", json.get("routing").getAsString());
    assertEquals(1, json.getAsJsonArray("features").size());
  }

  @Test
  void show_unknownNode_exitsWithOne() {
    var result = ask("nodes", "show", "n7");
    assertEquals(1, result.exit);
    assertEquals("sekisho-agent: there is no node n7\n", result.err);
  }

  @Test
  void health_everythingAnswers_isAMatrix() {
    agent.otherProbes(probe("n1", ping(10, 10, 90_000), ping(10, 10, 950_000)));
    var result = ask("health");
    assertEquals(0, result.exit, result.err);
    assertEquals(
        """
        FROM  TO n1         TO n2
        n1    -             87us / 1.24ms 2/10 lost
        n2    90us / 950us  -
        """,
        result.out);
    assertEquals(2, ask("health", "-o", "json").json().getAsJsonArray("nodes").size());
  }

  @Test
  void health_something_doesNotAnswer_exitsWithOne() {
    agent.otherProbes(probe("n1", ping(3, 3, 90_000), ping(3, 0, 0)));
    var result = ask("health");
    assertEquals(1, result.exit);
    assertTrue(result.out.contains("90us / no answer"), result.out);
    assertEquals("sekisho-agent: no answer: n2 to n1\n", result.err);
  }

  @Test
  void health_onlyIpv6Silent_saysSo() {
    PeerProbe ipv4 = probe("n1", ping(3, 3, 90_000), ping(3, 3, 950_000));
    agent.otherProbes(
        ipv4.toBuilder()
            .setUnderlayIpv6(ping(3, 3, 95_000))
            .setEndpointIpv6(ping(3, 0, 0))
            .build());
    var result = ask("health");
    assertEquals(1, result.exit);
    assertTrue(result.out.contains("90us / 950us, IPv6 95us / no answer"), result.out);
    assertEquals("sekisho-agent: no answer: n2 to n1 by IPv6\n", result.err);
  }

  @Test
  void health_notMeasuredYet_isUnknown() {
    var result = ask("health");
    assertEquals(0, result.exit, result.err);
    assertTrue(result.out.contains("n2    ?"), result.out);
  }

  private static Uplink uplink(String device) {
    return Uplink.newBuilder()
        .setDevice(device)
        .setIpv4("198.19.0.1")
        .setDefaultIpv4(true)
        .setMtu(1500)
        .build();
  }

  @Test
  void uplinks_standInNodesTheNodeAndHealth() {
    String problem = "is no Ethernet device, though the IPv6 default route leaves by it";
    Uplink tun =
        Uplink.newBuilder()
            .setDevice("tun7")
            .setDefaultIpv6(true)
            .setMtu(1400)
            .setProblem(problem)
            .build();
    agent.otherLeavesBy(uplink("eth1"), tun);
    String table =
        """
        NODE  LEAVES BY  DEFAULT  AS IPV4     AS IPV6  MTU   PROBLEM
        n2    eth1       IPv4     198.19.0.1  -        1500  -
        n2    tun7       IPv6     -           -        1400  %s
        """
            .formatted(problem);
    assertTrue(ask("health").out.endsWith("\n" + table), () -> ask("health").out);
    assertTrue(ask("nodes", "show", "n2").out.contains(table));
    assertTrue(ask("nodes").out.contains("  eth1,tun7!  "), () -> ask("nodes").out);
    var json = ask("nodes", "show", "n2", "-o", "json").json().getAsJsonArray("uplinks");
    assertEquals("198.19.0.1", json.get(0).getAsJsonObject().get("ipv4").getAsString());
    assertEquals(problem, json.get(1).getAsJsonObject().get("problem").getAsString());
  }

  @Test
  void path_outside_namesTheUplink() {
    agent.traced(
        request().setDestination("203.0.113.9").build(),
        TracePathResponse.newBuilder()
            .addHops(
                PathHop.newBuilder()
                    .setKind(PathHopKind.UPLINK)
                    .setNode("n1")
                    .setName("eth1")
                    .setAddress("198.19.0.1"))
            .setPing(ping(1, 1, 90_000))
            .build());
    String out = ask("path", "shop/cart", "203.0.113.9").out;
    assertTrue(out.contains("uplink   n1    eth1  198.19.0.1"), out);
    var json = ask("path", "shop/cart", "203.0.113.9", "-o", "json").json();
    assertEquals(
        "UPLINK", json.getAsJsonArray("hops").get(0).getAsJsonObject().get("kind").getAsString());
  }

  private static TracePathRequest.Builder request() {
    return TracePathRequest.newBuilder()
        .setSource("shop/cart")
        .setDestination("bank/pay")
        .setCount(5);
  }

  private static TracePathResponse.Builder response() {
    return TracePathResponse.newBuilder()
        .addHops(
            PathHop.newBuilder()
                .setKind(PathHopKind.POD)
                .setNode("n1")
                .setName("shop/cart")
                .setAddress("10.244.1.7")
                .setMtu(1450))
        .addHops(
            PathHop.newBuilder()
                .setKind(PathHopKind.UNDERLAY)
                .setNode("n2")
                .setName("eth0")
                .setRttNs(87_000)
                .setDetail("by cable"));
  }

  @Test
  void path_answered_showsStationsAndSamples() {
    agent.traced(
        request().build(),
        response()
            .setPing(ping(5, 2, 1_240_000))
            .addAllSamplesNs(List.of(1_240_000L, 0L, 90_000L, 0L, 0L))
            .build());
    var result = ask("path", "shop/cart", "bank/pay");
    assertEquals(0, result.exit, result.err);
    assertEquals(
        """
        STATION   NODE  NAME       ADDRESS     MTU   RTT   DETAIL
        pod       n1    shop/cart  10.244.1.7  1450  -     -
        underlay  n2    eth0       -           -     87us  by cable

        2 of 5 answered, median 1.24ms: 1.24ms lost 90us lost lost
        """,
        result.out);
    var json = ask("path", "shop/cart", "bank/pay", "-o", "json").json();
    assertEquals(
        "UNDERLAY", json.getAsJsonArray("hops").get(1).getAsJsonObject().get("kind").getAsString());
  }

  @Test
  void path_silence_saysWhyAndExitsWithOne() {
    var drop =
        PathDrop.newBuilder()
            .setNode("n2")
            .setReason("POLICY_DENIED")
            .setRule(RuleRef.newBuilder().setId(RuleRef.Reserved.DEFAULT_DENY_VALUE));
    agent.traced(
        request().setCount(1).setFamily(6).build(),
        response().setPing(ping(1, 0, 0)).addSamplesNs(0).setDrop(drop).build());
    var result = ask("path", "shop/cart", "bank/pay", "--count", "1", "--family", "6");
    assertEquals(1, result.exit);
    assertTrue(result.out.endsWith("0 of 1 answered: lost\n"), result.out);
    assertEquals(
        "sekisho-agent: no answer: dropped on n2, POLICY_DENIED (default deny)\n", result.err);
  }

  @Test
  void path_whatCannotBe_isRefused() {
    assertEquals(1, ask("path", "shop/none", "bank/pay").exit);
    assertEquals(2, ask("path", "shop/cart", "bank/pay", "--count", "21").exit);
    assertEquals(2, ask("path", "shop/cart").exit);
  }

  /** Runs on the kernel of the tests, which has all that the agent needs. */
  @Test
  void doctor_json_listsEveryFeature() {
    var result = cli("doctor", "-o", "json");
    var json = result.json();
    assertEquals(result.exit == 0, json.get("ok").getAsBoolean(), result.err);
    assertFalse(json.get("kernel").getAsString().isEmpty());
    var features = json.getAsJsonArray("features");
    assertTrue(features.size() > 30, "" + features.size());
    for (var feature : features) {
      var one = feature.getAsJsonObject();
      boolean needed = one.get("fallback").getAsString().isEmpty();
      assertEquals(needed, one.get("needed").getAsBoolean(), one.toString());
    }
  }

  @Test
  void doctor_brokenConfiguration_isFound() throws Exception {
    String file = Files.writeString(folder.resolve("a.yaml"), "nod: {}\n").toString();
    var result = cli("doctor", "--config", file);
    assertEquals(1, result.exit);
    assertTrue(result.out.contains("\nerror    "), result.out);
  }
}
