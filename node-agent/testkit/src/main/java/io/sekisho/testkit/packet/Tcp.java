package io.sekisho.testkit.packet;

/** Flags of byte 13 of a TCP header (RFC 9293). */
public final class Tcp {
  public static final int FIN = 0x01;
  public static final int SYN = 0x02;
  public static final int RST = 0x04;
  public static final int PSH = 0x08;
  public static final int ACK = 0x10;

  private Tcp() {}
}
