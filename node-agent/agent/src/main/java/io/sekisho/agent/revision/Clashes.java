package io.sekisho.agent.revision;

import io.sekisho.agent.revision.DocumentReader.Place;
import io.sekisho.agent.revision.DocumentReader.Read;
import io.sekisho.agent.revision.RevisionException.Code;
import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.Problem;
import io.sekisho.api.v1.Severity;
import io.sekisho.policy.DocumentName;
import java.util.ArrayList;
import java.util.List;

/**
 * Documents that may not come in force, since others than revisions have their names.
 *
 * @param problems an error for each
 */
record Clashes(List<Problem> problems) {
  /** Of what was read, each at the line where the document begins. */
  static Clashes of(Read read, OtherDocuments others) {
    var problems = new ArrayList<Problem>();
    for (int i = 0; i < read.documents().size(); i++) {
      Place place = read.places().get(i);
      Document document = read.documents().get(i);
      others
          .owner(name(document))
          .map(
              owner ->
                  problem(document, owner)
                      .setText(place.text())
                      .setLine(place.lines() + 1)
                      .setColumn(1)
                      .build())
          .ifPresent(problems::add);
    }
    return new Clashes(List.copyOf(problems));
  }

  /** Of stored documents, which have no place in a text. */
  static Clashes of(List<Document> documents, OtherDocuments others) {
    return new Clashes(
        documents.stream()
            .flatMap(d -> others.owner(name(d)).map(o -> problem(d, o).build()).stream())
            .toList());
  }

  private static DocumentName name(Document document) {
    return new DocumentName(document.getKind(), document.getNamespace(), document.getName());
  }

  private static Problem.Builder problem(Document document, String owner) {
    String name = DocumentSet.name(document);
    return Problem.newBuilder()
        .setSeverity(Severity.ERROR)
        .setDocument(name)
        .setMessage(name + " is in " + owner + "; change it there, or delete it there first");
  }

  /**
   * Lets only pass what clashes with nothing.
   *
   * @throws RevisionException with every problem
   */
  void check() {
    if (!problems.isEmpty()) {
      String first = problems.getFirst().getMessage();
      String more = problems.size() == 1 ? "" : "; and " + (problems.size() - 1) + " more";
      throw new RevisionException(Code.INVALID, first + more, problems);
    }
  }
}
