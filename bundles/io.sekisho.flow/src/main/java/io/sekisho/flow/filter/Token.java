package io.sekisho.flow.filter;

import io.sekisho.flow.filter.FilterException.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A word of a filter.
 *
 * @param type what it is
 * @param text its text; of a quoted one without quotes and escapes
 * @param start place of its first character, from 0
 * @param end place behind its last character
 */
record Token(Type type, String text, int start, int end) {
  /** Words of the language, in small letters; as values and search words they need quotes. */
  static final Set<String> KEYWORDS = Set.of("and", "or", "not", "in");

  private static final String SIGNS = "()=!~<>,\"";

  /** What a token is. */
  enum Type {
    WORD,
    QUOTED,
    OPERATOR,
    OPEN,
    CLOSE,
    COMMA,
    END
  }

  boolean isKeyword(String keyword) {
    return type == Type.WORD && text.toLowerCase(Locale.ROOT).equals(keyword);
  }

  boolean isValue() {
    return type == Type.WORD || type == Type.QUOTED;
  }

  /** The tokens of a text, with one of type END behind. */
  static List<Token> of(String text) throws FilterException {
    var out = new ArrayList<Token>();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (Character.isWhitespace(c)) {
        at++;
        continue;
      }
      Token token =
          switch (c) {
            case '(' -> new Token(Type.OPEN, "(", at, at + 1);
            case ')' -> new Token(Type.CLOSE, ")", at, at + 1);
            case ',' -> new Token(Type.COMMA, ",", at, at + 1);
            case '"' -> quoted(text, at);
            case '=', '!', '~', '<', '>' -> operator(text, at);
            default -> word(text, at);
          };
      out.add(token);
      at = token.end();
    }
    out.add(new Token(Type.END, "", text.length(), text.length()));
    return out;
  }

  private static Token operator(String text, int at) throws FilterException {
    for (String two : List.of("!=", "!~", "<=", ">=")) {
      if (text.startsWith(two, at)) {
        return new Token(Type.OPERATOR, two, at, at + 2);
      }
    }
    if (text.charAt(at) == '!') {
      throw new FilterException(Code.SYNTAX, at + 1, "'!' stands before = or ~ only", "not");
    }
    return new Token(Type.OPERATOR, text.substring(at, at + 1), at, at + 1);
  }

  private static Token word(String text, int start) {
    int at = start;
    while (at < text.length() && isWordPart(text.charAt(at))) {
      at++;
    }
    return new Token(Type.WORD, text.substring(start, at), start, at);
  }

  private static boolean isWordPart(char c) {
    return !Character.isWhitespace(c) && SIGNS.indexOf(c) < 0;
  }

  private static Token quoted(String text, int start) throws FilterException {
    var out = new StringBuilder();
    for (int at = start + 1; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"') {
        return new Token(Type.QUOTED, out.toString(), start, at + 1);
      }
      if (c == '\\' && at + 1 < text.length()) {
        at++;
        c = text.charAt(at);
      }
      out.append(c);
    }
    throw new FilterException(Code.SYNTAX, start + 1, "the quote is not closed", "");
  }

  /** A value as it is written in a filter: in quotes where it must be. */
  static String print(String value) {
    boolean plain =
        !value.isEmpty()
            && value.chars().allMatch(c -> isWordPart((char) c))
            && !KEYWORDS.contains(value.toLowerCase(Locale.ROOT));
    return plain ? value : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
