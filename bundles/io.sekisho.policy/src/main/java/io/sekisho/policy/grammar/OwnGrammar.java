package io.sekisho.policy.grammar;

import static io.sekisho.policy.grammar.Selectors.LABEL_SELECTOR;
import static io.sekisho.policy.grammar.Shape.items;
import static io.sekisho.policy.grammar.Shape.oneOf;
import static io.sekisho.policy.grammar.Shape.text;
import static io.sekisho.policy.grammar.Shape.texts;

/** The specs of the kinds that are ours. */
public final class OwnGrammar {
  /** Somebody in an expectation. */
  public static final MapShape PEER =
      MapShape.of()
          .with("podSelector", LABEL_SELECTOR)
          .with("namespaceSelector", LABEL_SELECTOR)
          .with("namespace", text())
          .with("cidr", text())
          .with("except", texts())
          .with("entity", text());

  /** What must or must not be able to talk. */
  public static final MapShape EXPECTATION =
      MapShape.of()
          .needs("expect", oneOf("allow", "deny"))
          .needs("from", items(PEER))
          .needs("to", items(PEER))
          .with("ports", items(CiliumGrammar.PORT))
          .with("icmps", items(CiliumGrammar.ICMPS))
          .with("reason", text());

  /** Addresses that may send nothing. */
  public static final MapShape PREFIX_LIST =
      MapShape.of()
          .needs("deny", texts())
          .with("nodeSelector", LABEL_SELECTOR)
          .with("description", text());

  private OwnGrammar() {}
}
