package io.sekisho.impact;

import com.google.protobuf.BoolValue;
import com.google.protobuf.Timestamp;
import io.sekisho.api.flow.DropReason;
import io.sekisho.api.flow.Endpoint;
import io.sekisho.api.flow.Flow;
import io.sekisho.api.flow.ICMPv4;
import io.sekisho.api.flow.ICMPv6;
import io.sekisho.api.flow.IP;
import io.sekisho.api.flow.Layer4;
import io.sekisho.api.flow.SCTP;
import io.sekisho.api.flow.TCP;
import io.sekisho.api.flow.TCPFlags;
import io.sekisho.api.flow.TrafficDirection;
import io.sekisho.api.flow.UDP;
import io.sekisho.api.flow.Verdict;
import io.sekisho.api.flow.Workload;
import java.util.Arrays;
import java.util.List;

/** Makes flows as agents tell them: from cart to payment, TCP 8443, forwarded, of the opener. */
public final class SeenFlow {
  private Endpoint source = pod("shop", "cart", 301);
  private Endpoint destination = pod("shop", "payment", 302);
  private String sourceAddress = "10.244.1.2";
  private String destinationAddress = "10.244.2.3";
  private Layer4 l4 = tcp(40_000, 8443);
  private Verdict verdict = Verdict.FORWARDED;
  private DropReason reason = DropReason.DROP_REASON_UNKNOWN;
  private boolean replyKnown = true;
  private boolean reply;
  private long second = 1_700_000_000;

  /** A pod of a workload with the label {@code app}, and others. */
  public static Endpoint pod(String namespace, String workload, int identity, String... labels) {
    return Endpoint.newBuilder()
        .setIdentity(identity)
        .setNamespace(namespace)
        .setPodName(workload + "-0")
        .addWorkloads(Workload.newBuilder().setName(workload))
        .addLabels("k8s:app=" + workload)
        .addLabels("k8s:io.kubernetes.pod.namespace=" + namespace)
        .addAllLabels(Arrays.asList(labels))
        .build();
  }

  /** What has reserved labels only. */
  public static Endpoint reserved(int identity, String name) {
    return Endpoint.newBuilder().setIdentity(identity).addLabels("reserved:" + name).build();
  }

  public SeenFlow from(Endpoint endpoint, String address) {
    source = endpoint;
    sourceAddress = address;
    return this;
  }

  public SeenFlow from(Endpoint endpoint) {
    source = endpoint;
    return this;
  }

  public SeenFlow to(Endpoint endpoint, String address) {
    destination = endpoint;
    destinationAddress = address;
    return this;
  }

  public SeenFlow to(Endpoint endpoint) {
    destination = endpoint;
    return this;
  }

  private static Layer4 tcp(int from, int to) {
    return Layer4.newBuilder()
        .setTCP(
            TCP.newBuilder()
                .setSourcePort(from)
                .setDestinationPort(to)
                .setFlags(TCPFlags.newBuilder().setACK(true)))
        .build();
  }

  public SeenFlow tcp(int port) {
    l4 = tcp(40_000, port);
    return this;
  }

  public SeenFlow udp(int port) {
    l4 =
        Layer4.newBuilder()
            .setUDP(UDP.newBuilder().setSourcePort(40_000).setDestinationPort(port))
            .build();
    return this;
  }

  public SeenFlow sctp(int port) {
    l4 =
        Layer4.newBuilder()
            .setSCTP(SCTP.newBuilder().setSourcePort(40_000).setDestinationPort(port))
            .build();
    return this;
  }

  public SeenFlow icmp(int type) {
    l4 = Layer4.newBuilder().setICMPv4(ICMPv4.newBuilder().setType(type)).build();
    return this;
  }

  public SeenFlow icmpV6(int type) {
    l4 = Layer4.newBuilder().setICMPv6(ICMPv6.newBuilder().setType(type)).build();
    return this;
  }

  public SeenFlow noProtocol() {
    l4 = Layer4.getDefaultInstance();
    return this;
  }

  /** By protocol number; a type where it is ICMP. */
  public SeenFlow port(int protocol, int port) {
    return switch (protocol) {
      case 1 -> icmp(port);
      case 58 -> icmpV6(port);
      case 17 -> udp(port);
      case 132 -> sctp(port);
      default -> tcp(port);
    };
  }

  public SeenFlow dropped(DropReason why) {
    verdict = Verdict.DROPPED;
    reason = why;
    return this;
  }

  public SeenFlow audited() {
    verdict = Verdict.AUDIT;
    return this;
  }

  /** The packet goes from the server to the client: ends and ports change sides. */
  public SeenFlow reply() {
    Endpoint end = source;
    source = destination;
    destination = end;
    String address = sourceAddress;
    sourceAddress = destinationAddress;
    destinationAddress = address;
    if (l4.hasTCP()) {
      l4 = tcp(l4.getTCP().getDestinationPort(), l4.getTCP().getSourcePort());
    }
    reply = true;
    return this;
  }

  public SeenFlow replyUnknown() {
    replyKnown = false;
    return this;
  }

  public SeenFlow at(long seconds) {
    second = seconds;
    return this;
  }

  public Flow build() {
    Flow.Builder flow =
        Flow.newBuilder()
            .setTime(Timestamp.newBuilder().setSeconds(second))
            .setVerdict(verdict)
            .setNodeName("n1")
            .setTrafficDirection(TrafficDirection.EGRESS)
            .setIP(IP.newBuilder().setSource(sourceAddress).setDestination(destinationAddress))
            .setL4(l4)
            .setSource(source)
            .setDestination(destination)
            .setDropReasonDesc(reason);
    if (replyKnown) {
      flow.setIsReply(BoolValue.of(reply));
    }
    return flow.build();
  }

  /** What was gathered of flows. */
  public static io.sekisho.impact.seen.Traffic gather(List<Flow> flows) {
    var gathering = new io.sekisho.impact.seen.Gathering(n -> java.util.Optional.empty());
    flows.forEach(gathering::add);
    return gathering.traffic();
  }

  public static io.sekisho.impact.seen.Traffic gather(SeenFlow... flows) {
    return gather(Arrays.stream(flows).map(SeenFlow::build).toList());
  }
}
