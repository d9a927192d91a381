package io.sekisho.policy.parse;

import io.sekisho.policy.Entity;
import io.sekisho.policy.Peer;
import io.sekisho.policy.Requirement;
import io.sekisho.policy.Selector;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/** Peers that have a name of their own: entities, and the nodes. */
final class EntityReader {
  private final Findings findings;
  private final LabelReader labels;

  EntityReader(Findings findings) {
    this.findings = findings;
    this.labels = new LabelReader(new NodeKey(findings), findings);
  }

  /** An entity. */
  Optional<Peer> read(Node node, String what) {
    Optional<String> text = Fields.text(node, what, findings);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<Entity> entity = Entity.of(text.get());
    if (entity.isEmpty()) {
      findings.error(
          node,
          "there is no entity '" + text.get() + "', only " + String.join(", ", Entity.words()),
          DidYouMean.nearest(text.get(), Entity.words()));
    }
    return entity.map(Peer.Group::new);
  }

  /** Nodes by their labels; {@code {}} means all. */
  List<Peer> nodes(Node node, String what) {
    List<Requirement> conditions = labels.read(node, what);
    return conditions.isEmpty()
        ? List.of(new Peer.Group(Entity.HOST), new Peer.Group(Entity.REMOTE_NODE))
        : List.of(new Peer.Nodes(Selector.of(conditions)));
  }
}
