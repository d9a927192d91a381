package io.sekisho.lab.matrix;

import io.sekisho.policy.PortRange;

/** A transport of connections. */
enum Protocol {
  TCP(PortRange.TCP),
  UDP(PortRange.UDP),
  /** By packets made by hand: what arrives counts, see {@link SctpSocket}. */
  SCTP(PortRange.SCTP);

  private final int number;

  Protocol(int number) {
    this.number = number;
  }

  /** IP protocol number. */
  int number() {
    return number;
  }
}
