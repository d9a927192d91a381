package io.sekisho.cli;

import io.sekisho.api.v1.ConsideredRule;
import io.sekisho.api.v1.PolicyTrace;
import io.sekisho.api.v1.RuleRef;
import io.sekisho.api.v1.SideVerdict;
import io.sekisho.api.v1.TracePolicyRequest;
import io.sekisho.api.v1.TracePolicyResponse;
import io.sekisho.api.v1.TraceSides;
import io.sekisho.policy.PortRange;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what policies decide about a connection, and why. */
@Command(
    name = "trace",
    mixinStandardHelpOptions = true,
    description = {
      "What policies decide about a connection, and why: the deciding rule at both ends, and each"
          + " other rule with why it did not match. Sends nothing.",
      "An end is " + Ends.HELP,
      "Exit code 7 if it would be dropped."
    })
final class PolicyTraceCommand extends AgentCommand {
  private static final Map<String, Integer> PROTOCOLS =
      Map.of("TCP", 6, "UDP", 17, "SCTP", 132, "ICMP", 1, "ICMPV4", 1, "ICMPV6", 58);

  /** Whose policies are asked. */
  enum Way {
    BOTH,
    EGRESS,
    INGRESS
  }

  @Mixin private Output output;
  @Mixin private DraftOptions draft;

  @Parameters(index = "0", paramLabel = "SOURCE", description = "Who opens the connection.")
  private String source;

  @Parameters(index = "1", paramLabel = "DESTINATION", description = "Who serves it.")
  private String destination;

  @Option(
      names = {"-p", "--port"},
      required = true,
      paramLabel = "PORT[/PROTOCOL]",
      description =
          "Port of the destination by number or name, or type of ICMP; the protocol is TCP, UDP,"
              + " SCTP, ICMPv4 or ICMPv6, without one TCP.")
  private String port;

  @Option(
      names = "--direction",
      paramLabel = "both|egress|ingress",
      defaultValue = "both",
      description = "Whose policies are asked: ${COMPLETION-CANDIDATES}; default both ends'.")
  private Way direction = Way.BOTH;

  @Override
  void ask(AgentClient client) {
    var request =
        TracePolicyRequest.newBuilder()
            .setDocuments(draft.set())
            .setSource(Ends.query(source))
            .setDestination(Ends.query(destination))
            .setSides(
                switch (direction) {
                  case BOTH -> TraceSides.BOTH_SIDES;
                  case EGRESS -> TraceSides.SOURCE_SIDE;
                  case INGRESS -> TraceSides.DESTINATION_SIDE;
                });
    setPort(request);
    var response =
        GrpcErrors.ofDraft(draft.names(), err(), () -> client.policies().trace(request.build()));
    print(output, response, () -> text(response));
    long dropped = response.getTracesList().stream().filter(t -> !t.getPasses()).count();
    if (dropped > 0) {
      throw new CliException(
          CliException.Code.DROPPED,
          response.getTracesCount() == 1
              ? "dropped"
              : dropped + " of " + response.getTracesCount() + " dropped");
    }
  }

  private void setPort(TracePolicyRequest.Builder request) {
    String[] parts = port.split("/", 2);
    if (parts[0].matches("[0-9]{1,5}")) {
      request.setPort(Integer.parseInt(parts[0]));
    } else {
      request.setPortName(parts[0]);
    }
    Integer protocol =
        parts.length == 1 ? Integer.valueOf(6) : PROTOCOLS.get(parts[1].toUpperCase(Locale.ROOT));
    if (protocol == null) {
      throw new CliException(
          CliException.Code.USAGE,
          "'" + parts[1] + "' is none of TCP, UDP, SCTP, ICMPv4 and ICMPv6");
    }
    request.setProtocol(protocol);
  }

  private static String text(TracePolicyResponse response) {
    var out = new StringBuilder();
    response.getTracesList().forEach(t -> text(t, out));
    if (response.getPairs() > response.getTracesCount()) {
      out.append("the first ")
          .append(response.getTracesCount())
          .append(" of ")
          .append(Texts.plural(response.getPairs(), "pair"))
          .append('\n');
    }
    return out.toString();
  }

  private static void text(PolicyTrace trace, StringBuilder out) {
    boolean icmp = trace.getProtocol() == 1 || trace.getProtocol() == 58;
    out.append(
        String.format(
            "%s to %s, %s %d/%s: %s%n",
            Ends.text(trace.getSource()),
            Ends.text(trace.getDestination()),
            icmp ? "type" : "port",
            trace.getPort(),
            PortRange.protocolName(trace.getProtocol()),
            trace.getPasses() ? "passes" : "DROPPED"));
    if (trace.hasEgress()) {
      side("going out of " + trace.getSource().getName(), trace.getEgress(), out);
    }
    if (trace.hasIngress()) {
      side("coming in to " + trace.getDestination().getName(), trace.getIngress(), out);
    }
    if (!trace.hasEgress() && !trace.hasIngress()) {
      out.append("  no policy can select either end\n");
    }
  }

  private static void side(String which, SideVerdict side, StringBuilder out) {
    out.append(
        String.format(
            "  %s: %s, %s%n", which, side.getPasses() ? "passes" : "dropped", side.getText()));
    if (side.hasRule()) {
      out.append("    by ").append(place(side.getRule())).append('\n');
      out.append("      ").append(side.getRuleText()).append('\n');
    }
    for (ConsideredRule rule : side.getConsideredList()) {
      if (!rule.getReason().isEmpty()) {
        boolean nearest =
            side.hasNearestMiss() && rule.getRule().equals(side.getNearestMiss().getRule());
        out.append(nearest ? "    nearest " : "    not ")
            .append(place(rule.getRule()))
            .append('\n');
        out.append("      ").append(rule.getText()).append('\n');
        out.append("      ").append(rule.getReason()).append('\n');
      }
    }
    if (side.getRules() > side.getConsideredCount()) {
      out.append("    and ")
          .append(Texts.plural(side.getRules() - side.getConsideredCount(), "more rule"))
          .append('\n');
    }
  }

  private static String place(RuleRef rule) {
    return Rules.name(rule)
        + " ("
        + rule.getKind()
        + ", "
        + rule.getSection()
        + ", line "
        + rule.getLine()
        + ")";
  }
}
