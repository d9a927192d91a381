package io.sekisho.console.policy;

import io.sekisho.console.policy.editor.draw.Marks;
import io.sekisho.console.policy.editor.model.Finding;
import io.sekisho.console.policy.editor.yaml.YamlText;
import java.util.Optional;

/** The word of a text that a proposal stands for. */
final class Fixes {
  private Fixes() {}

  /** The word at a finding, without the colon of a key; empty where nothing is proposed. */
  static Optional<YamlText.Span> place(String text, Finding finding) {
    if (finding.suggestion().isEmpty() || finding.line() == 0) {
      return Optional.empty();
    }
    int start = Marks.offset(text, finding.line(), finding.column());
    if (start >= text.length()) {
      return Optional.empty();
    }
    char first = text.charAt(start);
    int end = first == '"' || first == '\'' ? quoted(text, start, first) : plain(text, start);
    return end > start ? Optional.of(new YamlText.Span(start, end)) : Optional.empty();
  }

  private static int quoted(String text, int start, char quote) {
    int end = text.indexOf(quote, start + 1);
    return end < 0 ? start : end + 1;
  }

  private static int plain(String text, int start) {
    int end = start;
    while (end < text.length() && !ends(text, end)) {
      end++;
    }
    return end;
  }

  private static boolean ends(String text, int at) {
    char c = text.charAt(at);
    boolean colon =
        c == ':' && (at + 1 == text.length() || Character.isWhitespace(text.charAt(at + 1)));
    return Character.isWhitespace(c) || colon || ",]}".indexOf(c) >= 0;
  }
}
