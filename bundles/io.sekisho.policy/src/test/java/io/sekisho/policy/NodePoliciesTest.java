package io.sekisho.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.policy.check.NodeTraps;
import io.sekisho.policy.evaluate.Decision;
import io.sekisho.policy.evaluate.Evaluator;
import io.sekisho.policy.evaluate.Question;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Documents about nodes: their own traffic, peers by their labels, deny lists. */
class NodePoliciesTest {
  private static final Labels NODE = Labels.of("reserved:host", "zone=a");

  private static String clusterwide(String spec) {
    return "apiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\nmetadata: {name: n}\nspec: "
        + spec
        + "\n";
  }

  private static String denyList(String spec) {
    return "apiVersion: sekisho.io/v1\nkind: PrefixList\nmetadata: {name: bad}\nspec: "
        + spec
        + "\n";
  }

  private static List<PolicyDocument> parse(String text) {
    Parsed parsed = Documents.parse(List.of(text));
    assertEquals(List.of(), parsed.errors());
    return parsed.documents();
  }

  @Test
  void nodeSelector_selectsNodesByLabels_neverPods() {
    PolicySpec spec =
        parse(clusterwide("{nodeSelector: {matchLabels: {zone: a}}, ingress: []}"))
            .getFirst()
            .specs()
            .getFirst();
    assertTrue(spec.selects(NODE));
    assertFalse(spec.selects(Labels.of("reserved:host", "zone=b")));
    assertFalse(spec.selects(Labels.of("k8s:" + Labels.NAMESPACE + "=a", "zone=a")));
    assertFalse(spec.selects(Labels.of("reserved:remote-node", "zone=a")));
  }

  @Test
  void endpointSelector_ofAll_neverSelectsTheNode() {
    PolicySpec spec =
        parse(clusterwide("{endpointSelector: {}, ingress: []}")).getFirst().specs().getFirst();
    assertFalse(spec.selects(NODE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{nodeSelector: {}, endpointSelector: {}, ingress: []}|a spec has one of",
        "{nodeSelector: {matchLabels: {reserved:host: ''}}, ingress: []}|nodes have no labels",
        "{nodeSelector: {matchLabels: {io.kubernetes.pod.namespace: a}}, ingress: []}|no label name of nodes",
        "{endpointSelector: {matchLabels: {reserved:host: ''}}, ingress: []}|by a 'nodeSelector'",
        "{endpointSelector: {}, ingress: [{fromNodes: [{matchLabels: {cidr:10.0.0.0/8: ''}}]}]}|nodes have no labels",
      })
  void broken_policiesOfNodes_areErrors(String spec, String message) {
    List<Problem> errors = Documents.parse(List.of(clusterwide(spec))).errors();
    assertEquals(1, errors.size(), errors::toString);
    assertTrue(errors.getFirst().message().contains(message), errors::toString);
  }

  @Test
  void nodeSelector_inANamespace_isAnError() {
    String text =
        clusterwide("{nodeSelector: {}, ingress: []}").replace("CiliumClusterwide", "Cilium");
    assertTrue(
        Documents.parse(List.of(text)).errors().getFirst().message().contains("no namespace"));
  }

  @Test
  void evaluate_nodeAsSubject_failSafePortsPass() {
    var evaluator =
        new Evaluator(
            parse(
                clusterwide(
                    "{nodeSelector: {}, ingress: [{fromNodes: [{matchLabels: {zone: b}}]}]}")));
    var host = new Identity(1, NODE);
    var near = new Identity(Identity.FIRST_NODE, Labels.of("reserved:remote-node", "zone=b"));
    assertEquals(Decision.ALLOWED, decide(evaluator, near, host, 80));
    assertEquals(Decision.DEFAULT_DENY, decide(evaluator, Identity.WORLD, host, 80));
    assertEquals(Decision.DEFAULT_DENY, decide(evaluator, Identity.REMOTE_NODE, host, 80));
    assertEquals(Decision.FAIL_SAFE, decide(evaluator, Identity.WORLD, host, 22));
    assertEquals(
        Decision.NOT_ENFORCED,
        evaluator.evaluate(new Question(host, Identity.WORLD, 6, 80, Direction.EGRESS)).decision());
  }

  private static Decision decide(Evaluator evaluator, Identity from, Identity to, int port) {
    return evaluator.evaluate(new Question(from, to, 6, port, Direction.INGRESS)).decision();
  }

  private static List<String> traps(String text) {
    return NodeTraps.find(
            parse(text), Map.of("n1", NODE), Map.of("n1", List.of(Cidr.parse("198.18.0.1"))), 4244)
        .stream()
        .map(Problem::message)
        .toList();
  }

  @Test
  void traps_policyThatCutsConsoleAndSsh_warnsOfBoth() {
    List<String> both =
        traps(
            clusterwide(
                "{nodeSelector: {}, ingress: [{fromEntities: [cluster], toPorts: [{ports: [{port: '80'}]}]}]}"));
    assertEquals(2, both.size(), both::toString);
    List<String> console =
        traps(
            clusterwide(
                "{nodeSelector: {}, ingress: [{fromCIDR: [10.0.0.0/8], toPorts: [{ports: [{port: '22'}]}]}]}"));
    assertEquals(1, console.size(), console::toString);
    assertTrue(console.getFirst().contains("4244"));
    assertEquals(List.of(), traps(clusterwide("{nodeSelector: {}, egress: []}")));
    assertEquals(
        List.of(), traps(clusterwide("{nodeSelector: {}, ingress: [{fromEntities: [all]}]}")));
  }

  @Test
  void traps_nodesThatNobodyHas_andDenyListsOverNodes_warn() {
    assertTrue(
        traps(clusterwide("{nodeSelector: {matchLabels: {zone: x}}, egress: []}"))
            .getFirst()
            .contains("no node is selected"));
    assertTrue(
        traps(denyList("{deny: [198.18.0.0/16]}")).getFirst().contains("covers the node n1"));
    assertEquals(List.of(), traps(denyList("{deny: [203.0.113.0/24]}")));
  }

  @Test
  void prefixList_isRead() {
    PrefixList list =
        parse(
                denyList(
                    "{deny: [203.0.113.0/24, '2001:db8::/32'], nodeSelector: {matchLabels: {zone: a}}}"))
            .getFirst()
            .prefixes()
            .getFirst();
    assertEquals(2, list.deny().size());
    assertTrue(list.nodes().matches(NODE));
    assertFalse(list.nodes().matches(Labels.of("reserved:host")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|no list of prefixes",
        "{deny: [0.0.0.0/0]}|deny everybody",
        "{deny: ['::/0']}|deny everybody",
        "{deny: [10.0.0.0/33]}|prefix",
        "{deny: 10.0.0.0/8}|list",
        "{deni: [10.0.0.0/8]}|deni",
      })
  void prefixList_broken_isAnError(String spec, String message) {
    String errors = Documents.parse(List.of(denyList(spec))).errors().toString();
    assertTrue(errors.contains(message), errors);
  }

  @Test
  void prefixList_ofFiftyThousand_fitsOneDocument() {
    String prefixes =
        IntStream.range(0, 50_000)
            .mapToObj(i -> "  - %d.%d.%d.0/24".formatted(100 + i % 100, i / 100 % 256, i / 25_600))
            .collect(Collectors.joining("\n"));
    assertEquals(
        50_000,
        parse(denyList("\n  deny:\n" + prefixes)).getFirst().prefixes().getFirst().deny().size());
  }
}
