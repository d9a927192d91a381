package io.sekisho.console.policy.editor.model;

import io.sekisho.console.policy.editor.yaml.Path;
import io.sekisho.policy.Direction;
import java.util.List;

/** What can be done to a picture. */
public sealed interface Edit {
  /** A new rule for a peer; every port if none is given. */
  record AddRule(Path spec, Direction direction, Effect effect, PeerForm peer, List<PortForm> ports)
      implements Edit {}

  /** A peer more in a rule; where the rule can't hold it, a rule of its own with the same ports. */
  record AddPeer(RuleId rule, PeerForm peer) implements Edit {}

  /** Another peer in the place of one. */
  record SetPeer(PeerId peer, PeerForm form) implements Edit {}

  /** A peer less; the rule goes with its last one. */
  record RemovePeer(PeerId peer) implements Edit {}

  /** A rule less; the default of its direction stays. */
  record RemoveRule(RuleId rule) implements Edit {}

  /** Other ports; every port if none is given. */
  record SetPorts(RuleId rule, List<PortForm> ports) implements Edit {}

  /** Allow, deny or pass. */
  record SetEffect(RuleId rule, Effect effect) implements Edit {}

  /** Another subject. */
  record SetSubject(Path spec, List<Condition> conditions) implements Edit {}

  /** Whether only what a rule allows passes in a direction. */
  record SetIsolation(Path spec, Direction direction, boolean on) implements Edit {}

  /** A rule changes places with the one before ({@code -1}) or behind ({@code 1}) it. */
  record MoveRule(RuleId rule, int by) implements Edit {}

  /** The spec that the edit changes. */
  default Path specPath() {
    return switch (this) {
      case AddRule e -> e.spec();
      case AddPeer e -> e.rule().spec();
      case SetPeer e -> e.peer().rule().spec();
      case RemovePeer e -> e.peer().rule().spec();
      case RemoveRule e -> e.rule().spec();
      case SetPorts e -> e.rule().spec();
      case SetEffect e -> e.rule().spec();
      case SetSubject e -> e.spec();
      case SetIsolation e -> e.spec();
      case MoveRule e -> e.rule().spec();
    };
  }
}
