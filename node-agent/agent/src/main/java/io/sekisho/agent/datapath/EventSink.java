package io.sekisho.agent.datapath;

import io.sekisho.policy.Cidr;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/** Takes events of the datapath, on one thread, without allocation where it need not. */
@FunctionalInterface
public interface EventSink {
  /** One event; the cursor moves on when the call returns, so copy what is kept. */
  void accept(Event event);

  /** An event under the cursor; one object serves all. */
  interface Event {
    /** Kernel clock (CLOCK_MONOTONIC), ns. */
    long timestamp();

    /** What kind of event; numbers as in Hubble: 1 drop, 4 trace, 5 policy verdict. */
    int type();

    /** Drop reason (Hubble's number) of a drop, observation point of a trace. */
    int subtype();

    /** Whether the packet was dropped by policy but let pass because of audit. */
    boolean audited();

    /** Whether policy denied (drop or audited) as opposed to allowed; for policy verdicts. */
    boolean denied();

    /** Source as the packet says; a new object for each call. */
    InetAddress source();

    /** Destination as the packet says; a new object for each call. */
    InetAddress destination();

    /**
     * Both addresses as numbers, without an object: each 128 bits, IPv4 as ::ffff:a.b.c.d, the more
     * significant half first; four numbers from {@code at} on, the source's before the
     * destination's.
     */
    default void addresses(long[] into, int at) {
      put(source(), into, at);
      put(destination(), into, at + 2);
    }

    private static void put(InetAddress address, long[] into, int at) {
      ByteBuffer bits = ByteBuffer.wrap(Cidr.of(address).bytes());
      into[at] = bits.getLong();
      into[at + 1] = bits.getLong();
    }

    /** Host byte order; the echo id for ICMP echo. */
    int sourcePort();

    /** Host byte order. */
    int destinationPort();

    /** IP protocol number. */
    int protocol();

    /** ICMP type, where the protocol is ICMP or ICMPv6. */
    int icmpType();

    /** ICMP code, where the protocol is ICMP or ICMPv6. */
    int icmpCode();

    /** Flags of this packet's TCP header (byte 13). */
    int tcpFlags();

    /** Number of the sender's identity. */
    int sourceIdentity();

    /** Number of the receiver's identity. */
    int destinationIdentity();

    /** Local endpoint that decided, 0 for none. */
    int endpointId();

    /** Interface index on which it was seen. */
    int interfaceIndex();

    /** Direction of the connection as the deciding endpoint sees it. */
    boolean egress();

    /** Whether the packet goes against the direction in which the connection was opened. */
    boolean reply();

    /** First packet of a connection. */
    boolean opened();

    /** Deciding rule, see {@link io.sekisho.policy.compile.PolicyEntry#ruleId}. */
    int ruleId();

    /**
     * Delivery between two pods of a node: the rule that decided at the sender, while {@link
     * #ruleId} decided at the receiver; else 0.
     */
    default int otherRuleId() {
      return 0;
    }

    /** Packets of this direction since the connection's last report. */
    long packets();

    /** Bytes (layer 3 length) of this direction since the connection's last report. */
    long bytes();
  }
}
