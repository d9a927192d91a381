package io.sekisho.agent.revision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import io.sekisho.agent.cluster.ClusterStore.Lifetime;
import io.sekisho.agent.cluster.ClusterStoreException;
import io.sekisho.agent.cluster.FileStore;
import io.sekisho.agent.cluster.Inventory;
import io.sekisho.agent.explain.PolicyJudge;
import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.DocumentName;
import io.sekisho.api.v1.PushRequest;
import io.sekisho.api.v1.PushResponse;
import io.sekisho.api.v1.Revision;
import io.sekisho.api.v1.RevisionState;
import io.sekisho.api.v1.RollbackRequest;
import io.sekisho.policy.Enforcement;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of revisions. */
public final class RevisionsTest {
  @TempDir Path folder;
  private final FakeClock clock = new FakeClock();
  private FileStore store;
  private Revisions revisions;

  @BeforeEach
  void open() {
    store = new FileStore(folder.resolve("store"));
    revisions = over(store, clock);
  }

  /** Revisions of a cluster in which nobody is. */
  static Revisions over(FileStore store, FakeClock clock) {
    return new Revisions(
        store,
        new PolicyDocumentReader(),
        new PolicyJudge(() -> Inventory.EMPTY, () -> Enforcement.USUAL),
        clock);
  }

  @AfterEach
  void close() {
    store.close();
  }

  /** A small policy. */
  public static String policy(String name, int port) {
    return """
    # who may pay
    apiVersion: cilium.io/v2
    kind: CiliumNetworkPolicy
    metadata: {name: %s, namespace: shop}
    spec:
      endpointSelector: {matchLabels: {app: payment}}
      ingress:
        - fromEndpoints: [{matchLabels: {app: cart}}]
          toPorts: [{ports: [{port: "%d", protocol: TCP}]}]
    """
        .formatted(name, port);
  }

  private PushResponse push(long base, String... yaml) {
    return revisions.push(
        PushRequest.newBuilder()
            .setBase(base)
            .addAllUpsert(List.of(yaml))
            .setMessage("why")
            .build(),
        "alice");
  }

  private PushResponse pushPending(long base, int seconds, String yaml) {
    return revisions.push(
        PushRequest.newBuilder()
            .setBase(base)
            .addUpsert(yaml)
            .setConfirmWithin(Duration.newBuilder().setSeconds(seconds))
            .build(),
        "alice");
  }

  private static DocumentName name(String name) {
    return DocumentName.newBuilder()
        .setKind("CiliumNetworkPolicy")
        .setNamespace("shop")
        .setName(name)
        .build();
  }

  private static List<String> names(Revision revision) {
    return revision.getDocumentsList().stream().map(Document::getName).toList();
  }

  private static RevisionException.Code code(org.junit.jupiter.api.function.Executable call) {
    return assertThrows(RevisionException.class, call).code();
  }

  @Test
  void get_nothingPushed_isEmptyStart() {
    assertEquals(0, revisions.get(0).getNumber());
    assertEquals(0, revisions.history(0, 0).getRevisionsCount());
  }

  @Test
  void push_first_isInForceWithAuthorAndCounts() {
    var told = push(0, policy("a", 80), policy("b", 81)).getRevision();

    assertEquals(1, told.getNumber());
    assertEquals(2, told.getAdded());
    assertEquals("alice", told.getAuthor());
    assertEquals(RevisionState.CONFIRMED, told.getState());
    assertEquals(0, told.getDocumentsCount());
    assertEquals(List.of("a", "b"), names(revisions.get(0)));
    assertTrue(revisions.get(0).getDocuments(0).getYaml().contains("# who may pay"));
  }

  @Test
  void push_upsertAndRemove_countsAgainstBase() {
    push(0, policy("a", 80), policy("b", 81));
    var request =
        PushRequest.newBuilder()
            .setBase(1)
            .addUpsert(policy("a", 90))
            .addUpsert(policy("c", 91))
            .addRemove(name("b"));
    var told = revisions.push(request.build(), "bob").getRevision();

    assertEquals(List.of(1, 1, 1), List.of(told.getAdded(), told.getChanged(), told.getRemoved()));
    assertEquals(List.of("a", "c"), names(revisions.get(0)));
    assertEquals(List.of("a", "b"), names(revisions.get(1)));
  }

  @Test
  void push_wrongBase_isConflict() {
    push(0, policy("a", 80));
    assertEquals(RevisionException.Code.CONFLICT, code(() -> push(0, policy("b", 81))));
    assertEquals(1, revisions.history(0, 0).getRevisionsCount());
  }

  @Test
  void push_errors_tellsAllAndChangesNothing() {
    var error =
        assertThrows(
            RevisionException.class,
            () -> push(0, policy("a", 80), policy("b", 99999), "kind: [", "foo: bar"));
    assertEquals(RevisionException.Code.INVALID, error.code());
    assertTrue(error.problems().size() >= 3, error.problems().toString());
    assertTrue(error.problems().stream().anyMatch(p -> p.getText() == 1 && p.getLine() > 0));
    assertEquals(0, revisions.get(0).getNumber());
  }

  @Test
  void push_removeUnknown_isNotFound() {
    var request = PushRequest.newBuilder().addRemove(name("a")).build();
    assertEquals(RevisionException.Code.NOT_FOUND, code(() -> revisions.push(request, "a")));
  }

  @Test
  void push_tooLarge_isInvalid() {
    String comment = "# " + "x".repeat(1 << 20) + "\n";
    assertEquals(RevisionException.Code.INVALID, code(() -> push(0, comment + policy("a", 80))));
  }

  /** A policy of nodes' own traffic. */
  private static String nodePolicy(String ports) {
    return """
    apiVersion: cilium.io/v2
    kind: CiliumClusterwideNetworkPolicy
    metadata: {name: nodes}
    spec:
      nodeSelector: {}
      ingress: [{fromEntities: [all], toPorts: [{ports: [%s]}]}]
    """
        .formatted(ports);
  }

  @Test
  void push_policyOfNodes_mustBeConfirmedUnlessTheCallerSaysOtherwise() {
    PushResponse first = push(0, nodePolicy("{port: '22'}"));
    assertEquals(RevisionState.PENDING, first.getRevision().getState());
    assertTrue(first.getProblems(0).getMessage().contains("60 s"), first::toString);
    revisions.confirm(1);

    PushResponse other = push(1, policy("a", 80));
    assertEquals(RevisionState.CONFIRMED, other.getRevision().getState());
    PushResponse same = push(2, nodePolicy("{port: '22'}"));
    assertEquals(RevisionState.CONFIRMED, same.getRevision().getState());

    PushRequest.Builder changed =
        PushRequest.newBuilder().setBase(3).addUpsert(nodePolicy("{port: '23'}"));
    PushResponse sure = revisions.push(changed.setWithoutConfirmation(true).build(), "alice");
    assertEquals(RevisionState.CONFIRMED, sure.getRevision().getState());
  }

  /** A deny list with as many prefixes. */
  private static String prefixes(String name, int count) {
    var out =
        new StringBuilder("apiVersion: sekisho.io/v1\nkind: PrefixList\nmetadata: {name: ")
            .append(name)
            .append("}\nspec:\n  deny:\n");
    for (int i = 0; i < count; i++) {
      out.append("  - %d.%d.%d.0/24\n".formatted(1 + i % 200, i / 200 % 256, i / 51_200));
    }
    return out.toString();
  }

  @Test
  void push_hundredThousandPrefixes_areKeptOnceAndComeBackWhole() {
    String a = prefixes("a", 50_000);
    String b = prefixes("b", 50_000);
    push(0, a, b);
    push(1, policy("p", 80));
    Revision second = revisions.get(2);
    assertEquals(
        List.of(a, b),
        second.getDocumentsList().stream()
            .filter(d -> d.getKind().equals("PrefixList"))
            .map(Document::getYaml)
            .toList());
    assertEquals(2, store.list("texts/").size());
    assertEquals(1, revisions.diff(1, 2).getDocumentsCount());
    assertEquals(2, revisions.diff(0, 1).getDocumentsCount());
    assertEquals(2, revisions.history(0, 0).getRevisionsCount());
    push(2, prefixes("a", 49_999));
    assertEquals(3, store.list("texts/").size());
    String diff = revisions.diff(2, 3).getDocuments(0).getUnified();
    assertTrue(diff.lines().count() < 20, diff);
  }

  @Test
  void confirm_inTime_keeps() {
    push(0, policy("a", 80));
    var pending = pushPending(1, 60, policy("b", 81)).getRevision();
    assertEquals(RevisionState.PENDING, pending.getState());
    assertEquals(RevisionState.PENDING, revisions.get(2).getState());

    clock.advance(java.time.Duration.ofSeconds(59));
    assertFalse(revisions.revertOverdue());
    assertEquals(RevisionState.CONFIRMED, revisions.confirm(2).getState());
    clock.advance(java.time.Duration.ofSeconds(10));
    assertFalse(revisions.revertOverdue());
    assertEquals(2, revisions.history(0, 0).getHead());
  }

  @Test
  void confirm_late_isRefusedAndRevertBringsBaseBack() {
    push(0, policy("a", 80));
    pushPending(1, 60, policy("b", 81));
    clock.advance(java.time.Duration.ofSeconds(60));

    assertEquals(RevisionException.Code.STATE, code(() -> revisions.confirm(2)));
    assertTrue(revisions.revertOverdue());
    assertFalse(revisions.revertOverdue());
    assertEquals(1, revisions.history(0, 0).getHead());
    assertEquals(List.of("a"), names(revisions.get(0)));
    assertEquals(RevisionState.REVERTED, revisions.get(2).getState());
  }

  @Test
  void push_afterRevert_neverUsesTheNumberAgain() {
    push(0, policy("a", 80));
    pushPending(1, 60, policy("b", 81));
    clock.advance(java.time.Duration.ofSeconds(61));
    revisions.revertOverdue();

    var told = push(1, policy("c", 82)).getRevision();
    assertEquals(3, told.getNumber());
    assertEquals(1, told.getBase());
    assertEquals(List.of("a", "c"), names(revisions.get(3)));
    assertEquals(
        List.of(3L, 2L, 1L),
        revisions.history(0, 0).getRevisionsList().stream().map(Revision::getNumber).toList());
  }

  @Test
  void push_whilePending_isRefused() {
    pushPending(0, 60, policy("a", 80));
    assertEquals(RevisionException.Code.STATE, code(() -> push(1, policy("b", 81))));
  }

  @Test
  void rollback_whilePending_endsTheWaiting() {
    push(0, policy("a", 80));
    pushPending(1, 60, policy("b", 81));
    var back = revisions.rollback(RollbackRequest.newBuilder().setBase(2).setTo(1).build(), "bob");

    assertEquals(3, back.getRevision().getNumber());
    assertEquals(1, back.getRevision().getRemoved());
    assertEquals(RevisionState.CONFIRMED, revisions.get(3).getState());
    assertEquals(RevisionState.REVERTED, revisions.get(2).getState());
    assertEquals(RevisionException.Code.STATE, code(() -> revisions.confirm(2)));
  }

  @Test
  void rollback_policyOfNodesComesBack_mustBeConfirmedUnlessTheCallerSaysOtherwise() {
    push(0, nodePolicy("{port: '22'}"));
    revisions.confirm(1);
    var without =
        PushRequest.newBuilder()
            .setBase(1)
            .addRemove(
                DocumentName.newBuilder()
                    .setKind("CiliumClusterwideNetworkPolicy")
                    .setName("nodes"));
    revisions.push(without.build(), "alice");

    RollbackRequest.Builder back = RollbackRequest.newBuilder().setBase(2).setTo(1);
    PushResponse waiting = revisions.rollback(back.build(), "bob");
    assertEquals(RevisionState.PENDING, waiting.getRevision().getState());
    assertTrue(waiting.getProblems(0).getMessage().contains("60 s"), waiting::toString);

    var away = RollbackRequest.newBuilder().setBase(3).setTo(2).build();
    PushResponse taken = revisions.rollback(away, "bob");
    assertEquals(
        RevisionState.CONFIRMED, taken.getRevision().getState(), "what waits goes at once");
    PushResponse sure =
        revisions.rollback(back.setBase(4).setWithoutConfirmation(true).build(), "bob");
    assertEquals(RevisionState.CONFIRMED, sure.getRevision().getState());
  }

  @Test
  void rollback_toEmptyStart_removesAll() {
    push(0, policy("a", 80));
    revisions.rollback(RollbackRequest.newBuilder().setBase(1).setTo(0).build(), "bob");
    assertEquals(List.of(), names(revisions.get(0)));
    assertEquals("rollback to revision 0", revisions.get(0).getMessage());
  }

  @Test
  void rollback_unknown_isNotFound() {
    push(0, policy("a", 80));
    var request = RollbackRequest.newBuilder().setBase(1).setTo(9).build();
    assertEquals(RevisionException.Code.NOT_FOUND, code(() -> revisions.rollback(request, "b")));
  }

  @Test
  void history_limitAndBefore_page() {
    for (int i = 0; i < 5; i++) {
      push(i, policy("p" + i, 80 + i));
    }
    var page = revisions.history(2, 0).getRevisionsList();
    assertEquals(List.of(5L, 4L), page.stream().map(Revision::getNumber).toList());
    page = revisions.history(2, 4).getRevisionsList();
    assertEquals(List.of(3L, 2L), page.stream().map(Revision::getNumber).toList());
    assertEquals(0, page.getFirst().getDocumentsCount());
  }

  @Test
  void diff_twoRevisions_namesWhatDiffers() {
    push(0, policy("a", 80), policy("b", 81));
    var request = PushRequest.newBuilder().setBase(1).addUpsert(policy("a", 90));
    revisions.push(request.addRemove(name("b")).build(), "bob");

    var diffs = revisions.diff(1, 2).getDocumentsList();
    assertEquals(2, diffs.size());
    assertTrue(diffs.get(0).getUnified().contains("90"), diffs.get(0).getUnified());
    assertFalse(diffs.get(1).hasAfter());
    assertEquals(2, revisions.diff(0, 1).getDocumentsCount());
    assertEquals(0, revisions.diff(2, 2).getDocumentsCount());
  }

  @Test
  void push_anotherOneBetween_leavesNothingInForce() {
    push(0, policy("a", 80));
    // A record without head, as an agent leaves that died while it pushed.
    var lost = Revision.newBuilder().setNumber(2).setBase(1).build();
    store.put("revisions/2", lost.toByteArray(), Lifetime.PERSISTENT);

    assertEquals(3, push(1, policy("b", 81)).getRevision().getNumber());
    assertEquals(
        List.of(3L, 1L),
        revisions.history(0, 0).getRevisionsList().stream().map(Revision::getNumber).toList());
    assertEquals(RevisionException.Code.NOT_FOUND, code(() -> revisions.get(2)));
  }

  @Test
  void push_brokenHead_isCorrupt() {
    store.put("head", new byte[] {(byte) 0xff}, Lifetime.PERSISTENT);
    var error = assertThrows(ClusterStoreException.class, () -> push(0, policy("a", 80)));
    assertEquals(ClusterStoreException.Code.CORRUPT, error.code());
  }
}
