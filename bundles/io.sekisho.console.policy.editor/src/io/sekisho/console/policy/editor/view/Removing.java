package io.sekisho.console.policy.editor.view;

import io.sekisho.console.policy.editor.draw.ElementId;
import io.sekisho.console.policy.editor.model.Edit;
import io.sekisho.console.policy.editor.model.PortForm;
import io.sekisho.console.policy.editor.model.RulePicture;
import io.sekisho.console.policy.editor.model.SpecPicture;
import java.util.List;

/** What removing an element of the picture means. */
final class Removing {
  private Removing() {}

  /** The edits; none where there is nothing to remove. */
  static List<Edit> of(SpecPicture spec, ElementId id) {
    return switch (id) {
      case ElementId.Peer p -> List.of(new Edit.RemovePeer(p.id()));
      case ElementId.Ports p -> List.of(new Edit.RemoveRule(p.id()));
      case ElementId.Icmp i ->
          spec.rules().stream()
              .filter(r -> r.id().equals(i.id()))
              .findFirst()
              .map(Removing::icmp)
              .orElse(List.of());
      case ElementId.Subject s -> List.of();
      case ElementId.Rest r -> List.of();
      case ElementId.Add a -> List.of();
    };
  }

  /** The types go; where the rule has nothing else, all of it, or it would mean every port. */
  private static List<Edit> icmp(RulePicture rule) {
    List<PortForm> left = rule.ports().stream().filter(p -> !p.icmp()).toList();
    return List.of(
        left.isEmpty() ? new Edit.RemoveRule(rule.id()) : new Edit.SetPorts(rule.id(), left));
  }
}
