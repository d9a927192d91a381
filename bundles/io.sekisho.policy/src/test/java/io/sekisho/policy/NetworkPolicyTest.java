package io.sekisho.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Kubernetes' NetworkPolicy says, where it differs from Cilium's kinds too. */
class NetworkPolicyTest {
  private static final String TEAM = "k8s:" + Labels.NAMESPACE_LABELS + "team=red";
  private static final Labels CART = labels("shop", "app=cart");
  private static final Labels OPS = labels("ops", "app=cart");

  private static Labels labels(String namespace, String... more) {
    var texts = new java.util.ArrayList<>(List.of(more));
    texts.add("k8s:" + Labels.NAMESPACE + "=" + namespace);
    return Labels.of(texts);
  }

  private static Parsed parse(String spec) {
    return Documents.parse(
        List.of(
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: p, namespace: shop}
            spec: %s
            """
                .formatted(spec)));
  }

  private static PolicySpec spec(String spec) {
    Parsed parsed = parse(spec);
    assertEquals(List.of(), parsed.errors());
    return parsed.documents().get(0).specs().get(0);
  }

  private static Rule ingress(String rule) {
    return spec("{podSelector: {}, ingress: [" + rule + "]}").rules().get(0);
  }

  private static boolean matches(Rule rule, Labels labels) {
    return rule.peers().stream().anyMatch(p -> p.matches(new Identity(300, labels)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{podSelector: {}}|INGRESS",
        "{podSelector: {}, ingress: []}|INGRESS",
        "{podSelector: {}, ingress: [{}]}|INGRESS",
        "{podSelector: {}, egress: []}|INGRESS",
        "{podSelector: {}, egress: [{}]}|INGRESS,EGRESS",
        "{podSelector: {}, policyTypes: []}|INGRESS",
        "{podSelector: {}, policyTypes: [Egress]}|EGRESS",
        "{podSelector: {}, policyTypes: [Egress], ingress: [{}]}|EGRESS",
        "{podSelector: {}, policyTypes: [Ingress, Egress]}|INGRESS,EGRESS",
        "{podSelector: {}, policyTypes: [Ingress], egress: [{}]}|INGRESS",
      })
  void policyTypes_defaulting_isKubernetes(String spec, String isolated) {
    var expected = EnumSet.noneOf(Direction.class);
    for (String word : isolated.split(",")) {
      expected.add(Direction.valueOf(word));
    }
    assertEquals(expected, spec(spec).isolated());
  }

  @Test
  void policyTypes_leftOutDirection_hasNoRules() {
    Parsed parsed = parse("{podSelector: {}, policyTypes: [Ingress], egress: [{}]}");
    assertEquals(List.of(), parsed.documents().get(0).specs().get(0).rules());
    assertTrue(parsed.warnings().get(0).message().contains("have no effect"));
  }

  @Test
  void from_absentOrEmpty_meansEverybody() {
    for (String rule : List.of("{}", "{from: []}", "{ports: [{port: 80}]}")) {
      Rule read = ingress(rule);
      assertTrue(matches(read, CART) && matches(read, OPS), rule);
      assertTrue(matches(read, Identity.WORLD.labels()), rule);
      assertTrue(matches(read, Identity.REMOTE_NODE.labels()), rule);
    }
  }

  @Test
  void ports_absentOrEmpty_meanAll() {
    assertEquals(List.of(PortRange.ALL), ingress("{from: []}").ports());
    assertEquals(List.of(PortRange.ALL), ingress("{ports: []}").ports());
  }

  @Test
  void podSelector_alone_meansOwnNamespace() {
    Rule rule = ingress("{from: [{podSelector: {}}]}");
    assertTrue(matches(rule, CART));
    assertFalse(matches(rule, OPS));
    assertFalse(matches(rule, Identity.HOST.labels()));
  }

  @Test
  void namespaceSelector_empty_meansAllPodsAndOnlyPods() {
    Rule rule = ingress("{from: [{namespaceSelector: {}}]}");
    assertTrue(matches(rule, CART) && matches(rule, OPS));
    assertFalse(matches(rule, Identity.HOST.labels()));
    assertFalse(matches(rule, Identity.WORLD.labels()));
  }

  @Test
  void namespaceSelector_negative_stillMeansPods() {
    Rule rule =
        ingress(
            "{from: [{namespaceSelector: {matchExpressions:"
                + " [{key: team, operator: NotIn, values: [red]}]}}]}");
    assertTrue(matches(rule, OPS));
    assertFalse(matches(rule, labels("ops", TEAM)));
    assertFalse(matches(rule, Identity.WORLD.labels()));
  }

  @Test
  void bothSelectors_inOnePeer_mustBothMatch() {
    Rule rule =
        ingress(
            "{from: [{namespaceSelector: {matchLabels: {team: red}},"
                + " podSelector: {matchLabels: {app: cart}}}]}");
    assertTrue(matches(rule, labels("ops", TEAM, "app=cart")));
    assertFalse(matches(rule, labels("ops", TEAM, "app=web")));
    assertFalse(matches(rule, OPS));
    Rule either =
        ingress(
            "{from: [{namespaceSelector: {matchLabels: {team: red}}},"
                + " {podSelector: {matchLabels: {app: cart}}}]}");
    assertTrue(matches(either, labels("ops", TEAM, "app=web")));
    assertTrue(matches(either, CART));
  }

  @Test
  void namespaceSelector_nameLabel_isTheNamespace() {
    Rule rule =
        ingress("{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ops}}}]}");
    assertTrue(matches(rule, OPS));
    assertFalse(matches(rule, CART));
  }

  @Test
  void ipBlock_except_leavesAddressesOutAndMeansPodsByThemAlone() {
    Rule rule = ingress("{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}");
    assertTrue(matches(rule, CidrLabels.of(Cidr.parse("10.2.0.0/16"))));
    assertFalse(matches(rule, CidrLabels.of(Cidr.parse("10.1.2.0/24"))));
    assertFalse(matches(rule, CART));
    assertTrue(rule.peers().getFirst().covers(Cidr.parse("10.2.3.4")));
    assertFalse(rule.peers().getFirst().covers(Cidr.parse("10.1.3.4")));
    assertFalse(rule.peers().getFirst().covers(Cidr.parse("11.2.3.4")));
  }

  @Test
  void ports_defaults_areKubernetes() {
    assertEquals(List.of(new PortRange(6, 80, 80)), ingress("{ports: [{port: 80}]}").ports());
    assertEquals(List.of(new PortRange(6, 0, 65535)), ingress("{ports: [{}]}").ports());
    assertEquals(
        List.of(new PortRange(17, 0, 65535)), ingress("{ports: [{protocol: UDP}]}").ports());
    assertEquals(
        List.of(new PortRange(132, 80, 90)),
        ingress("{ports: [{protocol: SCTP, port: 80, endPort: 90}]}").ports());
  }

  @Test
  void ports_named_areThoseOfThePod() {
    Rule rule = ingress("{ports: [{port: http}]}");
    assertEquals(List.of(), rule.portsAt(CART));
    assertEquals(
        List.of(new PortRange(6, 8080, 8080)), rule.portsAt(labels("shop", "port:http=8080/TCP")));
    assertEquals(List.of(), rule.portsAt(labels("shop", "port:http=8080/UDP")), "TCP is meant");
  }

  @Test
  void subject_selectsOwnNamespace() {
    PolicySpec read = spec("{podSelector: {matchLabels: {app: cart}}}");
    assertTrue(read.subject().matches(CART));
    assertFalse(read.subject().matches(OPS));
    assertEquals(Set.of(), read.sections());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{podSelector: {}, ingres: []}|no field 'ingres'|ingress",
        "{podSelector: {}, policyTypes: [Ingres]}|no policy type|Ingress",
        "{podSelector: {}, policyTypes: Ingress}|must be a list|",
        "{podSelector: {}, ingress: [{to: []}]}|no field 'to'|from",
        "{podSelector: {}, ingress: [{from: [{}]}]}|names nobody|",
        "{podSelector: {}, ingress: [{from: [{ipBlock: {}}]}]}|has no 'cidr'|",
        "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}]}]}|stands alone|",
        "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/8]}}]}]}|not inside|",
        "{podSelector: {}, ingress: [{ports: [{endPort: 80}]}]}|needs a 'port'|",
        "{podSelector: {}, ingress: [{ports: [{port: http, endPort: 80}]}]}|takes no 'endPort'|",
        "{podSelector: {}, ingress: [{ports: [{port: 80, endPort: 79}]}]}|at least 'port'|",
        "{podSelector: {}, ingress: [{ports: [{port: 0}]}]}|is no port|",
        "{podSelector: {}, ingress: [{ports: [{port: \"80\"}]}]}|write a number|80",
        "{podSelector: {}, ingress: [{ports: [{protocol: tcp}]}]}|no protocol|TCP",
        "{podSelector: {}, ingress: [{ports: [{protocol: ANY}]}]}|no protocol|",
        "{podSelector: {matchLabels: {\"k8s:app\": x}}}|no label name|",
        "{podSelector: {matchExpressions: [{key: a, operator: Exist}]}}|no operator|Exists",
        "{endpointSelector: {}, podSelector: {}}|no field 'endpointSelector'|",
      })
  void parse_wrongSpec_isTold(String spec, String words, String suggestion) {
    Parsed parsed = parse(spec);
    assertEquals(1, parsed.errors().size(), () -> "" + parsed.problems());
    Problem problem = parsed.errors().get(0);
    assertTrue(problem.message().contains(words), problem.toString());
    assertEquals(4, problem.line());
    assertTrue(problem.column() > 5, problem.toString());
    assertEquals(suggestion == null ? "" : suggestion, problem.suggestion());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|every pod",
        "{podSelector: {}, egress: []}|restricts nothing",
        "{podSelector: {}, policyTypes: [Egress], ingress: [{}]}|no effect",
        "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.1/8}}]}]}|means 10.0.0.0/8",
      })
  void parse_trap_isWarnedOf(String spec, String words) {
    Parsed parsed = parse(spec);
    assertFalse(parsed.hasErrors(), () -> "" + parsed.problems());
    assertTrue(parsed.warnings().get(0).message().contains(words), () -> "" + parsed.problems());
  }

  @Test
  void parse_specs_areOfCiliumOnly() {
    Parsed parsed =
        Documents.parse(
            List.of(
                "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\n"
                    + "specs: [{podSelector: {}}]\n"));
    assertTrue(parsed.errors().get(0).message().contains("only kinds of Cilium"));
  }
}
