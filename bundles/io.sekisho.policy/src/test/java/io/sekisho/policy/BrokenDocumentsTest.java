package io.sekisho.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong is said, all at once, with its place. */
class BrokenDocumentsTest {
  private static final String HEAD =
      """
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata: {name: p, namespace: shop}
      """;

  private static Parsed parse(String... texts) {
    return Documents.parse(List.of(texts));
  }

  private static Problem onlyError(String text) {
    Parsed parsed = parse(text);
    assertEquals(1, parsed.errors().size(), () -> "" + parsed.problems());
    assertEquals(List.of(), parsed.documents());
    return parsed.errors().get(0);
  }

  private static void assertPlace(int line, int column, Problem problem) {
    assertEquals(line + ":" + column, problem.line() + ":" + problem.column(), problem.toString());
  }

  @Test
  void parse_manyErrors_tellsAllWithPlaces() {
    Parsed parsed =
        parse(
            """
            apiVersion: cilium.io/v3
            kind: CiliumNetworkPolicy
            metadata: {name: Bad_Name, namespace: shop}
            spec:
              endpointSelector: {matchLabel: {app: x}}
              ingress:
              - fromEndpoint: [{}]
                toPorts:
                - ports: [{port: "99999", protocol: TPC}]
              egress: {}
            """,
            "kind: [\n");
    assertEquals(
        List.of("1:13", "3:18", "5:22", "7:5", "9:22", "9:41", "10:11", "2:1"),
        parsed.errors().stream().map(p -> p.line() + ":" + p.column()).toList(),
        () -> "" + parsed.problems());
    assertEquals(
        List.of("cilium.io/v2", "", "matchLabels", "fromEndpoints", "", "TCP", "", ""),
        parsed.errors().stream().map(Problem::suggestion).toList());
    assertEquals(1, parsed.errors().get(7).text());
  }

  @Test
  void parse_errorInOneDocument_readsTheOthers() {
    String good = HEAD + "spec: {endpointSelector: {}, ingress: [{fromEntities: [host]}]}\n";
    String torn = HEAD.replace("name: p", "name: q") + "spec: {endpointSelector: [\n";
    Parsed parsed = parse(good + "---\n" + torn + "---\n" + good.replace("name: p", "name: r"));
    assertTrue(parsed.hasErrors());
    assertEquals(List.of("p", "r"), parsed.documents().stream().map(PolicyDocument::name).toList());
    assertTrue(parsed.errors().get(0).line() >= 8, () -> "" + parsed.errors());
  }

  @Test
  void parse_problem_namesTheDocument() {
    Problem problem = onlyError(HEAD + "spec: {endpointSelector: {}, ingres: []}\n");
    assertEquals("CiliumNetworkPolicy shop/p", problem.document());
  }

  @Test
  void parse_duplicateField_namesBothLines() {
    Problem problem =
        onlyError(
            HEAD
                + """
                spec:
                  endpointSelector: {}
                  ingress: [{fromEntities: [host]}]
                  ingress: []
                """);
    assertPlace(7, 3, problem);
    assertTrue(problem.message().contains("line 6"), problem.message());
  }

  @Test
  void parse_sameNameTwice_isAnError() {
    String good = HEAD + "spec: {endpointSelector: {}, ingress: [{fromEntities: [host]}]}\n";
    Parsed parsed = parse(good, "\n" + good);
    assertEquals(1, parsed.errors().size());
    assertEquals(1, parsed.errors().get(0).text());
    assertTrue(parsed.errors().get(0).message().contains("text 1, line 1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n", "# nothing\n", "---\n", "---\n...\n", "\ufeff"})
  void parse_noDocument_isAnError(String text) {
    assertEquals("the text has no document", onlyError(text).message());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|must be a map",
        "hello|must be a map",
        "'{endpointSelector: {}}'|says nothing",
        "'{ingress: [{fromEntities: [host]}]}'|no 'endpointSelector'",
        "'{endpointSelector: , ingress: []}'|no value",
        "'{endpointSelector: {}, ingress: }'|no value",
        "'{endpointSelector: {}, ingress: [null]}'|no value",
        "'{endpointSelector: {}, ingress: [[]]}'|must be a map",
        "'{endpointSelector: {}, ingress: [{fromEntities: world}]}'|must be a list",
        "'{endpointSelector: {}, ingress: [{fromEntities: [1]}]}'|must be a text",
        "'{endpointSelector: {}, ingress: [{fromEntities: [wrld]}]}'|no entity 'wrld'",
        "'{endpointSelector: {}, ingress: [{toEndpoints: [{}]}]}'|no field 'toEndpoints'",
        "'{endpointSelector: {}, ingress: [{fromCIDR: [10.0.0.0/33]}]}'|prefix length",
        "'{endpointSelector: {}, ingress: [{fromCIDR: [\"10/8\"]}]}'|address prefix",
        "'{endpointSelector: {}, ingress: [{fromCIDR: [example.org]}]}'|address prefix",
        "'{endpointSelector: {}, ingress: [{fromCIDRSet: [{except: []}]}]}'|has no 'cidr'",
        "'{endpointSelector: {}, ingress: [{fromEntities: [host], fromEndpoints: [{}]}]}'|one of",
        "'{endpointSelector: {}, ingress: [{toPorts: [{}]}]}'|names no ports",
        "'{endpointSelector: {}, ingress: [{toPorts: [{ports: [{protocol: TCP}]}]}]}'|no 'port'",
        "'{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: http--}]}]}]}'|no name of a port",
        "'{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: \"9\", endPort: 8}]}]}]}'|'endPort'",
        "'{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: \"9\", protocol: ICMP}]}]}]}'|has no ports",
        "'{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: \"9\"}], rules: {}}]}]}'|not supported yet",
        "'{endpointSelector: {}, egress: [{toFQDNs: []}]}'|not supported yet",
        "'{endpointSelector: {matchLabels: {app: 1}}, ingress: [{fromEntities: [host]}]}'|quotes",
        "'{endpointSelector: {matchLabels: {\"a b\": c}}, ingress: [{fromEntities: [host]}]}'|no label name",
        "'{endpointSelector: {matchLabels: {\"k9s:a\": c}}, ingress: [{fromEntities: [host]}]}'|no source",
        "'{endpointSelector: {matchLabels: {a: \"c,d\"}}, ingress: [{fromEntities: [host]}]}'|no label value",
        "'{endpointSelector: {matchExpressions: [{key: a, operator: In}]}, ingress: [{fromEntities: [host]}]}'|needs at least one",
        "'{endpointSelector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}, ingress: [{fromEntities: [host]}]}'|takes no",
        "'{endpointSelector: {matchExpressions: [{key: a, operator: is, values: [b]}]}, ingress: [{fromEntities: [host]}]}'|no operator",
        "'{endpointSelector: {matchLabels: {k8s:io.kubernetes.pod.namespace: ops}}, ingress: [{fromEntities: [host]}]}'|own namespace",
        "'{endpointSelector: {}, ingress: [{fromEntities: [host]}], labels: [{value: x}]}'|has no 'key'",
        "'!!set {endpointSelector: {}}'|must be a map",
      })
  void parse_wrongSpec_isToldOnce(String spec, String words) {
    Problem problem = onlyError(HEAD + "spec: " + spec + "\n");
    assertTrue(problem.message().contains(words), problem.toString());
    assertTrue(problem.line() == 4 && problem.column() > 0, problem.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kind: CiliumNetworkPolicy|kind: CiliumNetworkPolice|no kind",
        "kind: CiliumNetworkPolicy|kind: NetworkPolicy|has the apiVersion networking.k8s.io/v1",
        "metadata: {name: p, namespace: shop}|metadata: {name: p, annotations: {sekisho.io/enforcement: adit}}|no enforcement",
        "metadata: {name: p, namespace: shop}|metadata: {name: p, annotations: {sekisho.io/mode: audit}}|no annotation",
        "kind: CiliumNetworkPolicy|kind: 7|must be a text",
        "kind: CiliumNetworkPolicy|extra: 7|has no",
        "metadata: {name: p, namespace: shop}|metadata: {namespace: shop}|has no 'name'",
        "metadata: {name: p, namespace: shop}|metadata: {name: p, namespace: 'a.b'}|no namespace",
        "metadata: {name: p, namespace: shop}|metadata: {name: p, nmespace: a}|no field",
        "metadata: {name: p, namespace: shop}|''|no 'metadata'",
        "kind: CiliumNetworkPolicy|kind: CiliumClusterwideNetworkPolicy|of no namespace",
      })
  void parse_wrongHead_isTold(String from, String to, String words) {
    String text = HEAD + "spec: {endpointSelector: {}, ingress: [{fromEntities: [host]}]}\n";
    Parsed parsed = parse(text.replace(from, to));
    assertTrue(
        parsed.errors().stream().anyMatch(p -> p.message().contains(words)),
        () -> "" + parsed.problems());
    assertEquals(List.of(), parsed.documents());
  }

  @Test
  void parse_neitherSpecNorSpecs_isAnError() {
    assertTrue(onlyError(HEAD).message().contains("neither"));
    assertTrue(onlyError(HEAD + "specs: []\n").message().contains("neither"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kind: 'open",
        "a: b: c",
        "\t- x",
        "{a: 1",
        "*nowhere",
        "a: &x [*x]",
        "? {a: b}\n: c",
        "a: \u0001",
        "%YAML 9.9\n---\na: b",
        "--- !!java.lang.Thread {}",
        "a: b\n- c",
      })
  void parse_noYaml_isToldNeverThrown(String text) {
    Parsed parsed = parse(text);
    assertTrue(parsed.hasErrors());
    assertEquals(List.of(), parsed.documents());
  }

  @Test
  void parse_deepNesting_isRefused() {
    assertRefusedFast("a: " + "[".repeat(500_000), "nested deeper");
    assertRefusedFast("a: " + "{b: ".repeat(200_000), "nested deeper");
    assertRefusedFast("- ".repeat(200_000), "nested deeper");
  }

  @Test
  void parse_aliasBomb_isRefused() {
    var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 30; i++) {
      text.append("a").append(i).append(": &a").append(i).append(" [");
      text.append(("*a" + (i - 1) + ", ").repeat(9)).append("]\n");
    }
    assertRefusedFast(text.toString(), "more than");
  }

  @Test
  void parse_hugeText_isRefused() {
    assertRefusedFast("# x\n".repeat(2_600_000) + "a: b", "longer than");
    assertRefusedFast("---\n".repeat(500_000), "no document");
  }

  private static void assertRefusedFast(String text, String words) {
    Parsed parsed = Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> parse(text));
    assertEquals(1, parsed.errors().size(), () -> "" + parsed.problems());
    assertTrue(parsed.errors().get(0).message().contains(words), () -> "" + parsed.errors());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ingress: []|is empty",
        "ingress: [{}]|allows nothing",
        "ingress: [{fromEndpoints: []}]|allows nothing",
        "ingressDeny: [{fromEntities: []}]|denies nothing",
        "ingressDeny: [{fromEntities: [world]}]|switches default deny on",
        "ingress: [{fromCIDR: [0.0.0.0/0]}]|no pod and no node",
        "ingress: [{fromCIDR: [10.1.2.3/8]}]|means 10.0.0.0/8",
        "ingress: [{toPorts: [{ports: [{port: 80}]}]}]|in quotes",
      })
  void parse_trap_isWarnedOf(String section, String words) {
    Parsed parsed = parse(HEAD + "spec: {endpointSelector: {}, " + section + "}\n");
    assertFalse(parsed.hasErrors(), () -> "" + parsed.problems());
    assertTrue(
        parsed.warnings().stream().anyMatch(p -> p.message().contains(words)),
        () -> "" + parsed.problems());
  }
}
