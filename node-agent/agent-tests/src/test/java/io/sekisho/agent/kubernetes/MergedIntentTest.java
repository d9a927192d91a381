package io.sekisho.agent.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.revision.Intent;
import io.sekisho.api.v1.Document;
import io.sekisho.policy.DocumentName;
import io.sekisho.policy.Kind;
import io.sekisho.policy.ServiceCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class MergedIntentTest {
  private final List<Intent> told = new ArrayList<>();
  private final AtomicLong now = new AtomicLong();
  private final MergedIntent merged = new MergedIntent(now::incrementAndGet, told::add);

  private static PolicyObject object(String name, String uid, String port) {
    String yaml =
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: %s, namespace: shop, uid: %s, generation: 1}
        spec: {podSelector: {}, ingress: [{ports: [{port: %s}]}]}
        """
            .formatted(name, uid, port);
    return PolicyObject.of(Kind.NETWORK_POLICY, ApiObjects.of(yaml), Optional.empty());
  }

  private static Intent revision(long number, String... names) {
    List<Document> documents =
        Stream.of(names)
            .map(
                n ->
                    Document.newBuilder()
                        .setKind("NetworkPolicy")
                        .setNamespace("shop")
                        .setName(n)
                        .build())
            .toList();
    return new Intent(number, documents, 0);
  }

  private List<String> names() {
    return told.getLast().documents().stream().map(Document::getName).toList();
  }

  @Test
  void intent_oneSideUnknown_isNotTold() {
    merged.revision(revision(0));
    assertTrue(told.isEmpty());
    merged.objects(List.of(), ServiceCatalog.EMPTY);
    assertEquals(1, told.size());
  }

  @Test
  void intent_both_areSideBySide() {
    merged.objects(List.of(object("a", "u1", "80"), object("b", "u2", "80")), ServiceCatalog.EMPTY);
    merged.revision(revision(7, "pushed"));
    assertEquals(List.of("pushed", "a", "b"), names());
    assertEquals(7, told.getLast().revision());
  }

  @Test
  void intent_sameName_isTheRevisions() {
    merged.revision(revision(1, "a"));
    merged.objects(List.of(object("a", "u1", "80"), object("b", "u2", "80")), ServiceCatalog.EMPTY);
    assertEquals(List.of("a", "b"), names());
    assertEquals("", told.getLast().documents().getFirst().getYaml());
    assertFalse(merged.owner(new DocumentName("NetworkPolicy", "shop", "a")).isPresent());
    assertTrue(merged.owner(new DocumentName("NetworkPolicy", "shop", "b")).isPresent());

    merged.revision(revision(2));
    assertTrue(merged.owner(new DocumentName("NetworkPolicy", "shop", "a")).isPresent());
  }

  @Test
  void intent_nothingDiffers_isNotToldAgain() {
    merged.revision(revision(1));
    merged.objects(List.of(object("a", "u1", "80")), ServiceCatalog.EMPTY);
    merged.objects(List.of(object("a", "u1", "80")), ServiceCatalog.EMPTY);
    assertEquals(1, told.size());
  }

  @Test
  void digests_followWhatIsRealized() {
    merged.revision(revision(1));
    merged.objects(List.of(object("a", "u1", "80")), ServiceCatalog.EMPTY);
    long first = told.getLast().pushedNanos();
    merged.objects(List.of(object("a", "u1", "81")), ServiceCatalog.EMPTY);
    long second = told.getLast().pushedNanos();
    assertEquals(Map.of(), merged.digests(first - 1));
    assertEquals(merged.digests(first), merged.digests(second - 1));
    assertNotEquals(merged.digests(first), merged.digests(second));
    assertEquals(
        MergedIntent.digest(
            Kind.NETWORK_POLICY, List.of(object("a", "u1", "81")), Set.<DocumentName>of()),
        merged.digests(Long.MAX_VALUE).get("NetworkPolicy"));
  }

  @Test
  void policyObject_becomesInvalid_keepsWhatItSaid() {
    PolicyObject good = object("a", "u1", "80");
    var bad =
        ApiObjects.of(
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: a, namespace: shop, uid: u1, generation: 2}
            spec: {podSelector: {}, ingress: [{ports: [{port: 99999}]}]}
            """);
    PolicyObject after = PolicyObject.of(Kind.NETWORK_POLICY, bad, Optional.of(good));
    assertEquals(good.yaml(), after.yaml());
    assertFalse(after.error().isEmpty());
    assertEquals("", PolicyObject.of(Kind.NETWORK_POLICY, bad, Optional.empty()).yaml());
  }

  @Test
  void states_nodeBehind_hasOnlyWhatIsOlder() {
    var states = new States();
    PolicyObject a = object("a", "u1", "80");
    PolicyObject b = object("b", "u2", "80");
    long withA = digest(a);
    long withBoth = digest(a, b);
    states.now(withA, Stream.of(a));
    states.now(withBoth, Stream.of(a, b));
    assertTrue(states.has(states.number(withA), a));
    assertFalse(states.has(states.number(withA), b));
    assertTrue(states.has(states.number(withBoth), a) && states.has(states.number(withBoth), b));
    assertFalse(states.has(states.number(12345), a));

    PolicyObject changed = object("a", "u1", "81");
    states.now(digest(changed, b), Stream.of(changed, b));
    assertFalse(states.has(states.number(withBoth), changed));
    assertTrue(states.has(states.number(withBoth), b));
  }

  private static long digest(PolicyObject... objects) {
    return MergedIntent.digest(Kind.NETWORK_POLICY, List.of(objects), Set.of());
  }
}
