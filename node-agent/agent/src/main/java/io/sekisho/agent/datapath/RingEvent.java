package io.sekisho.agent.datapath;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * An event of the ring: {@code struct event} of bpf/types.h. One object serves all events; only the
 * addresses are made anew for each call. The event is copied whole, once: an array is read faster
 * than the ring's memory, field by field. One record may hold two events: a trace, and before it
 * the policy verdict that let its packet pass.
 */
final class RingEvent implements EventSink.Event {
  static final int SIZE = 96;

  static final int DENIED = 1;
  static final int AUDITED = 1 << 1;
  static final int EGRESS = 1 << 2;
  static final int REPLY = 1 << 3;
  static final int OPENED = 1 << 4;

  /** EVENT_POLICY_VERDICT. */
  private static final int VERDICT = 5;

  /** VERDICT_AUDITED. */
  private static final int FIRST_REASON = 128;

  private static final int SOURCE = 8;
  private static final int DESTINATION = 24;
  private static final int V4_MAPPED = 0xffff;
  private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  private final long[] words = new long[SIZE / Long.BYTES];
  private boolean verdict;

  /** Takes the record at this offset, as the event that it is by its type. */
  RingEvent at(MemorySegment ring, long offset) {
    MemorySegment.copy(ring, ValueLayout.JAVA_LONG_UNALIGNED, offset, words, 0, SIZE / Long.BYTES);
    verdict = false;
    return this;
  }

  /** Whether the record holds a policy verdict besides. */
  boolean holdsVerdict() {
    return u8(92) != 0;
  }

  /** Is that verdict from now on, or again the event that the record is by its type. */
  RingEvent asVerdict(boolean is) {
    verdict = is;
    return this;
  }

  private long u64(int offset) {
    return words[offset / Long.BYTES];
  }

  /** So many bits at an offset, with others above them. */
  private long part(int offset, int bits) {
    int before = offset % Long.BYTES * Byte.SIZE;
    return u64(offset) >>> (LITTLE ? before : Long.SIZE - bits - before);
  }

  private int u32(int offset) {
    return (int) part(offset, Integer.SIZE);
  }

  private int u16(int offset) {
    return (int) part(offset, Short.SIZE) & 0xffff;
  }

  private int u8(int offset) {
    return (int) part(offset, Byte.SIZE) & 0xff;
  }

  private boolean flag(int mask) {
    return (u16(90) & mask) != 0;
  }

  /** Eight bytes in network byte order. */
  private long network(int offset) {
    return LITTLE ? Long.reverseBytes(u64(offset)) : u64(offset);
  }

  private InetAddress address(int offset) {
    long high = network(offset);
    long low = network(offset + Long.BYTES);
    byte[] bytes = ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).array();
    boolean ipv4 = high == 0 && low >>> Integer.SIZE == V4_MAPPED;
    try {
      return InetAddress.getByAddress(ipv4 ? Arrays.copyOfRange(bytes, 12, 16) : bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 and 16 bytes are always an address", e);
    }
  }

  @Override
  public void addresses(long[] into, int at) {
    into[at] = network(SOURCE);
    into[at + 1] = network(SOURCE + Long.BYTES);
    into[at + 2] = network(DESTINATION);
    into[at + 3] = network(DESTINATION + Long.BYTES);
  }

  @Override
  public long timestamp() {
    return u64(0);
  }

  @Override
  public InetAddress source() {
    return address(SOURCE);
  }

  @Override
  public InetAddress destination() {
    return address(DESTINATION);
  }

  @Override
  public long packets() {
    return verdict ? 0 : u64(40);
  }

  @Override
  public long bytes() {
    return verdict ? 0 : u64(48);
  }

  @Override
  public int sourceIdentity() {
    return u32(56);
  }

  @Override
  public int destinationIdentity() {
    return u32(60);
  }

  @Override
  public int endpointId() {
    return u32(64);
  }

  @Override
  public int interfaceIndex() {
    return u32(68);
  }

  @Override
  public int ruleId() {
    return u32(72);
  }

  @Override
  public int otherRuleId() {
    return u32(76);
  }

  @Override
  public int sourcePort() {
    return u16(80);
  }

  @Override
  public int destinationPort() {
    return u16(82);
  }

  @Override
  public int type() {
    return verdict ? VERDICT : u8(84);
  }

  @Override
  public int subtype() {
    return verdict ? reason(u8(92)) : u8(85);
  }

  @Override
  public int protocol() {
    return u8(86);
  }

  @Override
  public int tcpFlags() {
    return u8(87);
  }

  @Override
  public int icmpType() {
    return u8(88);
  }

  @Override
  public int icmpCode() {
    return u8(89);
  }

  @Override
  public boolean denied() {
    return flag(DENIED);
  }

  @Override
  public boolean audited() {
    return flag(AUDITED);
  }

  @Override
  public boolean egress() {
    return flag(EGRESS);
  }

  @Override
  public boolean reply() {
    return flag(REPLY);
  }

  @Override
  public boolean opened() {
    return !verdict && flag(OPENED);
  }

  private static int reason(int verdict) {
    return verdict >= FIRST_REASON ? verdict : 0;
  }
}
