package io.sekisho.testkit.dataplane;

/**
 * An event as the ring holds it (struct event).
 *
 * @param timestamp ns of the clock of System.nanoTime
 * @param source address in text form
 * @param destination address in text form
 * @param packets of this side since its last report
 * @param bytes layer 3 length of these
 * @param sourceIdentity number
 * @param destinationIdentity number
 * @param endpoint that decided, 0 for none
 * @param ifindex where it was seen
 * @param ruleId that decided
 * @param otherRuleId that decided at the sender of a packet that stays on the node
 * @param sourcePort host byte order
 * @param destinationPort host byte order
 * @param type 1 drop, 4 trace, 5 policy verdict
 * @param subtype drop reason or observation point
 * @param protocol number
 * @param tcpFlags byte 13 of the TCP header
 * @param icmpType type
 * @param icmpCode code
 * @param flags of enum event_flag
 */
public record DatapathEvent(
    long timestamp,
    String source,
    String destination,
    long packets,
    long bytes,
    int sourceIdentity,
    int destinationIdentity,
    int endpoint,
    int ifindex,
    int ruleId,
    int otherRuleId,
    int sourcePort,
    int destinationPort,
    int type,
    int subtype,
    int protocol,
    int tcpFlags,
    int icmpType,
    int icmpCode,
    int flags) {
  public static final int DROP = 1;
  public static final int TRACE = 4;
  public static final int VERDICT = 5;

  private static final int DENIED = 1;
  private static final int AUDITED = 2;
  private static final int EGRESS = 4;
  private static final int REPLY = 8;
  private static final int OPENED = 16;

  /** Whether policy denied. */
  public boolean denied() {
    return (flags & DENIED) != 0;
  }

  /** Whether policy denied and the packet passes. */
  public boolean audited() {
    return (flags & AUDITED) != 0;
  }

  /** Whether the deciding endpoint opened the connection. */
  public boolean egress() {
    return (flags & EGRESS) != 0;
  }

  /** Whether the packet goes against the opener's direction. */
  public boolean reply() {
    return (flags & REPLY) != 0;
  }

  /** Whether it is the first packet of a connection. */
  public boolean opened() {
    return (flags & OPENED) != 0;
  }

  /** The policy verdict on the packet of this trace. */
  DatapathEvent verdict(int reason) {
    return new DatapathEvent(
        timestamp,
        source,
        destination,
        0,
        0,
        sourceIdentity,
        destinationIdentity,
        endpoint,
        ifindex,
        ruleId,
        otherRuleId,
        sourcePort,
        destinationPort,
        VERDICT,
        reason,
        protocol,
        tcpFlags,
        icmpType,
        icmpCode,
        flags & ~OPENED);
  }
}
