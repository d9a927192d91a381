package io.sekisho.flow.filter;

import io.sekisho.flow.filter.Token.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Proposals for the filter bar: looks at the words before the caret and what may follow them. */
final class Completion {
  private static final Map<String, String> SIGNS =
      Map.of(
          "=", "is",
          "!=", "is not",
          "~", "contains, or is of the form with *",
          "<", "is less than",
          ">", "is greater than",
          " in (", "is one of");
  private static final List<String> TEXT_SIGNS = List.of("=", "!=", "~", " in (");
  private static final List<String> NUMBER_SIGNS = List.of("=", "!=", "<", ">", " in (");

  private final String prefix;
  private final int start;
  private final int end;
  private final List<Proposal> out = new ArrayList<>();

  private Completion(String prefix, int start, int end) {
    this.prefix = prefix.toLowerCase(Locale.ROOT);
    this.start = start;
    this.end = end;
  }

  static List<Proposal> at(String text, int caret, Function<String, List<String>> known) {
    int place = Math.clamp(caret, 0, text.length());
    List<Token> before;
    try {
      before = new ArrayList<>(Token.of(text.substring(0, place)));
    } catch (FilterException e) {
      return List.of(); // inside of a quote, or behind a lone '!'
    }
    before.removeLast();
    boolean touches = !before.isEmpty() && before.getLast().end() == place;
    boolean inWord = touches && before.getLast().type() == Type.WORD;
    Token partial = inWord ? before.removeLast() : new Token(Type.WORD, "", place, place);
    var completion = new Completion(partial.text(), partial.start(), place);
    completion.propose(before, known, inWord);
    return completion.out;
  }

  private void propose(List<Token> before, Function<String, List<String>> known, boolean inWord) {
    Optional<Field> valueOf = fieldOfValue(before);
    if (valueOf.isPresent()) {
      proposeValues(valueOf.get(), known);
      return;
    }
    if (inWord) {
      // a whole field: its operators first
      Field.of(prefix).filter(f -> expectsTerm(before)).ifPresent(f -> proposeSigns(f, true));
    }
    if (expectsTerm(before)) {
      Field.list().stream()
          .filter(f -> !f.name().equals(prefix))
          .forEach(f -> offer(f.name(), f.meaning()));
      offer("not ", "the opposite");
      return;
    }
    Field.of(before.getLast().text()).ifPresent(f -> proposeSigns(f, false));
    offer("and ", "both");
    offer("or ", "one of both");
    if (inWord) {
      Field.list().forEach(f -> offer(f.name(), f.meaning()));
    }
  }

  /** The field whose value stands at the caret: behind an operator, or in a list. */
  private static Optional<Field> fieldOfValue(List<Token> before) {
    int i = before.size() - 1;
    if (i < 1) {
      return Optional.empty();
    }
    if (before.get(i).type() == Type.OPERATOR) {
      return Field.of(before.get(i - 1).text());
    }
    while (i > 0 && (before.get(i).type() == Type.COMMA || before.get(i).isValue())) {
      boolean valueEnds = before.get(i).isValue() && i == before.size() - 1;
      if (valueEnds) {
        return Optional.empty();
      }
      i--;
    }
    boolean list = i > 1 && before.get(i).type() == Type.OPEN && before.get(i - 1).isKeyword("in");
    if (!list) {
      return Optional.empty();
    }
    int field = before.get(i - 2).isKeyword("not") ? i - 3 : i - 2;
    return field < 0 ? Optional.empty() : Field.of(before.get(field).text());
  }

  private static boolean expectsTerm(List<Token> before) {
    if (before.isEmpty()) {
      return true;
    }
    Token last = before.getLast();
    return last.type() == Type.OPEN
        || last.isKeyword("and")
        || last.isKeyword("or")
        || last.isKeyword("not");
  }

  private void proposeValues(Field field, Function<String, List<String>> known) {
    field.words().forEach(w -> offer(w, ""));
    if (field.words().isEmpty()) {
      known.apply(field.name()).stream().distinct().forEach(v -> offer(Token.print(v), ""));
    }
  }

  /** Operators of a field that stands before the caret, with or without a blank between. */
  private void proposeSigns(Field field, boolean touches) {
    if (!touches && !prefix.isEmpty()) {
      return;
    }
    for (String sign : field.type() == Field.Type.NUMBER ? NUMBER_SIGNS : TEXT_SIGNS) {
      String text = touches ? sign : sign.strip();
      out.add(new Proposal(text, end, end, SIGNS.getOrDefault(sign, "")));
    }
  }

  private void offer(String text, String meaning) {
    if (text.toLowerCase(Locale.ROOT).contains(prefix)) {
      out.add(new Proposal(text, start, end, meaning));
    }
  }
}
