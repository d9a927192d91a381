package io.sekisho.policy.parse;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Text of one document to YAML nodes, within limits that no honest document comes near. */
final class Tree {
  /** Longest document, in characters. */
  static final int MAX_LENGTH = 1 << 20;

  /** Deepest nesting of maps and lists. */
  static final int MAX_DEPTH = 50;

  /** Most values, those behind aliases counted each time. */
  static final int MAX_VALUES = 200_000;

  private static final LoadSettings SETTINGS =
      LoadSettings.builder()
          .setSchema(new CoreSchema())
          .setUseMarks(true)
          .setAllowDuplicateKeys(true)
          .setCodePointLimit(MAX_LENGTH)
          .setMaxAliasesForCollections(1000)
          .build();

  private Tree() {}

  /** The root node; empty, with a finding, if the text is no YAML or breaks a limit. */
  static Optional<Node> read(String yaml, Findings findings) {
    if (yaml.length() > MAX_LENGTH) {
      findings.error(Optional.empty(), "the document is longer than " + MAX_LENGTH + " characters");
      return Optional.empty();
    }
    try {
      if (isTooDeep(yaml, findings)) {
        return Optional.empty();
      }
      Optional<Node> root = new Compose(SETTINGS).composeString(yaml);
      return root.filter(node -> isFinite(node, findings));
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> place = e.getProblemMark().or(e::getContextMark);
      String context = e.getContext() == null ? "" : " " + e.getContext();
      findings.error(place, "this is no YAML: " + e.getProblem() + context);
    } catch (YamlEngineException e) {
      findings.error(Optional.empty(), "this is no YAML: " + firstLine(e.getMessage()));
    }
    return Optional.empty();
  }

  private static String firstLine(String message) {
    return message == null ? "unreadable" : message.lines().findFirst().orElse("unreadable");
  }

  private static boolean isTooDeep(String yaml, Findings findings) {
    int depth = 0;
    for (Event event : new Parse(SETTINGS).parseString(yaml)) {
      depth +=
          switch (event.getEventId()) {
            case MappingStart, SequenceStart -> 1;
            case MappingEnd, SequenceEnd -> -1;
            default -> 0;
          };
      if (depth > MAX_DEPTH) {
        findings.error(event.getStartMark(), "nested deeper than " + MAX_DEPTH + " levels");
        return true;
      }
    }
    return false;
  }

  private static boolean isFinite(Node root, Findings findings) {
    long size = size(root, new IdentityHashMap<>());
    if (size > MAX_VALUES) {
      findings.error(
          root, "an alias contains itself, or there are more than " + MAX_VALUES + " values");
    }
    return size <= MAX_VALUES;
  }

  /** Values below a node, aliases counted each time; more than the limit if it contains itself. */
  private static long size(Node node, Map<Node, Long> known) {
    Long before = known.putIfAbsent(node, (long) MAX_VALUES + 1);
    if (before != null) {
      return before;
    }
    long size = 1;
    if (node instanceof SequenceNode list) {
      for (Node item : list.getValue()) {
        size += size(item, known);
      }
    } else if (node instanceof MappingNode map) {
      for (var tuple : map.getValue()) {
        size += size(tuple.getKeyNode(), known) + size(tuple.getValueNode(), known);
      }
    }
    size = Math.min(size, MAX_VALUES + 1L);
    known.put(node, size);
    return size;
  }
}
