package io.sekisho.policy.parse;

import io.sekisho.policy.grammar.MapShape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A map of the document whose fields are known: tells wrong types, fields that are given twice,
 * unknown fields and those without a value.
 */
final class Fields {
  private final Findings findings;
  private final Node node;
  private final Map<String, Node> values = new LinkedHashMap<>();
  private final Map<String, Node> keys = new LinkedHashMap<>();

  private Fields(MappingNode node, Findings findings) {
    this.node = node;
    this.findings = findings;
    for (NodeTuple tuple : node.getValue()) {
      add(tuple);
    }
  }

  /**
   * The fields of a map.
   *
   * @param what what the map is, for messages
   * @param known fields that it may have
   * @param notYet fields of the field's standard that are not supported yet
   */
  static Optional<Fields> of(
      Node node, String what, Set<String> known, Set<String> notYet, Findings findings) {
    Optional<Fields> fields = any(node, what, findings);
    fields.ifPresent(f -> f.checkNames(what, known, notYet));
    return fields;
  }

  /** The fields of a map that has a shape. */
  static Optional<Fields> of(Node node, String what, MapShape shape, Findings findings) {
    return of(node, what, shape.names(), shape.notYet(), findings);
  }

  /** The fields of a map that may have any. */
  static Optional<Fields> any(Node node, String what, Findings findings) {
    if (node instanceof MappingNode map && node.getTag().equals(Tag.MAP)) {
      return Optional.of(new Fields(map, findings));
    }
    findings.error(node, what + " is " + typeName(node) + ", must be a map of fields");
    return Optional.empty();
  }

  private void add(NodeTuple tuple) {
    Node key = tuple.getKeyNode();
    if (!(key instanceof ScalarNode scalar)) {
      findings.error(key, "a field's name is " + typeName(key) + ", must be a text");
      return;
    }
    String name = scalar.getValue();
    Node first = keys.putIfAbsent(name, key);
    if (first != null) {
      findings.error(key, "'" + name + "' is given twice, first in line " + findings.line(first));
      return;
    }
    values.put(name, tuple.getValueNode());
  }

  private void checkNames(String what, Set<String> known, Set<String> notYet) {
    keys.forEach(
        (name, key) -> {
          if (notYet.contains(name)) {
            findings.error(key, "'" + name + "' in " + what + " is not supported yet");
          } else if (!known.contains(name)) {
            findings.error(
                key, what + " has no field '" + name + "'", DidYouMean.nearest(name, known));
          }
        });
  }

  /** The map itself. */
  Node node() {
    return node;
  }

  /** Names of the fields, as written. */
  List<String> names() {
    return List.copyOf(values.keySet());
  }

  /** The name of a field as a node. */
  Node key(String name) {
    return keys.getOrDefault(name, node);
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /** The value of a field; empty if it is missing, or, with a finding, if it has no value. */
  Optional<Node> value(String name) {
    Node value = values.get(name);
    if (value != null && value.getTag().equals(Tag.NULL)) {
      findings.error(key(name), "'" + name + "' has no value: give one or remove the field");
      return Optional.empty();
    }
    return Optional.ofNullable(value);
  }

  /** The value of a field as it is; empty if it is missing or has no value. */
  Optional<Node> raw(String name) {
    return Optional.ofNullable(values.get(name)).filter(v -> !v.getTag().equals(Tag.NULL));
  }

  /** The text of a field; empty, with a finding, if it is no text. */
  Optional<String> text(String name) {
    return value(name).flatMap(v -> text(v, "'" + name + "'", findings));
  }

  /** A field that is true or false; empty, with a finding, if it is neither. */
  Optional<Boolean> truth(String name) {
    Optional<Node> value = value(name);
    if (value.isPresent() && !value.get().getTag().equals(Tag.BOOL)) {
      findings.error(
          value.get(), "'" + name + "' is " + typeName(value.get()) + ", must be true or false");
      return Optional.empty();
    }
    return value.map(v -> v instanceof ScalarNode s && s.getValue().equalsIgnoreCase("true"));
  }

  /** The text of a field that must be there. */
  Optional<String> requiredText(String name, String what) {
    if (!has(name)) {
      findings.error(node, what + " has no '" + name + "'");
    }
    return text(name);
  }

  /** The items of a list; empty if it is missing, or, with a finding, if it is no list. */
  Optional<List<Node>> list(String name) {
    return value(name).flatMap(v -> list(v, "'" + name + "'", findings));
  }

  private static Optional<List<Node>> list(Node node, String what, Findings findings) {
    if (!(node instanceof SequenceNode list) || !node.getTag().equals(Tag.SEQ)) {
      findings.error(node, what + " is " + typeName(node) + ", must be a list");
      return Optional.empty();
    }
    var out = new ArrayList<Node>();
    for (Node item : list.getValue()) {
      if (item.getTag().equals(Tag.NULL)) {
        findings.error(item, "an item of " + what + " has no value");
      } else {
        out.add(item);
      }
    }
    return Optional.of(out);
  }

  /** The text of a node; empty, with a finding, if it is no text. */
  static Optional<String> text(Node node, String what, Findings findings) {
    if (node instanceof ScalarNode scalar && node.getTag().equals(Tag.STR)) {
      return Optional.of(scalar.getValue());
    }
    String quoted = node instanceof ScalarNode s ? "\"" + s.getValue() + "\"" : "";
    String hint = quoted.isEmpty() ? "" : ": put quotes around it";
    findings.error(node, what + " is " + typeName(node) + ", must be a text" + hint, quoted);
    return Optional.empty();
  }

  /** What a node is, in words. */
  static String typeName(Node node) {
    if (node.getTag().equals(Tag.MAP)) {
      return "a map";
    } else if (node.getTag().equals(Tag.SEQ)) {
      return "a list";
    } else if (node.getTag().equals(Tag.STR)) {
      return "a text";
    } else if (node.getTag().equals(Tag.INT) || node.getTag().equals(Tag.FLOAT)) {
      return "a number";
    } else if (node.getTag().equals(Tag.BOOL)) {
      return "true or false";
    } else if (node.getTag().equals(Tag.NULL)) {
      return "nothing";
    }
    return "a value with the tag " + node.getTag().getValue();
  }
}
