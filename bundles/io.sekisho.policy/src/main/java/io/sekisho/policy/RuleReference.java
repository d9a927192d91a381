package io.sekisho.policy;

import java.util.Comparator;

/**
 * Names one rule of one document.
 *
 * @param kind kind of the document
 * @param namespace empty for a document of the whole cluster
 * @param name name of the document
 * @param section the list that the rule stands in
 * @param index place in the list, from 1; counts on over several {@code specs}
 * @param line line of the rule in its document's own text, from 1
 */
public record RuleReference(
    String kind, String namespace, String name, Section section, int index, int line)
    implements Comparable<RuleReference> {
  private static final Comparator<RuleReference> ORDER =
      Comparator.comparing(RuleReference::document)
          .thenComparing(RuleReference::section)
          .thenComparing(RuleReference::index);

  /** The document that the rule stands in. */
  public DocumentName document() {
    return new DocumentName(kind, namespace, name);
  }

  /** By document, section and index. */
  @Override
  public int compareTo(RuleReference other) {
    return ORDER.compare(this, other);
  }

  /** As people name it: {@code shop/payment-in:2}, or {@code name:2} for the whole cluster. */
  @Override
  public String toString() {
    return document().path() + ":" + index;
  }
}
