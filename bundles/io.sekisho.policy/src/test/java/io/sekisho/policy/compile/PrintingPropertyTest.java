package io.sekisho.policy.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.policy.Documents;
import io.sekisho.policy.Parsed;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.Problem;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A document prints as it was read; what was torn on the way is told and never thrown. */
class PrintingPropertyTest {
  private static final List<String> TORN =
      List.of(
          "", " ", "\n", ":", "{", "}", "[", "]", "- ", "&a ", "*a ", "!!x ", "'", "\"", "#",
          "null", "\t", "\u0000", "\ufeff", "0x7", "---\n", "? ", "| ", "<<: ", "%", "\ud83d");

  @Provide
  Arbitrary<List<PolicyDocument>> documents() {
    return RandomPolicies.written().filter(d -> !d.isEmpty());
  }

  /** What may stand around documents and means nothing. */
  @Provide
  Arbitrary<String> between() {
    return Arbitraries.of(
        "---\n", "---\n# a comment\n", "\n---\n\n\n", "...\n---\n", "--- # behind\n", "---\n---\n");
  }

  @Property(tries = 200)
  void print_eachDocument_readsBackEqual(
      @ForAll("documents") List<PolicyDocument> documents, @ForAll("between") String between) {
    String stream =
        documents.stream()
            .map(d -> d.yaml().endsWith("\n") ? d.yaml() : d.yaml() + "\n")
            .collect(Collectors.joining(between));

    Parsed again = Documents.parse(List.of(stream));

    assertEquals(List.of(), again.errors());
    assertEquals(documents.size(), again.documents().size());
    for (int i = 0; i < documents.size(); i++) {
      PolicyDocument read = again.documents().get(i);
      PolicyDocument printed = Documents.parse(List.of(read.yaml())).documents().getFirst();
      assertEquals(read, printed);
      assertEquals(text(documents.get(i)), text(read));
    }
  }

  @Property(tries = 100)
  void print_windowsLinesAndComments_meanTheSame(
      @ForAll("documents") List<PolicyDocument> documents) {
    for (PolicyDocument document : documents) {
      String other =
          "\ufeff# before\r\n" + document.yaml().replace("\n", "   # here\r\n") + "\r\n# after\r\n";

      Parsed read = Documents.parse(List.of(other));

      assertEquals(List.of(), read.errors());
      assertEquals(text(document), text(read.documents().getFirst()));
      assertTrue(read.documents().getFirst().yaml().contains("# after"));
    }
  }

  /** What a document says, without the places where it says it. */
  private static String text(PolicyDocument document) {
    return document.documentName()
        + document.specs().stream()
            .map(s -> s.subject() + " " + s.standing() + s.isolated() + s.sections() + s.requires())
            .collect(Collectors.joining(";"))
        + document
            .rules()
            .map(r -> r.reference() + " " + r.action() + " " + r.canonicalText())
            .collect(Collectors.joining(";"));
  }

  @Provide
  Arbitrary<List<Tear>> tears() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 100_000),
            Arbitraries.integers().between(0, 12),
            Arbitraries.of(TORN))
        .as(Tear::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  /** Something taken out of a text and something put in. */
  record Tear(int place, int length, String instead) {
    String of(String text) {
      int from = place % (text.length() + 1);
      int to = Math.min(text.length(), from + length);
      return text.substring(0, from) + instead + text.substring(to);
    }
  }

  @Property(tries = 500)
  void parse_tornText_isReadOrToldNeverThrown(
      @ForAll("documents") List<PolicyDocument> documents, @ForAll("tears") List<Tear> tears) {
    String text =
        documents.stream().map(PolicyDocument::yaml).collect(Collectors.joining("\n---\n"));
    for (Tear tear : tears) {
      text = tear.of(text);
    }

    Parsed parsed = Documents.parse(List.of(text));

    assertTrue(parsed.hasErrors() || !parsed.documents().isEmpty());
    long lines = text.lines().count() + 1;
    for (Problem problem : parsed.problems()) {
      assertTrue(problem.line() >= 0 && problem.line() <= lines, problem::toString);
      assertTrue(!problem.message().isBlank());
    }
    for (PolicyDocument read : parsed.documents()) {
      assertEquals(List.of(read), Documents.parse(List.of(read.yaml())).documents());
    }
  }
}
