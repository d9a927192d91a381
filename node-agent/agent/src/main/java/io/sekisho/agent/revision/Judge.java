package io.sekisho.agent.revision;

import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.ExpectationResult;
import io.sekisho.api.v1.Problem;
import java.util.List;

/** Says what documents would do in the cluster as it is now; calls may take a second or two. */
@FunctionalInterface
public interface Judge {
  /**
   * Judges documents that shall come in force.
   *
   * @param before those in force
   * @param after those that shall be, valid ones
   * @param written those of them that somebody wrote just now, whose traps are told
   */
  Judgement judge(List<Document> before, List<Document> after, List<Document> written);

  /**
   * What was found.
   *
   * @param traps warnings: their text is the place in {@code written}, their lines count in the
   *     document's own text
   * @param expectations what became of every expectation
   */
  record Judgement(List<Problem> traps, List<ExpectationResult> expectations) {
    /** Keeps immutable copies. */
    public Judgement {
      traps = List.copyOf(traps);
      expectations = List.copyOf(expectations);
    }
  }
}
