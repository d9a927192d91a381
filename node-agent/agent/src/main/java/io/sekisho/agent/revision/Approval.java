package io.sekisho.agent.revision;

import io.sekisho.agent.revision.DocumentReader.Place;
import io.sekisho.agent.revision.DocumentReader.Read;
import io.sekisho.agent.revision.Judge.Judgement;
import io.sekisho.agent.revision.RevisionException.Code;
import io.sekisho.api.v1.ExpectationResult;
import io.sekisho.api.v1.ExpectationResult.State;
import io.sekisho.api.v1.OverriddenExpectation;
import io.sekisho.api.v1.Problem;
import io.sekisho.api.v1.Severity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether documents may come in force: what was expected and breaks must be overridden by name.
 *
 * @param problems warnings of the texts and of what they would do
 * @param expectations what became of each
 */
record Approval(List<Problem> problems, List<ExpectationResult> expectations) {

  /** Without anybody who was asked. */
  static Approval of(Read read) {
    return new Approval(read.problems(), List.of());
  }

  /** The same with a warning that has no place. */
  Approval warning(String message) {
    var more = new ArrayList<>(problems);
    more.add(Problem.newBuilder().setSeverity(Severity.WARNING).setMessage(message).build());
    return new Approval(more, expectations);
  }

  /** The judgement of texts; places are those of the texts. */
  static Approval of(Read read, Judgement judgement) {
    var problems = new ArrayList<>(read.problems());
    for (Problem trap : judgement.traps()) {
      Place place = read.places().get(trap.getText());
      problems.add(
          trap.toBuilder().setText(place.text()).setLine(trap.getLine() + place.lines()).build());
    }
    return new Approval(problems, judgement.expectations());
  }

  /**
   * The same, with expectations that may break.
   *
   * @throws RevisionException if there is no expectation of a name
   */
  Approval overriding(Collection<String> names) {
    Set<String> known =
        expectations.stream().map(ExpectationResult::getName).collect(Collectors.toSet());
    var unknown = new HashSet<>(names);
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new RevisionException(
          Code.NOT_FOUND,
          "there is no expectation "
              + unknown.stream().sorted().collect(Collectors.joining(", "))
              + " to override");
    }
    return new Approval(
        problems,
        expectations.stream().map(e -> names.contains(e.getName()) ? overridden(e) : e).toList());
  }

  private static ExpectationResult overridden(ExpectationResult result) {
    return result.getState() == State.BROKEN
        ? result.toBuilder().setState(State.OVERRIDDEN).build()
        : result;
  }

  /**
   * Lets only pass what breaks nothing.
   *
   * @throws RevisionException naming what breaks
   */
  void check() {
    List<String> broken = names(State.BROKEN);
    if (!broken.isEmpty()) {
      throw new RevisionException(
          Code.EXPECTATION,
          "broken: " + String.join(", ", broken) + "; it can be overridden by name",
          problems,
          expectations);
    }
  }

  private List<String> names(State state) {
    return expectations.stream()
        .filter(e -> e.getState() == state)
        .map(ExpectationResult::getName)
        .toList();
  }

  /** What stands in the revision of what its author broke. */
  List<OverriddenExpectation> overrides() {
    return expectations.stream()
        .filter(e -> e.getState() == State.OVERRIDDEN)
        .map(
            e ->
                OverriddenExpectation.newBuilder()
                    .setName(e.getName())
                    .setReason(e.getReason())
                    .setCounterExample(e.getCounterExample().getText())
                    .build())
        .toList();
  }
}
