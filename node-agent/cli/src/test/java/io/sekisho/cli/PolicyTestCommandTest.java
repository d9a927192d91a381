package io.sekisho.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command that proves expectations of a folder, as somebody's CI would run it. */
final class PolicyTestCommandTest {
  private static final String EXPECTATION =
      """
      apiVersion: sekisho.io/v1
      kind: Expectation
      metadata: {name: only-the-cart-pays}
      spec:
        reason: <PCI> & co
        expect: deny
        from: [{podSelector: {matchLabels: {app: web}}}]
        to: [{namespace: shop, podSelector: {matchLabels: {app: payment}}}]
      """;
  private static final String POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: pay, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: payment}}
        ingress: [{from: [{podSelector: {matchLabels: {app: cart}}}]}]
      """;

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... more) {
    var line = new java.util.ArrayList<>(java.util.List.of("policy", "test", folder.toString()));
    line.addAll(java.util.List.of(more));
    return Main.run(new PrintWriter(out), new PrintWriter(err), line.toArray(String[]::new));
  }

  @BeforeEach
  void pods() throws Exception {
    var text = new StringBuilder();
    for (String app : java.util.List.of("web", "cart", "payment")) {
      text.append(
          "---\napiVersion: v1\nkind: Pod\nmetadata: {name: %s, namespace: shop, labels: {app: %s}}\n"
              .formatted(app, app));
      text.append("spec: {containers: []}\n");
    }
    Files.writeString(folder.resolve("pods.yaml"), text);
    Files.writeString(folder.resolve("expect.yml"), EXPECTATION);
  }

  @Test
  void test_expectationHolds_exitsWithZero() throws Exception {
    Files.writeString(Files.createDirectory(folder.resolve("sub")).resolve("p.yaml"), POLICY);
    assertEquals(0, run(), err::toString);
    assertEquals(
        """
        ok      only-the-cart-pays: holds for 1 pairs
        1 of 1 expectation hold, over 3 workloads and 2 documents
        """,
        out.toString());
  }

  @Test
  void test_expectationBroken_exitsWithSixAndReports() throws Exception {
    Path report = folder.resolve("report.xml");
    assertEquals(6, run("--junit", report.toString()));
    assertTrue(
        out.toString().contains("BROKEN  only-the-cart-pays: broken: k8s:app=web"), out.toString());
    assertTrue(out.toString().contains("because <PCI> & co"), out.toString());
    String xml = Files.readString(report);
    assertTrue(xml.contains("tests=\"1\" failures=\"1\" errors=\"0\" skipped=\"0\""), xml);
    assertTrue(xml.contains("&lt;PCI&gt; &amp; co"), xml);
  }

  @Test
  void test_brokenDocument_exitsWithFourAndPlace() throws Exception {
    Files.writeString(folder.resolve("p.yaml"), POLICY.replace("ingress:", "ingres:"));
    assertEquals(4, run());
    assertTrue(err.toString().startsWith("p.yaml:6:3: error: "), err.toString());
    assertTrue(err.toString().contains("did you mean 'ingress'?"), err.toString());
  }

  @Test
  void test_noFolderOrNoFile_isAWrongCommandLine() throws Exception {
    assertEquals(
        2,
        Main.run(new PrintWriter(out), new PrintWriter(err), "policy", "test", folder + "/none"));
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertEquals(
        2,
        Main.run(new PrintWriter(out), new PrintWriter(err), "policy", "test", empty.toString()));
  }

  private int reach(String... options) {
    return Main.run(
        new PrintWriter(out),
        new PrintWriter(err),
        Stream.concat(Stream.of("policy", "reach", folder.toString()), Stream.of(options))
            .toArray(String[]::new));
  }

  @Test
  void reach_toPods_namesPeersAndPorts() throws Exception {
    Files.writeString(folder.resolve("p.yaml"), POLICY);
    assertEquals(0, reach("--to", "app=payment,namespace=shop"), err::toString);
    String text = out.toString();
    assertTrue(text.contains(" is reached by:\n"), text);
    assertTrue(text.matches("(?s).*k8s:app=cart\\S*  all ports.*"), text);
    assertTrue(!text.contains("app=web"), text);
  }

  @Test
  void reach_asJson_isOneListOfAnswers() throws Exception {
    Files.writeString(folder.resolve("p.yaml"), POLICY);
    assertEquals(0, reach("--to", "app=payment,namespace=shop", "-o", "json"), err::toString);
    JsonArray answers = JsonParser.parseString(out.toString()).getAsJsonArray();
    assertEquals(1, answers.size());
    JsonObject answer = answers.get(0).getAsJsonObject();
    assertTrue(
        answer.getAsJsonObject("who").getAsJsonArray("labels").toString().contains("app=payment"));
    assertTrue(answer.get("totalGroups").getAsInt() >= 1, answer::toString);
    assertEquals(answer.get("totalGroups").getAsInt(), answer.getAsJsonArray("groups").size());
    assertTrue(answer.getAsJsonArray("groups").toString().contains("app=cart"));
  }

  @Test
  void reach_fromPods_namesWhomTheyReach() throws Exception {
    Files.writeString(folder.resolve("p.yaml"), POLICY);
    assertEquals(0, reach("--from", "app=web"), err::toString);
    assertTrue(out.toString().contains("app=cart"), out.toString());
    assertTrue(!out.toString().contains("app=payment"), out.toString());
    assertEquals(1, reach("--from", "app=nobody"));
  }
}
