package io.sekisho.agent.config;

import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts the values of variables in the place of {@code ${NAME}}.
 *
 * @param environment value of a variable, null if there is none
 */
record Variables(UnaryOperator<@Nullable String> environment) {
  private static final Pattern USE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

  /**
   * The text with values.
   *
   * @throws IllegalArgumentException if a variable is not set
   */
  String replace(String text) {
    var out = new StringBuilder();
    Matcher use = USE.matcher(text);
    while (use.find()) {
      use.appendReplacement(out, Matcher.quoteReplacement(value(use.group(1))));
    }
    return use.appendTail(out).toString();
  }

  private String value(String name) {
    String value = environment.apply(name);
    if (value == null) {
      throw new IllegalArgumentException("the variable " + name + " is not set");
    }
    return value;
  }
}
