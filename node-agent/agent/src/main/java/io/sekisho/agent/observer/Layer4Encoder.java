package io.sekisho.agent.observer;

import io.sekisho.api.flow.ICMPv4;
import io.sekisho.api.flow.ICMPv6;
import io.sekisho.api.flow.Layer4;
import io.sekisho.api.flow.SCTP;
import io.sekisho.api.flow.TCP;
import io.sekisho.api.flow.TCPFlags;
import io.sekisho.api.flow.UDP;
import java.util.ArrayList;

/** Transport headers of flows, and the line that sums them up. */
final class Layer4Encoder {
  private static final int ICMP = 1;
  private static final int TCP_NUMBER = 6;
  private static final int UDP_NUMBER = 17;
  private static final int ICMPV6 = 58;
  private static final int SCTP_NUMBER = 132;

  /** Names of the bits of byte 13 of the TCP header, lowest first (RFC 9293, section 3.1). */
  private static final String[] FLAGS = {"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"};

  private static final TCPFlags[] FLAG_MESSAGES = new TCPFlags[256];
  private static final String[] FLAG_TEXTS = new String[256];

  static {
    for (int flags = 0; flags < 256; flags++) {
      FLAG_MESSAGES[flags] = message(flags);
      FLAG_TEXTS[flags] = text(flags);
    }
  }

  private Layer4Encoder() {}

  static Layer4 layer4(PackedEvent r) {
    var out = Layer4.newBuilder();
    int from = r.sourcePort();
    int to = r.destinationPort();
    switch (r.protocol()) {
      case TCP_NUMBER ->
          out.setTCP(
              TCP.newBuilder()
                  .setSourcePort(from)
                  .setDestinationPort(to)
                  .setFlags(FLAG_MESSAGES[r.tcpFlags()]));
      case UDP_NUMBER -> out.setUDP(UDP.newBuilder().setSourcePort(from).setDestinationPort(to));
      case SCTP_NUMBER -> out.setSCTP(SCTP.newBuilder().setSourcePort(from).setDestinationPort(to));
      case ICMP -> out.setICMPv4(ICMPv4.newBuilder().setType(r.icmpType()).setCode(r.icmpCode()));
      case ICMPV6 -> out.setICMPv6(ICMPv6.newBuilder().setType(r.icmpType()).setCode(r.icmpCode()));
      default -> {
        // Hubble's message knows no other protocol
      }
    }
    return out.build();
  }

  static String summary(PackedEvent r) {
    return switch (r.protocol()) {
      case TCP_NUMBER -> FLAG_TEXTS[r.tcpFlags()];
      case UDP_NUMBER -> "UDP";
      case SCTP_NUMBER -> "SCTP";
      case ICMP -> "ICMPv4 type " + r.icmpType() + " code " + r.icmpCode();
      case ICMPV6 -> "ICMPv6 type " + r.icmpType() + " code " + r.icmpCode();
      default -> "IP protocol " + r.protocol();
    };
  }

  private static TCPFlags message(int flags) {
    return TCPFlags.newBuilder()
        .setFIN((flags & 1) != 0)
        .setSYN((flags & 2) != 0)
        .setRST((flags & 4) != 0)
        .setPSH((flags & 8) != 0)
        .setACK((flags & 16) != 0)
        .setURG((flags & 32) != 0)
        .setECE((flags & 64) != 0)
        .setCWR((flags & 128) != 0)
        .build();
  }

  private static String text(int flags) {
    var names = new ArrayList<String>();
    for (int bit = 0; bit < FLAGS.length; bit++) {
      if ((flags & 1 << bit) != 0) {
        names.add(FLAGS[bit]);
      }
    }
    return names.isEmpty() ? "TCP" : "TCP Flags: " + String.join(", ", names);
  }
}
