package io.sekisho.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

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
        ok      only-the-cart-pays: holds for 1 pair
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
  void test_json_hasProblemsAndExpectations() throws Exception {
    Files.writeString(folder.resolve("p.yaml"), POLICY.replace("app: payment", "app: payments"));
    assertEquals(6, run("-o", "json"));
    JsonObject told = JsonParser.parseString(out.toString()).getAsJsonObject();
    JsonObject trap = told.getAsJsonArray("problems").get(0).getAsJsonObject();
    assertEquals("WARNING", trap.get("severity").getAsString());
    assertEquals(1, trap.get("text").getAsInt(), "p.yaml is the second file");
    JsonObject result = told.getAsJsonArray("expectations").get(0).getAsJsonObject();
    assertEquals("BROKEN", result.get("state").getAsString());
    JsonObject example = result.getAsJsonObject("counterExample");
    assertTrue(example.getAsJsonObject("source").get("name").getAsString().contains("app=web"));
    assertTrue(example.get("passes").getAsBoolean());
  }

  @Test
  void test_brokenDocument_isAnErrorOfTheReportAndOfTheJson() throws Exception {
    Files.writeString(folder.resolve("p.yaml"), POLICY.replace("ingress:", "ingres:"));
    Path report = folder.resolve("report.xml");
    assertEquals(4, run("--junit", report.toString(), "-o", "json"));
    NodeList errors = parsed(report).getElementsByTagName("error");
    assertEquals(1, errors.getLength());
    assertEquals(
        "p.yaml:6:3",
        ((Element) errors.item(0).getParentNode()).getAttribute("name"),
        Files.readString(report));
    assertEquals("1", parsed(report).getDocumentElement().getAttribute("errors"));
    JsonObject told = JsonParser.parseString(out.toString()).getAsJsonObject();
    assertEquals(1, told.getAsJsonArray("problems").size());
    assertEquals(0, told.getAsJsonArray("expectations").size());
  }

  @Test
  void test_controlCharactersInAReason_areNotInTheReport() throws Exception {
    String bell = EXPECTATION.replace("<PCI> & co", "\"a\\abell \\U0001F514\"");
    Files.writeString(folder.resolve("expect.yml"), bell);
    Path report = folder.resolve("report.xml");
    assertEquals(6, run("--junit", report.toString()), err::toString);
    assertEquals(
        "a?bell \ud83d\udd14",
        parsed(report).getElementsByTagName("failure").item(0).getTextContent());
  }

  private static Document parsed(Path report) throws Exception {
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report.toFile());
  }

  @Test
  void test_brokenDocument_exitsWithFourAndPlace() throws Exception {
    Files.writeString(folder.resolve("p.yaml"), POLICY.replace("ingress:", "ingres:"));
    assertEquals(4, run());
    assertTrue(err.toString().startsWith("p.yaml:6:3: error: "), err.toString());
    assertTrue(err.toString().contains("did you mean 'ingress'?"), err.toString());
  }

  @ParameterizedTest
  @MethodSource("io.sekisho.cli.MalformedTexts#all")
  void test_malformed_exitsWithFourInTime(String name, String text) throws Exception {
    Files.writeString(folder.resolve("p.yaml"), text);
    assertEquals(4, assertTimeout(Duration.ofSeconds(20), () -> run()), out::toString);
    assertTrue(err.toString().startsWith("p.yaml:"), err.toString());
  }

  @Test
  void test_fileWithoutEnd_isNoPartOfTheFolder() throws Exception {
    Files.createSymbolicLink(folder.resolve("p.yaml"), Path.of("/dev/zero"));
    assertEquals(6, run(), err::toString);
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
