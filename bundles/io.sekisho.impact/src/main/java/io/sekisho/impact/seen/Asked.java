package io.sekisho.impact.seen;

import io.sekisho.api.flow.Flow;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.FlowVerdict;

/**
 * What a flow asks of policies, apart from who its ends are.
 *
 * @param protocol IP protocol number, 0 if unknown
 * @param port of the server, or the ICMP type of the request; 0 if unknown
 * @param doubt why nothing can be said, empty if something can
 */
record Asked(int protocol, int port, String doubt) {
  private static final int SYN = 0x02;
  private static final int ACK = 0x10;
  private static final int ICMP = 1;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int ICMPV6 = 58;
  private static final int SCTP = 132;

  /** The question of a flow; the record is the same flow's. */
  static Asked of(Flow flow, FlowRecord record) {
    return switch (flow.getL4().getProtocolCase()) {
      case TCP -> ports(TCP, flow, record);
      case UDP -> ports(UDP, flow, record);
      case SCTP -> ports(SCTP, flow, record);
      case ICMPV4 -> icmp(ICMP, flow.getL4().getICMPv4().getType());
      case ICMPV6 -> icmp(ICMPV6, flow.getL4().getICMPv6().getType());
      case PROTOCOL_NOT_SET -> new Asked(0, 0, "the flow does not tell its protocol");
    };
  }

  /** The same by what a record tells. */
  static Asked of(FlowRecord record) {
    return switch (record.protocol()) {
      case "TCP" -> server(TCP, record);
      case "UDP" -> server(UDP, record);
      case "SCTP" -> server(SCTP, record);
      case "ICMPv4" -> icmp(ICMP, record.icmpType());
      case "ICMPv6" -> icmp(ICMPV6, record.icmpType());
      default -> new Asked(0, 0, "the flow does not tell its protocol");
    };
  }

  private static Asked ports(int protocol, Flow flow, FlowRecord record) {
    if (!opensKnown(flow, record)) {
      return new Asked(protocol, 0, "the flow does not tell which end opened the connection");
    }
    return server(protocol, record);
  }

  private static Asked server(int protocol, FlowRecord record) {
    return record.serverPort() == 0
        ? new Asked(protocol, 0, "the flow does not tell the server's port")
        : new Asked(protocol, record.serverPort(), "");
  }

  /**
   * Agents that are not ours may leave the direction out; then a policy's drop is of the opener,
   * since replies are never asked about, and so is a SYN alone.
   */
  private static boolean opensKnown(Flow flow, FlowRecord record) {
    return flow.hasIsReply() || isPolicyDrop(record) || (record.tcpFlags() & (SYN | ACK)) == SYN;
  }

  /** Whether a policy dropped it (Hubble's POLICY_DENIED and POLICY_DENY). */
  static boolean isPolicyDrop(FlowRecord record) {
    return record.verdict() == FlowVerdict.DROPPED && record.dropReason().startsWith("POLICY_DEN");
  }

  /** A reply's type is that of its request; errors belong to connections of their own. */
  private static Asked icmp(int protocol, int type) {
    if (type < 0) {
      return new Asked(protocol, 0, "the flow does not tell the ICMP type");
    }
    boolean v4 = protocol == ICMP;
    boolean error = v4 ? type == 3 || type == 4 || type == 5 || type == 11 || type == 12 : type < 5;
    if (error) {
      return new Asked(protocol, type, "an ICMP error passes with the connection that it is about");
    }
    if (v4) {
      return new Asked(protocol, type == 0 ? 8 : type == 14 ? 13 : type, "");
    }
    return new Asked(protocol, type == 129 ? 128 : type, "");
  }
}
