package io.sekisho.agent.kubernetes;

import io.sekisho.agent.apiserver.ListWatch;
import io.sekisho.policy.Kind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * The policies of the API server, of all kinds. An object with an error does not count: what it
 * said before stays in force, and if it never said anything valid, nothing does. A kind that the
 * server refuses or does not know any more keeps its objects, and leaves the other kinds alone. Any
 * thread may ask.
 */
final class PolicyObjects {
  private final Map<Kind, ObjectTable<PolicyObject>> byKind = new EnumMap<>(Kind.class);

  /**
   * None is known yet.
   *
   * @param changed hears that something may be different; must not block
   * @param nanos the ticker
   */
  PolicyObjects(Runnable changed, LongSupplier nanos) {
    PolicyKinds.read()
        .forEach(
            kind ->
                byKind.put(
                    kind,
                    new ObjectTable<>(
                        (object, before) -> PolicyObject.of(kind, object, before),
                        changed,
                        nanos)));
  }

  /** Whether what is held of every kind is to be enforced. */
  boolean complete() {
    return unread().isEmpty();
  }

  /** The kinds of which nothing is known yet. */
  List<Kind> unread() {
    return kinds(table -> !table.settled());
  }

  /** The kinds that the API server does not know. */
  List<Kind> missing() {
    return kinds(ObjectTable::missing);
  }

  private List<Kind> kinds(Predicate<ObjectTable<PolicyObject>> which) {
    return byKind.entrySet().stream()
        .filter(e -> which.test(e.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** How many objects of a kind are in force. */
  int count(Kind kind) {
    return byKind.containsKey(kind) ? byKind.get(kind).all().size() : 0;
  }

  /** All objects, sorted by kind, namespace and name. */
  List<PolicyObject> all() {
    return byKind.values().stream().flatMap(table -> table.all().stream()).toList();
  }

  /** Those that the API server itself has told, of kinds that it knows now. */
  List<PolicyObject> served() {
    return byKind.values().stream()
        .filter(table -> table.told() && !table.missing())
        .flatMap(table -> table.all().stream())
        .toList();
  }

  /** Brings back what an earlier agent knew; what the server says takes its place. */
  void restore(List<PolicyObject> objects) {
    byKind.forEach(
        (kind, table) -> {
          var known = new TreeMap<String, PolicyObject>();
          objects.stream()
              .filter(o -> o.kind() == kind)
              .forEach(o -> known.put(ObjectTable.key(o.namespace(), o.name()), o));
          table.restore(known);
        });
  }

  /** Takes the objects of a kind. */
  ListWatch.Handler handler(Kind kind) {
    ObjectTable<PolicyObject> table = byKind.get(kind);
    if (table == null) {
      throw new IllegalArgumentException(kind + " is not read from the API server");
    }
    return table;
  }

  /** Names of kinds for a sentence. */
  static String words(List<Kind> kinds) {
    return String.join(", ", kinds.stream().map(Kind::text).sorted().toList());
  }
}
