package io.sekisho.flow;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import io.sekisho.api.flow.DropReason;
import io.sekisho.api.flow.Flow;
import io.sekisho.api.flow.Layer4;
import io.sekisho.api.flow.Policy;
import io.sekisho.api.flow.TCPFlags;
import io.sekisho.api.flow.TrafficDirection;
import io.sekisho.api.flow.Verdict;
import io.sekisho.api.v1.FlowDetail;
import io.sekisho.api.v1.RuleRef;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Flows of the wire to records: turned so that the opener of the connection is the client. */
public final class FlowRecords {
  /** What a decision by default shows as. */
  public static final String DEFAULT_DENY = "default deny";

  /** What traffic from the endpoint's own node shows as. */
  public static final String LOCAL_HOST = "local host";

  /** The rule of a node's own traffic on a port that passes whatever documents say. */
  public static final String FAIL_SAFE = "fail-safe port";

  private static final int FIRST_RULE = 16;

  private FlowRecords() {}

  /** Ports of a packet, as its header has them. */
  private record Ports(String protocol, int source, int destination, int tcpFlags) {}

  /** The rule that decided, as people read it. */
  private record Rule(String text, int line, String kind) {
    static final Rule NONE = new Rule("", 0, "");
  }

  /**
   * The record of a flow. Whatever is missing or broken in it becomes unknown, never an error.
   *
   * @param flow a flow of any agent that speaks Hubble's API
   */
  public static FlowRecord from(Flow flow) {
    boolean reply = flow.getIsReply().getValue();
    Party source = Parties.of(flow.getSource(), flow.getIP().getSource(), flow.getNodeName());
    Party destination =
        Parties.of(flow.getDestination(), flow.getIP().getDestination(), flow.getNodeName());
    Ports ports = ports(flow.getL4());
    Optional<FlowDetail> detail = detail(flow);
    FlowVerdict verdict = verdict(flow.getVerdict(), detail);
    Rule rule = rule(flow, detail);
    return new FlowRecord(
        nanos(flow.getTime()),
        verdict,
        verdict == FlowVerdict.DROPPED ? dropReason(flow) : "",
        reply ? destination : source,
        reply ? source : destination,
        ports.protocol(),
        reply ? ports.destination() : ports.source(),
        reply ? ports.source() : ports.destination(),
        reply,
        detail.map(FlowDetail::getOpened).orElse(false),
        flow.getTrafficDirection() == TrafficDirection.EGRESS,
        rule.text(),
        rule.line(),
        rule.kind(),
        detail.map(FlowDetail::getPackets).orElse(1L),
        detail.map(FlowDetail::getBytes).orElse(-1L),
        flow.getNodeName(),
        ports.tcpFlags(),
        icmpType(flow.getL4()));
  }

  private static long nanos(Timestamp time) {
    return time.getSeconds() * 1_000_000_000L + time.getNanos();
  }

  private static Optional<FlowDetail> detail(Flow flow) {
    Any extensions = flow.getExtensions();
    if (!flow.hasExtensions() || !extensions.is(FlowDetail.class)) {
      return Optional.empty();
    }
    try {
      return Optional.of(extensions.unpack(FlowDetail.class));
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  private static FlowVerdict verdict(Verdict verdict, Optional<FlowDetail> detail) {
    return switch (verdict) {
      case DROPPED -> FlowVerdict.DROPPED;
      case AUDIT -> FlowVerdict.AUDITED;
      case FORWARDED, REDIRECTED ->
          detail.map(FlowDetail::getAudited).orElse(false)
              ? FlowVerdict.AUDITED
              : FlowVerdict.FORWARDED;
      default -> FlowVerdict.UNKNOWN;
    };
  }

  @SuppressWarnings("deprecation") // agents older than drop_reason_desc fill drop_reason only
  private static String dropReason(Flow flow) {
    DropReason reason = flow.getDropReasonDesc();
    if (reason == DropReason.UNRECOGNIZED) {
      return Integer.toString(flow.getDropReasonDescValue());
    }
    if (reason == DropReason.DROP_REASON_UNKNOWN) {
      DropReason old = DropReason.forNumber(flow.getDropReason());
      return (old == null ? reason : old).name();
    }
    return reason.name();
  }

  private static Ports ports(Layer4 l4) {
    return switch (l4.getProtocolCase()) {
      case TCP -> {
        var tcp = l4.getTCP();
        yield new Ports("TCP", tcp.getSourcePort(), tcp.getDestinationPort(), bits(tcp.getFlags()));
      }
      case UDP ->
          new Ports("UDP", l4.getUDP().getSourcePort(), l4.getUDP().getDestinationPort(), 0);
      case SCTP ->
          new Ports("SCTP", l4.getSCTP().getSourcePort(), l4.getSCTP().getDestinationPort(), 0);
      case ICMPV4 -> new Ports("ICMPv4", 0, 0, 0);
      case ICMPV6 -> new Ports("ICMPv6", 0, 0, 0);
      case PROTOCOL_NOT_SET -> new Ports("", 0, 0, 0);
    };
  }

  private static int icmpType(Layer4 l4) {
    return switch (l4.getProtocolCase()) {
      case ICMPV4 -> l4.getICMPv4().getType();
      case ICMPV6 -> l4.getICMPv6().getType();
      default -> -1;
    };
  }

  /** Byte 13 of the TCP header (RFC 9293, section 3.1). */
  private static int bits(TCPFlags flags) {
    return (flags.getFIN() ? 0x01 : 0)
        | (flags.getSYN() ? 0x02 : 0)
        | (flags.getRST() ? 0x04 : 0)
        | (flags.getPSH() ? 0x08 : 0)
        | (flags.getACK() ? 0x10 : 0)
        | (flags.getURG() ? 0x20 : 0)
        | (flags.getECE() ? 0x40 : 0)
        | (flags.getCWR() ? 0x80 : 0);
  }

  private static Rule rule(Flow flow, Optional<FlowDetail> detail) {
    RuleRef ref = detail.map(FlowDetail::getRule).orElse(RuleRef.getDefaultInstance());
    if (!ref.getName().isEmpty()) {
      String text = path(ref.getNamespace(), ref.getName()) + ":" + ref.getIndex();
      return new Rule(text, ref.getLine(), ref.getKind());
    }
    if (ref.getId() == RuleRef.Reserved.DEFAULT_DENY_VALUE) {
      return new Rule(DEFAULT_DENY, 0, "");
    }
    if (ref.getId() == RuleRef.Reserved.LOCAL_HOST_VALUE) {
      return new Rule(LOCAL_HOST, 0, "");
    }
    if (ref.getId() == RuleRef.Reserved.FAIL_SAFE_VALUE) {
      return new Rule(FAIL_SAFE, 0, "");
    }
    boolean reserved = ref.getId() != 0 && Integer.compareUnsigned(ref.getId(), FIRST_RULE) < 0;
    return reserved ? Rule.NONE : ruleOfPolicies(flow);
  }

  /** What other agents tell: the document, without the place in it. */
  private static Rule ruleOfPolicies(Flow flow) {
    boolean egress = flow.getTrafficDirection() == TrafficDirection.EGRESS;
    boolean dropped = flow.getVerdict() == Verdict.DROPPED;
    List<Policy> policies =
        dropped
            ? (egress ? flow.getEgressDeniedByList() : flow.getIngressDeniedByList())
            : (egress ? flow.getEgressAllowedByList() : flow.getIngressAllowedByList());
    return policies.stream()
        .findFirst()
        .map(p -> new Rule(path(p.getNamespace(), p.getName()), 0, p.getKind()))
        .orElse(Rule.NONE);
  }

  private static String path(String namespace, String name) {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }

  /** The verdict's word in filters and tables: {@code forwarded}. */
  public static String word(FlowVerdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT);
  }
}
