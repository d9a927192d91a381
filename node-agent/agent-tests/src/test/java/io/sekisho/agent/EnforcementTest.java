package io.sekisho.agent;

import static io.sekisho.agent.CoreFixture.add;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.datapath.DesiredState;
import io.sekisho.agent.datapath.FakeDatapath;
import io.sekisho.agent.datapath.FakeNodeKernel;
import io.sekisho.agent.loop.FakeTicker;
import io.sekisho.agent.policy.EnforcementException;
import io.sekisho.agent.reconcile.Verifier;
import io.sekisho.api.v1.EnforcementMode;
import io.sekisho.api.v1.MapDifference;
import io.sekisho.api.v1.SetEnforcementRequest;
import io.sekisho.policy.compile.PolicyTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Modes, audit and verification, from the agent's side. */
class EnforcementTest {
  private static final String ALLOW =
      """
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata: {name: payment-in, namespace: shop}
      spec:
        endpointSelector: {matchLabels: {app: payment}}
        ingress:
        - fromEndpoints: [{matchLabels: {app: cart}}]
      """;

  private static final String NODES =
      """
      apiVersion: cilium.io/v2
      kind: CiliumClusterwideNetworkPolicy
      metadata: {name: nodes}
      spec: {nodeSelector: {}, ingress: [{fromEntities: [cluster]}]}
      """;

  private static final String BAD =
      """
      apiVersion: sekisho.io/v1
      kind: PrefixList
      metadata: {name: bad}
      spec: {deny: [203.0.113.0/24]}
      """;

  @TempDir Path folder;
  private CoreFixture agent;

  @AfterEach
  void close() {
    agent.close();
  }

  private void started() {
    agent = new CoreFixture(folder).start();
    agent.call(add("c1", "payment-1", "app=payment"));
    agent.call(add("c2", "cart-1", "app=cart"));
    agent.intend(1, ALLOW);
    Eventually.holds(() -> agent.realization.told().contains("realized 1 for 2"));
  }

  private DesiredState.Endpoint realized(int id) {
    return agent.datapath().realized().endpoints().get(id);
  }

  private static SetEnforcementRequest mode(EnforcementMode mode) {
    return SetEnforcementRequest.newBuilder().setMode(mode).build();
  }

  @Test
  void set_mode_isInTheDatapathWhenItReturns() {
    started();
    var enforcement = agent.core().enforcement();

    var never = enforcement.set(mode(EnforcementMode.ENFORCE_NEVER));
    assertEquals(EnforcementMode.ENFORCE_NEVER, never.getMode());
    assertEquals(EnforcementMode.ENFORCE_DEFAULT, never.getConfiguredMode());
    assertEquals(PolicyTable.OPEN, realized(1).policy());

    enforcement.set(mode(EnforcementMode.ENFORCE_ALWAYS));
    assertTrue(realized(2).policy().ingressEnforced() && realized(2).policy().egressEnforced());

    enforcement.set(mode(EnforcementMode.ENFORCE_DEFAULT));
    assertEquals(PolicyTable.OPEN, realized(2).policy());
    assertTrue(realized(1).policy().ingressEnforced());
  }

  @Test
  void set_always_leavesTheHealthEndpointOpen() {
    agent =
        new CoreFixture(
            folder, new FakeCluster("n1"), new FakeDatapath.Kernel(), new FakeNodeKernel(), true);
    agent.start();
    agent.call(add("c1", "cart-1", "app=cart"));
    Eventually.holds(() -> realized(65_535) != null);

    agent.core().enforcement().set(mode(EnforcementMode.ENFORCE_ALWAYS));

    assertTrue(realized(1).policy().ingressEnforced());
    assertEquals(PolicyTable.OPEN, realized(65_535).policy());
  }

  @Test
  void set_auditOfAll_isToldAtEveryEndpoint() {
    started();

    agent.core().enforcement().set(SetEnforcementRequest.newBuilder().setAudit(true).build());

    assertTrue(realized(1).audit() && realized(2).audit());
    assertTrue(realized(1).policy().ingressEnforced(), "the mode is as before");
    Eventually.holds(() -> agent.cluster.inventory().endpoints().get("n1/2").getAudited());
  }

  private Optional<DesiredState.Endpoint> node() {
    return agent.datapath().realized().host();
  }

  @Test
  void set_anything_holdsForTheNodeThatDocumentsSelect() {
    agent = new CoreFixture(folder).start();
    agent.intend(1, NODES, BAD);
    Eventually.holds(() -> agent.realization.told().contains("realized 1 for 0"));
    var enforcement = agent.core().enforcement();
    assertTrue(node().orElseThrow().policy().ingressEnforced());
    assertFalse(node().orElseThrow().audit());

    enforcement.set(SetEnforcementRequest.newBuilder().setAudit(true).build());
    assertTrue(node().orElseThrow().audit());
    enforcement.set(mode(EnforcementMode.ENFORCE_NEVER));
    assertEquals(Optional.empty(), node());
    enforcement.set(mode(EnforcementMode.ENFORCE_ALWAYS));
    assertTrue(node().orElseThrow().policy().ingressEnforced());
    assertFalse(node().orElseThrow().policy().egressEnforced(), "no document speaks of that");

    var found = enforcement.verify(false);
    assertEquals(0, found.getDifferenceCount());
    assertEquals(1, found.getEndpoints());
  }

  @Test
  void set_always_leavesTheNodeOpenThatNoDocumentSelects() {
    started();
    agent.core().enforcement().set(mode(EnforcementMode.ENFORCE_ALWAYS));
    assertTrue(realized(2).policy().ingressEnforced());
    assertEquals(Optional.empty(), node());
  }

  @Test
  void audit_ofAnEndpoint_outlivesTheAgent() {
    started();
    var told = agent.core().enforcement().audit(1, Optional.of(true));
    assertTrue(told.getAudited());
    assertTrue(realized(1).audit());
    assertFalse(realized(2).audit());

    agent.restart().start();
    agent.intend(1, ALLOW);
    Eventually.holds(() -> agent.realization.told().contains("realized 1 for 2"));
    assertTrue(realized(1).audit());

    assertFalse(agent.core().enforcement().audit(1, Optional.of(false)).getAudited());
    assertFalse(realized(1).audit());
  }

  @Test
  void audit_byLabel_untilAnOperatorSaysOtherwise() {
    agent = new CoreFixture(folder).start();
    agent.call(add("c1", "payment-1", "app=payment,sekisho.io/enforcement=audit"));
    assertTrue(realized(1).audit());

    agent.core().enforcement().audit(1, Optional.of(false));
    assertFalse(realized(1).audit());
    agent.core().enforcement().audit(1, Optional.empty());
    assertTrue(realized(1).audit());
  }

  @Test
  void audit_unknownEndpoint_isRefused() {
    started();
    var error =
        assertThrows(
            EnforcementException.class,
            () -> agent.core().enforcement().audit(9, Optional.of(true)));
    assertEquals(EnforcementException.Code.UNKNOWN_ENDPOINT, error.code());
  }

  @Test
  void audit_stateFolderGone_changesNothing() throws Exception {
    started();
    Path endpoints = folder.resolve("state/endpoints");
    Files.move(endpoints, folder.resolve("elsewhere"));
    Files.writeString(endpoints, "no folder");
    try {
      var error =
          assertThrows(
              EnforcementException.class,
              () -> agent.core().enforcement().audit(1, Optional.of(true)));
      assertEquals(EnforcementException.Code.NOT_WRITTEN, error.code());
      assertFalse(realized(1).audit());
    } finally {
      Files.delete(endpoints);
      Files.move(folder.resolve("elsewhere"), endpoints);
    }
  }

  private boolean troubled() {
    return agent.core().health().problems().stream()
        .anyMatch(p -> p.component().equals(Verifier.COMPONENT));
  }

  @Test
  void verify_asPlanned_findsNothing() {
    started();
    var found = agent.core().enforcement().verify(false);
    assertEquals(0, found.getDifferenceCount());
    assertEquals(1, found.getRevision());
    assertEquals(2, found.getEndpoints());
    assertTrue(found.getPolicyEntries() > 0);
    assertFalse(troubled());
  }

  @Test
  void verify_beforeAnyPlan_saysSo() {
    agent = new CoreFixture(folder).startWithoutStore();
    var error =
        assertThrows(EnforcementException.class, () -> agent.core().enforcement().verify(false));
    assertEquals(EnforcementException.Code.NO_PLAN, error.code());
  }

  /** A plan that is still on its way would write anew what is tampered with. */
  private void settled() {
    assertEquals(0, agent.core().enforcement().verify(false).getDifferenceCount());
  }

  private void tamper() {
    settled();
    agent
        .datapath()
        .tamper(
            1,
            e -> new DesiredState.Endpoint(e.wired(), e.identity(), PolicyTable.OPEN, e.audit()));
  }

  @Test
  void verify_tampered_isToldThenRepairedThenForgotten() {
    started();
    tamper();

    var found = agent.core().enforcement().verify(false);
    assertEquals(1, found.getDifferenceCount());
    assertEquals(1, found.getDifferences(0).getEndpoint());
    assertFalse(found.getRepaired());
    assertTrue(troubled());
    assertEquals(PolicyTable.OPEN, realized(1).policy(), "nobody asked for a repair");

    var repaired = agent.core().enforcement().verify(true);
    assertEquals(1, repaired.getDifferenceCount());
    assertTrue(repaired.getRepaired());
    assertTrue(realized(1).policy().ingressEnforced());
    assertTrue(troubled(), "until a later comparison finds nothing");

    assertEquals(0, agent.core().enforcement().verify(false).getDifferenceCount());
    assertFalse(troubled());
  }

  @Test
  void verify_nodeAndDenyListsTampered_isToldAndRepaired() {
    agent = new CoreFixture(folder).start();
    agent.intend(1, NODES, BAD);
    Eventually.holds(() -> agent.realization.told().contains("realized 1 for 0"));
    settled();
    agent.datapath().forgetNodeAndDenyLists();

    var repaired = agent.core().enforcement().verify(true);

    assertEquals(
        Set.of("policies", "prefilter"),
        repaired.getDifferencesList().stream()
            .map(MapDifference::getMap)
            .collect(Collectors.toSet()));
    assertTrue(repaired.getRepaired());
    assertTrue(node().isPresent());
    assertEquals(1, agent.datapath().realized().prefilter().denied().size());
  }

  @Test
  void verify_byItself_findsAndRepairsAndCounts() {
    var ticker = new FakeTicker();
    agent = new CoreFixture(folder).ticker(ticker).start();
    agent.call(add("c1", "payment-1", "app=payment"));
    agent.intend(1, ALLOW);
    Eventually.holds(() -> agent.realization.told().contains("realized 1 for 1"));
    tamper();

    assertTrue(agent.core().metrics().render().contains("verify_interval_seconds 300"));
    assertFalse(agent.core().metrics().render().contains("verify_last_timestamp_seconds 0"));

    pass(ticker);

    Eventually.holds(() -> agent.datapath().rereads() == 1);
    Eventually.holds(() -> realized(1).policy().ingressEnforced());
    Eventually.holds(this::troubled);
    Eventually.holds(
        () -> agent.core().metrics().render().contains("sekisho_policy_verify_differences 1"));
    assertTrue(
        agent
            .core()
            .metrics()
            .render()
            .contains("sekisho_policy_verify_total{result=\"repaired\"} 1"));

    pass(ticker);
    Eventually.holds(() -> !troubled());
  }

  @Test
  void alerts_everyMetricThatTheyName_isTold() throws IOException {
    agent = new CoreFixture(folder).start();
    agent.core().metrics().applied(Duration.ofMillis(1), 1);
    String told = agent.core().metrics().render();
    String alerts = Files.readString(Path.of("../../releng/prometheus/alerts.yaml"));
    assertTrue(new Load(LoadSettings.builder().build()).loadFromString(alerts) instanceof Map);
    List<String> named =
        Pattern.compile("sekisho_[a-z_]+(\\{[^}]*})?")
            .matcher(alerts)
            .results()
            .map(MatchResult::group)
            .toList();
    assertTrue(named.size() >= 5, named.toString());
    assertEquals(List.of(), named.stream().filter(n -> !told.contains(n)).toList());
  }

  /** More than an interval passes; a question makes the event loop look at the clock. */
  private void pass(FakeTicker ticker) {
    ticker.advance(Duration.ofSeconds(301));
    assertEquals("n1", agent.core().enforcement().status().getNode());
  }
}
