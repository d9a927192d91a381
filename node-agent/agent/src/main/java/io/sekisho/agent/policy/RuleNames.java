package io.sekisho.agent.policy;

import io.sekisho.policy.Rule;
import io.sekisho.policy.RuleReference;
import io.sekisho.policy.compile.PolicyCompiler;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * From the rule ids in datapath events to rules. Keeps the rules that went in recent revisions,
 * because events of a rule may come after it has gone. Any thread may ask.
 */
public final class RuleNames {
  /** Revisions whose rules are kept, the one in force among them. */
  static final int REVISIONS = 16;

  /** What the next revision did not have any more. */
  private record Gone(long revision, Map<Integer, Rule> rules) {}

  private record State(long revision, PolicyCompiler compiler, List<Gone> newestFirst) {}

  /**
   * A rule.
   *
   * @param rule its name
   * @param denies whether it denies
   * @param revision the newest revision that has it
   */
  public record NamedRule(RuleReference rule, boolean denies, long revision) {}

  private volatile State state = new State(0, new PolicyCompiler(List.of()), List.of());

  /** A revision is in force from now on. */
  public void add(long revision, PolicyCompiler compiler) {
    State before = state;
    var gone = new Gone(before.revision(), before.compiler().rulesWithout(compiler));
    if (revision == before.revision() && gone.rules().isEmpty()) {
      // only what services mean is different: that happens often, and must not push rules out
      state = new State(revision, compiler, before.newestFirst());
      return;
    }
    state =
        new State(
            revision,
            compiler,
            Stream.concat(Stream.of(gone), before.newestFirst().stream())
                .limit(REVISIONS - 1)
                .toList());
  }

  /** The rule of an id; empty for reserved ids, and for rules that went long ago. */
  public Optional<NamedRule> find(int ruleId) {
    State now = state;
    Optional<RuleReference> present = now.compiler().rule(ruleId);
    if (present.isPresent()) {
      boolean denies = now.compiler().denies(ruleId);
      return Optional.of(new NamedRule(present.get(), denies, now.revision()));
    }
    for (Gone gone : now.newestFirst()) {
      Rule rule = gone.rules().get(ruleId);
      if (rule != null) {
        return Optional.of(new NamedRule(rule.reference(), rule.deny(), gone.revision()));
      }
    }
    return Optional.empty();
  }
}
