package io.sekisho.agent.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sekisho.agent.cluster.Inventory;
import io.sekisho.agent.loop.FakeTicker;
import io.sekisho.agent.revision.Intent;
import io.sekisho.agent.revision.Judge.Judgement;
import io.sekisho.api.v1.ExpectationResult;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Kind;
import io.sekisho.policy.ServiceCatalog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When expectations are proved, and of what a proof speaks. */
final class ProofsTest {
  private static final Duration TOOK = Duration.ofSeconds(2);

  private final FakeTicker ticker = new FakeTicker();
  private final MergedIntent merged = new MergedIntent(ticker::nanos, intent -> {});
  private Map<Integer, Identity> identities = Map.of();
  private boolean broken;
  private int proofs;
  private final Proofs made =
      new Proofs(
          merged,
          (before, after, written) -> judgement(),
          () -> new Inventory(1, true, Map.of(), Map.of(), identities, Map.of()),
          ticker::nanos);

  @BeforeEach
  void push() {
    merged.revision(Intent.EMPTY);
  }

  private Judgement judgement() {
    proofs++;
    ticker.advance(TOOK);
    if (broken) {
      throw new IllegalStateException("a fault of ours");
    }
    return new Judgement(
        List.of(),
        List.of(ExpectationResult.newBuilder().setName("apart").setPairs(proofs).build()));
  }

  private static PolicyObject expectation(String port) {
    String yaml =
        """
        apiVersion: sekisho.io/v1
        kind: Expectation
        metadata: {name: apart, uid: u1, generation: 1}
        spec: {expect: deny, from: [{namespace: a}], to: [{namespace: b}], ports: [{port: "%s"}]}
        """
            .formatted(port);
    return PolicyObject.of(Kind.EXPECTATION, ApiObjects.of(yaml), Optional.empty());
  }

  private void look(PolicyObject... objects) {
    merged.objects(List.of(objects), ServiceCatalog.EMPTY);
    made.look(List.of(objects));
  }

  private Optional<Long> pairs(PolicyObject object) {
    return made.of(object).map(Proofs.Proved::pairs);
  }

  @Test
  void look_nothingElse_provesOnce() {
    look();
    assertEquals(0, proofs, "without expectations");
    look(expectation("80"));
    ticker.advance(Duration.ofMinutes(1));
    look(expectation("80"));
    assertEquals(1, proofs);
    assertEquals(Optional.of(1L), pairs(expectation("80")));
  }

  @Test
  void look_identitiesThatChangeOften_provesInATenthOfTheTime() {
    look(expectation("80"));
    identities = Map.of(300, Identity.HOST);
    ticker.advance(TOOK.multipliedBy(8));
    look(expectation("80"));
    assertEquals(1, proofs);
    assertEquals(Optional.of(1L), pairs(expectation("80")), "what was proved last");
    ticker.advance(TOOK);
    look(expectation("80"));
    assertEquals(2, proofs);
  }

  @Test
  void of_expectationThatSaysSomethingElseNow_isNotProvedYet() {
    look(expectation("80"));
    look(expectation("81"));
    assertEquals(1, proofs);
    assertEquals(Optional.empty(), pairs(expectation("81")));
    ticker.advance(TOOK.multipliedBy(9));
    look(expectation("81"));
    assertEquals(Optional.of(2L), pairs(expectation("81")));
  }

  private static PolicyObject policy(String name) {
    String yaml =
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: %s, namespace: a, uid: %s, generation: 1}
        spec: {podSelector: {}}
        """
            .formatted(name, name);
    return PolicyObject.of(Kind.NETWORK_POLICY, ApiObjects.of(yaml), Optional.empty());
  }

  @Test
  void look_policiesAlone_newOnesAtOnce_otherPodsOnceInAMinute() {
    look(policy("p1"));
    ticker.advance(TOOK.multipliedBy(9));
    look(policy("p1"), policy("p2"));
    assertEquals(2, proofs, "for p2");

    identities = Map.of(300, Identity.HOST);
    ticker.advance(TOOK.multipliedBy(9));
    look(policy("p1"), policy("p2"));
    assertEquals(2, proofs);
    ticker.advance(Duration.ofMinutes(1));
    look(policy("p1"), policy("p2"));
    assertEquals(3, proofs);
  }

  @Test
  void look_policyServedBeforeItCounts_isLookedAtWhenItDoes() {
    made.look(List.of(policy("p1")));
    ticker.advance(TOOK.multipliedBy(9));
    look(policy("p1"));
    assertEquals(2, proofs);
  }

  @Test
  void look_proverThatFails_isNotAskedAllTheTime() {
    broken = true;
    assertThrows(IllegalStateException.class, () -> look(expectation("80")));
    look(expectation("80"));
    assertEquals(1, proofs);
    assertEquals(Optional.empty(), pairs(expectation("80")));
  }
}
