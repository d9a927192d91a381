package io.sekisho.policy.grammar;

import static io.sekisho.policy.grammar.Shape.Plain.LABELS;
import static io.sekisho.policy.grammar.Shape.items;
import static io.sekisho.policy.grammar.Shape.oneOf;
import static io.sekisho.policy.grammar.Shape.text;
import static io.sekisho.policy.grammar.Shape.texts;

/** What all kinds have in common: label selectors, and prefixes with exceptions. */
public final class Selectors {
  /** An item of {@code matchExpressions}. */
  public static final MapShape EXPRESSION =
      MapShape.of()
          .needs("key", text())
          .needs("operator", oneOf("In", "NotIn", "Exists", "DoesNotExist"))
          .with("values", texts());

  /** A label selector. */
  public static final MapShape LABEL_SELECTOR =
      MapShape.of().with("matchLabels", LABELS).with("matchExpressions", items(EXPRESSION));

  /** A prefix with exceptions. */
  public static final MapShape PREFIX = MapShape.of().with("cidr", text()).with("except", texts());

  private Selectors() {}
}
