package io.sekisho.lab.matrix;

import io.sekisho.policy.Enforcement;
import java.util.List;

/**
 * Documents, and what they let pass.
 *
 * @param name says what is asked
 * @param allowed written by hand, not computed by anything of ours
 * @param enforcement how the cluster obeys them
 * @param documents YAML texts of one document each
 * @param audited what passes only because one of its ends is under audit; written by hand, too
 */
record Case(
    String name, Links allowed, Enforcement enforcement, List<String> documents, Links audited) {
  Case(String name, Links allowed, List<String> documents) {
    this(name, allowed, Enforcement.USUAL, documents, Links.NONE);
  }

  Case(String name, Links allowed, String... documents) {
    this(name, allowed, List.of(documents));
  }

  Case(String name, Links allowed, Enforcement enforcement, String... documents) {
    this(name, allowed, enforcement, List.of(documents), Links.NONE);
  }

  /** The same case, in which some of what passes is audited. */
  Case auditing(Links some) {
    return new Case(name, allowed, enforcement, documents, some);
  }

  /** What is tried: with nodes too, if the documents speak of them. */
  List<Link> links() {
    return documents.stream().anyMatch(d -> d.contains("nodeSelector"))
        ? Plan.nodeLinks()
        : Plan.links();
  }

  @Override
  public String toString() {
    return name;
  }
}
