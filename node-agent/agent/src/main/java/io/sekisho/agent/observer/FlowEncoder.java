package io.sekisho.agent.observer;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.Timestamp;
import io.sekisho.api.flow.CiliumEventType;
import io.sekisho.api.flow.DropReason;
import io.sekisho.api.flow.Flow;
import io.sekisho.api.flow.FlowType;
import io.sekisho.api.flow.IP;
import io.sekisho.api.flow.IPVersion;
import io.sekisho.api.flow.NetworkInterface;
import io.sekisho.api.flow.TraceObservationPoint;
import io.sekisho.api.flow.TrafficDirection;
import io.sekisho.api.flow.Verdict;
import io.sekisho.api.v1.FlowDetail;
import io.sekisho.policy.compile.RuleIds;

/** From packed events to flows as Hubble's clients read them. Thread-safe. */
final class FlowEncoder {
  /** Kinds of events, Hubble's numbers. */
  static final int DROP = 1;

  static final int TRACE = 4;

  private static final long SECOND = 1_000_000_000L;

  private final String node;
  private final Names names;
  private final Rules rules;

  FlowEncoder(String node, Names names, Rules rules) {
    this.node = node;
    this.names = names;
    this.rules = rules;
  }

  /** The flow of a record; the same for the same record, as long as names do not change. */
  @SuppressWarnings("deprecation") // Hubble's clients still read Summary, reply and drop_reason
  Flow encode(PackedEvent r) {
    Address source = r.source();
    Address destination = r.destination();
    var flow =
        Flow.newBuilder()
            .setTime(time(r.wallNanos()))
            .setVerdict(verdict(r))
            .setIP(ip(source, destination))
            .setL4(Layer4Encoder.layer4(r))
            .setSource(names.end(source, r.sourceIdentity()))
            .setDestination(names.end(destination, r.destinationIdentity()))
            .setType(FlowType.L3_L4)
            .setNodeName(node)
            .setReply(r.reply())
            .setIsReply(BoolValue.of(r.reply()))
            .setEventType(CiliumEventType.newBuilder().setType(r.type()).setSubType(r.subtype()))
            .setTrafficDirection(direction(r))
            .setInterface(NetworkInterface.newBuilder().setIndex(r.interfaceIndex()))
            .setSummary(Layer4Encoder.summary(r))
            .setExtensions(Any.pack(detail(r)));
    if (r.type() == DROP) {
      flow.setDropReason(r.subtype());
      DropReason reason = DropReason.forNumber(r.subtype());
      flow.setDropReasonDesc(reason == null ? DropReason.DROP_REASON_UNKNOWN : reason);
    } else if (r.type() == TRACE) {
      TraceObservationPoint point = TraceObservationPoint.forNumber(r.subtype());
      flow.setTraceObservationPoint(point == null ? TraceObservationPoint.UNKNOWN_POINT : point);
    }
    rules.addPolicy(r.ruleId(), flow);
    if (r.otherRuleId() != r.ruleId()) {
      rules.addPolicy(r.otherRuleId(), flow);
    }
    return flow.build();
  }

  private FlowDetail detail(PackedEvent r) {
    var out =
        FlowDetail.newBuilder()
            .setPackets(r.packets())
            .setBytes(r.bytes())
            .setOpened(r.opened())
            .setAudited(r.audited());
    if (r.ruleId() != RuleIds.UNKNOWN) {
      out.setRule(rules.reference(r.ruleId()));
    }
    if (r.otherRuleId() != RuleIds.UNKNOWN) {
      out.setOtherRule(rules.reference(r.otherRuleId()));
    }
    return out.build();
  }

  static Verdict verdict(PackedEvent r) {
    if (r.type() == DROP) {
      return Verdict.DROPPED;
    }
    if (r.audited()) {
      return Verdict.AUDIT;
    }
    return r.denied() ? Verdict.DROPPED : Verdict.FORWARDED;
  }

  /** Before an endpoint decided there is no direction. */
  private static TrafficDirection direction(PackedEvent r) {
    if (r.endpointId() == 0) {
      return TrafficDirection.TRAFFIC_DIRECTION_UNKNOWN;
    }
    return r.egress() ? TrafficDirection.EGRESS : TrafficDirection.INGRESS;
  }

  private static IP ip(Address source, Address destination) {
    return IP.newBuilder()
        .setSource(source.text())
        .setDestination(destination.text())
        .setIpVersion(source.isV4() ? IPVersion.IPv4 : IPVersion.IPv6)
        .build();
  }

  private static Timestamp time(long nanos) {
    return Timestamp.newBuilder()
        .setSeconds(Math.floorDiv(nanos, SECOND))
        .setNanos((int) Math.floorMod(nanos, SECOND))
        .build();
  }
}
