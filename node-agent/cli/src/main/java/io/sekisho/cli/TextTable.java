package io.sekisho.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows in columns that are as wide as their widest text; the last is not padded. */
final class TextTable {
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();

  TextTable(String... headings) {
    rows.add(List.of(headings));
  }

  void row(Object... cells) {
    var row = new ArrayList<String>();
    for (Object cell : cells) {
      String text = String.valueOf(cell);
      row.add(text.isEmpty() ? "-" : text);
    }
    rows.add(row);
  }

  @Override
  public String toString() {
    var widths = new int[rows.getFirst().size()];
    for (var row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    var out = new StringBuilder();
    for (var row : rows) {
      for (int i = 0; i < widths.length - 1; i++) {
        out.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length()).append(GAP);
      }
      out.append(row.getLast()).append('\n');
    }
    return out.toString();
  }
}
