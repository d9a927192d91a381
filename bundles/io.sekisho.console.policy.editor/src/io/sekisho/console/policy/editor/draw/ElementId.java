package io.sekisho.console.policy.editor.draw;

import io.sekisho.console.policy.editor.model.PeerId;
import io.sekisho.console.policy.editor.model.RuleId;
import io.sekisho.console.policy.editor.yaml.Path;
import io.sekisho.policy.Direction;

/** What can be selected in the picture. */
public sealed interface ElementId {
  /** Whom the spec speaks of. */
  record Subject(Path path) implements ElementId {}

  /** A peer of a rule. */
  record Peer(PeerId id) implements ElementId {}

  /** The ports of a rule. */
  record Ports(RuleId id) implements ElementId {}

  /** The types of ICMP of a rule, which are no ports. */
  record Icmp(RuleId id) implements ElementId {}

  /** What becomes of all else. */
  record Rest(Path spec, Direction direction) implements ElementId {}

  /** Where something can be added. */
  record Add(Path spec, Direction direction) implements ElementId {}

  /** Where its text is. */
  default Path path() {
    return switch (this) {
      case Subject s -> s.path();
      case Peer p -> p.id().path();
      case Ports p -> p.id().path();
      case Icmp i -> i.id().path().key("icmps");
      case Rest r -> r.spec();
      case Add a -> a.spec();
    };
  }
}
