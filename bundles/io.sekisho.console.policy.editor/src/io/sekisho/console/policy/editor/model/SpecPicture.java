package io.sekisho.console.policy.editor.model;

import io.sekisho.console.policy.editor.yaml.Path;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Kind;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One spec of a document as it is drawn.
 *
 * @param head the document's kind and name
 * @param path where its text is
 * @param subject whom it speaks of
 * @param subjectPath where the text of the subject is
 * @param isolated directions in which only what a rule allows passes
 * @param rules in the order of the text, those that allow before those that deny
 * @param description free text, empty for none
 * @param undrawn fields that only the text shows
 */
public record SpecPicture(
    Head head,
    Path path,
    PeerForm subject,
    Path subjectPath,
    Set<Direction> isolated,
    List<RulePicture> rules,
    String description,
    List<String> undrawn) {
  /** Keeps immutable copies. */
  public SpecPicture {
    isolated = Set.copyOf(isolated);
    rules = List.copyOf(rules);
    undrawn = List.copyOf(undrawn);
  }

  /**
   * The document that a spec stands in.
   *
   * @param kind its kind
   * @param namespace its namespace, empty for one of the whole cluster
   * @param name its name
   * @param audit whether it is not in force
   */
  public record Head(Kind kind, String namespace, String name, boolean audit) {
    /** {@code namespace/name}, or the name alone. */
    public String title() {
      return namespace.isEmpty() ? name : namespace + "/" + name;
    }
  }

  /** The rules of a direction. */
  public Stream<RulePicture> rules(Direction direction) {
    return rules.stream().filter(r -> r.direction() == direction);
  }

  /** Whether the rules stand in an order that decides. */
  public boolean ordered() {
    return switch (head.kind()) {
      case CLUSTER_NETWORK_POLICY, ADMIN_NETWORK_POLICY, BASELINE_ADMIN_NETWORK_POLICY -> true;
      case CILIUM, CILIUM_CLUSTERWIDE, NETWORK_POLICY, EXPECTATION, PREFIX_LIST -> false;
    };
  }

  /** Whether it demands something in place of deciding. */
  public boolean demands() {
    return head.kind() == Kind.EXPECTATION;
  }
}
