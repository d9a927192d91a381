package io.sekisho.policy.parse;

import java.util.ArrayList;
import java.util.List;

/**
 * One document's part of a YAML stream, as it was written.
 *
 * @param yaml the lines, without the {@code ---} or {@code ...} around them
 * @param firstLine line of the stream that it begins at, from 0
 */
record Slice(String yaml, int firstLine) {

  /**
   * Cuts a stream at its document markers. A marker at the beginning of a line is one wherever it
   * stands (YAML 1.2.2, rule 9.1.2 c-forbidden), so that a broken document leaves the others whole.
   * Parts with nothing but blank lines, comments and directives are joined to what follows.
   */
  static List<Slice> split(String stream) {
    var out = new ArrayList<Slice>();
    var part = new StringBuilder();
    boolean content = false;
    int first = 0;
    int number = 0;
    for (int begin = 0; begin < stream.length(); ) {
      int end = lineEnd(stream, begin);
      int next = nextLine(stream, end);
      String line = stream.substring(begin, end);
      if (isMarker(line)) {
        if (content) {
          out.add(new Slice(part.toString(), first));
          part.setLength(0);
          first = number;
        }
        // blanks in place of the marker keep the columns of what stands behind it
        String rest = line.startsWith("---") ? "   " + line.substring(3) : "";
        content = isContent(rest);
        part.append(rest);
      } else if (content || !line.startsWith("%")) {
        content |= isContent(line);
        part.append(line);
      }
      part.append(stream, end, next);
      begin = next;
      number++;
    }
    if (content) {
      out.add(new Slice(part.toString(), first));
    }
    return out.stream().map(Slice::withoutLeadingBlanks).toList();
  }

  private static int lineEnd(String stream, int begin) {
    int end = begin;
    while (end < stream.length() && stream.charAt(end) != '\n' && stream.charAt(end) != '\r') {
      end++;
    }
    return end;
  }

  /** Behind the line break, which is CR, LF or both. */
  private static int nextLine(String stream, int end) {
    int next = Math.min(end + 1, stream.length());
    boolean both = stream.startsWith("\r\n", end);
    return both ? next + 1 : next;
  }

  private static boolean isMarker(String line) {
    return (line.startsWith("---") || line.startsWith("..."))
        && (line.length() == 3 || Character.isWhitespace(line.charAt(3)));
  }

  private static boolean isContent(String line) {
    return !line.isBlank() && !line.strip().startsWith("#");
  }

  private Slice withoutLeadingBlanks() {
    int start = 0;
    int line = firstLine;
    for (int i = 0; i < yaml.length() && Character.isWhitespace(yaml.charAt(i)); i++) {
      if (yaml.charAt(i) == '\n') {
        start = i + 1;
        line++;
      }
    }
    return new Slice(yaml.substring(start), line);
  }
}
