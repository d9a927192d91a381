package io.sekisho.console.ui;

import io.sekisho.flow.FlowRecord;
import java.util.Locale;
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
    Predicate<FlowRecord> all = f -> true;
    if (text.isBlank()) {
      return new Parsed(all, Optional.empty());
    }
    for (String term : text.strip().split("\\s+and\\s+")) {
      boolean not = term.startsWith("not ");
      String[] kv = (not ? term.substring(4) : term).split("=", 2);
      if (kv.length != 2) {
        return new Parsed(f -> true, Optional.of("'" + term + "' has no '='"));
      }
      String want = kv[1].toLowerCase(Locale.ROOT);
      Predicate<FlowRecord> one;
      switch (kv[0]) {
        case "verdict" -> one = f -> f.verdict().name().toLowerCase(Locale.ROOT).equals(want);
        case "from" -> one = f -> f.client().workload().equals(kv[1]);
        case "to" -> one = f -> f.server().workload().equals(kv[1]);
        case "from.namespace" -> one = f -> f.client().namespace().equals(kv[1]);
        case "to.namespace" -> one = f -> f.server().namespace().equals(kv[1]);
        case "port" -> one = f -> String.valueOf(f.serverPort()).equals(kv[1]);
        case "node" -> one = f -> f.node().equals(kv[1]);
        case "rule" -> one = f -> f.rule().startsWith(kv[1]);
        case "protocol" -> one = f -> f.protocol().equalsIgnoreCase(want);
        default -> {
          return new Parsed(f -> true, Optional.of("'" + kv[0] + "' is no field"));
        }
      }
      all = all.and(not ? one.negate() : one);
    }
    return new Parsed(all, Optional.empty());
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
