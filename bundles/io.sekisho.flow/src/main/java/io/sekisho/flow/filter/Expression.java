package io.sekisho.flow.filter;

import io.sekisho.flow.FlowRecord;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What a filter means, as a tree; prints itself so that reading it again gives the same tree. */
sealed interface Expression {
  /** The test that it stands for. */
  Predicate<FlowRecord> predicate();

  /** Everything passes: the empty filter. */
  record Everything() implements Expression {
    @Override
    public Predicate<FlowRecord> predicate() {
      return r -> true;
    }

    @Override
    public String toString() {
      return "";
    }
  }

  /** All of at least two parts. */
  record And(List<Expression> parts) implements Expression {
    public And {
      parts = List.copyOf(parts);
    }

    @Override
    public Predicate<FlowRecord> predicate() {
      return parts.stream().map(Expression::predicate).reduce(Predicate::and).orElse(r -> true);
    }

    @Override
    public String toString() {
      return parts.stream()
          .map(p -> p instanceof And || p instanceof Or ? "(" + p + ")" : p.toString())
          .collect(Collectors.joining(" and "));
    }
  }

  /** Any of at least two parts. */
  record Or(List<Expression> parts) implements Expression {
    public Or {
      parts = List.copyOf(parts);
    }

    @Override
    public Predicate<FlowRecord> predicate() {
      return parts.stream().map(Expression::predicate).reduce(Predicate::or).orElse(r -> false);
    }

    @Override
    public String toString() {
      return parts.stream()
          .map(p -> p instanceof Or ? "(" + p + ")" : p.toString())
          .collect(Collectors.joining(" or "));
    }
  }

  /** The opposite. */
  record Not(Expression part) implements Expression {
    @Override
    public Predicate<FlowRecord> predicate() {
      return part.predicate().negate();
    }

    @Override
    public String toString() {
      return "not " + (part instanceof And || part instanceof Or ? "(" + part + ")" : part);
    }
  }

  /** A text that occurs in a name of either end, in the rule or the node. */
  record Search(String text) implements Expression {
    @Override
    public Predicate<FlowRecord> predicate() {
      Predicate<String> contains = Texts.like(text);
      return r ->
          contains.test(r.client().key())
              || contains.test(r.server().key())
              || contains.test(r.client().pod())
              || contains.test(r.server().pod())
              || contains.test(r.client().address())
              || contains.test(r.server().address())
              || contains.test(r.rule())
              || contains.test(r.node());
    }

    @Override
    public String toString() {
      return Token.print(text);
    }
  }

  /**
   * A field and what it must be.
   *
   * @param values one, or for IN several
   */
  record Comparison(Field field, Operator operator, List<String> values) implements Expression {
    public Comparison {
      values = List.copyOf(values);
    }

    @Override
    public Predicate<FlowRecord> predicate() {
      Predicate<String> test =
          values.stream()
              .map(v -> operator.test(field, v))
              .reduce(Predicate::or)
              .orElse(v -> false);
      Predicate<FlowRecord> any =
          r -> {
            for (String value : field.values().apply(r)) {
              if (test.test(value)) {
                return true;
              }
            }
            return false;
          };
      return operator.negates() ? any.negate() : any;
    }

    @Override
    public String toString() {
      if (operator == Operator.IN) {
        return field.name()
            + " in ("
            + values.stream().map(Token::print).collect(Collectors.joining(", "))
            + ")";
      }
      return field.name() + operator.sign() + Token.print(values.get(0));
    }
  }
}
