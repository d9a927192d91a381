package io.sekisho.console.ui;

import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.filter.FilterException;
import io.sekisho.flow.filter.FlowFilter;
import java.util.Optional;
import java.util.function.Predicate;

/** The filter language as views use it. */
public final class Filters {
  /**
   * What became of a text.
   *
   * @param matches the filter; lets everything pass when the text is wrong
   * @param problem what is wrong, empty if nothing
   */
  public record Parsed(Predicate<FlowRecord> matches, Optional<String> problem) {}

  private Filters() {}

  /** Reads a text of the filter language; the empty text lets everything pass. */
  public static Parsed parse(String text) {
    try {
      return new Parsed(FlowFilter.parse(text), Optional.empty());
    } catch (FilterException e) {
      String problem = Texts.bind(Texts.filter_problem, e.column(), e.getMessage());
      return new Parsed(FlowFilter.EVERYTHING, Optional.of(problem));
    }
  }

  /** A term that asks for one value of a field. */
  public static String term(String field, String value) {
    return field + "=" + quoted(value);
  }

  /** A value as the language wants it: in quotes where it has more than plain characters. */
  public static String quoted(String value) {
    boolean plain = value.matches("[\\p{Alnum}_./:*-]+");
    return plain ? value : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** Both together; an empty filter adds nothing. */
  public static String and(String filter, String term) {
    if (filter.isBlank()) {
      return term;
    }
    return (filter.contains(" or ") ? "(" + filter + ")" : filter) + " and " + term;
  }
}
