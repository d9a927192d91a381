package io.sekisho.agent.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.cluster.FileStore;
import io.sekisho.agent.explain.ExplainException.Code;
import io.sekisho.agent.revision.OtherDocuments;
import io.sekisho.agent.revision.PolicyDocumentReader;
import io.sekisho.agent.revision.RevisionException;
import io.sekisho.agent.revision.Revisions;
import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.EndQuery;
import io.sekisho.api.v1.LabelList;
import io.sekisho.api.v1.PolicyChangesRequest;
import io.sekisho.api.v1.PolicySet;
import io.sekisho.api.v1.PolicyTrace;
import io.sekisho.api.v1.PushRequest;
import io.sekisho.api.v1.ReachDirection;
import io.sekisho.api.v1.ReachGroup;
import io.sekisho.api.v1.ReachRequest;
import io.sekisho.api.v1.SideVerdict.Decision;
import io.sekisho.api.v1.TracePolicyRequest;
import io.sekisho.api.v1.TraceSides;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.DocumentName;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.EnforcementMode;
import io.sekisho.policy.Labels;
import io.sekisho.policy.ServiceCatalog;
import io.sekisho.policy.compile.FailSafe;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Questions get the answers that the policies give. */
class PolicyQuestionsTest {
  private static final String OUTSIDE =
      """
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata: {name: out, namespace: shop}
      spec:
        endpointSelector: {matchLabels: {app: cart}}
        egress:
        - toCIDR: [203.0.113.0/24]
        egressDeny:
        - toCIDR: [203.0.113.7/32]
      """;

  @TempDir Path folder;
  private FileStore store;
  private Revisions revisions;
  private PolicyQuestions questions;
  private Enforcement enforcement = Enforcement.USUAL;

  @BeforeEach
  void open() {
    store = new FileStore(folder.resolve("store"));
    var judge = new PolicyJudge(Shop::inventory, () -> Enforcement.USUAL);
    revisions = new Revisions(store, new PolicyDocumentReader(), judge, Clock.systemUTC());
    questions = new PolicyQuestions(revisions, Shop::inventory, () -> enforcement);
    revisions.push(PushRequest.newBuilder().addUpsert(Shop.PAY).build(), "alice");
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static EndQuery pod(String name) {
    return EndQuery.newBuilder().setPod(name).build();
  }

  private static EndQuery address(String address) {
    return EndQuery.newBuilder().setAddress(address).build();
  }

  private static EndQuery labels(String... labels) {
    return EndQuery.newBuilder()
        .setLabels(LabelList.newBuilder().addAllLabels(List.of(labels)))
        .build();
  }

  private static TracePolicyRequest.Builder ask(EndQuery source, EndQuery destination, int port) {
    return TracePolicyRequest.newBuilder()
        .setSource(source)
        .setDestination(destination)
        .setPort(port);
  }

  private PolicyTrace only(TracePolicyRequest.Builder request) {
    var response = questions.trace(request.build());
    assertEquals(1, response.getTracesCount());
    return response.getTraces(0);
  }

  private Code code(TracePolicyRequest.Builder request) {
    return assertThrows(ExplainException.class, () -> questions.trace(request.build())).code();
  }

  @Test
  void trace_allowedPort_namesTheRuleAndItsLine() {
    PolicyTrace trace = only(ask(pod("shop/cart-1"), pod("shop/payment-1"), 8443));

    assertTrue(trace.getPasses());
    assertEquals(Decision.NOT_ENFORCED, trace.getEgress().getDecision());
    var ingress = trace.getIngress();
    assertEquals(Decision.ALLOWED, ingress.getDecision());
    assertEquals("pay", ingress.getRule().getName());
    assertEquals(8, ingress.getRule().getLine());
    assertEquals(1, ingress.getRule().getRevision());
    assertTrue(ingress.getRule().getId() != 0);
    assertTrue(ingress.getRuleText().contains("8443/TCP"), ingress::getRuleText);
  }

  private static final String NODES =
      """
      apiVersion: cilium.io/v2
      kind: CiliumClusterwideNetworkPolicy
      metadata: {name: nodes}
      spec:
        nodeSelector: {}
        ingress:
        - fromEndpoints: [{matchLabels: {app: cart, k8s:io.kubernetes.pod.namespace: shop}}]
          toPorts: [{ports: [{port: "9100", protocol: TCP}]}]
      """;

  private void pushNodes() {
    revisions.push(
        PushRequest.newBuilder().setBase(1).addUpsert(NODES).setWithoutConfirmation(true).build(),
        "alice");
  }

  @Test
  void trace_toANodeOfWhichDocumentsSpeak_itsSideDecidesToo() {
    assertFalse(only(ask(pod("cart-1"), address("198.18.0.2"), 9100)).hasIngress());
    pushNodes();
    for (EndQuery node :
        List.of(
            address("198.18.0.1"),
            address("198.18.0.2"),
            EndQuery.newBuilder().setEntity("host").build())) {
      PolicyTrace allowed = only(ask(pod("cart-1"), node, 9100));
      assertTrue(allowed.getPasses());
      assertEquals("nodes", allowed.getIngress().getRule().getName());
      assertEquals(
          Decision.DEFAULT_DENY, only(ask(pod("web-1"), node, 9100)).getIngress().getDecision());
    }
    PolicyTrace out = only(ask(address("198.18.0.2"), pod("payment-1"), 8443));
    assertEquals(Decision.NOT_ENFORCED, out.getEgress().getDecision());
    assertEquals(Decision.LOCAL_HOST, out.getIngress().getDecision());
  }

  @Test
  void trace_failSafePort_isThatOfTheConfiguration() {
    pushNodes();
    var ssh = ask(pod("web-1"), address("198.18.0.2"), 22);
    assertEquals(Decision.FAIL_SAFE, only(ssh).getIngress().getDecision());
    enforcement =
        new Enforcement(
            EnforcementMode.DEFAULT, false, FailSafe.of(List.of(FailSafe.parse("2222/TCP"))));
    assertEquals(Decision.DEFAULT_DENY, only(ssh).getIngress().getDecision());
    assertEquals(
        Decision.FAIL_SAFE,
        only(ask(pod("web-1"), address("198.18.0.2"), 2222)).getIngress().getDecision());
  }

  /** What Kubernetes' API server would have beside the revision. */
  private void beside(ServiceCatalog services, String... yamls) {
    revisions.beside(
        new OtherDocuments() {
          @Override
          public Optional<String> owner(DocumentName name) {
            return Optional.empty();
          }

          @Override
          public List<Document> documents() {
            return Documents.parse(List.of(yamls)).documents().stream()
                .map(
                    d ->
                        Document.newBuilder()
                            .setKind(d.kind())
                            .setNamespace(d.namespace())
                            .setName(d.name())
                            .setYaml(d.yaml())
                            .build())
                .toList();
          }

          @Override
          public ServiceCatalog services() {
            return services;
          }
        });
  }

  @Test
  void trace_documentsBesideTheRevision_countWithTheirServices() {
    var request = ask(pod("shop/cart-1"), address("203.0.113.7"), 443);
    assertTrue(only(request).getPasses());
    String toBank =
        """
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: {name: bank, namespace: shop}
        spec:
          endpointSelector: {matchLabels: {app: cart}}
          egress: [{toServices: [{k8sService: {serviceName: bank, namespace: shop}}]}]
        """;
    beside(ServiceCatalog.EMPTY, toBank);
    assertFalse(only(request).getPasses());
    beside(
        new ServiceCatalog(
            List.of(
                new ServiceCatalog.Service(
                    "shop",
                    "bank",
                    Labels.of(),
                    Optional.empty(),
                    List.of(Cidr.parse("203.0.113.7"))))),
        toBank);
    PolicyTrace trace = only(request);
    assertTrue(trace.getPasses());
    assertEquals("bank", trace.getEgress().getRule().getName());
  }

  @Test
  void trace_otherPort_saysWhatCameClosest() {
    PolicyTrace trace = only(ask(pod("cart-2"), pod("payment-1"), 22));

    assertFalse(trace.getPasses());
    var ingress = trace.getIngress();
    assertEquals(Decision.DEFAULT_DENY, ingress.getDecision());
    assertFalse(ingress.hasRule());
    assertEquals(1, ingress.getConsideredCount());
    var miss = ingress.getNearestMiss();
    assertTrue(miss.getPeerMatches());
    assertFalse(miss.getPortMatches());
    assertEquals("22/TCP is not among its ports 8443/TCP", miss.getReason());
  }

  @Test
  void trace_underAuditOrWithoutPolicy_saysWhatTheClusterDoes() {
    var request = ask(pod("cart-2"), pod("payment-1"), 22);
    enforcement = new Enforcement(EnforcementMode.DEFAULT, true);
    assertTrue(only(request).getPasses());
    assertEquals(Decision.AUDITED, only(request).getIngress().getDecision());
    enforcement = new Enforcement(EnforcementMode.NEVER, false);
    assertEquals(Decision.NOT_ENFORCED, only(request).getIngress().getDecision());
    enforcement = new Enforcement(EnforcementMode.ALWAYS, false);
    assertEquals(Decision.DEFAULT_DENY, only(request).getEgress().getDecision());
  }

  @Test
  void trace_portByName_isThatOfTheDestination() {
    var request = ask(pod("shop/cart-1"), pod("shop/payment-1"), 0).setPortName("pay");

    assertEquals(8443, only(request).getPort());
    assertEquals(Code.UNKNOWN_END, code(request.setPortName("http")));
  }

  @Test
  void trace_draft_isAnsweredOnTopOfTheHead() {
    var request = ask(pod("shop/web-1"), pod("shop/payment-1"), 8443);
    assertFalse(only(request).getPasses());

    var draft = PolicySet.newBuilder().addUpsert(Shop.PAY_WIDE);
    var trace = only(request.setDocuments(draft));

    assertTrue(trace.getPasses());
    assertEquals(10, trace.getIngress().getRule().getLine());
    assertEquals(0, trace.getIngress().getRule().getRevision());
    assertFalse(only(request.setDocuments(PolicySet.newBuilder().setRevision(1))).getPasses());
    assertTrue(only(request.setDocuments(PolicySet.newBuilder().setRevision(0))).getPasses());
  }

  @Test
  void trace_brokenDraft_isRefusedWithProblems() {
    var draft = PolicySet.newBuilder().addUpsert("kind: Nonsense");
    var request = ask(pod("cart-1"), pod("payment-1"), 1).setDocuments(draft).build();

    var refused = assertThrows(RevisionException.class, () -> questions.trace(request));

    assertEquals(RevisionException.Code.INVALID, refused.code());
    assertFalse(refused.problems().isEmpty());
  }

  @Test
  void trace_labels_areEverybodyWhoHasThem() {
    var response =
        questions.trace(
            ask(labels("io.kubernetes.pod.namespace=shop"), pod("payment-1"), 8443).build());

    assertEquals(3, response.getPairs());
    assertEquals(
        List.of(true, false, false),
        response.getTracesList().stream().map(PolicyTrace::getPasses).toList());
  }

  @Test
  void trace_labelsOfNobody_areThoseOfAPodThatWouldBe() {
    var trace =
        only(
            ask(
                labels("app=cart", "io.kubernetes.pod.namespace=shop", "tier=new"),
                pod("payment-1"),
                8443));

    assertTrue(trace.getPasses());
    assertEquals(0, trace.getSource().getIdentity());
    assertEquals(Code.UNKNOWN_END, code(ask(labels("app=nobody"), pod("payment-1"), 1)));
  }

  @Test
  void trace_addressOutside_meansItsLongestPrefix() {
    revisions.push(PushRequest.newBuilder().setBase(1).addUpsert(OUTSIDE).build(), "alice");

    assertTrue(only(ask(pod("cart-1"), address("203.0.113.8"), 443)).getPasses());
    var denied = only(ask(pod("cart-1"), address("203.0.113.7"), 443));
    assertEquals(Decision.DENIED, denied.getEgress().getDecision());
    assertEquals("203.0.113.7", denied.getDestination().getName());
    assertEquals("203.0.113.7", denied.getDestination().getAddress());
    assertFalse(denied.hasIngress());
    assertFalse(only(ask(pod("cart-1"), address("192.0.2.1"), 443)).getPasses());
  }

  @Test
  void trace_addressInside_isWhoHasIt() {
    assertEquals(
        "shop/payment-1",
        only(ask(address("10.1.0.1"), address("10.2.0.2"), 8443)).getDestination().getName());
    assertEquals(
        "host", only(ask(address("198.18.0.2"), pod("shop/payment-1"), 1)).getSource().getName());
    assertEquals(
        "remote-node",
        only(ask(address("198.18.0.1"), pod("shop/payment-1"), 1)).getSource().getName());
  }

  @Test
  void trace_oneSide_asksOnlyThat() {
    var trace = only(ask(pod("web-1"), pod("payment-1"), 8443).setSides(TraceSides.SOURCE_SIDE));

    assertTrue(trace.getPasses());
    assertFalse(trace.hasIngress());
  }

  @Test
  void trace_badQuestion_saysWhatIsWrong() {
    assertEquals(Code.UNKNOWN_END, code(ask(pod("shop/nobody"), pod("payment-1"), 1)));
    assertEquals(Code.INVALID, code(ask(address("10.1"), pod("payment-1"), 1)));
    assertEquals(Code.INVALID, code(ask(address("no.address"), pod("payment-1"), 1)));
    assertEquals(
        Code.INVALID,
        code(ask(EndQuery.newBuilder().setEntity("moon").build(), pod("payment-1"), 1)));
    assertEquals(Code.INVALID, code(ask(EndQuery.getDefaultInstance(), pod("payment-1"), 1)));
    assertEquals(Code.INVALID, code(ask(pod("cart-1"), pod("payment-1"), 70_000)));
  }

  @Test
  void reach_toPayment_groupsPeersByWorkload() {
    var response = questions.reach(ReachRequest.newBuilder().setWho(pod("shop/payment-1")).build());

    var carts =
        response.getGroupsList().stream()
            .filter(g -> g.getPeer().getWorkload().equals("cart"))
            .findFirst()
            .orElseThrow();
    assertEquals(2, carts.getPeer().getEndpoints());
    assertEquals(List.of("shop/cart-1", "shop/cart-2"), carts.getPeer().getPodsList());
    assertEquals(1, carts.getPortsCount());
    assertEquals(8443, carts.getPorts(0).getFirst());
    assertTrue(
        response.getGroupsList().stream().noneMatch(g -> g.getPeer().getWorkload().equals("web")));
    assertEquals(response.getGroupsCount(), response.getTotalGroups());
  }

  @Test
  void reach_limit_boundsTheAnswerAndCountsTheRest() {
    var request =
        ReachRequest.newBuilder()
            .setWho(pod("shop/web-1"))
            .setDirection(ReachDirection.FROM)
            .setLimit(1);

    var response = questions.reach(request.build());

    assertEquals(1, response.getGroupsCount());
    assertEquals("shop/cart", response.getGroups(0).getPeer().getName());
    assertTrue(response.getTotalGroups() > 1);
  }

  @Test
  void reach_fromAnAddress_meansItsPrefix() {
    revisions.push(PushRequest.newBuilder().setBase(1).addUpsert(OUTSIDE).build(), "alice");
    var request = ReachRequest.newBuilder().setWho(address("203.0.113.9"));

    var names =
        questions.reach(request.build()).getGroupsList().stream()
            .map(ReachGroup::getPeer)
            .map(io.sekisho.api.v1.GroupEnd::getName)
            .toList();

    assertTrue(names.contains("shop/cart"), names::toString);
  }

  @Test
  void reach_severalMeant_isRefused() {
    var request = ReachRequest.newBuilder().setWho(labels("io.kubernetes.pod.namespace=shop"));

    assertEquals(
        Code.SEVERAL_ENDS,
        assertThrows(ExplainException.class, () -> questions.reach(request.build())).code());
  }

  @Test
  void changes_draftThatOpens_tellsWhatOpens() {
    var response =
        questions.changes(
            PolicyChangesRequest.newBuilder()
                .setAfter(PolicySet.newBuilder().addUpsert(Shop.PAY_WIDE))
                .build());

    assertEquals(1, response.getTotalGroups());
    assertEquals(1, response.getOpenedPairs());
    assertEquals(0, response.getClosedPairs());
    var group = response.getGroups(0);
    assertEquals("shop/web", group.getSource().getName());
    assertEquals("shop/payment", group.getDestination().getName());
    assertEquals(8443, group.getOpened(0).getFirst());
    assertEquals(0, group.getClosedCount());
  }

  @Test
  void changes_fromNothing_closesMost() {
    var response =
        questions.changes(
            PolicyChangesRequest.newBuilder()
                .setBefore(PolicySet.newBuilder().setRevision(0))
                .setAfter(PolicySet.newBuilder().setRevision(1))
                .setLimit(2)
                .build());

    assertEquals(2, response.getGroupsCount());
    assertEquals(1, response.getAfter());
    assertTrue(response.getClosedPairs() > 2);
    assertEquals(0, response.getOpenedPairs());
  }
}
