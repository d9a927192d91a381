package io.sekisho.flow.filter;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/** How a field is compared. */
enum Operator {
  EQUAL("="),
  NOT_EQUAL("!="),
  LIKE("~"),
  NOT_LIKE("!~"),
  LESS("<"),
  GREATER(">"),
  AT_MOST("<="),
  AT_LEAST(">="),
  IN("in");

  private final String sign;

  Operator(String sign) {
    this.sign = sign;
  }

  String sign() {
    return sign;
  }

  static Optional<Operator> of(String sign) {
    return Arrays.stream(values()).filter(o -> o.sign.equals(sign)).findFirst();
  }

  /** Whether the opposite of the test is meant: true of all values where the test is of any. */
  boolean negates() {
    return this == NOT_EQUAL || this == NOT_LIKE;
  }

  /** Whether the order of numbers is asked for. */
  boolean orders() {
    return List.of(LESS, GREATER, AT_MOST, AT_LEAST).contains(this);
  }

  /** The test of one value, before {@link #negates()}. */
  Predicate<String> test(Field field, String wanted) {
    return switch (this) {
      case LIKE, NOT_LIKE -> Texts.like(wanted);
      case EQUAL, NOT_EQUAL, IN ->
          field.type() == Field.Type.NUMBER
              ? number(n -> n == Long.parseLong(wanted))
              : wanted::equalsIgnoreCase;
      case LESS -> number(n -> n < Long.parseLong(wanted));
      case GREATER -> number(n -> n > Long.parseLong(wanted));
      case AT_MOST -> number(n -> n <= Long.parseLong(wanted));
      case AT_LEAST -> number(n -> n >= Long.parseLong(wanted));
    };
  }

  private static Predicate<String> number(LongPredicate test) {
    return text -> test.test(Long.parseLong(text));
  }
}
