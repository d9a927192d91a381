package io.sekisho.agent.observer;

import io.sekisho.agent.datapath.EventSink.Event;

/**
 * An event packed into {@link #LONGS} numbers, so that a ring of them is one array without a
 * pointer in it. Instances are cursors that are filled again and again.
 */
final class PackedEvent {
  /** Numbers of one record. */
  static final int LONGS = 12;

  private static final int AUDITED = 1;
  private static final int DENIED = 2;
  private static final int EGRESS = 4;
  private static final int REPLY = 8;
  private static final int OPENED = 16;

  final long[] words = new long[LONGS];

  /** Packs an event; {@code wallNanos} is its time since the epoch. */
  static void pack(Event event, long wallNanos, long[] into, int at) {
    into[at] = wallNanos;
    event.addresses(into, at + 1);
    into[at + 5] = event.packets();
    into[at + 6] = event.bytes();
    into[at + 7] = pair(event.sourceIdentity(), event.destinationIdentity());
    into[at + 8] = pair(event.ruleId(), event.otherRuleId());
    into[at + 9] = pair(event.endpointId(), event.interfaceIndex());
    into[at + 10] = pair(pair16(event.sourcePort(), event.destinationPort()), small(event));
    into[at + 11] = pair(pair16(event.icmpType(), event.icmpCode()), flags(event));
  }

  private static int small(Event event) {
    return event.type() << 24
        | (event.subtype() & 0xff) << 16
        | (event.protocol() & 0xff) << 8
        | (event.tcpFlags() & 0xff);
  }

  private static int flags(Event event) {
    return (event.audited() ? AUDITED : 0)
        | (event.denied() ? DENIED : 0)
        | (event.egress() ? EGRESS : 0)
        | (event.reply() ? REPLY : 0)
        | (event.opened() ? OPENED : 0);
  }

  private static long pair(int high, int low) {
    return (long) high << 32 | (low & 0xffffffffL);
  }

  private static int pair16(int high, int low) {
    return high << 16 | (low & 0xffff);
  }

  long wallNanos() {
    return words[0];
  }

  Address source() {
    return new Address(words[1], words[2]);
  }

  Address destination() {
    return new Address(words[3], words[4]);
  }

  long packets() {
    return words[5];
  }

  long bytes() {
    return words[6];
  }

  int sourceIdentity() {
    return high(7);
  }

  int destinationIdentity() {
    return low(7);
  }

  int ruleId() {
    return high(8);
  }

  int otherRuleId() {
    return low(8);
  }

  int endpointId() {
    return high(9);
  }

  int interfaceIndex() {
    return low(9);
  }

  int sourcePort() {
    return high(10) >>> 16;
  }

  int destinationPort() {
    return high(10) & 0xffff;
  }

  int type() {
    return low(10) >>> 24;
  }

  int subtype() {
    return low(10) >>> 16 & 0xff;
  }

  int protocol() {
    return low(10) >>> 8 & 0xff;
  }

  int tcpFlags() {
    return low(10) & 0xff;
  }

  int icmpType() {
    return high(11) >>> 16;
  }

  int icmpCode() {
    return high(11) & 0xffff;
  }

  boolean audited() {
    return (low(11) & AUDITED) != 0;
  }

  boolean denied() {
    return (low(11) & DENIED) != 0;
  }

  boolean egress() {
    return (low(11) & EGRESS) != 0;
  }

  boolean reply() {
    return (low(11) & REPLY) != 0;
  }

  boolean opened() {
    return (low(11) & OPENED) != 0;
  }

  private int high(int word) {
    return (int) (words[word] >>> 32);
  }

  private int low(int word) {
    return (int) words[word];
  }
}
