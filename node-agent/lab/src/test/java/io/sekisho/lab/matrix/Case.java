package io.sekisho.lab.matrix;

import java.util.List;

/**
 * Documents, and what they let pass.
 *
 * @param name says what is asked
 * @param allowed written by hand, not computed by anything of ours
 * @param documents YAML texts of one document each
 */
record Case(String name, Links allowed, List<String> documents) {
  Case(String name, Links allowed, String... documents) {
    this(name, allowed, List.of(documents));
  }

  @Override
  public String toString() {
    return name;
  }
}
