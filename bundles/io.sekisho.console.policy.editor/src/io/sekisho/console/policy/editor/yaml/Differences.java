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
    after.fields().forEach(
        (k, v) -> {
          if (!before.has(k)) {
            changes.add(new Change.Put(at, k, v));
          }
        });
    before.fields().keySet().stream()
        .filter(k -> !after.has(k))
        .forEach(k -> changes.add(new Change.Remove(at.key(k))));
  }

  /** What is equal at both ends stays; between, items are paired while both have some. */
  private void items(Path at, List<Value> before, List<Value> after) {
    int head = 0;
    while (head < Math.min(before.size(), after.size())
        && before.get(head).equals(after.get(head))) {
      head++;
    }
    int tail = 0;
    while (tail < Math.min(before.size(), after.size()) - head
        && before.get(before.size() - 1 - tail).equals(after.get(after.size() - 1 - tail))) {
      tail++;
    }
    int old = before.size() - head - tail;
    int fresh = after.size() - head - tail;
    int paired = Math.min(old, fresh);
    for (int i = 0; i < paired; i++) {
      compare(at.at(head + i), before.get(head + i), after.get(head + i));
    }
    for (int i = paired; i < fresh; i++) {
      changes.add(new Change.Insert(at, head + i, after.get(head + i)));
    }
    for (int i = old - 1; i >= paired; i--) {
      changes.add(new Change.Remove(at.at(head + i)));
    }
  }
}
