package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.datapath.Datapath.Repair;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Deletions that fail are not forgotten. */
final class PairDeletionsTest {
  private final List<Integer> deleted = new CopyOnWriteArrayList<>();
  private volatile boolean refused;
  private final PairDeletions deletions = new PairDeletions(this::delete);

  private void delete(WiredEndpoint endpoint) {
    if (refused) {
      throw new IllegalStateException("device busy");
    }
    deleted.add(endpoint.endpointId());
  }

  @AfterEach
  void close() {
    deletions.close();
  }

  private static WiredEndpoint endpoint(int id) {
    return new WiredEndpoint(
        id,
        EndpointDevices.name(id),
        id,
        "02:00:00:00:00:01",
        "02:00:00:00:00:02",
        List.of(TestNode.ip("10.244.1.7")),
        1450);
  }

  @Test
  void deletion_works_nothingIsLeftToTell() {
    deletions.begin(endpoint(7));
    deletions.await(7);
    assertEquals(List.of(7), deleted);
    assertEquals(List.of(), deletions.again());
    assertEquals(Set.of(), deletions.failed());
  }

  @Test
  void deletion_fails_isToldAndDoneAgainUntilItWorks() {
    refused = true;
    deletions.begin(endpoint(7));
    assertEquals(Set.of(7), deletions.failed());
    assertEquals(
        List.of(
            new Repair(
                "interface lxc0007",
                "belongs to no endpoint any more",
                Optional.of("device busy"))),
        deletions.again());
    assertEquals(Set.of(7), deletions.failed());
    refused = false;
    assertEquals(1, deletions.again().size(), "that of before is told, the next one works");
    assertEquals(Set.of(), deletions.failed());
    assertEquals(List.of(7), deleted);
    assertEquals(List.of(), deletions.again());
  }

  @Test
  void await_afterAFailure_triesOnceMoreAndSaysWhyNot() {
    refused = true;
    deletions.begin(endpoint(7));
    var refusal = assertThrows(IllegalStateException.class, () -> deletions.await(7));
    assertEquals("device busy", refusal.getMessage());
    assertEquals(Set.of(7), deletions.failed());
    refused = false;
    deletions.await(7);
    assertTrue(deletions.failed().isEmpty());
  }
}
