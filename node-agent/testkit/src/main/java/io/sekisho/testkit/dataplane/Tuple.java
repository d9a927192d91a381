package io.sekisho.testkit.dataplane;

import io.sekisho.testkit.packet.Protocol;

/**
 * Key of a connection (struct tuple), as its opener sent it.
 *
 * @param source address in text form
 * @param destination address in text form
 * @param sourcePort host byte order; the echo id for ICMP
 * @param destinationPort host byte order
 * @param protocol number
 * @param egress direction in which the deciding endpoint sees it
 */
public record Tuple(
    String source,
    String destination,
    int sourcePort,
    int destinationPort,
    int protocol,
    boolean egress) {
  /** Whether it lies in the table for TCP. */
  public boolean tcp() {
    return protocol == Protocol.TCP;
  }
}
