package io.sekisho.lab.matrix;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Parsed;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.RuleReference;
import io.sekisho.policy.evaluate.Decision;
import io.sekisho.policy.evaluate.Evaluation;
import io.sekisho.policy.evaluate.Evaluator;
import io.sekisho.policy.evaluate.Question;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** What the product itself says that documents decide: the answer of {@code policy trace}. */
final class Trace {
  private static final Set<String> OUTSIDE = Set.of(Plan.PEER, Plan.SERVER);

  private static final int HOST = Identity.HOST.number();

  private final Map<String, Identity> identities;
  private final BiFunction<String, Boolean, InetAddress> addresses;
  private final Evaluator evaluator;
  private final boolean nodes;
  private final Map<Link, List<Evaluation>> known = new HashMap<>();

  /**
   * Of one case, among endpoints with these identities.
   *
   * @param addresses of places, IPv6 or not
   */
  Trace(
      Case documents,
      Map<String, Identity> identities,
      BiFunction<String, Boolean, InetAddress> addresses) {
    this.identities = identities;
    this.addresses = addresses;
    Parsed parsed = Documents.parse(documents.documents());
    if (parsed.hasErrors()) {
      throw new IllegalArgumentException(documents + ": " + parsed.errors());
    }
    evaluator = new Evaluator(parsed.documents(), documents.enforcement());
    nodes = parsed.documents().stream().anyMatch(PolicyDocument::selectsNodes);
  }

  /** Whether both ends let it pass. */
  boolean allows(Link link) {
    return evaluations(link).stream().allMatch(Evaluation::allowed);
  }

  /** What each end that decides says, the sender first. */
  private List<Evaluation> evaluations(Link link) {
    return known.computeIfAbsent(link, l -> questions(l).map(evaluator::evaluate).toList());
  }

  /** Whether an end lets it pass only because of an audit. */
  boolean audits(Link link) {
    return judged(link).stream().anyMatch(Judged::audited);
  }

  /** What flows must tell of it: who audits it, and who drops it, after which nobody is asked. */
  List<Judged> judged(Link link) {
    List<Judged> judged = new ArrayList<>();
    for (Evaluation answer : evaluations(link)) {
      boolean audited = answer.decision() == Decision.AUDITED;
      if (audited || !answer.allowed()) {
        String rule = answer.rule().map(RuleReference::toString).orElse(Judged.DEFAULT_DENY);
        judged.add(new Judged(link, answer.question().direction(), audited, rule));
      }
      if (!answer.allowed()) {
        break;
      }
    }
    return judged;
  }

  /** What each end says and by which rule. */
  String why(Link link) {
    List<String> texts =
        evaluations(link).stream()
            .map(e -> e.question().direction() + " " + e + nearest(e))
            .toList();
    return String.join("; ", texts);
  }

  private static String nearest(Evaluation evaluation) {
    return evaluation
        .nearestMiss()
        .map(miss -> " (nearest " + miss.rule().reference() + ": " + miss.reason() + ")")
        .orElse("");
  }

  private Stream<Question> questions(Link link) {
    return Stream.of(Direction.EGRESS, Direction.INGRESS)
        .map(d -> question(link, d))
        // nobody decides for what is outside
        .filter(q -> q.subject().isEndpoint() || (nodes && q.subject().number() == HOST));
  }

  /** Each side sees itself, and who is on its node, as that node does. */
  private Question question(Link link, Direction direction) {
    String node = Plan.nodeOf(direction == Direction.EGRESS ? link.from() : link.to());
    return new Question(
            identity(link.from(), link, node),
            identity(link.to(), link, node),
            link.protocol().number(),
            link.port(),
            direction)
        .between(address(link.from(), link), address(link.to(), link));
  }

  private Optional<Cidr> address(String place, Link link) {
    return Optional.of(Cidr.of(addresses.apply(place, link.v6())));
  }

  private Identity identity(String place, Link link, String seenFrom) {
    if (Plan.NODES.contains(place)) {
      return Plan.node(place, place.equals(seenFrom));
    }
    return OUTSIDE.contains(place)
        ? evaluator.outside(Plan.address(place, link.v6()))
        : identities.get(place);
  }
}
