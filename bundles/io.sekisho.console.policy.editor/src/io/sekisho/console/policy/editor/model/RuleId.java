package io.sekisho.console.policy.editor.model;

import io.sekisho.console.policy.editor.yaml.Path;

/**
 * A rule by its place in the text.
 *
 * @param spec the spec that it stands in
 * @param section the field of the spec that holds it
 * @param index place in that list, from 0
 */
public record RuleId(Path spec, String section, int index) {
  /** Where its text is. */
  public Path path() {
    return section.isEmpty() ? spec : spec.key(section).at(index);
  }
}
