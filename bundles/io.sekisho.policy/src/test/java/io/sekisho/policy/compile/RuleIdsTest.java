package io.sekisho.policy.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.policy.Documents;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.Rule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Ids name rules, and stay while rules do. */
class RuleIdsTest {
  private static PolicyDocument document(String name, String port) {
    return Documents.parse(
            List.of(
                """
                apiVersion: cilium.io/v2
                kind: CiliumNetworkPolicy
                metadata: {name: %s}
                spec:
                  endpointSelector: {}
                  ingress:
                  - fromEntities: [cluster, host]
                  - toPorts: [{ports: [{port: "%s"}]}]
                """
                    .formatted(name, port)))
        .documents()
        .get(0);
  }

  private static Rule rule(PolicyDocument document, int index) {
    return document.rules().toList().get(index - 1);
  }

  private static int id(int index, PolicyDocument... documents) {
    return RuleIds.of(List.of(documents)).id(rule(documents[0], index).reference());
  }

  @Test
  void id_sameRuleAmongOthers_stays() {
    PolicyDocument a = document("a", "80");
    assertEquals(id(1, a), id(1, a, document("b", "80")));
    assertEquals(id(1, a), id(1, document("a", "81")), "only rule 2 differs");
    assertNotEquals(id(2, a), id(2, document("a", "81")));
  }

  @Test
  void id_otherWriting_isTheSame() {
    PolicyDocument a = document("a", "80");
    String yaml = a.yaml().replace("[cluster, host]", "[host, cluster] # swapped") + "# end\n";
    PolicyDocument b = Documents.parse(List.of("# more\n\n" + yaml)).documents().get(0);
    assertEquals(id(1, a), id(1, b));
  }

  @Test
  void rule_ofId_isFoundBack() {
    PolicyDocument a = document("a", "80");
    RuleIds ids = RuleIds.of(List.of(a));
    a.rules()
        .forEach(
            r -> {
              int id = ids.id(r.reference());
              assertTrue(Integer.compareUnsigned(id, RuleIds.FIRST) >= 0);
              assertEquals(Optional.of(r.reference()), ids.rule(id));
            });
    assertEquals(Optional.empty(), ids.rule(RuleIds.DEFAULT_DENY));
  }

  @Test
  void of_withNumbersBefore_givesTheSameNumbers() {
    List<PolicyDocument> old = List.of(document("a", "80"), document("b", "80"));
    var facts = DocumentFacts.of(old, Map.of());
    RuleIds before = RuleIds.of(facts);
    List<PolicyDocument> documents = List.of(old.get(1), document("a", "81"), document("c", "80"));
    RuleIds fresh = RuleIds.of(documents);
    RuleIds known = RuleIds.of(DocumentFacts.of(documents, facts));
    documents.stream()
        .flatMap(PolicyDocument::rules)
        .forEach(
            r -> {
              int id = fresh.id(r.reference());
              assertEquals(id, known.id(r.reference()));
              assertEquals(Optional.of(r.reference()), known.rule(id));
            });
    PolicyDocument gone = old.get(0);
    int goneId = before.id(rule(gone, 2).reference());
    assertEquals(Optional.empty(), known.rule(goneId));
    assertEquals(rule(gone, 2), before.without(known).get(goneId));
    old.get(1)
        .rules()
        .forEach(r -> assertFalse(before.without(known).containsKey(before.id(r.reference()))));
  }

  @Test
  void id_unknownRule_throws() {
    RuleIds ids = RuleIds.of(List.of());
    PolicyDocument a = document("a", "80");
    assertThrows(IllegalArgumentException.class, () -> ids.id(rule(a, 1).reference()));
  }
}
