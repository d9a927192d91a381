package io.sekisho.console.policy.editor.view;

import io.sekisho.console.policy.editor.edit.PolicyText;
import io.sekisho.console.policy.editor.model.Condition;
import io.sekisho.console.policy.editor.model.EditException;
import io.sekisho.console.policy.editor.model.Effect;
import io.sekisho.console.policy.editor.model.Live;
import io.sekisho.console.policy.editor.model.PeerForm;
import io.sekisho.console.policy.editor.model.SpecPicture;
import io.sekisho.console.ui.Dragged;
import java.util.List;

/** What is dragged, as a peer of a spec. */
final class Peers {
  private Peers() {}

  /**
   * The peer.
   *
   * @throws EditException if addresses are none
   */
  static PeerForm of(Dragged dragged, SpecPicture spec, Live live) throws EditException {
    String own = spec.head().namespace();
    return switch (dragged) {
      case Dragged.Workload w -> new PeerForm.Pods(live.workload(w.namespace(), w.name(), own));
      case Dragged.Namespace n ->
          new PeerForm.Pods(
              n.name().equals(own)
                  ? List.of()
                  : List.of(Condition.is(Condition.NAMESPACE, n.name())));
      case Dragged.Node n -> new PeerForm.Nodes(List.of());
      case Dragged.Entity e -> new PeerForm.Entity(e.name());
      case Dragged.Prefix p -> PeerForm.prefix(p.text());
    };
  }

  /** Whether rules of the spec can deny. */
  static boolean canDeny(SpecPicture spec) {
    return !spec.demands() && PolicyText.effects(spec).contains(Effect.DENY);
  }
}
