package io.sekisho.agent.config;

import io.sekisho.agent.config.ConfigException.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A YAML mapping that is asked for its keys. What is wrong is collected, with its place, and a
 * default stands in, so that reading goes on to the end; keys that nobody asked for are unknown.
 */
final class Section {
  private final String path;
  private final int line;
  private final int column;
  private final Variables variables;
  private final List<Problem> problems;
  private final Map<String, NodeTuple> entries = new LinkedHashMap<>();
  private final Set<String> asked = new LinkedHashSet<>();
  private final List<Section> children = new ArrayList<>();

  /** The mapping of a node; an absent node has no keys, another kind of node is a problem. */
  Section(String path, @Nullable Node node, Variables variables, List<Problem> problems) {
    this.path = path;
    this.variables = variables;
    this.problems = problems;
    this.line = node == null ? 0 : line(node);
    this.column = node == null ? 0 : column(node);
    if (node instanceof MappingNode mapping) {
      mapping.getValue().forEach(this::add);
    } else if (node != null && !isNothing(node)) {
      problem(node, (path.isEmpty() ? "the file" : path) + " must be a mapping of keys to values");
    }
  }

  private void add(NodeTuple tuple) {
    if (tuple.getKeyNode() instanceof ScalarNode key) {
      if (entries.put(key.getValue(), tuple) != null) {
        problem(key, full(key.getValue()) + " is given twice");
      }
    } else {
      problem(tuple.getKeyNode(), "a key must be a word");
    }
  }

  /** A mapping below this one. */
  Section section(String key) {
    var child = new Section(full(key), node(key), variables, problems);
    children.add(child);
    return child;
  }

  /** Whether the key is there with a value. */
  boolean has(String key) {
    return node(key) != null;
  }

  /** A text that must be there. */
  String required(String key) {
    Optional<String> text = text(key);
    if (text.isEmpty() && !has(key)) {
      problems.add(new Problem(line, column, full(key) + " is required"));
    }
    return text.orElse("");
  }

  /** A text. */
  Optional<String> text(String key) {
    return value(key, Function.identity());
  }

  /** A text made into something else by a function that rejects with IllegalArgumentException. */
  <T> Optional<T> value(String key, Function<String, T> parser) {
    Node node = node(key);
    if (node == null) {
      return Optional.empty();
    }
    return scalar(full(key), node, parser);
  }

  /** A mapping of words to texts; empty if there is none. */
  Map<String, String> texts(String key) {
    Section child = section(key);
    var out = new LinkedHashMap<String, String>();
    child.entries.keySet().forEach(word -> out.put(word, child.text(word).orElse("")));
    return out;
  }

  /** A whole number within bounds. */
  int integer(String key, int preset, int min, int max) {
    return value(key, text -> bounded(text, min, max)).orElse(preset);
  }

  /** A whole number within bounds, if there is one. */
  OptionalInt integer(String key, int min, int max) {
    return value(key, text -> bounded(text, min, max))
        .map(OptionalInt::of)
        .orElseGet(OptionalInt::empty);
  }

  private static int bounded(String text, int min, int max) {
    try {
      int number = Integer.parseInt(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not a whole number from " + min + " to " + max);
  }

  /** A list of texts, each made into something else; wrong elements are left out. */
  <T> List<T> list(String key, Function<String, T> parser) {
    Node node = node(key);
    if (node == null) {
      return List.of();
    }
    if (!(node instanceof SequenceNode sequence)) {
      problem(node, full(key) + " must be a list");
      return List.of();
    }
    var out = new ArrayList<T>();
    for (Node element : sequence.getValue()) {
      scalar(full(key), element, parser).ifPresent(out::add);
    }
    return List.copyOf(out);
  }

  private <T> Optional<T> scalar(String name, Node node, Function<String, T> parser) {
    if (!(node instanceof ScalarNode scalar)) {
      problem(node, name + " must be a single value");
      return Optional.empty();
    }
    try {
      return Optional.of(parser.apply(variables.replace(scalar.getValue())));
    } catch (IllegalArgumentException e) {
      problem(node, name + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  /** A problem of a value. */
  void problem(String key, String message) {
    Node node = node(key);
    if (node == null) {
      problems.add(new Problem(line, column, full(key) + ": " + message));
    } else {
      problem(node, full(key) + ": " + message);
    }
  }

  /** Ends reading: what nobody asked for, here and below, is a problem. */
  void finish() {
    entries.forEach(
        (key, tuple) -> {
          if (!asked.contains(key)) {
            String meant =
                Spelling.nearest(key, asked).map(k -> "; did you mean '" + k + "'?").orElse("");
            problem(tuple.getKeyNode(), "unknown key '" + full(key) + "'" + meant);
          }
        });
    children.forEach(Section::finish);
  }

  private @Nullable Node node(String key) {
    asked.add(key);
    NodeTuple tuple = entries.get(key);
    return tuple == null || isNothing(tuple.getValueNode()) ? null : tuple.getValueNode();
  }

  private static boolean isNothing(Node node) {
    return node instanceof ScalarNode scalar
        && scalar.isPlain()
        && (scalar.getValue().isEmpty() || scalar.getValue().equals("null"));
  }

  private String full(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** A value that is looked at twice is wrong once. */
  private void problem(Node node, String message) {
    var found = new Problem(line(node), column(node), message);
    if (!problems.contains(found)) {
      problems.add(found);
    }
  }

  private static int line(Node node) {
    return node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
  }

  private static int column(Node node) {
    return node.getStartMark().map(Mark::getColumn).orElse(-1) + 1;
  }
}
