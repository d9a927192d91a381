package io.sekisho.impact.propose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.api.flow.DropReason;
import io.sekisho.api.flow.Endpoint;
import io.sekisho.impact.SeenFlow;
import io.sekisho.impact.seen.Traffic;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Labels;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The smallest policy that allows what was seen. */
final class PolicyFromFlowsTest {
  private static final Endpoint CART = SeenFlow.pod("shop", "cart", 301, "k8s:pod-template-hash=1");
  private static final Endpoint PAYMENT = SeenFlow.pod("shop", "payment", 302);
  private static final Endpoint FRONTEND = SeenFlow.pod("shop", "frontend", 303);
  private static final Endpoint SCANNER = SeenFlow.pod("ops", "scanner", 304);
  private static final Endpoint DNS = SeenFlow.pod("kube-system", "coredns", 305);
  private static final Endpoint WORLD = SeenFlow.reserved(2, "world");

  private static Labels labels(Endpoint endpoint) {
    return Labels.of(endpoint.getLabelsList());
  }

  private static List<Labels> universe() {
    return Stream.of(CART, PAYMENT, FRONTEND, SCANNER, DNS)
        .map(PolicyFromFlowsTest::labels)
        .toList();
  }

  private static Wish wish(Endpoint subject) {
    return Wish.of(List.of(labels(subject)), universe());
  }

  private static Proposal one(Wish wish, Traffic traffic) {
    List<Proposal> all = PolicyFromFlows.propose(wish, traffic);
    assertEquals(1, all.size());
    Proposal proposal = all.getFirst();
    assertEquals(List.of(), Documents.parse(List.of(proposal.yaml())).errors(), proposal::yaml);
    return proposal;
  }

  @Test
  void propose_clientsOnOnePort_isOneRule() {
    Traffic seen =
        SeenFlow.gather(
            new SeenFlow().from(CART), new SeenFlow().from(CART), new SeenFlow().from(FRONTEND));
    Proposal proposal = one(wish(PAYMENT), seen);
    assertEquals(
        """
        # Made of 3 flows from 2023-11-14T22:13:20Z to 2023-11-14T22:13:20Z.
        # No egress was seen: all of it is closed.
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata:
          name: payment-seen
          namespace: shop
        spec:
          endpointSelector:
            matchLabels:
              app: payment
          ingress:
            # 3 flows from shop/cart, shop/frontend
            - fromEndpoints:
                - matchLabels:
                    k8s:io.kubernetes.pod.namespace: shop
                  matchExpressions:
                    - key: app
                      operator: In
                      values:
                        - cart
                        - frontend
              toPorts:
                - ports:
                    - port: "8443"
                      protocol: TCP
          # nothing was seen here, so nothing is allowed; without the list all is
          egress: []
        """,
        proposal.yaml());
  }

  @Test
  void propose_dns_isRecognisedAndAllowedByTcpToo() {
    Traffic seen =
        SeenFlow.gather(
            new SeenFlow().to(DNS).udp(53),
            new SeenFlow().to(WORLD, "203.0.113.6").tcp(443),
            new SeenFlow().to(WORLD, "203.0.113.7").tcp(443));
    String yaml = one(wish(SeenFlow.pod("shop", "cart", 301)), seen).yaml();
    assertTrue(yaml.contains("# DNS: 1 flow to kube-system/coredns"), yaml);
    assertTrue(yaml.contains("protocol: UDP") && yaml.contains("protocol: TCP"), yaml);
    assertTrue(yaml.contains("- \"203.0.113.6/31\""), yaml);
  }

  @Test
  void propose_neighbouringPorts_areOneRange() {
    Traffic seen =
        SeenFlow.gather(
            new SeenFlow().tcp(9000), new SeenFlow().tcp(9001), new SeenFlow().tcp(9002));
    String yaml = one(wish(PAYMENT), seen).yaml();
    assertTrue(yaml.contains("port: \"9000\"\n              endPort: 9002"), yaml);
  }

  @Test
  void propose_drops_areLeftOutUnlessWanted() {
    Traffic seen = SeenFlow.gather(new SeenFlow().from(SCANNER).dropped(DropReason.POLICY_DENIED));
    Proposal closed = one(wish(PAYMENT), seen);
    assertTrue(closed.yaml().contains("ingress: []"), closed.yaml());
    assertTrue(closed.notes().contains("1 flow of ingress were dropped; still are."));
    Wish all =
        new Wish(
            "",
            List.of(labels(PAYMENT)),
            universe(),
            Set.of(Direction.INGRESS),
            32,
            128,
            true,
            false);
    assertTrue(one(all, seen).yaml().contains("app: scanner"));
  }

  @Test
  void propose_width_widensAddressesOutside() {
    Wish wide =
        new Wish(
            "out",
            List.of(labels(CART)),
            universe(),
            Set.of(Direction.EGRESS),
            24,
            64,
            false,
            true);
    Traffic seen =
        SeenFlow.gather(
            new SeenFlow().from(CART).to(WORLD, "203.0.113.6").tcp(443),
            new SeenFlow().from(CART).to(WORLD, "203.0.113.99").tcp(443),
            new SeenFlow().from(CART).to(WORLD, "2001:db8::1").tcp(443));
    Proposal proposal = one(wide, seen);
    assertTrue(proposal.yaml().startsWith("# Made of 3 flows"), proposal.yaml());
    assertTrue(proposal.yaml().contains("kind: NetworkPolicy"), proposal.yaml());
    assertTrue(proposal.yaml().contains("cidr: \"203.0.113.0/24\""), proposal.yaml());
    assertTrue(proposal.yaml().contains("cidr: \"2001:db8::/64\""), proposal.yaml());
  }

  @Test
  void propose_icmpAndNodes_makeItACiliumNetworkPolicy() {
    Wish kubernetes =
        new Wish(
            "",
            List.of(labels(PAYMENT)),
            universe(),
            Set.of(Direction.INGRESS),
            32,
            128,
            false,
            true);
    Traffic seen =
        SeenFlow.gather(
            new SeenFlow().icmp(8),
            new SeenFlow().from(SeenFlow.reserved(6, "remote-node"), "198.18.0.2"),
            new SeenFlow().from(SeenFlow.reserved(1, "host"), "198.18.0.1"));
    Proposal proposal = one(kubernetes, seen);
    assertTrue(proposal.yaml().contains("kind: CiliumNetworkPolicy"), proposal.yaml());
    assertTrue(proposal.yaml().contains("- remote-node"), proposal.yaml());
    assertTrue(proposal.yaml().contains("type: 8"), proposal.yaml());
    assertTrue(!proposal.yaml().contains("- host"), proposal.yaml());
  }

  @Test
  void propose_twoNamespaces_isADocumentEach() {
    var wish = Wish.of(List.of(labels(PAYMENT), labels(SCANNER)), universe());
    List<Proposal> all = PolicyFromFlows.propose(wish, SeenFlow.gather(new SeenFlow()));
    assertEquals(List.of("ops", "shop"), all.stream().map(Proposal::namespace).toList());
  }

  @Test
  void propose_strangeNames_areQuoted() {
    Endpoint odd =
        SeenFlow.pod("shop", "x", 306).toBuilder()
            .setLabels(0, "k8s:app=true")
            .addLabels("k8s:0.1=5")
            .build();
    Proposal proposal =
        one(
            Wish.of(List.of(labels(odd)), List.of(labels(odd), labels(CART))),
            SeenFlow.gather(new SeenFlow().to(odd)));
    assertTrue(proposal.yaml().contains("app: \"true\""), proposal.yaml());
  }
}
