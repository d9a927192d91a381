package io.sekisho.console.policy.editor.model;

import io.sekisho.console.policy.editor.yaml.Path;

/**
 * A peer by its place in the text.
 *
 * @param rule the rule that names it
 * @param field the field of the rule that holds it; empty for everybody, who is not named
 * @param index place in that list, from 0
 */
public record PeerId(RuleId rule, String field, int index) {
  /** Where its text is; for everybody, that of the rule. */
  public Path path() {
    return field.isEmpty() ? rule.path() : rule.path().key(field).at(index);
  }
}
