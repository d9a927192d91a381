package io.sekisho.policy;

import java.util.Comparator;

/**
 * What a document is called; unique in a revision.
 *
 * @param kind for example {@code CiliumNetworkPolicy}
 * @param namespace empty for a document of the whole cluster
 * @param name name in its namespace
 */
public record DocumentName(String kind, String namespace, String name)
    implements Comparable<DocumentName> {
  private static final Comparator<DocumentName> ORDER =
      Comparator.comparing(DocumentName::kind)
          .thenComparing(DocumentName::namespace)
          .thenComparing(DocumentName::name);

  /** {@code namespace/name}, or the name alone for a document of the whole cluster. */
  public String path() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }

  @Override
  public int compareTo(DocumentName other) {
    return ORDER.compare(this, other);
  }

  /** {@code kind namespace/name}. */
  @Override
  public String toString() {
    return kind + " " + path();
  }
}
