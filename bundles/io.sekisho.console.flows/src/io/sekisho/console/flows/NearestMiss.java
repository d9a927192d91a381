package io.sekisho.console.flows;

import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Revision;
import io.sekisho.console.core.ClusterInventory;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.FlowVerdict;
import io.sekisho.flow.Party;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.Parsed;
import io.sekisho.policy.evaluate.Evaluation;
import io.sekisho.policy.evaluate.Evaluator;
import io.sekisho.policy.evaluate.Question;
import java.net.InetAddress;
import java.util.Optional;

/**
 * The rule that came closest to letting a denied flow pass, found in the documents in force.
 *
 * @param rule {@code shop/payment-in:2}
 * @param reason why it did not match
 */
record NearestMiss(String rule, String reason) {
  /** Reads the documents of a revision; takes a while. */
  static Evaluator evaluator(Revision revision) {
    Parsed parsed =
        Documents.parse(revision.getDocumentsList().stream().map(Document::getYaml).toList());
    return new Evaluator(parsed.documents());
  }

  /**
   * Asks the documents about a flow. Empty where no allowing rule comes near, where an end is not
   * known well enough, or where the documents do not deny the flow: they are then not those that
   * decided.
   */
  static Optional<NearestMiss> of(
      Evaluator evaluator, ClusterInventory inventory, FlowRecord flow) {
    boolean denied = flow.verdict() == FlowVerdict.DROPPED || flow.verdict() == FlowVerdict.AUDITED;
    int protocol = protocol(flow.protocol());
    Optional<Identity> client = identity(evaluator, inventory, flow.client());
    Optional<Identity> server = identity(evaluator, inventory, flow.server());
    if (!denied || protocol < 0 || client.isEmpty() || server.isEmpty()) {
      return Optional.empty();
    }
    Direction direction = flow.egress() ? Direction.EGRESS : Direction.INGRESS;
    Evaluation evaluation =
        evaluator.evaluate(
            new Question(client.get(), server.get(), protocol, flow.serverPort(), direction));
    return evaluation.allowed()
        ? Optional.empty()
        : evaluation
            .nearestMiss()
            .filter(c -> c.closeness() > 0)
            .map(c -> new NearestMiss(c.rule().reference().toString(), c.reason()));
  }

  private static int protocol(String name) {
    return switch (name) {
      case "TCP" -> 6;
      case "UDP" -> 17;
      case "SCTP" -> 132;
      case "ICMPv4" -> 1;
      case "ICMPv6" -> 58;
      default -> -1;
    };
  }

  private static Optional<Identity> identity(
      Evaluator evaluator, ClusterInventory inventory, Party party) {
    if (party.kind() == Party.Kind.WORKLOAD) {
      return inventory.endpoints().values().stream()
          .filter(e -> same(e, party))
          .findFirst()
          .map(e -> new Identity(e.getIdentity(), Labels.of(e.getLabelsList())));
    }
    return address(party.address()).map(evaluator::outside);
  }

  private static boolean same(Endpoint e, Party party) {
    boolean name =
        party.pod().isEmpty()
            ? e.getWorkload().equals(party.workload())
            : e.getPod().equals(party.pod());
    return name && e.getNamespace().equals(party.namespace());
  }

  /** Literals only: a name would be looked up. */
  private static Optional<InetAddress> address(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
