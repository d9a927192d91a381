package io.sekisho.agent.datapath;

import java.net.InetAddress;

/** An event for tests: start from {@link #verdict} and change what matters. */
public record FakeEvent(
    long timestamp,
    int type,
    int subtype,
    boolean audited,
    boolean denied,
    InetAddress source,
    InetAddress destination,
    int sourcePort,
    int destinationPort,
    int protocol,
    int icmpType,
    int icmpCode,
    int tcpFlags,
    int sourceIdentity,
    int destinationIdentity,
    int endpointId,
    int interfaceIndex,
    boolean egress,
    boolean reply,
    boolean opened,
    int ruleId,
    long packets,
    long bytes)
    implements EventSink.Event {
  private static final int TCP = 6;
  private static final int SYN = 0x02;
  private static final int DROP = 1;
  private static final int TRACE = 4;
  private static final int POLICY_VERDICT = 5;

  /** Hubble's POLICY_DENIED. */
  private static final int POLICY_DENIED = 133;

  /** The verdict on the first packet of a TCP connection, as the endpoint saw it. */
  public static FakeEvent verdict(
      int endpointId, boolean egress, String source, String destination, int port, int ruleId) {
    return of(POLICY_VERDICT, 0, endpointId, egress, source, destination, port, ruleId, false);
  }

  /** The drop of the first packet of a TCP connection by policy. */
  public static FakeEvent drop(
      int endpointId, boolean egress, String source, String destination, int port, int ruleId) {
    return of(DROP, POLICY_DENIED, endpointId, egress, source, destination, port, ruleId, true);
  }

  /** A report of an open connection. */
  public static FakeEvent trace(
      int endpointId, boolean egress, String source, String destination, int port, long bytes) {
    var event = of(TRACE, 0, endpointId, egress, source, destination, port, 0, false);
    return event.counted(1 + bytes / 1000, bytes);
  }

  /** The same between these identities. */
  public FakeEvent between(int sourceId, int destinationId) {
    return new FakeEvent(
        timestamp,
        type,
        subtype,
        audited,
        denied,
        source,
        destination,
        sourcePort,
        destinationPort,
        protocol,
        icmpType,
        icmpCode,
        tcpFlags,
        sourceId,
        destinationId,
        endpointId,
        interfaceIndex,
        egress,
        reply,
        opened,
        ruleId,
        packets,
        bytes);
  }

  /** The same with these counts. */
  public FakeEvent counted(long newPackets, long newBytes) {
    return new FakeEvent(
        timestamp,
        type,
        subtype,
        audited,
        denied,
        source,
        destination,
        sourcePort,
        destinationPort,
        protocol,
        icmpType,
        icmpCode,
        tcpFlags,
        sourceIdentity,
        destinationIdentity,
        endpointId,
        interfaceIndex,
        egress,
        reply,
        opened,
        ruleId,
        newPackets,
        newBytes);
  }

  private static FakeEvent of(
      int type,
      int subtype,
      int endpointId,
      boolean egress,
      String source,
      String destination,
      int port,
      int ruleId,
      boolean denied) {
    return new FakeEvent(
        System.nanoTime(),
        type,
        subtype,
        false,
        denied,
        InetAddress.ofLiteral(source),
        InetAddress.ofLiteral(destination),
        40000,
        port,
        TCP,
        0,
        0,
        SYN,
        0,
        0,
        endpointId,
        10 + endpointId,
        egress,
        false,
        true,
        ruleId,
        1,
        60);
  }
}
