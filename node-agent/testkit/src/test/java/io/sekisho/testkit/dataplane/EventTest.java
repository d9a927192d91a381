package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.packet.Tcp;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What events say, and when they come. */
class EventTest extends DataplaneTestBase {
  private Outcome opener(int flags) {
    return sends(CLIENT, CLIENT.sends(SERVER.ipv4()).tcp(40000, 80, flags).build());
  }

  private Outcome replier(int flags) {
    return sends(SERVER, SERVER.sends(CLIENT.ipv4()).payload(60).tcp(80, 40000, flags).build());
  }

  /** As if the last reports were older than the aggregation interval. */
  private static void letTimePass() {
    node.connections()
        .forEach(
            (key, c) ->
                node.rewrite(key, c.reportedEarlier(Dataplane.AGGREGATION + Dataplane.TICK)));
  }

  @Test
  void open_sameNode_oneTraceSpeaksForBothEnds() {
    enforced(CLIENT, Pod.ENFORCE_EGRESS, PolicyRow.egress(SERVER.identity(), 100));
    enforced(SERVER, Pod.ENFORCE_INGRESS, PolicyRow.ingress(CLIENT.identity(), 200));
    long from = System.nanoTime();
    Outcome outcome = opener(Tcp.SYN);
    List<DatapathEvent> verdicts = outcome.events(DatapathEvent.VERDICT);
    assertEquals(List.of(100, 200), verdicts.stream().map(DatapathEvent::ruleId).toList());
    assertEquals(List.of(true, false), verdicts.stream().map(DatapathEvent::egress).toList());
    assertEquals(List.of(11, 12), verdicts.stream().map(DatapathEvent::endpoint).toList());
    assertTrue(verdicts.stream().allMatch(v -> v.packets() == 0 && v.bytes() == 0));
    DatapathEvent trace = outcome.event(DatapathEvent.TRACE);
    assertTrue(from <= trace.timestamp() && trace.timestamp() <= System.nanoTime());
    assertEquals(
        new DatapathEvent(
            trace.timestamp(),
            CLIENT.ipv4(),
            SERVER.ipv4(),
            1,
            40,
            CLIENT.identity(),
            SERVER.identity(),
            SERVER.id(),
            node.ifindex(CLIENT),
            200,
            100,
            40000,
            80,
            DatapathEvent.TRACE,
            101,
            6,
            Tcp.SYN,
            0,
            0,
            16),
        trace);
  }

  @Test
  void reply_saysSo() {
    opener(Tcp.SYN);
    DatapathEvent reply = replier(Tcp.SYN | Tcp.ACK).event(DatapathEvent.TRACE);
    assertTrue(reply.reply());
    assertTrue(reply.egress(), "the receiver opened it");
    assertFalse(reply.opened());
    assertEquals(CLIENT.id(), reply.endpoint());
    assertEquals(100, reply.bytes());
    assertEquals(SERVER.identity(), reply.sourceIdentity());
    assertEquals(80, reply.sourcePort());
  }

  @Test
  void newFlag_isReportedOnce() {
    opener(Tcp.SYN);
    assertEquals(1, opener(Tcp.ACK).events(DatapathEvent.TRACE).size());
    assertEquals(0, opener(Tcp.ACK).events().size());
    assertEquals(1, opener(Tcp.ACK | Tcp.PSH).events().size());
    assertEquals(0, opener(Tcp.ACK | Tcp.PSH).events().size());
    DatapathEvent fin = opener(Tcp.ACK | Tcp.FIN).event(DatapathEvent.TRACE);
    assertEquals(2, fin.packets(), "the one that had not been reported, and this one");
    assertEquals(Tcp.ACK | Tcp.FIN, fin.tcpFlags());
  }

  @Test
  void openConnection_isReportedAfterTheInterval_eachSideForItself() {
    opener(Tcp.SYN);
    replier(Tcp.SYN | Tcp.ACK);
    opener(Tcp.ACK);
    for (int i = 0; i < 4; i++) {
      assertTrue(opener(Tcp.ACK).events().isEmpty());
      assertTrue(replier(Tcp.ACK).events().isEmpty());
    }
    letTimePass();
    DatapathEvent sent = opener(Tcp.ACK).event(DatapathEvent.TRACE);
    assertEquals(5, sent.packets());
    assertEquals(200, sent.bytes());
    assertTrue(opener(Tcp.ACK).events().isEmpty());
    DatapathEvent answered = replier(Tcp.ACK).event(DatapathEvent.TRACE);
    assertEquals(5, answered.packets());
    assertEquals(500, answered.bytes());
  }

  @Test
  void reports_addUpToAllTraffic() {
    long packets = 0;
    long bytes = 0;
    for (int i = 0; i < 50; i++) {
      if (i % 7 == 0) {
        letTimePass();
      }
      for (Outcome outcome : List.of(opener(i == 0 ? Tcp.SYN : Tcp.ACK), replier(Tcp.ACK))) {
        for (DatapathEvent event : outcome.events(DatapathEvent.TRACE)) {
          packets += event.packets();
          bytes += event.bytes();
        }
      }
    }
    letTimePass();
    packets += opener(Tcp.ACK).event(DatapathEvent.TRACE).packets();
    packets += replier(Tcp.ACK).event(DatapathEvent.TRACE).packets();
    assertEquals(102, packets);
    assertTrue(bytes > 0);
  }

  @Test
  void drop_namesReasonRuleAndPacket() {
    enforced(SERVER, Pod.ENFORCE_INGRESS, PolicyRow.ingress(CLIENT.identity(), 300).denying());
    Outcome outcome = opener(Tcp.SYN);
    assertEquals(1, outcome.events().size(), "the drop is the verdict too");
    DatapathEvent drop = outcome.event(DatapathEvent.DROP);
    assertEquals(181, drop.subtype());
    assertEquals(300, drop.ruleId());
    assertEquals(1, drop.packets());
    assertEquals(40, drop.bytes());
    assertTrue(drop.denied());
    assertFalse(drop.audited());
  }

  @Test
  void drop_everyPacket_isTold() {
    enforced(SERVER, Pod.ENFORCE_INGRESS);
    for (int i = 0; i < 3; i++) {
      assertEquals(133, opener(Tcp.SYN).event(DatapathEvent.DROP).subtype());
    }
  }

  @Test
  void icmp_typeAndCode_areTold() {
    DatapathEvent event =
        sends(CLIENT, CLIENT.sends(SERVER.ipv6()).icmp(128, 3, 77).build())
            .event(DatapathEvent.TRACE);
    assertEquals(128, event.icmpType());
    assertEquals(3, event.icmpCode());
    assertEquals(77, event.sourcePort());
    assertEquals(58, event.protocol());
  }

  @Test
  void broken_packet_isToldWithWhatCouldBeRead() {
    DatapathEvent event =
        sends(CLIENT, CLIENT.sends(SERVER.ipv4()).payload(8).protocol(47).build())
            .event(DatapathEvent.DROP);
    assertEquals(CLIENT.ipv4(), event.source());
    assertEquals(47, event.protocol());
    assertEquals(CLIENT.id(), event.endpoint());
    assertEquals(CLIENT.identity(), event.sourceIdentity());
    assertTrue(event.egress());
  }

  @Test
  void fullRing_eventsAreCountedAsLost_packetsPass() {
    try (var small = new Dataplane(NodeSettings.USUAL.eventRing(4096))) {
      Pod pod = Pod.of(11, 1001).flags(Pod.ENFORCE_EGRESS);
      small.wire(pod);
      byte[] packet = pod.sends(WORLD_IPV4).udp(1, 2).build();
      small.flood(pod, packet, 100);
      int room = 4096 / (96 + 8);
      assertEquals(100 - room, small.lostEvents());
      assertEquals(100, small.fates().dropped());
      // Reading makes room again: the ring's events, and the new one.
      assertEquals(room, small.fromEndpoint(pod, packet).events().size());
      assertEquals(1, small.fromEndpoint(pod, packet).events().size());

      small.flood(pod, packet, room);
      long lost = small.lostEvents();
      small.policy(pod, List.of(PolicyRow.egress(0, 100)));
      small.flood(pod, packet, 1);
      assertEquals(lost + 2, small.lostEvents(), "a new connection: a verdict and a trace");
    }
  }
}
