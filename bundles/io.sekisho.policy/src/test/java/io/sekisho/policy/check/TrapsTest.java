package io.sekisho.policy.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.Parsed;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is suspicious in a given cluster is told with its line, and nothing else is. */
class TrapsTest {
  private static final Surroundings CLUSTER =
      new Surroundings(
          List.of(
              new Identity(
                  300,
                  Labels.of("k8s:" + Labels.NAMESPACE + "=shop", "app=cart", "port:http=80/TCP"))),
          List.of(Cidr.parse("10.244.0.0/16")));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fromCIDR: [10.0.0.0/8]|true",
        "fromCIDRSet: [{cidr: 10.244.1.0/24}]|true",
        "fromCIDRSet: [{cidr: 10.0.0.0/8, except: [10.244.0.0/16]}]|false",
      })
  void find_cidrThatHoldsPods_isTold(String peer, boolean told) {
    Parsed parsed =
        Documents.parse(
            List.of(
                "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\n"
                    + "metadata: {name: p, namespace: shop}\n"
                    + "spec: {endpointSelector: {}, ingress: [{"
                    + peer
                    + "}]}\n"));
    assertEquals(List.of(), parsed.errors());
    assertEquals(
        told ? 1 : 0,
        Traps.find(parsed.documents(), CLUSTER).stream()
            .filter(
                p ->
                    p.message()
                        .endsWith(
                            "holds addresses of pods (10.244.0.0/16), but never means pods:"
                                + " select them by labels"))
            .count());
  }

  private static List<String> find(String spec) {
    Parsed parsed =
        Documents.parse(
            List.of(
                "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
                    + "metadata: {name: p, namespace: shop}\nspec: "
                    + spec
                    + "\n"));
    assertEquals(List.of(), parsed.errors());
    return Traps.find(parsed.documents(), CLUSTER).stream()
        .map(p -> p.line() + " " + p.document() + ": " + p.message())
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{podSelector: {matchLabels: {app: crt}}}|no endpoint is selected by app=crt, namespace=shop",
        "{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}|no endpoint is meant by app=web, namespace=shop",
        "{podSelector: {}, ingress: [{ports: [{port: htp}]}]}|no endpoint has a port with the name 'htp'",
        "{podSelector: {}, egress: [{to: [{podSelector: {}}], ports: [{port: 80}]}]}|who is selected may send, but not ask DNS: no document allows 53/UDP to go out",
      })
  void find_trap_isTold(String spec, String message) {
    assertEquals(List.of("4 NetworkPolicy shop/p: " + message), find(spec));
  }

  @Test
  void find_whatIsMeant_isNoTrap() {
    assertEquals(
        List.of(),
        find(
            "{podSelector: {matchLabels: {app: cart}}, policyTypes: [Ingress, Egress],"
                + " ingress: [{from: [{podSelector: {}}], ports: [{port: http}]},"
                + " {from: [{ipBlock: {cidr: 10.0.0.0/8}}]}],"
                + " egress: [{ports: [{port: 53, protocol: UDP}]}, {to: [{podSelector: {}}]}]}"));
  }

  @Test
  void find_nothingMayGoOut_isNoTrap() {
    assertEquals(List.of(), find("{podSelector: {}, policyTypes: [Egress]}"));
  }
}
