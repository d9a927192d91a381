package io.sekisho.flow.filter;

import io.sekisho.flow.filter.Expression.And;
import io.sekisho.flow.filter.Expression.Comparison;
import io.sekisho.flow.filter.Expression.Everything;
import io.sekisho.flow.filter.Expression.Not;
import io.sekisho.flow.filter.Expression.Or;
import io.sekisho.flow.filter.Expression.Search;
import io.sekisho.flow.filter.FilterException.Code;
import io.sekisho.flow.filter.Token.Type;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads filters by recursive descent.
 *
 * <pre>
 * or         = and { "or" and }
 * and        = term { [ "and" ] term }
 * term       = "not" term | "(" or ")" | comparison | search
 * comparison = field ( "=" | "!=" | "~" | "!~" | "&lt;" | "&gt;" | "&lt;=" | "&gt;=" ) value
 *            | field [ "not" ] "in" "(" value { "," value } ")"
 * search     = word | quoted
 * </pre>
 */
final class Parser {
  private static final int MAX_LENGTH = 16_384;
  private static final int MAX_DEPTH = 100;

  private final List<Token> tokens;
  private int at;
  private int depth;

  private Parser(List<Token> tokens) {
    this.tokens = tokens;
  }

  static Expression parse(String text) throws FilterException {
    if (text.length() > MAX_LENGTH) {
      throw new FilterException(
          Code.TOO_LARGE, MAX_LENGTH, "a filter has at most " + MAX_LENGTH + " characters", "");
    }
    var parser = new Parser(Token.of(text));
    if (parser.next().type() == Type.END) {
      return new Everything();
    }
    Expression out = parser.or();
    Token rest = parser.next();
    if (rest.type() != Type.END) {
      throw syntax(rest, "'" + rest.text() + "' has no place here");
    }
    return out;
  }

  private Token next() {
    return tokens.get(at);
  }

  private Token after(int count) {
    return tokens.get(Math.min(at + count, tokens.size() - 1));
  }

  private Token take() {
    Token token = next();
    at = Math.min(at + 1, tokens.size() - 1);
    return token;
  }

  private Expression or() throws FilterException {
    var parts = new ArrayList<Expression>();
    parts.add(and());
    while (next().isKeyword("or")) {
      take();
      parts.add(and());
    }
    return parts.size() == 1 ? parts.get(0) : new Or(parts);
  }

  private Expression and() throws FilterException {
    var parts = new ArrayList<Expression>();
    parts.add(term());
    while (next().isKeyword("and") || beginsTerm()) {
      if (next().isKeyword("and")) {
        take();
      }
      parts.add(term());
    }
    return parts.size() == 1 ? parts.get(0) : new And(parts);
  }

  private boolean beginsTerm() {
    return next().type() == Type.OPEN
        || (next().isValue() && !next().isKeyword("or") && !next().isKeyword("in"));
  }

  private Expression term() throws FilterException {
    if (++depth > MAX_DEPTH) {
      throw new FilterException(
          Code.TOO_LARGE, next().start() + 1, "nested deeper than " + MAX_DEPTH + " levels", "");
    }
    Expression out = termInside();
    depth--;
    return out;
  }

  private Expression termInside() throws FilterException {
    Token token = take();
    if (token.isKeyword("not")) {
      return new Not(term());
    }
    if (token.type() == Type.OPEN) {
      Expression inside = or();
      expect(Type.CLOSE, "')' is missing");
      return inside;
    }
    boolean keyword =
        token.type() == Type.WORD && Token.KEYWORDS.stream().anyMatch(token::isKeyword);
    if (!token.isValue() || keyword) {
      String what = token.type() == Type.END ? "the end" : "'" + token.text() + "'";
      throw syntax(token, "a field, a word or '(' must stand before " + what);
    }
    boolean list = next().isKeyword("in") || (next().isKeyword("not") && after(1).isKeyword("in"));
    if (next().type() == Type.OPERATOR || list) {
      return list ? inList(token) : comparison(token);
    }
    return new Search(token.text());
  }

  private static Field field(Token token) throws FilterException {
    return Field.of(token.text())
        .orElseThrow(
            () ->
                new FilterException(
                    Code.UNKNOWN_FIELD,
                    token.start() + 1,
                    "there is no field '" + token.text() + "'",
                    Nearest.of(token.text(), Field.names())));
  }

  private Expression comparison(Token name) throws FilterException {
    Field field = field(name);
    Token sign = take();
    Operator operator =
        Operator.of(sign.text()).orElseThrow(() -> syntax(sign, "no operator: " + sign.text()));
    if (operator.orders() && field.type() != Field.Type.NUMBER) {
      throw new FilterException(
          Code.BAD_VALUE,
          sign.start() + 1,
          "'" + field.name() + "' is no number, use = != ~ or in",
          "");
    }
    return new Comparison(field, operator, List.of(value(field, operator)));
  }

  private Expression inList(Token name) throws FilterException {
    Field field = field(name);
    boolean negated = next().isKeyword("not");
    if (negated) {
      take();
    }
    take();
    expect(Type.OPEN, "'(' is missing behind 'in'");
    var values = new ArrayList<String>();
    values.add(value(field, Operator.IN));
    while (next().type() == Type.COMMA) {
      take();
      values.add(value(field, Operator.IN));
    }
    expect(Type.CLOSE, "',' or ')' is missing");
    var out = new Comparison(field, Operator.IN, values);
    return negated ? new Not(out) : out;
  }

  private String value(Field field, Operator operator) throws FilterException {
    Token token = take();
    if (!token.isValue()) {
      throw syntax(token, "a value for '" + field.name() + "' is missing");
    }
    boolean pattern = operator == Operator.LIKE || operator == Operator.NOT_LIKE;
    if (!pattern && field.type() == Field.Type.NUMBER && !token.text().matches("[0-9]{1,10}")) {
      throw new FilterException(
          Code.BAD_VALUE,
          token.start() + 1,
          "'" + field.name() + "' is a number, '" + token.text() + "' is none",
          "");
    }
    boolean known = field.words().stream().anyMatch(token.text()::equalsIgnoreCase);
    if (!pattern && !field.words().isEmpty() && !known) {
      throw new FilterException(
          Code.BAD_VALUE,
          token.start() + 1,
          "'" + field.name() + "' is one of " + String.join(", ", field.words()),
          Nearest.of(token.text(), field.words()));
    }
    return token.text();
  }

  private void expect(Type type, String message) throws FilterException {
    Token token = take();
    if (token.type() != type) {
      throw syntax(token, message);
    }
  }

  private static FilterException syntax(Token token, String message) {
    return new FilterException(Code.SYNTAX, token.start() + 1, message, "");
  }
}
