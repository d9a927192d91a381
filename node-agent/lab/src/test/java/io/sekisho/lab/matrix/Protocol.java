package io.sekisho.lab.matrix;

import com.sun.nio.sctp.SctpChannel;
import io.sekisho.policy.PortRange;
import java.io.IOException;
import java.util.List;

/** A transport of connections. */
enum Protocol {
  TCP(PortRange.TCP),
  UDP(PortRange.UDP),
  /** Answered from documents only: no sockets are made for it. */
  SCTP(PortRange.SCTP);

  /** Those that real sockets try. */
  static final List<Protocol> TRIED = List.of(TCP, UDP);

  private final int number;

  Protocol(int number) {
    this.number = number;
  }

  /** IP protocol number. */
  int number() {
    return number;
  }

  /** What the matrix says of SCTP on this machine, in one line. */
  static String ofSctp() {
    try {
      SctpChannel.open().close();
      return "SCTP: this machine has sockets for it, but documents only are asked";
    } catch (UnsupportedOperationException | IOException e) {
      return "SCTP: unsupported on this machine, documents only are asked (" + e + ")";
    }
  }
}
