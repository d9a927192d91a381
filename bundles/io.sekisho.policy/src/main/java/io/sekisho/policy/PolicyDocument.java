package io.sekisho.policy;

import java.util.List;
import java.util.stream.Stream;

/**
 * One document as its author wrote it, and what it says; immutable.
 *
 * @param kind the word of a {@link Kind}
 * @param namespace empty for a document of the whole cluster
 * @param name name in its namespace
 * @param yaml exactly the text of this document, comments included, without the {@code ---} between
 *     documents; lines of rules count in this text
 * @param specs what it decides: one for {@code spec}, then one for each of {@code specs}
 * @param expectations what it demands, without deciding anything
 * @param prefixes addresses that may send nothing
 */
public record PolicyDocument(
    String kind,
    String namespace,
    String name,
    String yaml,
    List<PolicySpec> specs,
    List<Expectation> expectations,
    List<PrefixList> prefixes) {
  /** Keeps an immutable copy. */
  public PolicyDocument {
    specs = List.copyOf(specs);
    expectations = List.copyOf(expectations);
    prefixes = List.copyOf(prefixes);
  }

  /** What the document is called. */
  public DocumentName documentName() {
    return new DocumentName(kind, namespace, name);
  }

  /** Whether a spec speaks of nodes' own traffic. */
  public boolean selectsNodes() {
    return specs.stream().anyMatch(PolicySpec::selectsNodes);
  }

  /** Every rule of every spec. */
  public Stream<Rule> rules() {
    return specs.stream().flatMap(s -> s.rules().stream());
  }
}
