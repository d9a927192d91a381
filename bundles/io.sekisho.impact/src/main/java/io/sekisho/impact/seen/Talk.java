package io.sekisho.impact.seen;

import io.sekisho.flow.FlowRecord;
import java.util.List;

/**
 * All recorded flows that put the same question to policies; immutable.
 *
 * @param client who opens the connections
 * @param server who serves them
 * @param protocol IP protocol number, 0 if unknown
 * @param port of the server; the type of the request where the protocol is ICMP; 0 if unknown
 * @param doubt why nothing can be said about them, as a sentence; empty if something can
 * @param flows how many events, those of both ends and both ways counted
 * @param passed how many of them passed
 * @param denied how many of them a policy dropped
 * @param audited how many of those that passed were reported as denied
 * @param dropped how many of them were dropped for another reason
 * @param otherReason one such reason, Hubble's word; empty if there is none
 * @param lastNanos the newest, ns since the epoch
 * @param newest the newest flows themselves, oldest first, bounded
 */
public record Talk(
    End client,
    End server,
    int protocol,
    int port,
    String doubt,
    long flows,
    long passed,
    long denied,
    long audited,
    long dropped,
    String otherReason,
    long lastNanos,
    List<FlowRecord> newest) {
  /** Keeps an immutable copy. */
  public Talk {
    newest = List.copyOf(newest);
  }

  /** Whether policies can be asked about it. */
  public boolean isClear() {
    return doubt.isEmpty();
  }

  /** Whether something was dropped, and nothing passed, for another reason than a policy. */
  public boolean onlyOtherDrops() {
    return dropped > 0 && passed == 0 && denied == 0;
  }
}
