package io.sekisho.flow.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.flow.FlowRecordBuilder;
import io.sekisho.flow.filter.Expression.And;
import io.sekisho.flow.filter.Expression.Comparison;
import io.sekisho.flow.filter.Expression.Not;
import io.sekisho.flow.filter.Expression.Or;
import io.sekisho.flow.filter.Expression.Search;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Every filter prints as a text that means the same. */
class FlowFilterPropertyTest {
  @Provide
  Arbitrary<Expression> expressions() {
    return expression(4);
  }

  private static Arbitrary<Expression> expression(int depth) {
    Arbitrary<Expression> leaf = Arbitraries.oneOf(search(), text(), list(), number());
    if (depth == 0) {
      return leaf;
    }
    Arbitrary<Expression> inner = Arbitraries.lazy(() -> expression(depth - 1));
    Arbitrary<List<Expression>> parts = inner.list().ofMinSize(2).ofMaxSize(3);
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(3, leaf),
        net.jqwik.api.Tuple.of(1, inner.map(Not::new)),
        net.jqwik.api.Tuple.of(1, parts.map(And::new)),
        net.jqwik.api.Tuple.of(1, parts.map(Or::new)));
  }

  private static Arbitrary<String> words() {
    return Arbitraries.oneOf(
        Arbitraries.of(
            "and", "IN", "not", "cart", "shop/cart-out:1", "10.0.0.0/8", "a b", "\"", "\\", "port"),
        Arbitraries.strings().ofMaxLength(6));
  }

  private static Arbitrary<Expression> search() {
    return words().map(Search::new);
  }

  private static Arbitrary<Expression> text() {
    Arbitrary<Operator> operators =
        Arbitraries.of(Operator.EQUAL, Operator.NOT_EQUAL, Operator.LIKE, Operator.NOT_LIKE);
    return Combinators.combine(
            Arbitraries.of("from", "to.namespace", "rule", "node", "address"), operators, words())
        .as((field, operator, word) -> comparison(field, operator, List.of(word)));
  }

  private static Arbitrary<Expression> number() {
    Arbitrary<Operator> operators =
        Arbitraries.of(
            Operator.EQUAL, Operator.LESS, Operator.AT_LEAST, Operator.GREATER, Operator.AT_MOST);
    return Combinators.combine(operators, Arbitraries.integers().between(0, 65535))
        .as((operator, number) -> comparison("port", operator, List.of("" + number)));
  }

  private static Arbitrary<Expression> list() {
    return words()
        .list()
        .ofMinSize(1)
        .ofMaxSize(3)
        .map(values -> comparison("workload", Operator.IN, values));
  }

  private static Expression comparison(String field, Operator operator, List<String> values) {
    return new Comparison(Field.of(field).orElseThrow(), operator, values);
  }

  @Property(tries = 1000)
  void toString_anyFilter_readsBackEqual(@ForAll("expressions") Expression expression)
      throws FilterException {
    FlowFilter read = FlowFilter.parse(expression.toString());
    assertEquals(expression, Parser.parse(expression.toString()));
    assertEquals(read, FlowFilter.parse(read.toString()));
    var flow = new FlowRecordBuilder().build();
    assertEquals(expression.predicate().test(flow), read.test(flow));
  }

  @Property(tries = 1000)
  void parse_anyText_throwsOnlyFilterException(@ForAll String text) {
    try {
      FlowFilter filter = FlowFilter.parse(text);
      assertEquals(filter, FlowFilter.parse(filter.toString()));
    } catch (FilterException e) {
      org.junit.jupiter.api.Assertions.assertTrue(e.column() >= 1);
    }
    FlowFilter.complete(text, text.length() / 2);
  }
}
