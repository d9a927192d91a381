package io.sekisho.console.policy.editor.yaml;

import io.sekisho.console.policy.editor.Texts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.CollectionNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** A text of YAML documents: what it says, and where in the text each part stands. */
public final class YamlText {
  private static final int MAX_LENGTH = 1 << 20;
  private static final int MAX_DEPTH = 50;
  private static final LoadSettings SETTINGS =
      LoadSettings.builder()
          .setSchema(new CoreSchema())
          .setUseMarks(true)
          .setAllowDuplicateKeys(true)
          .setCodePointLimit(MAX_LENGTH)
          .build();

  private final String text;

  /** Where letters stand that take two places, in letters; sorted. */
  private final int[] wide;

  private final List<Node> roots;
  private final Value.Items value;

  private YamlText(String text, List<Node> roots) throws YamlException {
    this.text = text;
    this.wide = wide(text);
    this.roots = List.copyOf(roots);
    List<Value> values = new ArrayList<>();
    for (Node root : roots) {
      values.add(value(root));
    }
    this.value = new Value.Items(values);
  }

  /**
   * Reads a text.
   *
   * @throws YamlException if it is no YAML, too large, or one of its places means several
   */
  public static YamlText read(String text) throws YamlException {
    if (text.length() > MAX_LENGTH) {
      throw new YamlException(YamlException.Code.TOO_LARGE, Texts.of("yaml.long", MAX_LENGTH));
    }
    try {
      check(text);
      List<Node> roots = new ArrayList<>();
      new Compose(SETTINGS).composeAllFromString(text).forEach(roots::add);
      return new YamlText(text, roots);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(m -> m.getLine() + 1).orElse(0);
      throw new YamlException(
          YamlException.Code.NO_YAML, Texts.of("yaml.line", line, String.valueOf(e.getProblem())));
    } catch (YamlEngineException e) {
      String message = e.getMessage() == null ? "unreadable" : e.getMessage();
      throw new YamlException(
          YamlException.Code.NO_YAML, message.lines().findFirst().orElse("unreadable"));
    }
  }

  private static void check(String text) throws YamlException {
    int depth = 0;
    for (Event event : new Parse(SETTINGS).parseString(text)) {
      depth +=
          switch (event.getEventId()) {
            case MappingStart, SequenceStart -> 1;
            case MappingEnd, SequenceEnd -> -1;
            default -> 0;
          };
      if (depth > MAX_DEPTH) {
        throw new YamlException(YamlException.Code.TOO_LARGE, Texts.of("yaml.deep", MAX_DEPTH));
      }
      if (event.getEventId() == Event.ID.Alias) {
        throw new YamlException(YamlException.Code.SHARED, Texts.of("yaml.alias"));
      }
    }
  }

  private static Value value(Node node) throws YamlException {
    switch (node) {
      case ScalarNode s -> {
        return new Value.Scalar(s.getValue(), s.getTag().equals(Tag.STR));
      }
      case SequenceNode s -> {
        List<Value> items = new ArrayList<>();
        for (Node item : s.getValue()) {
          items.add(value(item));
        }
        return new Value.Items(items);
      }
      case MappingNode m -> {
        Map<String, Value> fields = new LinkedHashMap<>();
        for (NodeTuple tuple : m.getValue()) {
          boolean named = tuple.getKeyNode() instanceof ScalarNode;
          String key = named ? ((ScalarNode) tuple.getKeyNode()).getValue() : "";
          if (!named || fields.put(key, value(tuple.getValueNode())) != null) {
            throw new YamlException(YamlException.Code.SHARED, Texts.of("yaml.twice", key));
          }
        }
        return new Value.Fields(fields);
      }
      default -> throw new YamlException(YamlException.Code.NO_YAML, "an unknown node");
    }
  }

  /** The text as it was read. */
  public String text() {
    return text;
  }

  /** What it says: a list of documents. */
  public Value.Items value() {
    return value;
  }

  /** Whether lists in maps stand deeper than their key; yes where the text does not say. */
  boolean listsAreDeeper() {
    return roots.stream().flatMap(r -> deeper(r).stream()).findFirst().orElse(true);
  }

  private Optional<Boolean> deeper(Node node) {
    if (node instanceof MappingNode map) {
      for (NodeTuple tuple : map.getValue()) {
        Node inside = tuple.getValueNode();
        if (inside instanceof SequenceNode list && isBlock(list)) {
          return Optional.of(column(start(list)) > column(start(tuple.getKeyNode())));
        }
        Optional<Boolean> found = deeper(inside);
        if (found.isPresent()) {
          return found;
        }
      }
    } else if (node instanceof SequenceNode list) {
      return list.getValue().stream().flatMap(i -> deeper(i).stream()).findFirst();
    }
    return Optional.empty();
  }

  static boolean isBlock(CollectionNode<?> node) {
    return node.getFlowStyle() == FlowStyle.BLOCK && !node.getValue().isEmpty();
  }

  Optional<Node> node(Path path) {
    if (path.steps().isEmpty() || !(path.steps().getFirst() instanceof Path.Step.Index first)) {
      return Optional.empty();
    }
    if (first.at() >= roots.size()) {
      return Optional.empty();
    }
    Optional<Node> here = Optional.of(roots.get(first.at()));
    for (Path.Step step : path.steps().subList(1, path.steps().size())) {
      here = here.flatMap(n -> inside(n, step));
    }
    return here;
  }

  private static Optional<Node> inside(Node node, Path.Step step) {
    return switch (step) {
      case Path.Step.Key k ->
          node instanceof MappingNode map
              ? tuple(map, k.name()).map(NodeTuple::getValueNode)
              : Optional.empty();
      case Path.Step.Index i ->
          node instanceof SequenceNode list && i.at() < list.getValue().size()
              ? Optional.of(list.getValue().get(i.at()))
              : Optional.empty();
    };
  }

  static Optional<NodeTuple> tuple(MappingNode map, String key) {
    return map.getValue().stream()
        .filter(t -> t.getKeyNode() instanceof ScalarNode s && s.getValue().equals(key))
        .findFirst();
  }

  private int offset(Optional<Mark> mark) {
    int points = mark.map(Mark::getIndex).orElse(0);
    int before = Arrays.binarySearch(wide, points);
    return points + (before < 0 ? -before - 1 : before);
  }

  private static int[] wide(String text) {
    IntStream.Builder out = IntStream.builder();
    int points = 0;
    for (int i = 0; i < text.length(); i++) {
      if (Character.isHighSurrogate(text.charAt(i)) && i + 1 < text.length()) {
        out.add(points);
        i++;
      }
      points++;
    }
    return out.build().toArray();
  }

  int start(Node node) {
    return offset(node.getStartMark());
  }

  /** Behind the last character that says something. */
  int end(Node node) {
    if (node instanceof MappingNode map && isBlock(map)) {
      NodeTuple last = map.getValue().getLast();
      return Math.max(end(last.getKeyNode()) + 1, end(last.getValueNode()));
    }
    if (node instanceof SequenceNode list && isBlock(list)) {
      return end(list.getValue().getLast());
    }
    int start = start(node);
    int end = offset(node.getEndMark());
    while (end > start && Character.isWhitespace(text.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  int lineStart(int offset) {
    return text.lastIndexOf('\n', offset - 1) + 1;
  }

  int column(int offset) {
    return offset - lineStart(offset);
  }

  /** The first of the comment lines right above a line that stand as deep as its first letter. */
  int withComments(int offset) {
    int line = lineStart(offset);
    String own = text.substring(line, lineEnd(line));
    int column = own.length() - own.stripLeading().length();
    int first = line;
    while (first > 0) {
      int above = lineStart(first - 1);
      String whole = text.substring(above, lineEnd(above));
      if (!whole.strip().startsWith("#") || whole.indexOf('#') != column) {
        break;
      }
      first = above;
    }
    return first;
  }

  /** The end of the line, before its break. */
  int lineEnd(int offset) {
    int end = text.indexOf('\n', offset);
    int stop = end < 0 ? text.length() : end;
    return stop > offset && text.charAt(stop - 1) == '\r' ? stop - 1 : stop;
  }

  /** The beginning of the next line, or the end of the text. */
  int nextLine(int offset) {
    int end = text.indexOf('\n', offset);
    return end < 0 ? text.length() : end + 1;
  }

  /** The line break that the text uses. */
  String lineBreak() {
    return text.contains("\r\n") ? "\r\n" : "\n";
  }

  /** Where a place stands, from its first to behind its last character; empty if there is none. */
  public Optional<Span> span(Path path) {
    return node(path).map(n -> new Span(start(n), end(n))).map(s -> withKey(path, s));
  }

  /** The value of a key begins at its key. */
  private Span withKey(Path path, Span span) {
    if (path.steps().size() > 1
        && path.steps().getLast() instanceof Path.Step.Key key
        && node(path.parent()).orElse(null) instanceof MappingNode map) {
      int start = tuple(map, key.name()).map(t -> start(t.getKeyNode())).orElse(span.start());
      return new Span(start, Math.max(start, span.end()));
    }
    return span;
  }

  /** A part of the text. */
  public record Span(int start, int end) {
    /** Whether an offset is in it or just behind. */
    public boolean holds(int offset) {
      return start <= offset && offset <= end;
    }
  }
}
