package io.sekisho.impact.propose;

import java.util.List;

/**
 * A document for the operator to look at, to change, and to push.
 *
 * @param namespace its namespace
 * @param name its name
 * @param yaml the text, with comments
 * @param notes what the operator should know, as sentences; they also stand in the text
 * @param flows how many flows it stands for
 */
public record Proposal(String namespace, String name, String yaml, List<String> notes, long flows) {
  /** Keeps an immutable copy. */
  public Proposal {
    notes = List.copyOf(notes);
  }
}
