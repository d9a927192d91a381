package io.sekisho.cli;

import io.sekisho.api.v1.ExpectationResult;
import io.sekisho.api.v1.ExpectationResult.State;
import java.util.ArrayList;
import java.util.List;

/** What became of expectations, for people. */
final class Expectations {
  private Expectations() {}

  /** One line for each that is broken, with its reason and counter-example. */
  static List<String> lines(List<ExpectationResult> results) {
    var out = new ArrayList<String>();
    for (ExpectationResult result : results) {
      if (!isBroken(result)) {
        continue;
      }
      out.add(word(result.getState()) + " " + result.getName() + ": " + example(result));
      if (!result.getReason().isEmpty()) {
        out.add("  because " + result.getReason());
      }
    }
    return out;
  }

  private static String word(State state) {
    return switch (state) {
      case BROKEN_BEFORE -> "warning: broken as before:";
      case OVERRIDDEN -> "overridden:";
      default -> "broken:";
    };
  }

  private static String example(ExpectationResult result) {
    return result.getCounterExample().getText();
  }

  private static boolean isBroken(ExpectationResult result) {
    return result.hasCounterExample();
  }

  /** How many a push would be refused for. */
  static long refused(List<ExpectationResult> results) {
    return results.stream().filter(r -> r.getState() == State.BROKEN).count();
  }

  /** {@code 3 of 4 expectations hold}. */
  static String sum(List<ExpectationResult> results) {
    long holds = results.stream().filter(r -> !isBroken(r)).count();
    return holds + " of " + Texts.plural(results.size(), "expectation") + " hold";
  }
}
