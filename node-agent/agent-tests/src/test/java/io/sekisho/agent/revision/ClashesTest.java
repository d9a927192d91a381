package io.sekisho.agent.revision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.cluster.FileStore;
import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.Problem;
import io.sekisho.api.v1.PushRequest;
import io.sekisho.api.v1.RollbackRequest;
import io.sekisho.api.v1.Severity;
import io.sekisho.api.v1.ValidateRequest;
import io.sekisho.api.v1.ValidateResponse;
import io.sekisho.policy.DocumentName;
import io.sekisho.policy.ServiceCatalog;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names that somebody else has, in a validation, a push and a rollback. */
final class ClashesTest {
  @TempDir Path folder;
  private final Set<String> taken = new HashSet<>();
  private FileStore store;
  private Revisions revisions;

  @BeforeEach
  void open() {
    store = new FileStore(folder.resolve("store"));
    revisions = RevisionsTest.over(store, new FakeClock());
    revisions.beside(
        new OtherDocuments() {
          @Override
          public Optional<String> owner(DocumentName name) {
            return taken.contains(name.name()) ? Optional.of("the ledger") : Optional.empty();
          }

          @Override
          public List<Document> documents() {
            return List.of();
          }

          @Override
          public ServiceCatalog services() {
            return ServiceCatalog.EMPTY;
          }
        });
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static String sentence(String name) {
    return "CiliumNetworkPolicy shop/"
        + name
        + " is in the ledger; change it there, or delete it there first";
  }

  @Test
  void validate_takenName_isAnErrorAtItsDocument() {
    taken.add("b");
    String both = RevisionsTest.policy("a", 80) + "---\n" + RevisionsTest.policy("b", 81);
    ValidateResponse told =
        revisions.validate(
            ValidateRequest.newBuilder()
                .addTexts(RevisionsTest.policy("c", 82))
                .addTexts(both)
                .build());
    List<Problem> errors =
        told.getProblemsList().stream().filter(p -> p.getSeverity() == Severity.ERROR).toList();
    assertEquals(1, errors.size(), told::toString);
    assertEquals(sentence("b"), errors.getFirst().getMessage());
    assertEquals(1, errors.getFirst().getText());
    assertEquals("---", both.split("\n")[errors.getFirst().getLine() - 2]);
  }

  @Test
  void push_takenNames_isInvalidWithAllOfThem() {
    taken.addAll(List.of("a", "b"));
    PushRequest request =
        PushRequest.newBuilder()
            .addUpsert(RevisionsTest.policy("a", 80))
            .addUpsert(RevisionsTest.policy("b", 81))
            .build();
    var error = assertThrows(RevisionException.class, () -> revisions.push(request, "alice"));
    assertEquals(RevisionException.Code.INVALID, error.code());
    assertEquals(sentence("a") + "; and 1 more", error.getMessage());
    assertEquals(
        List.of(sentence("a"), sentence("b")),
        error.problems().stream().map(Problem::getMessage).toList());
    assertEquals(0, revisions.get(0).getNumber());
  }

  @Test
  void rollback_nameTakenSince_isInvalid() {
    PushRequest first = PushRequest.newBuilder().addUpsert(RevisionsTest.policy("a", 80)).build();
    assertEquals(1, revisions.push(first, "alice").getRevision().getNumber());
    RollbackRequest away = RollbackRequest.newBuilder().setBase(1).setTo(0).build();
    assertEquals(2, revisions.rollback(away, "alice").getRevision().getNumber());
    taken.add("a");
    RollbackRequest back = RollbackRequest.newBuilder().setBase(2).setTo(1).build();
    var error = assertThrows(RevisionException.class, () -> revisions.rollback(back, "alice"));
    assertEquals(RevisionException.Code.INVALID, error.code());
    assertTrue(String.valueOf(error.getMessage()).startsWith(sentence("a")), error::toString);
    assertEquals(2, revisions.get(0).getNumber());
  }
}
