package io.sekisho.policy.parse;

import io.sekisho.policy.Entity;
import io.sekisho.policy.Peer;
import io.sekisho.policy.Requirement;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/** Peers that have a name of their own: entities, and the nodes. */
final class EntityReader {
  private final Findings findings;
  private final LabelReader labels;

  EntityReader(Findings findings) {
    this.findings = findings;
    this.labels = new LabelReader((place, text) -> Optional.of(text), findings);
  }

  /**
   * An entity.
   *
   * @param exact whether the rule must not miss anybody: it denies, or leaves to others
   */
  Optional<Peer> read(Node node, String what, boolean exact) {
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
    entity.filter(e -> e == Entity.KUBE_APISERVER).ifPresent(e -> hintApiServer(node, exact));
    return entity.map(Peer.Group::new);
  }

  private void hintApiServer(Node node, boolean exact) {
    if (exact) {
      findings.error(
          node, "which addresses 'kube-apiserver' has is not known, so it cannot be denied");
    } else {
      findings.warn(
          node, "which addresses 'kube-apiserver' has is not known, so the rule allows nobody");
    }
  }

  /** All nodes; nodes have no labels of their own by which some could be told from others. */
  List<Peer> nodes(Node node, String what) {
    List<Requirement> conditions = labels.read(node, what);
    if (!conditions.isEmpty()) {
      findings.error(
          node, "labels of nodes are not known: write {} for all nodes, or name their addresses");
    }
    return List.of(new Peer.Group(Entity.HOST), new Peer.Group(Entity.REMOTE_NODE));
  }
}
