package io.sekisho.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class IdentitiesTest {
  private final Identities identities = new Identities();

  @Test
  void all_listAndEndpoints_theListKnowsBetter() {
    identities.endpoint(300, List.of("app=old"));
    identities.add(300, List.of("app=cart"));
    identities.endpoint(300, List.of("app=older"));
    identities.endpoint(301, List.of("app=db"));
    identities.endpoint(301, List.of("app=later"));
    assertEquals(
        List.of(new Identity(300, Labels.of("app=cart")), new Identity(301, Labels.of("app=db"))),
        List.copyOf(identities.all()));
    assertEquals(Optional.of(Labels.of("app=db")), identities.labels(301));
  }

  @Test
  void add_nothingThatNamesSomebody_isLeftOut() {
    identities.add(0, List.of("app=a"));
    identities.add(302, List.of());
    identities.endpoint(303, List.of());
    identities.endpoint(304, List.of(":broken"));
    assertEquals(List.of(), List.copyOf(identities.all()));
    assertEquals(Optional.empty(), identities.labels(304));
    identities.endpoint(304, List.of("app=a"));
    assertEquals(Optional.of(Labels.of("app=a")), identities.labels(304));
  }
}
