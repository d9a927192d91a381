package io.sekisho.agent.policy;

import io.sekisho.policy.RuleReference;
import io.sekisho.policy.compile.PolicyCompiler;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * From the rule ids in datapath events to rules. Keeps the rules of recent revisions, because
 * events of a rule may come after it has gone. Any thread may ask.
 */
public final class RuleNames {
  /** Revisions whose rules are kept. */
  static final int REVISIONS = 16;

  private record Revision(long number, PolicyCompiler compiler) {}

  /**
   * A rule.
   *
   * @param rule its name
   * @param denies whether it denies
   * @param revision the newest revision that has it
   */
  public record NamedRule(RuleReference rule, boolean denies, long revision) {}

  private volatile List<Revision> newestFirst = List.of();

  /** A revision is in force from now on. */
  public void add(long revision, PolicyCompiler compiler) {
    newestFirst =
        Stream.concat(Stream.of(new Revision(revision, compiler)), newestFirst.stream())
            .limit(REVISIONS)
            .toList();
  }

  /** The rule of an id; empty for reserved ids, and for rules that went long ago. */
  public Optional<NamedRule> find(int ruleId) {
    for (Revision revision : newestFirst) {
      Optional<RuleReference> rule = revision.compiler().rule(ruleId);
      if (rule.isPresent()) {
        boolean denies = revision.compiler().denies(ruleId);
        return Optional.of(new NamedRule(rule.get(), denies, revision.number()));
      }
    }
    return Optional.empty();
  }
}
