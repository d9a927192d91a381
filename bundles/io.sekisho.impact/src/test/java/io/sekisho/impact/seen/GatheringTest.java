package io.sekisho.impact.seen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.api.flow.DropReason;
import io.sekisho.api.flow.Endpoint;
import io.sekisho.flow.FlowRecords;
import io.sekisho.impact.SeenFlow;
import io.sekisho.policy.Labels;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Flows that ask the same become one question, and what they do not tell stays unknown. */
final class GatheringTest {
  private static Talk only(Traffic traffic) {
    assertEquals(1, traffic.talks().size(), () -> traffic.talks().toString());
    return traffic.talks().getFirst();
  }

  @Test
  void add_bothWaysAndBothEnds_isOneQuestion() {
    Talk talk =
        only(
            SeenFlow.gather(
                new SeenFlow(),
                new SeenFlow().reply(),
                new SeenFlow().audited().at(1_700_000_009)));
    assertEquals("shop/cart", talk.client().key());
    assertEquals("shop/payment", talk.server().key());
    assertEquals(8443, talk.port());
    assertEquals(3, talk.flows());
    assertEquals(3, talk.passed());
    assertEquals(1, talk.audited());
    assertEquals(1_700_000_009_000_000_000L, talk.lastNanos());
    assertEquals(3, talk.newest().size());
  }

  @Test
  void add_drops_areToldApartByReason() {
    Talk talk =
        only(
            SeenFlow.gather(
                new SeenFlow().dropped(DropReason.POLICY_DENIED),
                new SeenFlow().dropped(DropReason.INVALID_SOURCE_IP)));
    assertEquals(1, talk.denied());
    assertEquals(1, talk.dropped());
    assertEquals("INVALID_SOURCE_IP", talk.otherReason());
    assertFalse(talk.onlyOtherDrops());
  }

  @Test
  void add_replyUnknown_isInDoubtUnlessTheVerdictTells() {
    Traffic doubt = SeenFlow.gather(new SeenFlow().replyUnknown());
    assertTrue(only(doubt).doubt().contains("which end opened"), () -> only(doubt).doubt());
    Traffic clear =
        SeenFlow.gather(new SeenFlow().replyUnknown().dropped(DropReason.POLICY_DENIED));
    assertTrue(only(clear).isClear());
  }

  @Test
  void add_noPortOrProtocol_isInDoubt() {
    assertTrue(only(SeenFlow.gather(new SeenFlow().tcp(0))).doubt().contains("port"));
    assertTrue(only(SeenFlow.gather(new SeenFlow().noProtocol())).doubt().contains("protocol"));
  }

  @Test
  void add_icmp_repliesAreTheirRequestsAndErrorsNoQuestion() {
    Talk ping = only(SeenFlow.gather(new SeenFlow().icmp(8), new SeenFlow().icmp(0).reply()));
    assertEquals(8, ping.port());
    assertEquals("shop/cart", ping.client().key());
    Talk ping6 =
        only(SeenFlow.gather(new SeenFlow().icmpV6(128), new SeenFlow().icmpV6(129).reply()));
    assertEquals(128, ping6.port());
    assertFalse(only(SeenFlow.gather(new SeenFlow().icmp(3))).isClear());
    assertFalse(only(SeenFlow.gather(new SeenFlow().icmpV6(2))).isClear());
  }

  @Test
  void add_labelsNotTold_comeFromTheInventoryOrAreUnknown() {
    Endpoint bare =
        Endpoint.newBuilder().setIdentity(700).setNamespace("shop").setPodName("x-0").build();
    var flow = new SeenFlow().to(bare).build();
    var known = new Gathering(n -> Optional.of(Labels.of("app=x")));
    known.add(flow);
    assertEquals(
        "k8s:app=x",
        assertInstanceOf(End.Known.class, only(known.traffic()).server()).labels().toString());
    var unknown = new Gathering(n -> Optional.empty());
    unknown.add(flow);
    assertEquals("the labels of identity 700 are unknown", only(unknown.traffic()).doubt());
  }

  @Test
  void add_outside_isAskedByAddress() {
    Endpoint world = SeenFlow.reserved(2, "world");
    Traffic traffic =
        SeenFlow.gather(
            new SeenFlow().to(world, "203.0.113.7"), new SeenFlow().to(world, "203.0.113.8"));
    assertEquals(2, traffic.talks().size());
    assertInstanceOf(End.Outside.class, traffic.talks().getFirst().server());
    Traffic noAddress = SeenFlow.gather(new SeenFlow().to(world, ""));
    assertFalse(only(noAddress).isClear());
  }

  @Test
  void one_record_asksTheSameAsItsFlow() {
    for (SeenFlow made :
        List.of(
            new SeenFlow(),
            new SeenFlow().udp(53),
            new SeenFlow().icmp(0).reply(),
            new SeenFlow().tcp(0))) {
      var flow = made.build();
      var labels = new HashMap<Integer, Labels>();
      for (Endpoint end : List.of(flow.getSource(), flow.getDestination())) {
        labels.put(end.getIdentity(), Labels.of(end.getLabelsList()));
      }
      Talk whole = only(SeenFlow.gather(List.of(flow)));
      Talk one = Gathering.one(FlowRecords.from(flow), n -> Optional.ofNullable(labels.get(n)));
      assertEquals(whole, one);
    }
  }

  @Test
  void add_manyOfOneQuestion_keepsTheNewest() {
    var gathering = new Gathering(n -> Optional.empty());
    for (int i = 0; i < 2 * Gathering.KEPT_EACH; i++) {
      gathering.add(new SeenFlow().at(1_700_000_000L + i).build());
    }
    Talk talk = only(gathering.traffic());
    assertEquals(2 * Gathering.KEPT_EACH, talk.flows());
    assertEquals(Gathering.KEPT_EACH, talk.newest().size());
    assertEquals(talk.lastNanos(), talk.newest().getLast().timeNanos());
  }
}
