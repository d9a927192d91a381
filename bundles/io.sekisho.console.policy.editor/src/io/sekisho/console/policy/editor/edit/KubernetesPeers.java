package io.sekisho.console.policy.editor.edit;

import io.sekisho.console.policy.editor.model.Condition;
import io.sekisho.console.policy.editor.model.EditException;
import io.sekisho.console.policy.editor.model.PeerForm;
import io.sekisho.console.policy.editor.yaml.Value.Fields;
import io.sekisho.policy.Requirement.Operator;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code podSelector} and {@code namespaceSelector} side by side, as Kubernetes' kinds have them.
 */
final class KubernetesPeers {
  static final String PODS = "podSelector";
  static final String NAMESPACES = "namespaceSelector";

  /** A namespace selector without conditions: every namespace. */
  static final Condition ANY_NAMESPACE =
      new Condition(Condition.NAMESPACE, Operator.EXISTS, List.of());

  private KubernetesPeers() {}

  static List<Condition> read(Fields peer) {
    List<Condition> out = new ArrayList<>();
    peer.map(PODS).map(LabelSelector.PODS::read).ifPresent(out::addAll);
    peer.map(NAMESPACES).map(KubernetesPeers::namespaces).ifPresent(out::addAll);
    return out;
  }

  static List<Condition> namespaces(Fields selector) {
    List<Condition> read = LabelSelector.NAMESPACES.read(selector);
    return read.isEmpty() ? List.of(ANY_NAMESPACE) : read;
  }

  /** Those of the pod itself; keys with a source are unknown to Kubernetes. */
  static List<Condition> ofPods(PeerForm.Pods pods) throws EditException {
    List<Condition> out = pods.conditions().stream().filter(c -> !c.ofNamespace()).toList();
    for (Condition c : out) {
      if (c.key().contains(":")) {
        throw new EditException(EditException.Code.PEER_OF_KIND, c.key());
      }
    }
    return out;
  }

  /** Those of the namespace, without the one that every namespace fulfils. */
  static List<Condition> ofNamespaces(PeerForm.Pods pods) {
    return pods.conditions().stream()
        .filter(c -> c.ofNamespace() && !c.equals(ANY_NAMESPACE))
        .toList();
  }

  static boolean speaksOfNamespaces(PeerForm.Pods pods) {
    return pods.conditions().stream().anyMatch(Condition::ofNamespace);
  }

  /** Both selectors, where they say something. */
  static Fields write(Fields old, PeerForm.Pods pods) throws EditException {
    Fields next = old;
    List<Condition> own = ofPods(pods);
    boolean spaces = speaksOfNamespaces(pods);
    if (!own.isEmpty() || old.has(PODS) || !spaces) {
      Fields was = old.map(PODS).orElse(Fields.NONE);
      next = next.with(PODS, LabelSelector.PODS.write(was, own));
    }
    if (!spaces) {
      return next.without(NAMESPACES);
    }
    Fields was = old.map(NAMESPACES).orElse(Fields.NONE);
    return next.with(NAMESPACES, LabelSelector.NAMESPACES.write(was, ofNamespaces(pods)));
  }
}
