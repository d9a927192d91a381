package io.sekisho.agent.datapath;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An event where it lies in the ring: {@code struct event} of bpf/types.h. One object serves all
 * events; only the addresses are made anew for each call.
 */
final class RingEvent implements EventSink.Event {
  static final int SIZE = 96;

  static final int DENIED = 1;
  static final int AUDITED = 1 << 1;
  static final int EGRESS = 1 << 2;
  static final int REPLY = 1 << 3;
  static final int OPENED = 1 << 4;

  private static final int V4_MAPPED = 0xffff;

  private MemorySegment ring = MemorySegment.NULL;
  private long base;

  /** Lays the cursor on the event at this offset. */
  RingEvent at(MemorySegment newRing, long offset) {
    ring = newRing;
    base = offset;
    return this;
  }

  private long u64(int offset) {
    return ring.get(ValueLayout.JAVA_LONG_UNALIGNED, base + offset);
  }

  private int u32(int offset) {
    return ring.get(ValueLayout.JAVA_INT_UNALIGNED, base + offset);
  }

  private int u16(int offset) {
    return ring.get(ValueLayout.JAVA_SHORT_UNALIGNED, base + offset) & 0xffff;
  }

  private int u8(int offset) {
    return ring.get(ValueLayout.JAVA_BYTE, base + offset) & 0xff;
  }

  private boolean flag(int mask) {
    return (u16(90) & mask) != 0;
  }

  private InetAddress address(int offset) {
    boolean ipv4 = u64(offset) == 0 && u16(offset + 8) == 0 && u16(offset + 10) == V4_MAPPED;
    byte[] bytes = new byte[ipv4 ? 4 : 16];
    long from = base + offset + (ipv4 ? 12 : 0);
    MemorySegment.copy(ring, ValueLayout.JAVA_BYTE, from, bytes, 0, bytes.length);
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 and 16 bytes are always an address", e);
    }
  }

  @Override
  public long timestamp() {
    return u64(0);
  }

  @Override
  public InetAddress source() {
    return address(8);
  }

  @Override
  public InetAddress destination() {
    return address(24);
  }

  @Override
  public long packets() {
    return u64(40);
  }

  @Override
  public long bytes() {
    return u64(48);
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
    return u8(84);
  }

  @Override
  public int subtype() {
    return u8(85);
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
    return flag(OPENED);
  }
}
