package io.sekisho.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import io.sekisho.api.flow.DropReason;
import io.sekisho.api.flow.Endpoint;
import io.sekisho.api.flow.Flow;
import io.sekisho.api.flow.LostEvent;
import io.sekisho.api.flow.Verdict;
import io.sekisho.api.relay.NodeStatusEvent;
import io.sekisho.api.v1.FlowDetail;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A flow on one line. */
final class FlowLine {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  private FlowLine() {}

  static String of(Flow flow) {
    var line = new StringBuilder();
    var time = Instant.ofEpochSecond(flow.getTime().getSeconds(), flow.getTime().getNanos());
    line.append(TIME.format(time)).append(' ').append(flow.getNodeName()).append("  ");
    line.append(party(flow.getSource(), flow.getIP().getSource(), sourcePort(flow)));
    line.append(" -> ");
    line.append(party(flow.getDestination(), flow.getIP().getDestination(), destinationPort(flow)));
    line.append("  ").append(protocol(flow)).append(' ').append(verdict(flow));
    line.append("  ").append(rule(flow));
    return line.toString();
  }

  static String of(LostEvent lost, String node) {
    return "-- "
        + Texts.plural(lost.getNumEventsLost(), "event")
        + " lost on "
        + node
        + " ("
        + Texts.word(lost.getSource())
        + ")";
  }

  static String of(NodeStatusEvent event) {
    String why = event.getMessage().isEmpty() ? "" : ": " + event.getMessage();
    return "-- "
        + String.join(", ", event.getNodeNamesList())
        + " "
        + Texts.word(event.getStateChange(), "NODE_")
        + why;
  }

  private static String party(Endpoint endpoint, String address, String port) {
    String name;
    if (!endpoint.getPodName().isEmpty()) {
      name = endpoint.getNamespace() + "/" + endpoint.getPodName();
    } else if (endpoint.getLabelsCount() > 0 && endpoint.getLabels(0).startsWith("reserved:")) {
      name = address + " (" + endpoint.getLabels(0).substring("reserved:".length()) + ")";
    } else {
      name = address;
    }
    return name + port;
  }

  private static String sourcePort(Flow flow) {
    var l4 = flow.getL4();
    return switch (l4.getProtocolCase()) {
      case TCP -> ":" + l4.getTCP().getSourcePort();
      case UDP -> ":" + l4.getUDP().getSourcePort();
      case SCTP -> ":" + l4.getSCTP().getSourcePort();
      default -> "";
    };
  }

  private static String destinationPort(Flow flow) {
    var l4 = flow.getL4();
    return switch (l4.getProtocolCase()) {
      case TCP -> ":" + l4.getTCP().getDestinationPort();
      case UDP -> ":" + l4.getUDP().getDestinationPort();
      case SCTP -> ":" + l4.getSCTP().getDestinationPort();
      default -> "";
    };
  }

  private static String protocol(Flow flow) {
    var l4 = flow.getL4();
    return switch (l4.getProtocolCase()) {
      case ICMPV4 -> "ICMPv4 type " + l4.getICMPv4().getType();
      case ICMPV6 -> "ICMPv6 type " + l4.getICMPv6().getType();
      case PROTOCOL_NOT_SET -> "?";
      default -> l4.getProtocolCase().name();
    };
  }

  private static String verdict(Flow flow) {
    boolean why =
        flow.getVerdict() == Verdict.DROPPED
            && flow.getDropReasonDesc() != DropReason.DROP_REASON_UNKNOWN;
    String reply = flow.hasIsReply() && flow.getIsReply().getValue() ? " (reply)" : "";
    return flow.getVerdict()
        + (why ? " (" + Texts.word(flow.getDropReasonDesc()) + ")" : "")
        + reply;
  }

  /** The rule that decided, as operators know it. */
  private static String rule(Flow flow) {
    if (!flow.hasExtensions() || !flow.getExtensions().is(FlowDetail.class)) {
      return "–";
    }
    try {
      var detail = flow.getExtensions().unpack(FlowDetail.class);
      String direction = Texts.word(flow.getTrafficDirection(), "TRAFFIC_DIRECTION_");
      String name = Rules.name(detail.getRule());
      return name.equals("–") ? name : direction + " " + name;
    } catch (InvalidProtocolBufferException e) {
      return "?";
    }
  }
}
