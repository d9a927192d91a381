package io.sekisho.flow;

import io.sekisho.flow.Party.Kind;

/**
 * One observed event of traffic, ready to show; immutable. Source and destination are those of the
 * connection (its opener and its server), also when the packet was a reply.
 *
 * @param timeNanos nanoseconds since the epoch
 * @param verdict what became of it
 * @param dropReason Hubble's name of the reason, empty if not dropped
 * @param client who opened the connection
 * @param server who serves it
 * @param protocol {@code TCP}, {@code UDP}, {@code ICMPv4}, {@code ICMPv6}, or the number
 * @param clientPort 0 where there is none
 * @param serverPort 0 where there is none
 * @param reply whether the packet went from server to client
 * @param opened whether it was the connection's first packet
 * @param egress whether the client's side decided (else the server's)
 * @param rule deciding rule as shown to people, for example {@code shop/payment-in:2}; {@code ""}
 *     where nothing decided
 * @param ruleLine line of the rule in its document, 0 if unknown
 * @param ruleKind kind of the document, empty where no document decided
 * @param packets since the connection's last report, of this direction
 * @param bytes since the connection's last report, of this direction; -1 if unknown
 * @param node where it was observed
 * @param tcpFlags byte 13 of the TCP header
 * @param icmpType type of the ICMP message, -1 where it is none
 */
public record FlowRecord(
    long timeNanos,
    FlowVerdict verdict,
    String dropReason,
    Party client,
    Party server,
    String protocol,
    int clientPort,
    int serverPort,
    boolean reply,
    boolean opened,
    boolean egress,
    String rule,
    int ruleLine,
    String ruleKind,
    long packets,
    long bytes,
    String node,
    int tcpFlags,
    int icmpType) {

  /** Whether a rule of a document decided, which can be opened. */
  public boolean hasDocument() {
    // agents of others tell no kind
    return !ruleKind.isEmpty() || rule.contains("/");
  }

  /** Whether either end is of the kind. */
  public boolean touches(Kind kind) {
    return client.kind() == kind || server.kind() == kind;
  }
}
