package io.sekisho.lab.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The cases by themselves, without a lab: different ones, and what the evaluator says of them. */
final class CasesTest {
  @Test
  void cases_areManyAndDifferent() {
    Set<String> names = new HashSet<>();
    Set<List<Object>> documents = new HashSet<>();
    for (Case each : Cases.all()) {
      assertTrue(names.add(each.name()), "twice: " + each);
      assertTrue(
          documents.add(List.of(each.enforcement(), each.documents())),
          "the same documents as another: " + each);
    }
    assertTrue(names.size() >= 150, names.size() + " cases");
  }

  @Test
  void evaluator_eachCase_saysWhatIsWrittenByHand() {
    List<String> wrong = new ArrayList<>();
    for (Case each : Cases.all()) {
      Trace trace = new Trace(each, Plan.identities(), Plan::address);
      each.links().stream()
          .filter(
              link ->
                  trace.allows(link) != each.allowed().has(link)
                      || trace.audits(link) != each.audited().has(link))
          .limit(3)
          .forEach(link -> wrong.add(each + ": " + link + ": " + trace.why(link)));
    }
    assertEquals("", String.join("\n", wrong));
  }
}
