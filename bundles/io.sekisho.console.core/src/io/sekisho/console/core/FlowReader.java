package io.sekisho.console.core;

import com.google.protobuf.InvalidProtocolBufferException;
import io.sekisho.api.flow.Endpoint;
import io.sekisho.api.flow.Flow;
import io.sekisho.api.v1.FlowDetail;
import io.sekisho.api.v1.RuleRef;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.FlowVerdict;
import io.sekisho.flow.Party;
import java.util.Optional;

/** Reads a flow of the wire. */
final class FlowReader {
  private FlowReader() {}

  static Optional<FlowRecord> read(Flow flow) {
    FlowDetail detail = detail(flow);
    boolean reply = flow.getIsReply().getValue();
    Party source = party(flow.getSource(), flow.getIP().getSource());
    Party destination = party(flow.getDestination(), flow.getIP().getDestination());
    int[] ports = ports(flow);
    return Optional.of(
        new FlowRecord(
            flow.getTime().getSeconds() * 1_000_000_000L + flow.getTime().getNanos(),
            verdict(flow, detail),
            flow.getVerdict() == io.sekisho.api.flow.Verdict.DROPPED
                ? flow.getDropReasonDesc().name()
                : "",
            reply ? destination : source,
            reply ? source : destination,
            protocol(flow),
            reply ? ports[1] : ports[0],
            reply ? ports[0] : ports[1],
            reply,
            detail.getOpened(),
            flow.getTrafficDirection() == io.sekisho.api.flow.TrafficDirection.EGRESS,
            rule(detail.getRule()),
            detail.getRule().getLine(),
            detail.getRule().getKind(),
            detail.getPackets(),
            detail.getBytes(),
            flow.getNodeName(),
            0));
  }

  private static FlowDetail detail(Flow flow) {
    try {
      return flow.hasExtensions() && flow.getExtensions().is(FlowDetail.class)
          ? flow.getExtensions().unpack(FlowDetail.class)
          : FlowDetail.getDefaultInstance();
    } catch (InvalidProtocolBufferException e) {
      return FlowDetail.getDefaultInstance();
    }
  }

  private static FlowVerdict verdict(Flow flow, FlowDetail detail) {
    return switch (flow.getVerdict()) {
      case DROPPED, ERROR -> FlowVerdict.DROPPED;
      case AUDIT -> FlowVerdict.AUDITED;
      case FORWARDED, REDIRECTED, TRACED, TRANSLATED ->
          detail.getAudited() ? FlowVerdict.AUDITED : FlowVerdict.FORWARDED;
      default -> FlowVerdict.UNKNOWN;
    };
  }

  private static String rule(RuleRef rule) {
    return switch (rule.getId()) {
      case RuleRef.Reserved.DEFAULT_DENY_VALUE -> "default deny";
      default ->
          rule.getName().isEmpty()
              ? ""
              : rule.getNamespace() + "/" + rule.getName() + ":" + rule.getIndex();
    };
  }

  private static String protocol(Flow flow) {
    return switch (flow.getL4().getProtocolCase()) {
      case TCP -> "TCP";
      case UDP -> "UDP";
      case ICMPV4 -> "ICMPv4";
      case ICMPV6 -> "ICMPv6";
      case SCTP -> "SCTP";
      case PROTOCOL_NOT_SET -> "";
    };
  }

  private static int[] ports(Flow flow) {
    return switch (flow.getL4().getProtocolCase()) {
      case TCP ->
          new int[] {
            flow.getL4().getTCP().getSourcePort(), flow.getL4().getTCP().getDestinationPort()
          };
      case UDP ->
          new int[] {
            flow.getL4().getUDP().getSourcePort(), flow.getL4().getUDP().getDestinationPort()
          };
      default -> new int[2];
    };
  }

  private static Party party(Endpoint endpoint, String address) {
    boolean inside = !endpoint.getPodName().isEmpty();
    String workload =
        endpoint.getWorkloadsCount() > 0
            ? endpoint.getWorkloads(0).getName()
            : inside ? endpoint.getPodName() : outside(endpoint);
    return new Party(
        inside ? Party.Kind.WORKLOAD : Party.Kind.OUTSIDE,
        endpoint.getNamespace(),
        workload,
        endpoint.getPodName(),
        address,
        endpoint.getIdentity());
  }

  private static String outside(Endpoint endpoint) {
    return endpoint.getLabelsList().stream()
        .filter(l -> l.startsWith("cidr:"))
        .map(l -> l.substring(5))
        .findFirst()
        .orElse("world");
  }
}
