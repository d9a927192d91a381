package io.sekisho.agent.rpc;

import io.sekisho.policy.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A selector of labels as Kubernetes writes it: {@code app=cart}, {@code app==cart}, {@code
 * app!=cart}, {@code app in (a, b)}, {@code app notin (a, b)}, {@code app}, {@code !app}, joined by
 * commas. A key without source matches every source.
 */
final class LabelSelector implements Predicate<Labels> {
  private static final String KEY = "([A-Za-z0-9_.:/-]+)";
  private static final Pattern SET = Pattern.compile(KEY + "\\s+(in|notin)\\s*\\(([^()]*)\\)");
  private static final Pattern EQUAL = Pattern.compile(KEY + "\\s*(==?|!=)\\s*([^=!,()\\s]*)");
  private static final Pattern EXISTS = Pattern.compile("(!?)\\s*" + KEY);

  private final List<Predicate<Labels>> requirements = new ArrayList<>();

  /**
   * Reads a selector.
   *
   * @throws IllegalArgumentException if it is none
   */
  LabelSelector(String text) {
    for (String part : text.split(",(?![^(]*\\))", -1)) {
      requirements.add(requirement(part.strip(), text));
    }
  }

  private static Predicate<Labels> requirement(String part, String whole) {
    Matcher set = SET.matcher(part);
    if (set.matches()) {
      var values = Set.copyOf(Arrays.asList(set.group(3).strip().split("\\s*,\\s*")));
      boolean wanted = set.group(2).equals("in");
      return labels -> wanted == value(labels, set.group(1)).filter(values::contains).isPresent();
    }
    Matcher equal = EQUAL.matcher(part);
    if (equal.matches()) {
      boolean wanted = !equal.group(2).equals("!=");
      return labels ->
          wanted == value(labels, equal.group(1)).filter(equal.group(3)::equals).isPresent();
    }
    Matcher exists = EXISTS.matcher(part);
    if (exists.matches()) {
      boolean wanted = exists.group(1).isEmpty();
      return labels -> wanted == value(labels, exists.group(2)).isPresent();
    }
    throw new IllegalArgumentException("'" + whole + "' is no label selector");
  }

  private static Optional<String> value(Labels labels, String key) {
    return labels.get(key.contains(":") ? key : "any:" + key);
  }

  @Override
  public boolean test(Labels labels) {
    return requirements.stream().allMatch(requirement -> requirement.test(labels));
  }
}
