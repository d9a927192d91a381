package io.sekisho.console.policy.editor.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;

/** Values as YAML, in the style of the text around. */
final class Printed {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./][-A-Za-z0-9_./:@+*]*");
  private static final CoreScalarResolver RESOLVER = new CoreScalarResolver(true);

  private final String lineBreak;
  private final int listIndent;

  Printed(String lineBreak, boolean deeper) {
    this.lineBreak = lineBreak;
    this.listIndent = deeper ? 2 : 0;
  }

  /** Whether a value takes one line: a single value, or an empty collection. */
  static boolean isInline(Value value) {
    return switch (value) {
      case Value.Scalar s -> true;
      case Value.Items l -> l.items().isEmpty();
      case Value.Fields f -> f.fields().isEmpty();
    };
  }

  /** A value in the flow style, on one line. */
  static String flow(Value value) {
    return switch (value) {
      case Value.Scalar s -> scalar(s);
      case Value.Items l ->
          l.items().stream().map(Printed::flow).collect(Collectors.joining(", ", "[", "]"));
      case Value.Fields f ->
          f.fields().entrySet().stream()
              .map(e -> key(e.getKey()) + ": " + flow(e.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
    };
  }

  /** A value in the block style; the first line stands at a column already. */
  String block(Value value, int column) {
    if (isInline(value)) {
      return flow(value);
    }
    String between = lineBreak + " ".repeat(column);
    List<String> parts = new ArrayList<>();
    if (value instanceof Value.Items list) {
      list.items().forEach(i -> parts.add("- " + block(i, column + 2)));
    } else if (value instanceof Value.Fields map) {
      map.fields().forEach((k, v) -> parts.add(field(k, v, column)));
    }
    return String.join(between, parts);
  }

  /** A field whose key stands at a column. */
  String field(String key, Value value, int column) {
    if (isInline(value)) {
      return key(key) + ": " + flow(value);
    }
    int inner = column + (value instanceof Value.Items ? listIndent : 2);
    return key(key) + ":" + lineBreak + " ".repeat(inner) + block(value, inner);
  }

  static String key(String key) {
    return scalar(Value.text(key));
  }

  /** A single value, in quotes where it would be read as something else without. */
  static String scalar(Value.Scalar value) {
    String text = value.text();
    boolean plain =
        !value.isText()
            || (PLAIN.matcher(text).matches()
                && !text.endsWith(":")
                && RESOLVER.resolve(text, true).equals(Tag.STR));
    return plain ? text : quoted(text);
  }

  /** In double quotes (YAML 1.2.2, section 7.3.1). */
  static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        default -> out.append(c < ' ' ? String.format("\\x%02x", (int) c) : Character.toString(c));
      }
    }
    return out.append('"').toString();
  }
}
