package io.sekisho.console.policy.editor.yaml;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.nodes.CollectionNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Makes one change in a text, by the places of its nodes. */
final class Cut {
  private final YamlText yaml;
  private final YamlText before;
  private final String text;
  private final Printed printed;
  private final String lineBreak;
  private final boolean moves;

  /** A value as it was written: the comments above it, each line indented, and the value. */
  private record Written(String comments, String value) {}

  /**
   * A text to change.
   *
   * @param before the text before all changes: what is moved is taken from there as it was written
   * @param moves whether what is removed comes back elsewhere, with the comments above it
   */
  Cut(YamlText yaml, YamlText before, boolean moves) {
    this.moves = moves;
    this.yaml = yaml;
    this.before = before;
    this.text = yaml.text();
    this.lineBreak = yaml.lineBreak();
    this.printed = new Printed(lineBreak, before.listsAreDeeper());
  }

  String make(Change change) throws YamlException {
    return switch (change) {
      case Change.Set c -> set(c);
      case Change.Put c -> put(node(c.map(), MappingNode.class), c);
      case Change.Insert c -> insert(node(c.list(), SequenceNode.class), c);
      case Change.Remove c -> remove(c.path());
    };
  }

  private <T extends Node> T node(Path path, Class<T> type) throws YamlException {
    return yaml.node(path)
        .filter(type::isInstance)
        .map(type::cast)
        .orElseThrow(() -> impossible("nothing stands at " + path));
  }

  private static YamlException impossible(String why) {
    return new YamlException(YamlException.Code.NOT_PATCHABLE, why);
  }

  private String replace(int start, int end, String with) {
    return text.substring(0, start) + with + text.substring(end);
  }

  private boolean inFlow(Path path) {
    for (Path p = path.parent(); !p.steps().isEmpty(); p = p.parent()) {
      if (yaml.node(p).orElse(null) instanceof CollectionNode<?> c
          && c.getFlowStyle() == FlowStyle.FLOW
          && !c.getValue().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private String set(Change.Set c) throws YamlException {
    Node old = node(c.path(), Node.class);
    int start = yaml.start(old);
    int end = yaml.end(old);
    if (old instanceof ScalarNode s && c.value() instanceof Value.Scalar v) {
      return replace(start, end, (start == end ? " " : "") + inStyleOf(s, v));
    }
    if (inFlow(c.path())) {
      return replace(start, end, Printed.flow(c.value()));
    }
    boolean block = old instanceof CollectionNode<?> n && YamlText.isBlock(n);
    boolean inline = Printed.isInline(c.value());
    if (block && inline) {
      return inPlaceOfBlock(c.path(), start, end, Printed.flow(c.value()));
    }
    if (block || inline) {
      return replace(start, end, printed.block(c.value(), yaml.column(start)));
    }
    return belowKey(c.path(), start, end, c.value());
  }

  private static String inStyleOf(ScalarNode old, Value.Scalar value) {
    boolean quoted = old.getScalarStyle().toString().equals("\"");
    return quoted && value.isText() ? Printed.quoted(value.text()) : Printed.scalar(value);
  }

  /** A block below its key goes, the short value stands behind the key. */
  private String inPlaceOfBlock(Path path, int start, int end, String value) throws YamlException {
    if (!(path.steps().getLast() instanceof Path.Step.Key key)) {
      return replace(start, end, value);
    }
    NodeTuple tuple =
        YamlText.tuple(node(path.parent(), MappingNode.class), key.name())
            .orElseThrow(() -> impossible("no key " + key.name()));
    int colon = text.indexOf(':', yaml.end(tuple.getKeyNode())) + 1;
    boolean ownLines = yaml.lineStart(start) > colon;
    if (!ownLines) {
      return replace(start, end, value);
    }
    int stop = yaml.lineEnd(end) == end ? yaml.lineEnd(end) : end;
    int from = stop == end ? yaml.lineStart(start) : start;
    int to = stop == end ? yaml.nextLine(end) : end;
    return text.substring(0, colon)
        + " "
        + value
        + text.substring(colon, from)
        + text.substring(to);
  }

  /** A short value goes, the block stands below its key, behind the line's comment. */
  private String belowKey(Path path, int start, int end, Value value) throws YamlException {
    if (!(path.steps().getLast() instanceof Path.Step.Key key)) {
      return replace(start, end, printed.block(value, yaml.column(start)));
    }
    MappingNode map = node(path.parent(), MappingNode.class);
    NodeTuple tuple = YamlText.tuple(map, key.name()).orElseThrow(() -> impossible("no key"));
    int column = yaml.column(yaml.start(tuple.getKeyNode()));
    String field = field(key.name(), value, column);
    String below = field.substring(field.indexOf(lineBreak));
    int gap = start;
    while (text.charAt(gap - 1) == ' ') {
      gap--;
    }
    int line = yaml.lineEnd(end);
    return text.substring(0, gap) + text.substring(end, line) + below + text.substring(line);
  }

  private String put(MappingNode map, Change.Put c) throws YamlException {
    if (map.getValue().isEmpty()) {
      return set(new Change.Set(c.map(), Value.field(c.key(), c.value())));
    }
    int end = yaml.end(map);
    if (map.getFlowStyle() == FlowStyle.FLOW) {
      int last = yaml.end(map.getValue().getLast().getValueNode());
      return replace(last, last, ", " + Printed.key(c.key()) + ": " + Printed.flow(c.value()));
    }
    int column = yaml.column(yaml.start(map));
    int line = yaml.lineEnd(end);
    String start = lineBreak + " ".repeat(column);
    return replace(line, line, start + field(c.key(), c.value(), column));
  }

  /**
   * A field whose key stands at a column; a single item that stood elsewhere, as it was written.
   */
  private String field(String key, Value value, int column) {
    int dash = column + listIndent();
    Optional<Written> moved =
        value instanceof Value.Items list && list.items().size() == 1
            ? written(list.items().getFirst(), dash + 2)
            : Optional.empty();
    return moved
        .map(
            m ->
                Printed.key(key)
                    + ":"
                    + lineBreak
                    + m.comments()
                    + " ".repeat(dash)
                    + "- "
                    + m.value())
        .orElseGet(() -> printed.field(key, value, column));
  }

  private int listIndent() {
    return before.listsAreDeeper() ? 2 : 0;
  }

  private String insert(SequenceNode list, Change.Insert c) throws YamlException {
    List<Node> items = list.getValue();
    if (items.isEmpty()) {
      return set(new Change.Set(c.list(), Value.items(c.item())));
    }
    boolean atEnd = c.index() >= items.size();
    if (list.getFlowStyle() == FlowStyle.FLOW) {
      int place = atEnd ? yaml.end(items.getLast()) : yaml.start(items.get(c.index()));
      String item = Printed.flow(c.item());
      return replace(place, place, atEnd ? ", " + item : item + ", ");
    }
    int column = yaml.column(yaml.start(list));
    Optional<Written> written = written(c.item(), column + 2);
    String comments = written.map(Written::comments).orElse("");
    String item =
        "- " + written.map(Written::value).orElseGet(() -> printed.block(c.item(), column + 2));
    String indent = " ".repeat(column);
    if (atEnd) {
      int line = yaml.lineEnd(yaml.end(list));
      return replace(line, line, lineBreak + comments + indent + item);
    }
    int dash = dash(list, c.index());
    String first = comments.isEmpty() ? "" : comments.substring(column) + indent;
    return replace(dash, dash, first + item + lineBreak + indent);
  }

  /** A value that stood as an item in the text before, as it was written, comments included. */
  private Optional<Written> written(Value value, int column) {
    if (Printed.isInline(value)) {
      return Optional.empty();
    }
    return Patch.find(before.value(), value, Path.TEXT)
        .flatMap(before::node)
        .filter(n -> n instanceof CollectionNode<?> c && YamlText.isBlock(c))
        .flatMap(n -> shifted(n, column));
  }

  private Optional<Written> shifted(Node node, int column) {
    int start = before.start(node);
    int shift = column - before.column(start);
    List<String> lines =
        before.text().substring(start, before.lineEnd(before.end(node))).lines().toList();
    if (!lines.stream().skip(1).allMatch(l -> l.isBlank() || indent(l) + shift >= 0)) {
      return Optional.empty();
    }
    String value =
        lines.getFirst()
            + lines.stream()
                .skip(1)
                .map(l -> l.isBlank() ? l : " ".repeat(indent(l) + shift) + l.strip())
                .map(l -> lineBreak + l)
                .collect(Collectors.joining());
    int line = before.lineStart(start);
    String comments =
        before
            .text()
            .substring(before.withComments(start), line)
            .lines()
            .map(l -> " ".repeat(column - 2) + l.strip() + lineBreak)
            .collect(Collectors.joining());
    return Optional.of(new Written(comments, value));
  }

  private static int indent(String line) {
    return line.length() - line.stripLeading().length();
  }

  /** The dash before an item of a block list. */
  private int dash(SequenceNode list, int index) throws YamlException {
    int column = yaml.column(yaml.start(list));
    int line = yaml.lineStart(yaml.start(list.getValue().get(index)));
    while (line >= 0) {
      int place = line + column;
      if (place < text.length() && text.charAt(place) == '-' && yaml.lineEnd(line) > place) {
        return place;
      }
      if (line == 0) {
        break;
      }
      line = yaml.lineStart(line - 1);
    }
    throw impossible("no dash");
  }

  private String remove(Path path) throws YamlException {
    return switch (path.steps().getLast()) {
      case Path.Step.Index i -> removeItem(path, node(path.parent(), SequenceNode.class), i.at());
      case Path.Step.Key k -> removeKey(path, node(path.parent(), MappingNode.class), k.name());
    };
  }

  private String removeItem(Path path, SequenceNode list, int index) throws YamlException {
    List<Node> items = list.getValue();
    if (items.size() == 1) {
      return set(new Change.Set(path.parent(), Value.items()));
    }
    Node item = items.get(index);
    if (list.getFlowStyle() == FlowStyle.FLOW) {
      boolean last = index == items.size() - 1;
      int start = last ? yaml.end(items.get(index - 1)) : yaml.start(item);
      int end = last ? yaml.end(item) : yaml.start(items.get(index + 1));
      return replace(start, end, "");
    }
    int dash = dash(list, index);
    int end = Math.max(yaml.end(item), dash + 1);
    if (text.substring(yaml.lineStart(dash), dash).isBlank()) {
      return withoutLines(dash, end);
    }
    return replace(dash, dash(list, index + 1), "");
  }

  private String withoutLines(int start, int end) {
    int from = moves ? yaml.withComments(start) : yaml.lineStart(start);
    int to = yaml.nextLine(end);
    boolean atEnd = to == text.length() && !text.endsWith("\n") && from > 0;
    return replace(atEnd ? yaml.lineEnd(from - 1) : from, to, "");
  }

  private String removeKey(Path path, MappingNode map, String key) throws YamlException {
    List<NodeTuple> all = map.getValue();
    if (all.size() == 1) {
      return set(new Change.Set(path.parent(), Value.Fields.NONE));
    }
    NodeTuple tuple = YamlText.tuple(map, key).orElseThrow(() -> impossible("no key " + key));
    int index = all.indexOf(tuple);
    int start = yaml.start(tuple.getKeyNode());
    int end = Math.max(yaml.end(tuple.getKeyNode()) + 1, yaml.end(tuple.getValueNode()));
    boolean last = index == all.size() - 1;
    if (map.getFlowStyle() == FlowStyle.FLOW) {
      int from = last ? yaml.end(all.get(index - 1).getValueNode()) : start;
      return replace(from, last ? end : yaml.start(all.get(index + 1).getKeyNode()), "");
    }
    if (text.substring(yaml.lineStart(start), start).isBlank()) {
      return withoutLines(start, end);
    }
    int next = yaml.start(all.get(index + 1).getKeyNode());
    boolean bare = text.substring(end, next).isBlank();
    return replace(start, bare ? next : end, "");
  }
}
