package io.sekisho.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Differences of texts and of document sets. */
class DiffsTest {
  private static PolicyDocument document(String name, String rules) {
    return Documents.parse(
            List.of(
                """
                apiVersion: cilium.io/v2
                kind: CiliumNetworkPolicy
                metadata: {name: %s}
                spec:
                  endpointSelector: {}
                  ingress: %s
                """
                    .formatted(name, rules)))
        .documents()
        .get(0);
  }

  @Test
  void unified_changedLine_hasContext() {
    assertEquals(
        "--- before\n+++ after\n@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n",
        Diffs.unified("a\nb\nc\n", "a\nx\nc\n"));
  }

  @Test
  void unified_equalTexts_isEmpty() {
    assertEquals("", Diffs.unified("a\n", "a\n"));
  }

  @Test
  void unified_fromNothing_addsAll() {
    assertTrue(Diffs.unified("", "a\nb\n").endsWith("+a\n+b\n"), Diffs.unified("", "a\nb\n"));
  }

  @Test
  void documents_addedChangedRemoved_areFound() {
    PolicyDocument kept = document("kept", "[{fromEntities: [host]}]");
    PolicyDocument gone = document("gone", "[{fromEntities: [host]}]");
    PolicyDocument before = document("new", "[{fromEntities: [host]}, {fromEntities: [world]}]");
    PolicyDocument after = document("new", "[{fromEntities: [host]}, {fromEntities: [all]}]");
    PolicyDocument fresh = document("z", "[{fromEntities: [host]}]");
    List<Diffs.DocumentChange> changes =
        Diffs.documents(List.of(kept, gone, before), List.of(after, fresh, kept));
    assertEquals(
        List.of("REMOVED default/gone", "CHANGED default/new", "ADDED default/z"),
        changes.stream().map(c -> c.change() + " " + c.name().path()).toList());
    assertEquals(
        List.of(new Diffs.RuleChange(Diffs.Change.CHANGED, Section.INGRESS, 2)),
        changes.get(1).rules());
    assertTrue(
        changes
            .get(1)
            .unified()
            .contains("+  ingress: [{fromEntities: [host]}, {fromEntities: [all]}]"));
  }

  @Test
  void documents_changedComment_changesNoRule() {
    PolicyDocument before = document("p", "[{fromEntities: [host]}]");
    PolicyDocument after = document("p", "[{fromEntities: [host]}] # ok");
    List<Diffs.DocumentChange> changes = Diffs.documents(List.of(before), List.of(after));
    assertEquals(List.of(), changes.get(0).rules());
    assertEquals(List.of(), Diffs.documents(List.of(before), List.of(before)));
  }
}
