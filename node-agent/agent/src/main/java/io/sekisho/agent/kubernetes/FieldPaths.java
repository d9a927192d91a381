package io.sekisho.agent.kubernetes;

import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * The fields of a YAML document by their places, as {@code spec.ingress[0].fromCIDR[1]}: who reads
 * of an object of the API server never saw the lines of the text that we made of it.
 */
final class FieldPaths {
  private final Optional<Node> root;

  private FieldPaths(Optional<Node> root) {
    this.root = root;
  }

  /** Those of a document; none if it cannot be read. */
  static FieldPaths of(String yaml) {
    try {
      var settings = LoadSettings.builder().build();
      return new FieldPaths(new Compose(settings).composeString(yaml));
    } catch (YamlEngineException e) {
      return new FieldPaths(Optional.empty());
    }
  }

  /**
   * The innermost field that has begun at a place; empty if none has.
   *
   * @param line from 1
   * @param column from 1
   */
  String at(int line, int column) {
    var path = new StringBuilder();
    Optional<Node> node = root;
    while (node.isPresent()) {
      node = inner(node.get(), new Place(line - 1, column - 1), path);
    }
    return path.toString();
  }

  /**
   * The outermost mapping below the document that begins in a line, or the field that holds the
   * line; empty if there is none.
   *
   * @param line from 1
   */
  String at(int line) {
    var place = new Place(line - 1, Integer.MAX_VALUE);
    var path = new StringBuilder();
    Optional<Node> node = root;
    while (node.isPresent() && (path.isEmpty() || !place.begins(node.get()))) {
      node = inner(node.get(), place, path);
    }
    return path.toString();
  }

  /** From 0. */
  private record Place(int line, int column) {
    /** Whether a mapping begins in the line. */
    boolean begins(Node node) {
      return node instanceof MappingNode
          && node.getStartMark().filter(m -> m.getLine() == line).isPresent();
    }

    boolean reaches(Node node) {
      Optional<Mark> begin = node.getStartMark();
      return begin.isPresent()
          && (begin.get().getLine() < line
              || (begin.get().getLine() == line && begin.get().getColumn() <= column));
    }
  }

  /** Appends the field of a node that a place is in; the node to go on with. */
  private static Optional<Node> inner(Node node, Place place, StringBuilder path) {
    return switch (node) {
      case MappingNode mapping -> inner(mapping, place, path);
      case SequenceNode sequence -> inner(sequence, place, path);
      default -> Optional.empty();
    };
  }

  private static Optional<Node> inner(MappingNode mapping, Place place, StringBuilder path) {
    Optional<NodeTuple> found =
        mapping.getValue().stream()
            .filter(t -> place.reaches(t.getKeyNode()))
            .reduce((first, second) -> second);
    found.ifPresent(tuple -> append(key(tuple), path));
    return found.map(NodeTuple::getValueNode).filter(place::reaches);
  }

  private static Optional<Node> inner(SequenceNode sequence, Place place, StringBuilder path) {
    List<Node> items = sequence.getValue();
    int last = -1;
    for (int i = 0; i < items.size(); i++) {
      last = place.reaches(items.get(i)) ? i : last;
    }
    if (last < 0) {
      return Optional.empty();
    }
    path.append('[').append(last).append(']');
    return Optional.of(items.get(last));
  }

  private static String key(NodeTuple tuple) {
    return tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
  }

  private static void append(String key, StringBuilder path) {
    if (key.matches("[A-Za-z0-9_-]+")) {
      path.append(path.isEmpty() ? "" : ".").append(key);
    } else {
      path.append('[').append(key).append(']');
    }
  }
}
