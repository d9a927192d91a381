package io.sekisho.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.policy.check.Surroundings;
import io.sekisho.policy.check.Traps;
import io.sekisho.policy.compile.PolicyCompiler;
import io.sekisho.policy.compile.RuleIds;
import io.sekisho.policy.evaluate.Evaluator;
import io.sekisho.policy.evaluate.Question;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules about services mean what is behind them, as far as a catalogue knows. */
class ServicesTest {
  private static final Identity CART =
      new Identity(300, Labels.of("k8s:" + Labels.NAMESPACE + "=shop", "app=cart"));
  private static final Identity DB =
      new Identity(301, Labels.of("k8s:" + Labels.NAMESPACE + "=data", "app=db"));
  private static final ServiceCatalog CATALOG =
      new ServiceCatalog(
          List.of(
              new ServiceCatalog.Service(
                  "shop",
                  "bank",
                  Labels.of("tier=outside"),
                  Optional.empty(),
                  List.of(Cidr.parse("203.0.113.7/32"), Cidr.parse("2001:db8::7/128"))),
              new ServiceCatalog.Service(
                  "data",
                  "db",
                  Labels.of("tier=store"),
                  Optional.of(Selector.of(List.of(Requirement.is("k8s:app", "db")))),
                  List.of())));

  private static List<PolicyDocument> policy(String services) {
    return policy("egress", services);
  }

  private static List<PolicyDocument> policy(String section, String services) {
    Parsed parsed = Documents.parse(List.of(text(section, services)));
    assertEquals(List.of(), parsed.errors());
    return parsed.documents();
  }

  private static String text(String section, String services) {
    return """
    apiVersion: cilium.io/v2
    kind: CiliumNetworkPolicy
    metadata: {name: p, namespace: shop}
    spec:
      endpointSelector: {matchLabels: {app: cart}}
      %s:
      - toServices: [%s]
        toPorts: [{ports: [{port: "443", protocol: TCP}]}]
    """
        .formatted(section, services);
  }

  private static boolean passes(List<PolicyDocument> documents, Identity to, int port) {
    var question = new Question(CART, to, PortRange.TCP, port, Direction.EGRESS);
    return new Evaluator(documents).evaluate(question).allowed();
  }

  private static Identity outside(List<PolicyDocument> documents, String address) {
    return new Evaluator(documents).outside(InetAddress.ofLiteral(address));
  }

  @Test
  void resolve_serviceByName_meansItsAddresses() {
    var documents = CATALOG.resolve(policy("{k8sService: {serviceName: bank, namespace: shop}}"));

    assertTrue(passes(documents, outside(documents, "203.0.113.7"), 443));
    assertTrue(passes(documents, outside(documents, "2001:db8::7"), 443));
    assertFalse(passes(documents, outside(documents, "203.0.113.7"), 80));
    assertFalse(passes(documents, outside(documents, "203.0.113.8"), 443));
    assertFalse(passes(documents, DB, 443));
    assertEquals(2, new PolicyCompiler(documents).cidrs().size());
  }

  @Test
  void resolve_serviceByLabels_meansItsPodsOfItsNamespace() {
    var documents =
        CATALOG.resolve(policy("{k8sServiceSelector: {selector: {matchLabels: {tier: store}}}}"));

    assertTrue(passes(documents, DB, 443));
    var other = new Identity(302, Labels.of("k8s:" + Labels.NAMESPACE + "=shop", "app=db"));
    assertFalse(passes(documents, other, 443));
    var table = new PolicyCompiler(documents).compile(CART.labels(), List.of(DB, other));
    assertTrue(table.entries().keySet().stream().anyMatch(k -> k.identity() == DB.number()));
    assertTrue(table.entries().keySet().stream().noneMatch(k -> k.identity() == 302));
  }

  @Test
  void resolve_otherNamespace_meansNobody() {
    var documents = CATALOG.resolve(policy("{k8sService: {serviceName: bank, namespace: data}}"));

    assertFalse(passes(documents, outside(documents, "203.0.113.7"), 443));
  }

  @Test
  void resolve_denied_dropsTheBackends() {
    var documents = CATALOG.resolve(policy("egressDeny", "{k8sService: {serviceName: bank}}"));

    assertFalse(passes(documents, outside(documents, "203.0.113.7"), 443));
  }

  @Test
  void ruleId_backendsChange_stays() {
    var before = policy("{k8sService: {serviceName: bank}}");
    var after = CATALOG.resolve(before);
    RuleReference rule = before.getFirst().rules().findFirst().orElseThrow().reference();

    assertEquals(RuleIds.of(before).id(rule), RuleIds.of(after).id(rule));
  }

  @Test
  void traps_unknownService_isWarnedOfAndMatchesNobody() {
    var documents = ServiceCatalog.EMPTY.resolve(policy("{k8sService: {serviceName: bank}}"));
    var surroundings = new Surroundings(List.of(CART, DB), List.of());

    assertFalse(passes(documents, DB, 443));
    assertTrue(
        Traps.find(documents, surroundings).stream()
            .anyMatch(
                p ->
                    p.line() == 7
                        && p.message()
                            .equals(
                                "nothing is known to be behind the service any namespace/bank")));
    assertTrue(
        Traps.find(CATALOG.resolve(documents), surroundings).stream()
            .noneMatch(p -> p.message().contains("behind the service")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|one of k8sService, k8sServiceSelector",
        "{k8sService: {serviceName: a}, k8sServiceSelector: {selector: {}}}|one of",
        "{k8sService: {}}|no 'serviceName'",
        "{k8sService: {serviceName: 7}}|must be a text",
        "{k8sService: {servicename: a}}|no field 'servicename'",
        "{k8sServiceSelector: {namespace: a}}|no 'selector'",
        "{k8sServiceSelector: {selector: {matchLabel: {}}}}|no field 'matchLabel'",
        "[]|must be a map",
      })
  void parse_wrongService_isTold(String services, String words) {
    Parsed parsed = Documents.parse(List.of(text("egress", services)));
    assertTrue(
        parsed.errors().stream().anyMatch(p -> p.message().contains(words)),
        () -> "" + parsed.problems());
  }

  @Test
  void parse_servicesThatComeIn_areAnError() {
    Parsed parsed = Documents.parse(List.of(text("ingress", "{k8sService: {serviceName: bank}}")));
    assertTrue(parsed.hasErrors());
  }
}
