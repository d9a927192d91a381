package io.sekisho.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.sekisho.api.flow.DropReason;
import io.sekisho.api.flow.Endpoint;
import io.sekisho.api.flow.Flow;
import io.sekisho.api.flow.IP;
import io.sekisho.api.flow.Layer4;
import io.sekisho.api.flow.Policy;
import io.sekisho.api.flow.TCP;
import io.sekisho.api.flow.TCPFlags;
import io.sekisho.api.flow.TrafficDirection;
import io.sekisho.api.flow.Verdict;
import io.sekisho.api.flow.Workload;
import io.sekisho.api.v1.FlowDetail;
import io.sekisho.api.v1.RuleRef;
import io.sekisho.flow.Party.Kind;
import org.junit.jupiter.api.Test;

/** What the wire says becomes what people read. */
class FlowRecordsTest {
  private static final RuleRef RULE =
      RuleRef.newBuilder()
          .setId(12345)
          .setKind("CiliumNetworkPolicy")
          .setNamespace("shop")
          .setName("payment-in")
          .setSection("ingress")
          .setIndex(2)
          .setLine(18)
          .build();

  private static Flow.Builder flow() {
    return Flow.newBuilder()
        .setTime(Timestamp.newBuilder().setSeconds(1_700_000_000).setNanos(5))
        .setVerdict(Verdict.FORWARDED)
        .setNodeName("n1")
        .setTrafficDirection(TrafficDirection.EGRESS)
        .setIP(IP.newBuilder().setSource("10.244.1.2").setDestination("10.244.2.3"))
        .setSource(pod("cart"))
        .setDestination(pod("payment"))
        .setL4(
            Layer4.newBuilder()
                .setTCP(
                    TCP.newBuilder()
                        .setSourcePort(40_000)
                        .setDestinationPort(8443)
                        .setFlags(TCPFlags.newBuilder().setSYN(true).setACK(true))));
  }

  private static Endpoint pod(String name) {
    return Endpoint.newBuilder()
        .setIdentity(300)
        .setNamespace("shop")
        .setPodName(name + "-0")
        .addWorkloads(Workload.newBuilder().setName(name))
        .build();
  }

  private static FlowDetail.Builder detail(RuleRef rule) {
    return FlowDetail.newBuilder().setRule(rule).setBytes(100).setPackets(2);
  }

  private static FlowRecord withRule(RuleRef rule) {
    return FlowRecords.from(flow().setExtensions(Any.pack(detail(rule).build())).build());
  }

  @Test
  void from_forwardedFlow_keepsEverything() {
    FlowRecord record =
        FlowRecords.from(
            flow().setExtensions(Any.pack(detail(RULE).setOpened(true).build())).build());
    assertEquals(1_700_000_000_000_000_005L, record.timeNanos());
    assertEquals(FlowVerdict.FORWARDED, record.verdict());
    assertEquals("", record.dropReason());
    assertEquals("shop/cart", record.client().key());
    assertEquals(
        new Party(Kind.WORKLOAD, "shop", "payment", "payment-0", "10.244.2.3", 300),
        record.server());
    assertEquals(
        "TCP 40000 8443",
        record.protocol() + " " + record.clientPort() + " " + record.serverPort());
    assertEquals("shop/payment-in:2", record.rule());
    assertEquals(18, record.ruleLine());
    assertEquals("CiliumNetworkPolicy", record.ruleKind());
    assertEquals(100, record.bytes());
    assertEquals(2, record.packets());
    assertEquals(0x12, record.tcpFlags());
    assertTrue(record.opened() && record.egress() && !record.reply());
  }

  @Test
  void from_reply_turnsEndsAndPorts() {
    FlowRecord record = FlowRecords.from(flow().setIsReply(BoolValue.of(true)).build());
    assertEquals("payment", record.client().workload());
    assertEquals("10.244.1.2", record.server().address());
    assertEquals(40_000, record.serverPort());
    assertTrue(record.reply());
  }

  @Test
  void from_reservedRules_showAsPeopleSayIt() {
    assertEquals("default deny", withRule(RuleRef.newBuilder().setId(2).build()).rule());
    assertEquals("local host", withRule(RuleRef.newBuilder().setId(3).build()).rule());
    assertEquals("", withRule(RuleRef.newBuilder().setId(1).build()).rule());
    assertEquals("", withRule(RuleRef.newBuilder().setId(4).build()).rule());
    assertEquals("", withRule(RuleRef.newBuilder().setId(-5).build()).rule());
  }

  @Test
  void from_otherAgents_rulesComeFromPolicies() {
    Policy policy =
        Policy.newBuilder()
            .setName("deny")
            .setNamespace("shop")
            .setKind("CiliumNetworkPolicy")
            .build();
    FlowRecord record =
        FlowRecords.from(
            flow()
                .setVerdict(Verdict.DROPPED)
                .setDropReasonDesc(DropReason.POLICY_DENY)
                .setTrafficDirection(TrafficDirection.INGRESS)
                .addIngressDeniedBy(policy)
                .build());
    assertEquals("shop/deny", record.rule());
    assertEquals("POLICY_DENY", record.dropReason());
    assertEquals(0, record.ruleLine());
    assertEquals(-1, record.bytes(), "unknown, not 0");
  }

  @Test
  void from_unknownDropReason_showsItsNumber() {
    Flow flow = flow().setVerdict(Verdict.DROPPED).setDropReasonDescValue(251).build();
    assertEquals("251", FlowRecords.from(flow).dropReason());
  }

  @Test
  void from_auditedDetail_isAudited() {
    Flow flow = flow().setExtensions(Any.pack(detail(RULE).setAudited(true).build())).build();
    assertEquals(FlowVerdict.AUDITED, FlowRecords.from(flow).verdict());
    assertEquals(
        FlowVerdict.AUDITED, FlowRecords.from(flow().setVerdict(Verdict.AUDIT).build()).verdict());
  }

  @Test
  void from_partiesOfEveryKind_areTold() {
    assertParty(Kind.OUTSIDE, "192.0.2.1", end(2, "reserved:world"), "192.0.2.1");
    assertParty(
        Kind.OUTSIDE, "10.0.0.0/8", end(1 << 24, "cidr:10.0.0.0/8", "reserved:world"), "10.1.1.1");
    assertParty(Kind.OUTSIDE, "world", end(2), "");
    assertParty(Kind.NODE, "n1", end(1, "reserved:host"), "10.244.1.1");
    assertParty(Kind.NODE, "198.18.0.2", end(6, "reserved:remote-node"), "198.18.0.2");
    assertParty(Kind.UNKNOWN, "10.9.9.9", end(0), "10.9.9.9");
    assertParty(
        Kind.WORKLOAD,
        "identity 77",
        Endpoint.newBuilder().setNamespace("shop").setIdentity(77).build(),
        "10.9.9.9");
    assertParty(
        Kind.WORKLOAD,
        "lonely",
        Endpoint.newBuilder().setNamespace("shop").setPodName("lonely").build(),
        "10.9.9.9");
  }

  private static Endpoint end(int identity, String... labels) {
    return Endpoint.newBuilder()
        .setIdentity(identity)
        .addAllLabels(java.util.List.of(labels))
        .build();
  }

  private static void assertParty(Kind kind, String workload, Endpoint end, String address) {
    Party party =
        FlowRecords.from(flow().setSource(end).setIP(IP.newBuilder().setSource(address)).build())
            .client();
    assertEquals(kind + " " + workload, party.kind() + " " + party.workload());
    assertEquals(address, party.address());
  }

  @Test
  void from_emptyFlow_isUnknownNotAnError() {
    FlowRecord record = FlowRecords.from(Flow.getDefaultInstance());
    assertEquals(FlowVerdict.UNKNOWN, record.verdict());
    assertEquals(Kind.UNKNOWN, record.client().kind());
    assertEquals("", record.protocol());
    assertFalse(record.opened());
  }

  @Test
  void from_brokenExtension_isLeftOut() {
    Any broken =
        Any.newBuilder()
            .setTypeUrl(Any.pack(FlowDetail.getDefaultInstance()).getTypeUrl())
            .setValue(ByteString.copyFrom(new byte[] {(byte) 0xff, 1, 2}))
            .build();
    assertEquals(-1, FlowRecords.from(flow().setExtensions(broken).build()).bytes());
    Any foreign = Any.newBuilder().setTypeUrl("type.example.org/x").build();
    assertEquals(-1, FlowRecords.from(flow().setExtensions(foreign).build()).bytes());
  }
}
