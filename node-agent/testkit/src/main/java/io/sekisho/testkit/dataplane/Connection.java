package io.sekisho.testkit.dataplane;

/**
 * A connection (struct conntrack_entry).
 *
 * @param expires ns of the clock of System.nanoTime
 * @param opener traffic of the side that opened it
 * @param replier traffic of the other side
 * @param endpoint id of the endpoint that decided
 * @param policyRevision of that endpoint when it decided
 * @param peerIdentity of the other end when it decided
 * @param ruleId that allowed it
 * @param flags of enum conntrack_flag
 * @param openerFlags TCP flags seen
 * @param replierFlags TCP flags seen
 */
public record Connection(
    long expires,
    Side opener,
    Side replier,
    int endpoint,
    int policyRevision,
    int peerIdentity,
    int ruleId,
    int flags,
    int openerFlags,
    int replierFlags) {
  /** A TCP segment without SYN was seen. */
  public static final int ESTABLISHED = 1;

  /** Denied by policy, passes because of audit. */
  public static final int AUDITED = 2;

  /** Came through the node's stack: replies go that way. */
  public static final int BY_STACK = 4;

  /** Policy denies what passed before: replies are dropped too. */
  public static final int CUT = 8;

  /**
   * Traffic of one side (struct conntrack_side).
   *
   * @param packets modulo 2^32, as reportedPackets
   * @param bytes layer 3 length
   * @param reportedPackets of these, told by events; 0 if nothing ever was
   * @param reportedBytes of the bytes, told by events
   * @param reportedAt ns of the clock of System.nanoTime, rounded down to about 1 ms; 0 for never
   */
  public record Side(
      long packets, long bytes, long reportedPackets, long reportedBytes, long reportedAt) {}

  /** The same, ended at another time. */
  public Connection expires(long nanos) {
    return new Connection(
        nanos,
        opener,
        replier,
        endpoint,
        policyRevision,
        peerIdentity,
        ruleId,
        flags,
        openerFlags,
        replierFlags);
  }

  /** The same with other flags. */
  public Connection flags(int newFlags) {
    return new Connection(
        expires,
        opener,
        replier,
        endpoint,
        policyRevision,
        peerIdentity,
        ruleId,
        newFlags,
        openerFlags,
        replierFlags);
  }

  /** The same, with the last reports of both sides so many ns earlier. */
  public Connection reportedEarlier(long nanos) {
    return new Connection(
        expires,
        earlier(opener, nanos),
        earlier(replier, nanos),
        endpoint,
        policyRevision,
        peerIdentity,
        ruleId,
        flags,
        openerFlags,
        replierFlags);
  }

  private static Side earlier(Side side, long nanos) {
    return new Side(
        side.packets,
        side.bytes,
        side.reportedPackets,
        side.reportedBytes,
        side.reportedAt - nanos);
  }
}
