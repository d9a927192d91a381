package io.sekisho.impact.propose;

import io.sekisho.impact.propose.RuleDraft.PodSelector;
import io.sekisho.impact.propose.WorkloadLabels.Choice;
import io.sekisho.impact.run.Asking;
import io.sekisho.impact.seen.End;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Entity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.Requirement;
import io.sekisho.policy.RuleReference;
import io.sekisho.policy.Section;
import io.sekisho.policy.evaluate.Decision;
import io.sekisho.policy.evaluate.Evaluation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The smallest change to documents that lets connections pass, or stops them: for each end that
 * must change its mind a document of one rule, for just these workloads and this port. Where a rule
 * denies, no other rule can allow: then that rule is named, for a person to change.
 */
public final class SmallestChange {
  private final Asking asking;
  private final Collection<Labels> universe;

  /** One thing to do. */
  public sealed interface Step {
    /** A document to add. */
    record Add(Proposal proposal) implements Step {}

    /** A rule that must be changed by hand, since it denies. */
    record Edit(RuleReference rule) implements Step {}
  }

  /**
   * @param documents those in force, or of a draft
   * @param universe labels of every endpoint of the cluster
   */
  public SmallestChange(List<PolicyDocument> documents, Collection<Labels> universe) {
    this.asking = new Asking(documents);
    this.universe = List.copyOf(universe);
  }

  /**
   * Steps that let connections pass; none where they do already.
   *
   * @param connections the same two ends, on one or more ports
   */
  public List<Step> allow(List<Asking.Connection> connections) {
    var out = new LinkedHashSet<Step>();
    for (Direction direction : Direction.values()) {
      var closed = new ArrayList<Asking.Connection>();
      for (Asking.Connection connection : connections) {
        if (decides(connection, direction)) {
          Evaluation evaluation = asking.evaluate(connection, direction);
          boolean against = !evaluation.allowed() || evaluation.decision() == Decision.AUDITED;
          if (against && evaluation.rule().isPresent()) {
            out.add(new Step.Edit(evaluation.rule().get()));
          } else if (against) {
            closed.add(connection);
          }
        }
      }
      add(closed, direction, false, true).ifPresent(out::add);
    }
    return List.copyOf(out);
  }

  /**
   * Steps that stop connections; none where they are, or where no policy can decide about them.
   *
   * @param connections the same two ends, on one or more ports
   */
  public List<Step> deny(List<Asking.Connection> connections) {
    var open = new ArrayList<Asking.Connection>();
    Direction direction = Direction.INGRESS;
    boolean enforced = true;
    for (Asking.Connection connection : connections) {
      direction = Asking.isEndpoint(connection.server()) ? Direction.INGRESS : Direction.EGRESS;
      boolean ownNode =
          direction == Direction.INGRESS
              && connection.client() instanceof End.Known node
              && node.isOwnNode();
      if (decides(connection, direction) && !ownNode) {
        Evaluation evaluation = asking.evaluate(connection, direction);
        if (evaluation.allowed()) {
          open.add(connection);
          enforced &= evaluation.decision() != Decision.NOT_ENFORCED;
        }
      }
    }
    return add(open, direction, true, enforced).map(List::<Step>of).orElse(List.of());
  }

  private static boolean decides(Asking.Connection connection, Direction direction) {
    return Asking.isEndpoint(
        direction == Direction.EGRESS ? connection.client() : connection.server());
  }

  private Optional<Step> add(
      List<Asking.Connection> same, Direction direction, boolean deny, boolean enforced) {
    if (same.isEmpty()) {
      return Optional.empty();
    }
    Asking.Connection c = same.getFirst();
    boolean egress = direction == Direction.EGRESS;
    Labels subject = ((End.Known) (egress ? c.client() : c.server())).labels();
    String namespace = subject.namespace();
    Optional<RuleDraft> rule = rule(egress ? c.server() : c.client(), same);
    if (namespace.isEmpty() || rule.isEmpty()) {
      return Optional.empty();
    }
    Section section =
        deny
            ? (egress ? Section.EGRESS_DENY : Section.INGRESS_DENY)
            : (egress ? Section.EGRESS : Section.INGRESS);
    String name =
        Yaml.name((deny ? "deny-" : "allow-") + word(c.client()) + "-to-" + word(c.server()));
    // both ends may need one, in the same namespace
    String whole = deny || !egress ? name : Yaml.name(name + "-out");
    var draft =
        new DocumentDraft(
            whole,
            namespace,
            conditions(subject),
            List.of(),
            Map.of(section, List.of(rule.get())),
            enforced ? Set.of() : Set.of(direction));
    return Optional.of(
        new Step.Add(new Proposal(namespace, whole, CiliumWriter.write(draft), List.of(), 0)));
  }

  private static String word(End end) {
    String name = end.name();
    return name.substring(name.indexOf('/') + 1);
  }

  private List<Requirement> conditions(Labels labels) {
    var others = RuleMaking.others(labels.namespace(), universe);
    Choice choice = WorkloadLabels.choose(List.of(WorkloadLabels.of(labels)), others);
    return choice.conditions();
  }

  /** The rule about a peer; empty where no document can name it. */
  private Optional<RuleDraft> rule(End peer, List<Asking.Connection> same) {
    boolean icmp = Ports.isIcmp(same.getFirst().protocol());
    List<PortRange> ports =
        Ports.merged(
            same.stream()
                .filter(c -> Ports.canBeNamed(c.protocol()))
                .filter(c -> Ports.isIcmp(c.protocol()) == icmp)
                .map(c -> Ports.one(c.protocol(), c.port()))
                .toList());
    return switch (peer) {
      case End.Known known when !known.labels().namespace().isEmpty() ->
          Optional.of(
              new RuleDraft(
                  List.of(),
                  List.of(new PodSelector(known.labels().namespace(), conditions(known.labels()))),
                  List.of(),
                  List.of(),
                  ports));
      case End.Known known ->
          SeenPeers.group(known.labels())
              .map((Entity e) -> new RuleDraft(List.of(), List.of(), List.of(e), List.of(), ports));
      case End.Outside outside ->
          Optional.of(
              new RuleDraft(
                  List.of(), List.of(), List.of(), List.of(Cidr.of(outside.address())), ports));
      case End.Unknown unknown -> Optional.empty();
    };
  }
}
