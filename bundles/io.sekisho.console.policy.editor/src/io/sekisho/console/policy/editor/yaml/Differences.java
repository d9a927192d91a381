package io.sekisho.console.policy.editor.yaml;

import java.util.ArrayList;
import java.util.List;

/** The few changes that make one value of another; what is equal is not touched. */
final class Differences {
  private final List<Change> changes = new ArrayList<>();

  private Differences() {}

  /** Changes to make in this order. */
  static List<Change> between(Value before, Value after) {
    Differences differences = new Differences();
    differences.compare(Path.TEXT, before, after);
    return differences.changes;
  }

  private void compare(Path at, Value before, Value after) {
    if (before.equals(after)) {
      return;
    }
    if (before instanceof Value.Fields b && after instanceof Value.Fields a && keeps(b, a)) {
      fields(at, b, a);
    } else if (before instanceof Value.Items b
        && after instanceof Value.Items a
        && !b.items().isEmpty()
        && !a.items().isEmpty()) {
      items(at, b.items(), a.items());
    } else {
      changes.add(new Change.Set(at, after));
    }
  }

  private static boolean keeps(Value.Fields before, Value.Fields after) {
    return before.fields().isEmpty()
        ? !after.fields().isEmpty()
        : before.fields().keySet().stream().anyMatch(after::has);
  }

  private void fields(Path at, Value.Fields before, Value.Fields after) {
    before.fields().keySet().stream()
        .filter(k -> after.has(k))
        .forEach(k -> compare(at.key(k), before.fields().get(k), after.fields().get(k)));
    after
        .fields()
        .forEach(
            (k, v) -> {
              if (!before.has(k)) {
                changes.add(new Change.Put(at, k, v));
              }
            });
    before.fields().keySet().stream()
        .filter(k -> !after.has(k))
        .forEach(k -> changes.add(new Change.Remove(at.key(k))));
  }

  /**
   * What is equal in both, in the same order, stays (the longest common part); between, items are
   * paired while both have some. Changes go from the end to the beginning, so that places before
   * stay what they are.
   */
  private void items(Path at, List<Value> before, List<Value> after) {
    int[][] common = common(before, after);
    int b = before.size();
    int a = after.size();
    while (b > 0 || a > 0) {
      int endB = b;
      int endA = a;
      while ((b > 0 || a > 0) && !isMatch(common, before, after, b, a)) {
        if (a == 0 || (b > 0 && common[b - 1][a] >= common[b][a - 1])) {
          b--;
        } else {
          a--;
        }
      }
      segment(at, b, before.subList(b, endB), after.subList(a, endA));
      if (b > 0 && a > 0) {
        b--;
        a--;
      }
    }
  }

  private static boolean isMatch(
      int[][] common, List<Value> before, List<Value> after, int b, int a) {
    return b > 0
        && a > 0
        && before.get(b - 1).equals(after.get(a - 1))
        && common[b][a] == common[b - 1][a - 1] + 1;
  }

  /** Lengths of the longest common part of the first items of both. */
  private static int[][] common(List<Value> before, List<Value> after) {
    int[][] out = new int[before.size() + 1][after.size() + 1];
    for (int b = 1; b <= before.size(); b++) {
      for (int a = 1; a <= after.size(); a++) {
        out[b][a] =
            before.get(b - 1).equals(after.get(a - 1))
                ? out[b - 1][a - 1] + 1
                : Math.max(out[b - 1][a], out[b][a - 1]);
      }
    }
    return out;
  }

  private void segment(Path at, int first, List<Value> before, List<Value> after) {
    int paired = Math.min(before.size(), after.size());
    for (int i = after.size() - 1; i >= paired; i--) {
      changes.add(new Change.Insert(at, first + before.size(), after.get(i)));
    }
    for (int i = before.size() - 1; i >= paired; i--) {
      changes.add(new Change.Remove(at.at(first + i)));
    }
    for (int i = paired - 1; i >= 0; i--) {
      compare(at.at(first + i), before.get(i), after.get(i));
    }
  }
}
