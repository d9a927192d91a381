package io.sekisho.impact.propose;

import io.sekisho.policy.Direction;
import io.sekisho.policy.Section;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A document to be written.
 *
 * @param namespace of the endpoints that it selects
 * @param subject conditions that select them
 * @param comments lines at the top
 * @param sections the rules; an empty list isolates
 * @param open directions in which it shall not switch default deny on
 */
record DocumentDraft(
    String name,
    String namespace,
    List<io.sekisho.policy.Requirement> subject,
    List<String> comments,
    Map<Section, List<RuleDraft>> sections,
    Set<Direction> open) {}
