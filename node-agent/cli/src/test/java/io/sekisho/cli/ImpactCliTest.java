package io.sekisho.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import com.google.protobuf.BoolValue;
import com.google.protobuf.util.Timestamps;
import io.sekisho.agent.pki.Authority;
import io.sekisho.api.flow.Endpoint;
import io.sekisho.api.flow.Flow;
import io.sekisho.api.flow.IP;
import io.sekisho.api.flow.Layer4;
import io.sekisho.api.flow.TCP;
import io.sekisho.api.flow.TrafficDirection;
import io.sekisho.api.flow.Verdict;
import io.sekisho.api.flow.Workload;
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

/** Dry runs and policies from flows, against a served agent. */
final class ImpactCliTest {
  private static final String POLICY =
      """
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata: {name: payment-in, namespace: shop}
      spec:
        endpointSelector: {matchLabels: {app: payment}}
        ingress:
          - fromEndpoints: [{matchLabels: {app: cart}}]
            toPorts: [{ports: [{port: "8443", protocol: TCP}]}]
      """;

  @TempDir Path folder;
  private ServedAgent agent;

  /** What a command gave. */
  private record Result(int exit, String out, String err) {}

  @BeforeEach
  void serve() throws Exception {
    var authority = new Authority(folder, Clock.systemUTC());
    authority.init();
    authority.node("n1", List.of("127.0.0.1"));
    agent = new ServedAgent(folder);
    see("cart", 301, 8443);
    see("cart", 301, 8443);
    see("frontend", 303, 9000);
  }

  @AfterEach
  void end() {
    agent.close();
  }

  private void see(String client, int identity, int port) {
    agent
        .flows()
        .see(
            Flow.newBuilder()
                .setTime(Timestamps.fromMillis(System.currentTimeMillis() - 5_000))
                .setVerdict(Verdict.FORWARDED)
                .setIsReply(BoolValue.of(false))
                .setTrafficDirection(TrafficDirection.INGRESS)
                .setNodeName("n1")
                .setIP(IP.newBuilder().setSource("10.244.1.7").setDestination("10.244.1.8"))
                .setL4(
                    Layer4.newBuilder()
                        .setTCP(TCP.newBuilder().setSourcePort(40_000).setDestinationPort(port)))
                .setSource(pod(client, identity))
                .setDestination(pod("payment", 302))
                .build());
  }

  private static Endpoint pod(String name, int identity) {
    return Endpoint.newBuilder()
        .setIdentity(identity)
        .setNamespace("shop")
        .setPodName(name + "-0")
        .addWorkloads(Workload.newBuilder().setName(name))
        .addLabels("k8s:app=" + name)
        .addLabels("k8s:io.kubernetes.pod.namespace=shop")
        .build();
  }

  private Result ask(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.add("--socket");
    all.add(agent.socket().toString());
    var out = new StringWriter();
    var err = new StringWriter();
    int exit = Main.run(new PrintWriter(out), new PrintWriter(err), all.toArray(String[]::new));
    return new Result(exit, out.toString(), err.toString());
  }

  private String file(String text) throws Exception {
    return Files.writeString(folder.resolve("policy.yaml"), text).toString();
  }

  @Test
  void monitor_record_isWhatDryRunReads() throws Exception {
    Path recording = folder.resolve("recording");
    Result recorded = ask("monitor", "--since", "1h", "--record", recording.toString());
    assertEquals(0, recorded.exit, recorded.err);
    assertEquals("", recorded.out);
    assertTrue(recorded.err.contains("3 flows recorded in " + recording), recorded.err);
    agent.flows().forget();
    Result result = ask("policy", "dry-run", "--recording", recording.toString(), file(POLICY));
    assertEquals(7, result.exit, result.err);
    assertTrue(
        result.out.contains("3 flows: 1 newly denied, 0 newly allowed, 0 undecidable, 2 unchanged"),
        result.out);
  }

  @Test
  void dryRun_damagedOrNoRecording_saysSo() throws Exception {
    Path recording = folder.resolve("recording");
    assertEquals(0, ask("monitor", "--since", "1h", "--record", recording.toString()).exit);
    Path file = recording.resolve("flows-000000000001.skflows");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 3));
    Result torn = ask("policy", "dry-run", "--recording", recording.toString(), file(POLICY));
    assertTrue(torn.err.contains(" bytes of the recording are damaged"), torn.err);
    assertTrue(torn.out.contains("2 flows: "), torn.out);

    Result none =
        ask("policy", "dry-run", "--recording", folder.resolve("x").toString(), file(POLICY));
    assertEquals(1, none.exit, none.out);
    assertTrue(none.err.contains("there is no recording of flows in "), none.err);

    Files.writeString(file, "this is no recording");
    Result other = ask("policy", "dry-run", "--recording", recording.toString(), file(POLICY));
    assertEquals(1, other.exit, other.out);
    assertTrue(other.err.contains("is no recording of flows"), other.err);
  }

  @Test
  void dryRun_denies_saysWhatAndExits7() throws Exception {
    Result result = ask("policy", "dry-run", file(POLICY));
    assertEquals(7, result.exit, result.err);
    assertTrue(
        result.out.contains("newly denied  1      shop/frontend  shop/payment  9000/TCP  "),
        result.out);
    assertTrue(result.out.contains("ingress default deny"), result.out);
    assertTrue(
        result.out.contains("3 flows: 1 newly denied, 0 newly allowed, 0 undecidable, 2 unchanged"),
        result.out);
    assertTrue(result.err.contains("1 flow would newly be denied"), result.err);
  }

  @Test
  void dryRun_json_hasTheSame() throws Exception {
    Result result = ask("policy", "dry-run", "-o", "json", "--all", file(POLICY));
    assertEquals(7, result.exit, result.err);
    var json = JsonParser.parseString(result.out).getAsJsonObject();
    assertEquals(1, json.getAsJsonObject("flows").get("newly_denied").getAsInt());
    assertEquals(2, json.getAsJsonArray("changes").size());
  }

  @Test
  void dryRun_removal_isHeldAgainstTheHead() throws Exception {
    assertEquals(0, ask("policy", "push", "--no-wait", file(POLICY)).exit);
    Result result = ask("policy", "dry-run", "--remove", "shop/payment-in");
    assertEquals(0, result.exit, result.err);
    assertTrue(result.out.contains("1 newly allowed"), result.out);
    assertEquals(1, ask("policy", "dry-run", "--remove", "shop/nothing").exit);
  }

  @Test
  void dryRun_brokenDocument_exits4() throws Exception {
    Result result = ask("policy", "dry-run", file(POLICY.replace("ingress", "ingres")));
    assertEquals(4, result.exit);
    assertTrue(result.err.contains("policy.yaml:"), result.err);
  }

  @Test
  void dryRun_nothingNamed_isAUsageError() {
    assertEquals(2, ask("policy", "dry-run").exit);
  }

  @Test
  void fromFlows_selector_printsAPolicyThatDryRunsClean() throws Exception {
    Result result = ask("policy", "from-flows", "--selector", "app=payment,namespace=shop");
    assertEquals(0, result.exit, result.err);
    assertTrue(result.out.contains("app: payment"), result.out);
    assertTrue(result.err.contains("No egress was seen"), result.err);
    Result dry = ask("policy", "dry-run", file(result.out));
    assertEquals(0, dry.exit, dry.out + dry.err);
  }

  @Test
  void fromFlows_nobody_isRefused() {
    Result result = ask("policy", "from-flows", "--selector", "app=nobody");
    assertEquals(1, result.exit);
    assertTrue(result.err.contains("no endpoint has the labels app=nobody"), result.err);
    assertEquals(2, ask("policy", "from-flows", "--selector", "app").exit);
    assertEquals(2, ask("policy", "from-flows", "--selector", "app=payment", "--width", "99").exit);
  }
}
