package io.sekisho.cli;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.Problem;
import io.sekisho.api.v1.Severity;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** How values are written for people, and read from them. */
final class Texts {
  private static final Pattern SPAN = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

  private Texts() {}

  /** A time to the second, UTC (ISO 8601). */
  static String time(Timestamp time) {
    Instant instant = Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    return time.getSeconds() == 0 ? "-" : instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** The name of an enum's value without the words that only tell it from other enums'. */
  static String word(Enum<?> value, String... affixes) {
    String text = value.name();
    for (String affix : affixes) {
      text = text.replace(affix, "");
    }
    return text.toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** {@code 60s}, {@code 5m}, {@code 2h}. */
  static java.time.Duration span(String text) {
    var match = SPAN.matcher(text);
    if (!match.matches()) {
      throw new CliException(
          CliException.Code.USAGE, "'" + text + "' is no time span such as 60s, 5m or 2h");
    }
    long number = Long.parseLong(match.group(1));
    return switch (match.group(2)) {
      case "ms" -> java.time.Duration.ofMillis(number);
      case "s" -> java.time.Duration.ofSeconds(number);
      case "m" -> java.time.Duration.ofMinutes(number);
      case "h" -> java.time.Duration.ofHours(number);
      default -> java.time.Duration.ofDays(number);
    };
  }

  static Duration message(java.time.Duration span) {
    return Duration.newBuilder().setSeconds(span.getSeconds()).setNanos(span.getNano()).build();
  }

  /** A point of time: a span before now, or ISO 8601. */
  static Timestamp moment(String text) {
    Instant instant;
    try {
      boolean span = SPAN.matcher(text).matches();
      instant = span ? Instant.now().minus(span(text)) : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new CliException(
          CliException.Code.USAGE,
          "'" + text + "' is neither a span such as 5m nor a time such as 2026-01-31T12:00:00Z",
          e);
    }
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  /** {@code namespace/name}, or the name alone. */
  static String name(Document document) {
    return document.getNamespace().isEmpty()
        ? document.getName()
        : document.getNamespace() + "/" + document.getName();
  }

  /** A problem as a compiler would print it. */
  static String problem(Problem problem, List<String> files) {
    int text = problem.getText();
    String file = text < files.size() ? files.get(text) : "document " + (text + 1);
    String word = problem.getSeverity() == Severity.ERROR ? "error" : "warning";
    String hint =
        problem.getSuggestion().isEmpty()
            ? ""
            : " (did you mean '" + problem.getSuggestion() + "'?)";
    return String.format(
        "%s:%d:%d: %s: %s%s",
        file, problem.getLine(), problem.getColumn(), word, problem.getMessage(), hint);
  }

  static String plural(long count, String thing) {
    return count + " " + thing + (count == 1 ? "" : "s");
  }
}
