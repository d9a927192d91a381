package io.sekisho.console.policy.editor.yaml;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What YAML says, without places, comments and style; immutable. Maps are equal in any order. */
public sealed interface Value {
  /**
   * A single value.
   *
   * @param text as it stands, without quotes
   * @param isText whether it is meant as a text, else as a number or a truth value
   */
  record Scalar(String text, boolean isText) implements Value {}

  /** A list. */
  record Items(List<Value> items) implements Value {
    /** Keeps an immutable copy. */
    public Items {
      items = List.copyOf(items);
    }

    /** With another item at a place. */
    public Items insert(int at, Value item) {
      List<Value> next = new ArrayList<>(items);
      next.add(at, item);
      return new Items(next);
    }

    /** With another item at the end. */
    public Items add(Value item) {
      return insert(items.size(), item);
    }

    /** With another item in the place of one. */
    public Items set(int at, Value item) {
      List<Value> next = new ArrayList<>(items);
      next.set(at, item);
      return new Items(next);
    }

    /** Without an item. */
    public Items remove(int at) {
      List<Value> next = new ArrayList<>(items);
      next.remove(at);
      return new Items(next);
    }
  }

  /** A map; keeps the order of its keys. */
  record Fields(Map<String, Value> fields) implements Value {
    /** No field. */
    public static final Fields NONE = new Fields(Map.of());

    /** Keeps an immutable copy. */
    public Fields {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** Whether there is a field. */
    public boolean has(String key) {
      return fields.containsKey(key);
    }

    /** With a field; a new one comes last. */
    public Fields with(String key, Value value) {
      Map<String, Value> next = new LinkedHashMap<>(fields);
      next.put(key, value);
      return new Fields(next);
    }

    /** Without a field. */
    public Fields without(String key) {
      Map<String, Value> next = new LinkedHashMap<>(fields);
      next.remove(key);
      return new Fields(next);
    }

    /** The value of a field. */
    public Optional<Value> get(String key) {
      return Optional.ofNullable(fields.get(key));
    }

    /** The items of a field that is a list; none if it is missing or no list. */
    public List<Value> list(String key) {
      return get(key).filter(Items.class::isInstance).map(v -> ((Items) v).items).orElse(List.of());
    }

    /** A field that is a map; empty if it is missing or no map. */
    public Optional<Fields> map(String key) {
      return get(key).filter(Fields.class::isInstance).map(Fields.class::cast);
    }

    /** The text of a field that is a single value, else the empty text. */
    public String text(String key) {
      return get(key).filter(Scalar.class::isInstance).map(v -> ((Scalar) v).text).orElse("");
    }
  }

  /** A text. */
  static Scalar text(String text) {
    return new Scalar(text, true);
  }

  /** A number. */
  static Scalar number(int number) {
    return new Scalar(Integer.toString(number), false);
  }

  /** A truth value. */
  static Scalar truth(boolean yes) {
    return new Scalar(Boolean.toString(yes), false);
  }

  /** A list of values. */
  static Items items(Value... values) {
    return new Items(List.of(values));
  }

  /** A map of one field. */
  static Fields field(String key, Value value) {
    return Fields.NONE.with(key, value);
  }

  /** The value at a place inside; empty if there is none. */
  default Optional<Value> at(Path path) {
    Optional<Value> here = Optional.of(this);
    for (Path.Step step : path.steps()) {
      here = here.flatMap(v -> v.step(step));
    }
    return here;
  }

  private Optional<Value> step(Path.Step step) {
    return switch (step) {
      case Path.Step.Key k -> this instanceof Fields f ? f.get(k.name()) : Optional.empty();
      case Path.Step.Index i ->
          this instanceof Items l && i.at() >= 0 && i.at() < l.items.size()
              ? Optional.of(l.items.get(i.at()))
              : Optional.empty();
    };
  }

  /** With another value at a place inside that exists, or is a new key of a map. */
  default Value with(Path path, Value value) {
    return with(path.steps(), value);
  }

  private Value with(List<Path.Step> steps, Value value) {
    if (steps.isEmpty()) {
      return value;
    }
    List<Path.Step> rest = steps.subList(1, steps.size());
    return switch (steps.getFirst()) {
      case Path.Step.Key k when this instanceof Fields f ->
          f.with(k.name(), f.get(k.name()).orElse(Fields.NONE).with(rest, value));
      case Path.Step.Index i when this instanceof Items l ->
          l.set(i.at(), l.items.get(i.at()).with(rest, value));
      default -> throw new IllegalArgumentException("no such place: " + steps);
    };
  }
}
