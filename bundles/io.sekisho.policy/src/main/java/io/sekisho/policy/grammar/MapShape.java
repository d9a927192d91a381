package io.sekisho.policy.grammar;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A map whose fields are known; immutable, and made field by field: {@code
 * MapShape.of().with("port", ...)}.
 *
 * @param fields what each may be, in the order in which people write them
 * @param required fields that must be there
 * @param notYet fields of the field's standard that are not supported yet
 * @param single whether exactly one field must be there
 * @param checks conditions on the whole, for Kubernetes to check
 */
public record MapShape(
    Map<String, Shape> fields,
    Set<String> required,
    Set<String> notYet,
    boolean single,
    List<Check> checks)
    implements Shape {

  /**
   * A condition in the Common Expression Language, and what it means to people.
   *
   * @param rule over {@code self}
   * @param message what is wrong if it does not hold
   */
  public record Check(String rule, String message) {}

  /** Keeps immutable copies, in order. */
  public MapShape {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    required = Collections.unmodifiableSet(new LinkedHashSet<>(required));
    notYet = Collections.unmodifiableSet(new LinkedHashSet<>(notYet));
    checks = List.copyOf(checks);
  }

  /** A map without fields. */
  public static MapShape of() {
    return new MapShape(Map.of(), Set.of(), Set.of(), false, List.of());
  }

  /** The same with one more field. */
  public MapShape with(String name, Shape shape) {
    var more = new LinkedHashMap<>(fields);
    more.put(name, shape);
    return new MapShape(more, required, notYet, single, checks);
  }

  /** The same with one more field, which must be there. */
  public MapShape needs(String name, Shape shape) {
    var more = new LinkedHashSet<>(required);
    more.add(name);
    return new MapShape(with(name, shape).fields, more, notYet, single, checks);
  }

  /** The same with fields that are known and not supported yet. */
  public MapShape notYet(String... names) {
    var more = new LinkedHashSet<>(notYet);
    Collections.addAll(more, names);
    return new MapShape(fields, required, more, single, checks);
  }

  /** The same with exactly one of its fields. */
  public MapShape ofOne() {
    return new MapShape(fields, required, notYet, true, checks);
  }

  /** The same with one more condition. */
  public MapShape check(String rule, String message) {
    var more = new ArrayList<>(checks);
    more.add(new Check(rule, message));
    return new MapShape(fields, required, notYet, single, more);
  }

  /** The names of the fields that are supported. */
  public Set<String> names() {
    return fields.keySet();
  }
}
