package io.sekisho.console.tests;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.Timestamp;
import io.sekisho.api.flow.DropReason;
import io.sekisho.api.flow.Endpoint;
import io.sekisho.api.flow.Flow;
import io.sekisho.api.flow.FlowType;
import io.sekisho.api.flow.IP;
import io.sekisho.api.flow.IPVersion;
import io.sekisho.api.flow.Layer4;
import io.sekisho.api.flow.TCP;
import io.sekisho.api.flow.TCPFlags;
import io.sekisho.api.flow.TrafficDirection;
import io.sekisho.api.flow.UDP;
import io.sekisho.api.flow.Verdict;
import io.sekisho.api.flow.Workload;
import io.sekisho.api.observer.GetFlowsResponse;
import io.sekisho.api.v1.FlowDetail;
import io.sekisho.api.v1.RuleRef;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.Party;
import io.sekisho.flow.Party.Kind;

/** Puts flows on the wire as an agent does. */
final class Wire {
  private static final long NANOS = 1_000_000_000L;

  private Wire() {}

  static GetFlowsResponse response(FlowRecord f) {
    Timestamp time =
        Timestamp.newBuilder()
            .setSeconds(f.timeNanos() / NANOS)
            .setNanos((int) (f.timeNanos() % NANOS))
            .build();
    Flow.Builder flow =
        Flow.newBuilder()
            .setTime(time)
            .setVerdict(verdict(f))
            .setType(FlowType.L3_L4)
            .setIP(
                IP.newBuilder()
                    .setSource(address(f.client()))
                    .setDestination(address(f.server()))
                    .setIpVersion(IPVersion.IPv4))
            .setL4(layer4(f))
            .setSource(endpoint(f.client()))
            .setDestination(endpoint(f.server()))
            .setNodeName(f.node())
            .setIsReply(BoolValue.of(f.reply()))
            .setTrafficDirection(f.egress() ? TrafficDirection.EGRESS : TrafficDirection.INGRESS)
            .setExtensions(Any.pack(detail(f)));
    if (!f.dropReason().isEmpty()) {
      flow.setDropReasonDesc(DropReason.valueOf(f.dropReason()));
    }
    return GetFlowsResponse.newBuilder().setFlow(flow).setNodeName(f.node()).setTime(time).build();
  }

  private static Verdict verdict(FlowRecord f) {
    return switch (f.verdict()) {
      case FORWARDED -> Verdict.FORWARDED;
      case DROPPED -> Verdict.DROPPED;
      case AUDITED -> Verdict.AUDIT;
      case UNKNOWN -> Verdict.VERDICT_UNKNOWN;
    };
  }

  private static String address(Party party) {
    return party.address().isEmpty() ? "203.0.113.9" : party.address();
  }

  private static Layer4 layer4(FlowRecord f) {
    if (f.protocol().equals("UDP")) {
      return Layer4.newBuilder()
          .setUDP(UDP.newBuilder().setSourcePort(f.clientPort()).setDestinationPort(f.serverPort()))
          .build();
    }
    return Layer4.newBuilder()
        .setTCP(
            TCP.newBuilder()
                .setSourcePort(f.clientPort())
                .setDestinationPort(f.serverPort())
                .setFlags(TCPFlags.newBuilder().setSYN(true)))
        .build();
  }

  private static Endpoint endpoint(Party party) {
    Endpoint.Builder endpoint =
        Endpoint.newBuilder().setIdentity(party.identity()).setNamespace(party.namespace());
    if (party.kind() == Kind.WORKLOAD) {
      return endpoint
          .setPodName(party.pod())
          .addLabels("k8s:app=" + party.workload())
          .addLabels("k8s:io.kubernetes.pod.namespace=" + party.namespace())
          .addWorkloads(Workload.newBuilder().setName(party.workload()))
          .build();
    }
    boolean world = party.workload().equals("world");
    endpoint.addLabels("reserved:world");
    return world ? endpoint.build() : endpoint.addLabels("cidr:" + party.workload()).build();
  }

  private static FlowDetail detail(FlowRecord f) {
    return FlowDetail.newBuilder()
        .setPackets(f.packets())
        .setBytes(f.bytes())
        .setOpened(f.opened())
        .setRule(rule(f))
        .build();
  }

  private static RuleRef rule(FlowRecord f) {
    if (f.rule().isEmpty()) {
      return RuleRef.newBuilder().setId(RuleRef.Reserved.NOT_ENFORCED_VALUE).build();
    }
    if (!f.rule().contains("/")) {
      return RuleRef.newBuilder().setId(RuleRef.Reserved.DEFAULT_DENY_VALUE).build();
    }
    int slash = f.rule().indexOf('/');
    int colon = f.rule().indexOf(':');
    return RuleRef.newBuilder()
        .setId(f.rule().hashCode() & 0x7fffffff | 16)
        .setKind(f.ruleKind())
        .setNamespace(f.rule().substring(0, slash))
        .setName(f.rule().substring(slash + 1, colon))
        .setSection("ingress")
        .setIndex(Integer.parseInt(f.rule().substring(colon + 1)))
        .setLine(f.ruleLine())
        .setRevision(42)
        .build();
  }
}
