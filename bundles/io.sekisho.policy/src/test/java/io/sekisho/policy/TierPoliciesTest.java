package io.sekisho.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the administrators' kinds say. */
class TierPoliciesTest {
  private static final Labels CART = Labels.of("app=cart", "k8s:" + Labels.NAMESPACE + "=shop");

  private static Parsed parse(String kind, String version, String spec) {
    return Documents.parse(
        List.of(
            "apiVersion: policy.networking.k8s.io/%s\nkind: %s\nmetadata: {name: default}\nspec: %s\n"
                .formatted(version, kind, spec)));
  }

  private static Parsed cluster(String spec) {
    return parse("ClusterNetworkPolicy", "v1alpha2", spec);
  }

  private static Parsed admin(String spec) {
    return parse("AdminNetworkPolicy", "v1alpha1", spec);
  }

  private static PolicySpec only(Parsed parsed) {
    assertEquals(List.of(), parsed.errors());
    return parsed.documents().get(0).specs().get(0);
  }

  private static Rule egress(String rule) {
    return only(cluster(
            "{tier: Admin, priority: 3, subject: {namespaces: {}}, egress: [" + rule + "]}"))
        .rules()
        .get(0);
  }

  private static boolean matches(Rule rule, Identity identity) {
    return rule.peers().stream().anyMatch(p -> p.matches(identity));
  }

  @Test
  void clusterNetworkPolicy_isReadWhole() {
    PolicySpec spec =
        only(
            cluster(
                """

                  tier: Baseline
                  priority: 17
                  subject:
                    pods:
                      namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}
                      podSelector: {matchLabels: {app: cart}}
                  ingress:
                  - name: let monitoring in
                    action: Accept
                    from: [{namespaces: {matchLabels: {kubernetes.io/metadata.name: ops}}}]
                    protocols:
                    - tcp: {destinationPort: {number: 9090}}
                    - udp: {destinationPort: {range: {start: 10, end: 20}}}
                    - destinationNamedPort: metrics
                  - action: Pass
                    from: [{pods: {podSelector: {}}}]
                  - action: Deny
                    from: [{namespaces: {}}]
                """));
    assertEquals(new Standing(Tier.BASELINE, 17, false), spec.standing());
    assertEquals(Set.of(), spec.isolated());
    assertTrue(spec.subject().matches(CART));
    assertFalse(spec.subject().matches(Identity.HOST.labels()));
    assertEquals(
        List.of(Action.ALLOW, Action.PASS, Action.DENY),
        spec.rules().stream().map(Rule::action).toList());
    Rule first = spec.rules().get(0);
    assertEquals(List.of(new PortRange(6, 9090, 9090), new PortRange(17, 10, 20)), first.ports());
    assertEquals(List.of(new NamedPort(0, "metrics")), first.named());
    assertEquals(12, first.reference().line());
  }

  @Test
  void adminNetworkPolicy_isReadWhole() {
    PolicySpec spec =
        only(
            admin(
                """

                  priority: 0
                  subject: {namespaces: {}}
                  egress:
                  - action: Allow
                    to: [{networks: [10.0.0.0/8]}, {nodes: {}}]
                    ports:
                    - portNumber: {port: 80}
                    - portRange: {protocol: SCTP, start: 1, end: 9}
                """));
    assertEquals(new Standing(Tier.ADMIN, 0, false), spec.standing());
    Rule rule = spec.rules().get(0);
    assertEquals(List.of(new PortRange(6, 80, 80), new PortRange(132, 1, 9)), rule.ports());
    assertTrue(matches(rule, Identity.REMOTE_NODE) && matches(rule, Identity.HOST));
    assertFalse(matches(rule, new Identity(300, CART)));
  }

  @Test
  void baseline_hasTheLastPriority() {
    PolicySpec spec =
        only(
            parse(
                "BaselineAdminNetworkPolicy",
                "v1alpha1",
                "{subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}"));
    assertEquals(new Standing(Tier.BASELINE, Standing.LAST, false), spec.standing());
  }

  @Test
  void networks_allOfBothFamilies_meanPodsToo() {
    Rule rule = egress("{action: Deny, to: [{networks: [0.0.0.0/0, '::/0']}]}");
    assertTrue(matches(rule, new Identity(300, CART)) && matches(rule, Identity.WORLD));
    Rule accept = egress("{action: Accept, to: [{networks: [0.0.0.0/0]}]}");
    assertFalse(matches(accept, new Identity(300, CART)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{priority: 1, subject: {namespaces: {}}}|no 'tier'|",
        "{tier: Admn, priority: 1, subject: {namespaces: {}}}|no tier 'Admn'|Admin",
        "{tier: Admin, subject: {namespaces: {}}}|no 'priority'|",
        "{tier: Admin, priority: 1001, subject: {namespaces: {}}}|is no priority|",
        "{tier: Admin, priority: -1, subject: {namespaces: {}}}|is no priority|",
        "{tier: Admin, priority: 1}|no 'subject'|",
        "{tier: Admin, priority: 1, subject: {}}|exactly one|",
        "{tier: Admin, priority: 1, subject: {namespaces: {}, pods: {podSelector: {}}}}|exactly one|",
        "{tier: Admin, priority: 1, subject: {pods: {}}}|no 'podSelector'|",
        "{tier: Admin, priority: 1, subject: {namespace: {}}}|no field|namespaces",
        "{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Allow, from: [{namespaces: {}}]}]}|no action 'Allow'|",
        "{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Dney, from: [{namespaces: {}}]}]}|no action|Deny",
        "{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{from: [{namespaces: {}}]}]}|no 'action'|",
        "{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny}]}|no peer|",
        "{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: []}]}|no peer|",
        "{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{}]}]}|exactly one|",
        "{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{nodes: {}}]}]}|no field 'nodes'|",
        "{tier: Admin, priority: 1, subject: {namespaces: {}}, egress: [{action: Accept, to: [{domainNames: [a.b]}]}]}|not supported yet|",
        "{tier: Admin, priority: 1, subject: {namespaces: {}}, egress: [{action: Deny, to: [{networks: []}]}]}|no prefix|",
        "{tier: Admin, priority: 1, subject: {namespaces: {}}, egress: [{action: Deny, to: [{networks: [0.0.0.0/0]}]}]}|both families|",
        "{tier: Admin, priority: 1, subject: {namespaces: {}}, egress: [{action: Deny, to: [{nodes: {}}], protocols: [{destinationNamedPort: http}]}]}|only pods|",
        "{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}], protocols: []}]}|is empty|",
        "{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}], protocols: [{tcp: {}}]}]}|no 'destinationPort'|",
        "{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}], protocols: [{tpc: {}}]}]}|no field|tcp",
        "{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {range: {start: 9, end: 9}}}}]}]}|above 'start'|",
        "{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}], ports: []}]}|no field 'ports'|",
      })
  void parse_wrongSpec_isTold(String spec, String words, String suggestion) {
    Parsed parsed = cluster(spec);
    assertEquals(1, parsed.errors().size(), () -> "" + parsed.problems());
    Problem problem = parsed.errors().get(0);
    assertTrue(problem.message().contains(words), problem.toString());
    assertEquals(4, problem.line());
    assertTrue(problem.column() > 5, problem.toString());
    if (suggestion != null) {
      assertEquals(suggestion, problem.suggestion());
    }
  }

  @Test
  void parse_moreRulesThanTheKindHas_isAnError() {
    String rules = "{action: Deny, from: [{namespaces: {}}]},".repeat(26);
    Parsed parsed =
        cluster("{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [" + rules + "]}");
    assertTrue(parsed.errors().get(0).message().contains("at most 25"));
    assertFalse(
        admin(
                "{priority: 1, subject: {namespaces: {}}, ingress: ["
                    + rules.replace("Deny", "Pass")
                    + "]}")
            .hasErrors());
  }

  @Test
  void parse_baselineWithAnotherName_isAnError() {
    Parsed parsed =
        Documents.parse(
            List.of(
                """
                apiVersion: policy.networking.k8s.io/v1alpha1
                kind: BaselineAdminNetworkPolicy
                metadata: {name: other}
                spec: {subject: {namespaces: {}}, ingress: [{action: Pass, from: [{namespaces: {}}]}]}
                """));
    assertEquals(2, parsed.errors().size(), () -> "" + parsed.errors());
    assertEquals("default", parsed.errors().get(0).suggestion());
    assertTrue(parsed.errors().get(1).message().contains("no action 'Pass'"));
  }

  @Test
  void parse_denyOfNetworks_warnsOfPods() {
    Parsed parsed =
        cluster(
            "{tier: Admin, priority: 1, subject: {namespaces: {}},"
                + " egress: [{action: Deny, to: [{networks: [10.0.0.0/8]}]}]}");
    assertFalse(parsed.hasErrors());
    assertTrue(parsed.warnings().get(0).message().contains("rule of their own"));
  }
}
