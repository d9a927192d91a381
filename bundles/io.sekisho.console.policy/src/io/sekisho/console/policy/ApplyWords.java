package io.sekisho.console.policy;

import io.sekisho.console.core.kubernetes.Plan;
import io.sekisho.console.core.kubernetes.Plan.Step;
import io.sekisho.policy.Diffs;
import java.util.List;
import java.util.stream.Collectors;

/** What an apply does, in words. */
final class ApplyWords {
  private ApplyWords() {}

  /** A line for each object. */
  static String steps(Plan plan) {
    return plan.steps().stream().map(ApplyWords::step).collect(Collectors.joining("\n"));
  }

  private static String step(Step step) {
    String what =
        switch (step.change()) {
          case CREATE -> Texts.apply_create;
          case CHANGE -> Texts.apply_change;
          case SAME -> Texts.apply_same;
          case REMOVE -> Texts.apply_remove;
        };
    return step.error()
        .orElseGet(() -> Texts.bind(what, step.ref().kind() + " " + step.ref().title()));
  }

  /** Every object's difference against what is there now. */
  static String differences(Plan plan) {
    return plan.steps().stream()
        .map(s -> Diffs.unified(s.live(), s.after()))
        .filter(d -> !d.isEmpty())
        .collect(Collectors.joining("\n"));
  }

  /** Whose fields would be taken over. */
  static String conflicts(Plan plan) {
    return plan.steps().stream()
        .flatMap(
            s ->
                s.conflicts().stream()
                    .map(
                        c ->
                            Texts.bind(
                                Texts.apply_conflict,
                                new Object[] {s.ref().title(), c.field(), c.manager()})))
        .collect(Collectors.joining("\n"));
  }

  static String done(Step step) {
    return Texts.bind(Texts.apply_done, step.ref().kind() + " " + step.ref().title());
  }

  /** What was not done, and why. */
  static String failed(int all, List<Step> failed) {
    String reasons =
        failed.stream().map(s -> s.error().orElse("")).collect(Collectors.joining("\n"));
    return Texts.bind(Texts.apply_failed, new Object[] {all - failed.size(), all, reasons});
  }
}
