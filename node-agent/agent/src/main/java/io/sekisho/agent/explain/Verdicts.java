package io.sekisho.agent.explain;

import io.sekisho.api.v1.ConsideredRule;
import io.sekisho.api.v1.Ports;
import io.sekisho.api.v1.RuleRef;
import io.sekisho.api.v1.SideVerdict;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.RuleReference;
import io.sekisho.policy.compile.RuleIds;
import io.sekisho.policy.evaluate.Considered;
import io.sekisho.policy.evaluate.Decision;
import io.sekisho.policy.evaluate.Evaluation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the policy module answers, as the API tells it. */
final class Verdicts {
  private final List<PolicyDocument> documents;
  private final long revision;
  private @Nullable RuleIds ids;

  /**
   * Answers about documents.
   *
   * @param revision the revision that they are of; 0 for a draft
   */
  Verdicts(List<PolicyDocument> documents, long revision) {
    this.documents = documents;
    this.revision = revision;
  }

  /**
   * What one side decides.
   *
   * @param limit rules that are told at most
   */
  SideVerdict side(Evaluation evaluation, int limit) {
    var out =
        SideVerdict.newBuilder()
            .setDecision(decision(evaluation.decision()))
            .setPasses(evaluation.allowed())
            .setText(text(evaluation))
            .setRules(evaluation.considered().size());
    evaluation.considered().stream().limit(limit).map(this::rule).forEach(out::addConsidered);
    evaluation.nearestMiss().map(this::rule).ifPresent(out::setNearestMiss);
    evaluation
        .rule()
        .ifPresent(
            reference -> {
              out.setRule(reference(reference));
              evaluation.considered().stream()
                  .filter(c -> c.rule().reference().equals(reference))
                  .findFirst()
                  .ifPresent(c -> out.setRuleText(c.rule().canonicalText()));
            });
    return out.build();
  }

  /** The answer in one line, with the deciding rule's document and line. */
  static String text(Evaluation evaluation) {
    return evaluation
        + evaluation.rule().map(r -> " (" + r.kind() + ", line " + r.line() + ")").orElse("");
  }

  private static SideVerdict.Decision decision(Decision decision) {
    return switch (decision) {
      case ALLOWED -> SideVerdict.Decision.ALLOWED;
      case DENIED -> SideVerdict.Decision.DENIED;
      case AUDITED -> SideVerdict.Decision.AUDITED;
      case DEFAULT_DENY -> SideVerdict.Decision.DEFAULT_DENY;
      case NOT_ENFORCED -> SideVerdict.Decision.NOT_ENFORCED;
      case LOCAL_HOST -> SideVerdict.Decision.LOCAL_HOST;
      case FAIL_SAFE -> SideVerdict.Decision.FAIL_SAFE;
    };
  }

  private ConsideredRule rule(Considered considered) {
    return ConsideredRule.newBuilder()
        .setRule(reference(considered.rule().reference()))
        .setText(considered.rule().canonicalText())
        .setPeerMatches(considered.peerMatches())
        .setPortMatches(considered.portMatches())
        .setReason(considered.reason())
        .build();
  }

  private RuleRef reference(RuleReference rule) {
    RuleIds numbers = ids;
    if (numbers == null) {
      numbers = RuleIds.of(documents);
      ids = numbers;
    }
    return RuleRef.newBuilder()
        .setId(numbers.id(rule))
        .setKind(rule.kind())
        .setNamespace(rule.namespace())
        .setName(rule.name())
        .setSection(rule.section().text())
        .setIndex(rule.index())
        .setLine(rule.line())
        .setRevision(revision)
        .build();
  }

  /** Ranges of ports. */
  static List<Ports> ports(List<PortRange> ranges) {
    return ranges.stream()
        .map(
            r ->
                Ports.newBuilder()
                    .setProtocol(r.protocol())
                    .setFirst(r.first())
                    .setLast(r.last())
                    .build())
        .toList();
  }
}
