package io.sekisho.flow.filter;

import io.sekisho.flow.FlowRecord;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A filter of flows in the one language of graph, table, recording and command line, for example
 * {@code verdict=dropped and to.namespace=shop} or {@code payment port in (80, 443)}. Immutable;
 * equal to another with the same meaning in the same order.
 */
public final class FlowFilter implements Predicate<FlowRecord> {
  /** Lets everything pass; the empty text. */
  public static final FlowFilter EVERYTHING = new FlowFilter(new Expression.Everything());

  private final Expression expression;
  private final Predicate<FlowRecord> predicate;

  private FlowFilter(Expression expression) {
    this.expression = expression;
    this.predicate = expression.predicate();
  }

  /**
   * Reads a filter; the empty text lets everything pass.
   *
   * @throws FilterException with place and sentence, if the text means nothing
   */
  public static FlowFilter parse(String text) throws FilterException {
    return new FlowFilter(Parser.parse(text));
  }

  /**
   * What can stand at the caret: fields, operators, values, joining words.
   *
   * @param text the filter as far as it is written; may be broken
   * @param caret place in it, from 0 to its length
   */
  public static List<Proposal> complete(String text, int caret) {
    return complete(text, caret, field -> List.of());
  }

  /**
   * What can stand at the caret, with values that the caller knows.
   *
   * @param text the filter as far as it is written; may be broken
   * @param caret place in it, from 0 to its length
   * @param known the values seen for a field (namespaces, workloads, …), best first
   */
  public static List<Proposal> complete(
      String text, int caret, Function<String, List<String>> known) {
    return Completion.at(text, caret, known);
  }

  /** The filter that both this and the other must let pass. */
  public FlowFilter and(FlowFilter other) {
    if (isEverything()) {
      return other;
    }
    return other.isEverything()
        ? this
        : new FlowFilter(new Expression.And(List.of(expression, other.expression)));
  }

  /** Whether everything passes. */
  public boolean isEverything() {
    return expression instanceof Expression.Everything;
  }

  @Override
  public boolean test(FlowRecord flow) {
    return predicate.test(flow);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FlowFilter filter && expression.equals(filter.expression);
  }

  @Override
  public int hashCode() {
    return expression.hashCode();
  }

  /** The filter as text; reading it gives an equal filter. */
  @Override
  public String toString() {
    return expression.toString();
  }
}
