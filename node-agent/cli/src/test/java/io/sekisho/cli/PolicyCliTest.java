package io.sekisho.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.sekisho.agent.pki.Authority;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Expectations at a push and questions to policies, against a served agent. */
final class PolicyCliTest {
  private static final String POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: pay-in, namespace: bank}
      spec:
        podSelector: {matchLabels: {app: pay}}
        ingress:
        - from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}}]
          ports: [{port: 8443}]
      """;
  private static final String WIDE = POLICY + "  - ports: [{port: 22}]\n";
  private static final String EXPECTATION =
      """
      apiVersion: sekisho.io/v1
      kind: Expectation
      metadata: {name: no-ssh}
      spec:
        expect: deny
        from: [{entity: all}]
        to: [{namespace: bank}]
        ports: [{port: "22", protocol: TCP}]
        reason: nobody logs in to pods
      """;

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
    ask("policy", "push", "--no-wait", file("policy.yaml", POLICY));
  }

  @AfterEach
  void end() {
    agent.close();
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

  private String file(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private void expect() throws Exception {
    var pushed =
        ask(
            "policy",
            "push",
            "--no-wait",
            file("expect.yaml", EXPECTATION),
            "--override",
            "no-ssh");
    assertEquals(0, pushed.exit(), pushed.err());
  }

  @Test
  void push_breaksExpectation_exitsWithSixAndShowsWhere() throws Exception {
    // the own node always passes, so the expectation is broken from its beginning
    String pods = EXPECTATION.replace("entity: all", "namespace: shop");
    assertEquals(0, ask("policy", "push", "--no-wait", file("e.yaml", pods)).exit());

    var refused = ask("policy", "push", "--no-wait", file("wide.yaml", WIDE));

    assertEquals(6, refused.exit());
    assertTrue(
        refused
            .err()
            .contains(
                "broken: no-ssh: shop/cart to bank/pay port 22/TCP passes; going out: no policy"
                    + " selects the endpoint; coming in: allowed by bank/pay-in:2"
                    + " (NetworkPolicy, line 9)\n  because nobody logs in to pods\n"),
        refused.err());
    assertTrue(refused.err().contains("--override NAME"), refused.err());
    var overridden =
        ask(
            "policy",
            "push",
            "--no-wait",
            folder.resolve("wide.yaml") + "",
            "--override",
            "no-ssh");
    assertEquals(0, overridden.exit(), overridden.err());
    assertTrue(ask("revisions", "show").out().contains("Overrode  no-ssh: shop/cart to bank/pay"));
  }

  @Test
  void push_brokenBefore_warnsAndGoesOn() throws Exception {
    expect();

    var pushed = ask("policy", "push", "--no-wait", file("p.yaml", POLICY.replace("8443", "8444")));

    assertEquals(0, pushed.exit(), pushed.err());
    assertTrue(pushed.err().startsWith("warning: broken as before: no-ssh: "), pushed.err());
  }

  @Test
  void push_overridesUnknown_isRefused() throws Exception {
    var pushed = ask("policy", "push", file("p.yaml", WIDE), "--override", "nossh");

    assertEquals(1, pushed.exit());
    assertTrue(pushed.err().contains("there is no expectation nossh"), pushed.err());
  }

  @Test
  void validate_tellsExpectationsAndExitsWithSix() throws Exception {
    String pods = EXPECTATION.replace("entity: all", "namespace: shop");
    ask("policy", "push", "--no-wait", file("e.yaml", pods));

    var valid = ask("policy", "validate", file("p.yaml", POLICY));
    assertEquals(0, valid.exit(), valid.err());
    assertEquals("1 document without error\n1 of 1 expectation hold\n", valid.out());
    var broken = ask("policy", "validate", file("w.yaml", WIDE), "-o", "json");
    assertEquals(6, broken.exit());
    var result = broken.json().getAsJsonArray("expectations").get(0).getAsJsonObject();
    assertEquals("BROKEN", result.get("state").getAsString());
    assertEquals(22, result.getAsJsonObject("counterExample").get("port").getAsInt());
    assertEquals(0, ask("policy", "validate", file("w.yaml", WIDE), "--base", "0").exit());
  }

  @ParameterizedTest
  @MethodSource("io.sekisho.cli.MalformedTexts#all")
  void malformed_eachWayIn_exitsWithFourAndChangesNothing(String name, String text)
      throws Exception {
    String file = file("bad.yaml", text);

    var validated = ask("policy", "validate", file);
    assertEquals(4, validated.exit(), validated.out() + validated.err());
    assertTrue(validated.out().startsWith(file + ":"), validated.out());
    var pushed = ask("policy", "push", file);
    assertEquals(4, pushed.exit(), pushed.err());
    assertTrue(pushed.err().startsWith(file + ":"), pushed.err());
    assertTrue(pushed.err().contains("nothing was pushed"), pushed.err());
    var traced =
        ask("policy", "trace", "shop/cart", "bank/pay", "-p", "8443/TCP", "--documents", file);
    assertEquals(4, traced.exit(), traced.err());
    assertEquals(1, ask("policy", "list", "-o", "json").json().getAsJsonArray("documents").size());
  }

  @Test
  void validate_fileWithoutEnd_isAWrongCommandLine() {
    var told = ask("policy", "validate", "/dev/zero");
    assertEquals(2, told.exit());
    assertTrue(told.err().contains("/dev/zero is longer than"), told.err());
  }

  @Test
  void validate_trap_isWarnedOf() throws Exception {
    String typo = POLICY.replace("app: pay", "app: payy");

    var told = ask("policy", "validate", file("p.yaml", typo));

    assertEquals(0, told.exit());
    assertTrue(told.out().contains("p.yaml:5:1: warning: no endpoint is selected by"), told.out());
  }

  @Test
  void trace_dropped_exitsWithSevenAndSaysWhy() {
    var traced = ask("policy", "trace", "shop/cart", "bank/pay", "--port", "22");

    assertEquals(7, traced.exit());
    assertEquals(
        """
        shop/cart (identity 300) to bank/pay (identity 301), port 22/TCP: DROPPED
          going out of shop/cart: passes, no policy selects the endpoint
          coming in to bank/pay: dropped, default deny
            nearest bank/pay-in:1 (NetworkPolicy, ingress, line 7)
        """,
        traced.out().lines().limit(4).reduce("", (a, b) -> a + b + "\n"));
    assertTrue(
        traced.out().endsWith("      22/TCP is not among its ports 8443/TCP\n"), traced.out());
  }

  @Test
  void trace_draft_isAskedBeforeThePush() throws Exception {
    var traced =
        ask(
            "policy",
            "trace",
            "10.244.1.7",
            "app=pay",
            "-p",
            "22/tcp",
            "--documents",
            file("w.yaml", WIDE),
            "-o",
            "json");

    assertEquals(0, traced.exit(), traced.err());
    var trace = traced.json().getAsJsonArray("traces").get(0).getAsJsonObject();
    assertEquals("10.244.1.7", trace.getAsJsonObject("source").get("address").getAsString());
    assertEquals(
        9, trace.getAsJsonObject("ingress").getAsJsonObject("rule").get("line").getAsInt());
    var bad =
        ask(
            "policy",
            "trace",
            "shop/cart",
            "bank/pay",
            "-p",
            "1",
            "--documents",
            file("b.yaml", "kind: X"));
    assertEquals(4, bad.exit());
    assertTrue(bad.err().contains("b.yaml:1:"), bad.err());
  }

  @Test
  void trace_badQuestions_sayWhatIsWrong() {
    assertEquals(1, ask("policy", "trace", "shop/nobody", "bank/pay", "-p", "1").exit());
    assertEquals(2, ask("policy", "trace", "shop/cart", "bank/pay", "-p", "1/XYZ").exit());
    assertEquals(2, ask("policy", "trace", "shop/cart", "bank/pay").exit());
    assertEquals(1, ask("policy", "trace", "shop/cart", "bank/pay", "-p", "http").exit());
  }

  @Test
  void trace_worldAndOneDirection_areAsked() {
    var traced =
        ask(
            "policy",
            "trace",
            "world",
            "namespace=bank",
            "-p",
            "8/ICMPv4",
            "--direction",
            "ingress");

    assertEquals(7, traced.exit());
    assertTrue(traced.out().startsWith("world (identity 2) to bank/pay"), traced.out());
    assertTrue(traced.out().contains("type 8/ICMPv4: DROPPED"), traced.out());
  }

  @Test
  void reach_withoutFolder_asksTheCluster() {
    var reached = ask("policy", "reach", "--to", "bank/pay");

    assertEquals(0, reached.exit(), reached.err());
    assertTrue(reached.out().startsWith("bank/pay (identity 301) is reached by:\n"), reached.out());
    assertTrue(reached.out().contains("shop/cart  1 endpoint  8443/TCP\n"), reached.out());
    assertFalse(reached.out().contains("world"), reached.out());
    var json = ask("policy", "reach", "--from", "shop/cart", "-o", "json").json();
    assertTrue(json.get("totalGroups").getAsInt() > 2);
  }

  @Test
  void changes_draft_tellsWhatOpens() throws Exception {
    var changed = ask("policy", "changes", "--documents", file("w.yaml", WIDE));

    assertEquals(0, changed.exit(), changed.err());
    assertTrue(changed.out().contains("SOURCE"), changed.out());
    assertTrue(
        changed.out().lines().anyMatch(l -> l.matches("shop/cart +bank/pay +1 +- +22/TCP")),
        changed.out());
    assertEquals("nothing opens and nothing closes\n", ask("policy", "changes", "1", "1").out());
    assertEquals(1, ask("policy", "changes", "1", "9").exit());
  }
}
