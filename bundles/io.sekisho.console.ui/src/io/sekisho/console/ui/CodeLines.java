package io.sekisho.console.ui;

import java.util.ArrayList;
import java.util.List;

/**
 * Lines of a document in a narrow place: what is too long goes on below, further in than its line
 * begins, so that the shape of the document stays.
 */
public final class CodeLines {
  private static final int FURTHER = 2;
  private static final String ENDS = "./:,";

  private CodeLines() {}

  /**
   * The lines as they fit.
   *
   * @param columns characters that a line has room for, at least 8
   */
  public static List<String> fit(String text, int columns) {
    List<String> out = new ArrayList<>();
    int room = Math.max(columns, 8);
    for (String line : text.split("\n", -1)) {
      String rest = line;
      String further = " ".repeat(Math.min(begin(line) + FURTHER, room / 2));
      while (rest.length() > room) {
        int end = end(rest, begin(rest) + 1, room);
        out.add(rest.substring(0, end).stripTrailing());
        rest = further + rest.substring(end).stripLeading();
      }
      out.add(rest);
    }
    return out;
  }

  /** Where a line's words begin, behind its indent and the dashes of lists. */
  private static int begin(String line) {
    int at = 0;
    while (at < line.length() && " -".indexOf(line.charAt(at)) >= 0) {
      at++;
    }
    return at;
  }

  /**
   * Where to part a line: at its last space, else behind a dot or the like, else where it is full.
   */
  private static int end(String line, int from, int room) {
    int space = line.lastIndexOf(' ', room);
    if (space >= from) {
      return space;
    }
    for (int at = room; at > from; at--) {
      if (ENDS.indexOf(line.charAt(at - 1)) >= 0) {
        return at;
      }
    }
    return room;
  }
}
