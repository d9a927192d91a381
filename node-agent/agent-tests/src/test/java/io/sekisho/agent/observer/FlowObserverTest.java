package io.sekisho.agent.observer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.Eventually;
import io.sekisho.agent.cluster.Inventory;
import io.sekisho.agent.datapath.FakeEvent;
import io.sekisho.agent.metrics.Metrics;
import io.sekisho.agent.policy.RuleNames;
import io.sekisho.agent.reconcile.View;
import io.sekisho.api.flow.DropReason;
import io.sekisho.api.flow.Flow;
import io.sekisho.api.flow.IPVersion;
import io.sekisho.api.flow.TrafficDirection;
import io.sekisho.api.flow.Verdict;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.FlowDetail;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.CidrLabels;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.compile.PolicyCompiler;
import io.sekisho.policy.compile.PolicyEntry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FlowObserverTest {
  private static final int CART = 1000;
  private static final int PAYMENT = 1001;
  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-01-01T12:00:00Z"), ZoneOffset.UTC);

  private final AtomicLong monotonic = new AtomicLong(5_000_000_000L);
  private final RuleNames rules = new RuleNames();
  private final Metrics metrics = new Metrics();
  private View view = view("cart-1");
  private final FlowObserver observer =
      new FlowObserver(
          new FlowObserver.Settings("n1", "test", 1024, NOON, monotonic::get),
          () -> view,
          rules,
          metrics);
  private final int ruleId = addRule();

  @AfterEach
  void close() {
    observer.close();
  }

  private static Endpoint endpoint(int id, String pod, int identity, String address) {
    return Endpoint.newBuilder()
        .setNode("n1")
        .setId(id)
        .setNamespace("shop")
        .setPod(pod)
        .setWorkload(pod.substring(0, pod.indexOf('-')))
        .setIdentity(identity)
        .addLabels("k8s:app=" + pod.substring(0, pod.indexOf('-')))
        .addAddresses(address)
        .build();
  }

  private static View view(String cartPod) {
    var endpoints = new TreeMap<String, Endpoint>();
    endpoints.put("n1/1", endpoint(1, cartPod, CART, "10.244.1.2"));
    endpoints.put("n1/2", endpoint(2, "payment-1", PAYMENT, "10.244.1.3"));
    Cidr net = Cidr.parse("192.0.2.0/24");
    return new View(
        new Inventory(1, true, Map.of(), endpoints, Map.of(), Map.of()),
        Map.of(),
        Map.of(net, new Identity(Identity.FIRST_LOCAL, CidrLabels.of(net))));
  }

  private int addRule() {
    var documents =
        Documents.parse(
                List.of(
                    """
                    apiVersion: cilium.io/v2
                    kind: CiliumNetworkPolicy
                    metadata: {name: payment-in, namespace: shop}
                    spec:
                      endpointSelector: {matchLabels: {app: payment}}
                      ingressDeny:
                      - fromEndpoints: [{matchLabels: {app: cart}}]
                    """))
            .documents();
    var compiler = new PolicyCompiler(documents);
    rules.add(7, compiler);
    var table =
        compiler.compile(
            Labels.of("app=payment", "k8s:io.kubernetes.pod.namespace=shop"),
            List.of(
                new Identity(CART, Labels.of("app=cart", "k8s:io.kubernetes.pod.namespace=shop"))));
    return table.entries().values().stream()
        .mapToInt(PolicyEntry::ruleId)
        .filter(id -> compiler.rule(id).isPresent())
        .findFirst()
        .orElseThrow();
  }

  private Flow only(FakeEvent event) {
    observer.accept(event);
    return observer.past().getLast();
  }

  private static FlowDetail detail(Flow flow) throws Exception {
    return flow.getExtensions().unpack(FlowDetail.class);
  }

  @Test
  void drop_byARule_namesPodsAndTheRule() throws Exception {
    Flow flow =
        only(
            FakeEvent.drop(2, false, "10.244.1.2", "10.244.1.3", 8080, ruleId)
                .between(CART, PAYMENT));
    assertEquals(Verdict.DROPPED, flow.getVerdict());
    assertEquals(DropReason.POLICY_DENIED, flow.getDropReasonDesc());
    assertEquals("cart-1", flow.getSource().getPodName());
    assertEquals("shop", flow.getSource().getNamespace());
    assertEquals("cart", flow.getSource().getWorkloads(0).getName());
    assertEquals("payment-1", flow.getDestination().getPodName());
    assertEquals(PAYMENT, flow.getDestination().getIdentity());
    assertEquals(TrafficDirection.INGRESS, flow.getTrafficDirection());
    assertEquals("payment-in", flow.getIngressDeniedBy(0).getName());
    assertEquals(7, flow.getIngressDeniedBy(0).getRevision());
    assertEquals(0, flow.getIngressAllowedByCount());
    assertEquals(8080, flow.getL4().getTCP().getDestinationPort());
    assertTrue(flow.getL4().getTCP().getFlags().getSYN());
    assertEquals("TCP Flags: SYN", flow.getSummary());
    assertEquals("n1", flow.getNodeName());
    var rule = detail(flow).getRule();
    assertEquals("ingressDeny", rule.getSection());
    assertEquals(1, rule.getIndex());
    assertTrue(rule.getLine() > 0);
  }

  @Test
  void verdict_defaultDenyOrReserved_hasOnlyTheId() throws Exception {
    Flow flow = only(FakeEvent.drop(2, false, "10.244.1.2", "10.244.1.3", 80, 2));
    assertEquals(2, detail(flow).getRule().getId());
    assertEquals("", detail(flow).getRule().getName());
    assertEquals(0, flow.getIngressDeniedByCount());
  }

  @Test
  void trace_fromTheWorld_hasLabelsAndVolume() throws Exception {
    Flow flow =
        only(
            FakeEvent.trace(2, false, "192.0.2.7", "10.244.1.3", 80, 5000)
                .between(Identity.FIRST_LOCAL, PAYMENT));
    assertEquals(Verdict.FORWARDED, flow.getVerdict());
    assertEquals(List.of("cidr:192.0.2.0/24", "reserved:world"), flow.getSource().getLabelsList());
    assertEquals("", flow.getSource().getPodName());
    assertEquals(5000, detail(flow).getBytes());
    assertEquals(6, detail(flow).getPackets());
    assertTrue(detail(flow).getOpened());
  }

  @Test
  void flow_ipv6_isWrittenShort() {
    Flow flow = only(FakeEvent.trace(2, true, "fd00:10:244:1::2", "2001:db8::1", 443, 1));
    assertEquals("fd00:10:244:1::2", flow.getIP().getSource());
    assertEquals(IPVersion.IPv6, flow.getIP().getIpVersion());
    assertEquals(TrafficDirection.EGRESS, flow.getTrafficDirection());
  }

  @Test
  void flow_time_isTheWallClocks() {
    monotonic.set(9_000_000_000L);
    observer.lostInKernel(0);
    var event = FakeEvent.trace(1, true, "10.244.1.2", "10.244.1.3", 80, 1);
    Flow flow = only(event);
    long nanos = flow.getTime().getSeconds() * 1_000_000_000L + flow.getTime().getNanos();
    long noon = Instant.parse("2026-01-01T12:00:00Z").getEpochSecond() * 1_000_000_000L;
    assertEquals(event.timestamp() - 9_000_000_000L, nanos - noon);
  }

  @Test
  void encode_twice_isEqual() {
    only(FakeEvent.drop(2, false, "10.244.1.2", "10.244.1.3", 8080, ruleId));
    assertEquals(observer.past().getFirst(), observer.past().getFirst());
  }

  @Test
  void names_addressHasANewOwner_oldFlowsKeepTheOld() {
    observer.accept(
        FakeEvent.trace(1, true, "10.244.1.2", "10.244.1.3", 80, 1).between(CART, PAYMENT));
    assertEquals("cart-1", observer.past().getFirst().getSource().getPodName());
    var endpoints = new TreeMap<>(view.inventory().endpoints());
    endpoints.put("n1/1", endpoint(9, "thief-1", 1999, "10.244.1.2"));
    view =
        new View(
            new Inventory(2, true, Map.of(), endpoints, Map.of(), Map.of()), Map.of(), Map.of());
    assertEquals("cart-1", observer.past().getFirst().getSource().getPodName());
    Flow news =
        only(FakeEvent.trace(9, true, "10.244.1.2", "10.244.1.3", 80, 1).between(1999, PAYMENT));
    assertEquals("thief-1", news.getSource().getPodName());
  }

  @Test
  void past_ringOverflows_keepsTheLast() {
    for (int port = 0; port < 3000; port++) {
      observer.accept(FakeEvent.trace(1, true, "10.244.1.2", "10.244.1.3", port, 1));
    }
    List<Flow> past = observer.past();
    assertEquals(1024, past.size());
    assertEquals(1976, past.getFirst().getL4().getTCP().getDestinationPort());
    assertEquals(2999, past.getLast().getL4().getTCP().getDestinationPort());
    assertEquals(3000, observer.seen());
  }

  @Test
  void follow_newFlows_areToldInOrderFromNowOn() {
    observer.accept(FakeEvent.trace(1, true, "10.244.1.2", "10.244.1.3", 1, 1));
    var follower = new Recorder();
    try (var following = observer.follow(follower)) {
      for (int port = 2; port < 500; port++) {
        observer.accept(FakeEvent.trace(1, true, "10.244.1.2", "10.244.1.3", port, 1));
      }
      Eventually.holds(() -> follower.ports.size() == 498);
      assertEquals(2, follower.ports.getFirst());
      assertEquals(follower.ports.stream().sorted().toList(), follower.ports);
    }
    observer.accept(FakeEvent.trace(1, true, "10.244.1.2", "10.244.1.3", 999, 1));
    assertFalse(follower.ports.contains(999));
    assertEquals(0, follower.lost.get());
  }

  @Test
  void follow_slowFollower_toldAndLostAddUpExactly() throws Exception {
    var follower = new Recorder();
    var go = new CountDownLatch(1);
    follower.gate = go;
    try (var following = observer.follow(follower)) {
      for (int i = 0; i < 50_000; i++) {
        observer.accept(FakeEvent.trace(1, true, "10.244.1.2", "10.244.1.3", i & 0xffff, 1));
      }
      go.countDown();
      Eventually.holds(
          () -> follower.ports.size() + " told and " + follower.lost + " lost",
          () -> follower.ports.size() + follower.lost.get() == 50_000);
      assertTrue(follower.lost.get() >= 50_000 - 1024 - 1, follower.lost::toString);
    }
  }

  @Test
  void follow_lostInKernel_isToldOnceToEach() {
    observer.lostInKernel(5);
    var follower = new Recorder();
    try (var following = observer.follow(follower)) {
      observer.lostInKernel(12);
      Eventually.holds(() -> follower.lost.get() == 7);
      assertEquals(12, observer.lost());
    }
  }

  @Test
  void follow_followerThrows_othersGoOn() {
    var good = new Recorder();
    try (var bad =
            observer.follow(
                new FlowSource.Follower() {
                  @Override
                  public void flow(Flow flow) {
                    throw new IllegalStateException("bad");
                  }

                  @Override
                  public void lost(long events) {}
                });
        var following = observer.follow(good)) {
      observer.accept(FakeEvent.trace(1, true, "10.244.1.2", "10.244.1.3", 1, 1));
      observer.accept(FakeEvent.trace(1, true, "10.244.1.2", "10.244.1.3", 2, 1));
      Eventually.holds(() -> good.ports.size() == 2);
    }
  }

  @Test
  void metrics_events_areCountedByVerdictAndReason() {
    observer.accept(FakeEvent.drop(2, false, "10.244.1.2", "10.244.1.3", 80, 2));
    observer.accept(FakeEvent.trace(1, true, "10.244.1.2", "10.244.1.3", 80, 1));
    String text = metrics.render();
    assertTrue(text.contains("sekisho_flows_total{verdict=\"dropped\"} 1\n"), text);
    assertTrue(text.contains("sekisho_flows_total{verdict=\"forwarded\"} 1\n"), text);
    assertTrue(text.contains("sekisho_drops_total{reason=\"policy_denied\"} 1\n"), text);
  }

  /** Writes down ports and losses. */
  private static final class Recorder implements FlowSource.Follower {
    private final List<Integer> ports = new CopyOnWriteArrayList<>();
    private final AtomicLong lost = new AtomicLong();
    private CountDownLatch gate = new CountDownLatch(0);

    @Override
    public void flow(Flow flow) {
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      ports.add(flow.getL4().getTCP().getDestinationPort());
    }

    @Override
    public void lost(long events) {
      lost.addAndGet(events);
    }
  }

  /** Pings between health endpoints would fill the ring with what nobody asks for. */
  @Test
  void accept_healthEndpoints_onlyDropsAreTold() {
    int health = Identity.HEALTH.number();
    observer.accept(
        FakeEvent.trace(9, true, "10.244.1.9", "10.244.2.9", 0, 84).between(health, health));
    observer.accept(
        FakeEvent.verdict(9, false, "10.244.2.9", "10.244.1.9", 0, 1).between(health, CART));
    assertEquals(0, observer.seen());
    observer.accept(
        FakeEvent.drop(9, false, "10.244.2.9", "10.244.1.9", 0, 1).between(health, health));
    assertEquals(1, observer.seen());
    assertEquals("reserved:health", observer.past().getFirst().getSource().getLabels(0));
  }
}
