package io.sekisho.console.policy.editor.edit;

import io.sekisho.console.policy.editor.model.Edit;
import io.sekisho.console.policy.editor.model.EditException;
import io.sekisho.console.policy.editor.model.Effect;
import io.sekisho.console.policy.editor.model.SpecPicture;
import io.sekisho.console.policy.editor.yaml.Path;
import io.sekisho.console.policy.editor.yaml.Value.Fields;
import java.util.Map;
import java.util.Set;

/** How one kind of document writes what is drawn. */
interface Grammar {
  /**
   * A spec as it is drawn.
   *
   * @param before rules of each section in the specs before
   */
  SpecPicture read(Path at, Fields spec, Map<String, Integer> before);

  /**
   * The spec after an edit.
   *
   * @throws EditException if the kind can't say it
   */
  Fields apply(Path at, Fields spec, Edit edit) throws EditException;

  /** What its rules can do. */
  Set<Effect> effects();

  /** The grammar of a document. */
  static Grammar of(SpecPicture.Head head) {
    return switch (head.kind()) {
      case CILIUM, CILIUM_CLUSTERWIDE -> new CiliumGrammar(head);
      case NETWORK_POLICY -> new NetworkPolicyGrammar(head);
      case CLUSTER_NETWORK_POLICY, ADMIN_NETWORK_POLICY, BASELINE_ADMIN_NETWORK_POLICY ->
          new TierGrammar(head);
      case EXPECTATION -> new ExpectationGrammar(head);
      case PREFIX_LIST -> throw new IllegalArgumentException("a prefix list is not drawn");
    };
  }
}
