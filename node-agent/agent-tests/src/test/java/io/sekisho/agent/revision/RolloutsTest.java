package io.sekisho.agent.revision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import io.sekisho.agent.cluster.Inventory;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.NodeRollout;
import io.sekisho.api.v1.Realized;
import io.sekisho.api.v1.Revision;
import io.sekisho.api.v1.RevisionState;
import io.sekisho.api.v1.RolloutState;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every node's report means for a revision. */
final class RolloutsTest {
  private static Inventory inventory(Map<String, Realized> realized) {
    var node = Node.getDefaultInstance();
    return new Inventory(1, true, Map.of("n1", node, "n2", node), Map.of(), Map.of(), realized);
  }

  private static Realized at(long revision, RolloutState state) {
    return Realized.newBuilder()
        .setRevision(revision)
        .setState(state)
        .setTime(Timestamp.newBuilder().setSeconds(101))
        .build();
  }

  private static Revision revision(RevisionState state) {
    return Revision.newBuilder()
        .setNumber(7)
        .setState(state)
        .setCreated(Timestamp.newBuilder().setSeconds(100))
        .build();
  }

  private static List<RolloutState> states(io.sekisho.api.v1.Rollout rollout) {
    return rollout.getNodesList().stream().map(NodeRollout::getState).toList();
  }

  @Test
  void of_oneRealizedOneSilent_isNotSettled() {
    var rollout =
        Rollouts.of(
            revision(RevisionState.CONFIRMED),
            inventory(Map.of("n1", at(7, RolloutState.REALIZED))),
            Set.of());
    assertEquals(List.of(RolloutState.REALIZED, RolloutState.WAITING), states(rollout));
    assertEquals(1, rollout.getNodes(0).getTook().getSeconds());
    assertFalse(rollout.getSettled());
  }

  @Test
  void of_realizedAndFailed_isSettledUnlessPending() {
    var all =
        inventory(Map.of("n1", at(7, RolloutState.REALIZED), "n2", at(7, RolloutState.FAILED)));
    assertTrue(Rollouts.of(revision(RevisionState.CONFIRMED), all, Set.of()).getSettled());
    assertFalse(Rollouts.of(revision(RevisionState.PENDING), all, Set.of()).getSettled());
  }

  @Test
  void of_reverted_waitsForThoseThatStillHaveIt() {
    var all =
        inventory(
            Map.of("n1", at(6, RolloutState.REVERTED_ON_NODE), "n2", at(7, RolloutState.REALIZED)));
    var rollout = Rollouts.of(revision(RevisionState.REVERTED), all, Set.of());
    assertEquals(List.of(RolloutState.REVERTED_ON_NODE, RolloutState.WAITING), states(rollout));
  }

  @Test
  void of_nodeGone_isUnreachable() {
    var all =
        inventory(Map.of("n1", at(7, RolloutState.REALIZED), "n2", at(8, RolloutState.REALIZED)));
    var rollout = Rollouts.of(revision(RevisionState.CONFIRMED), all, Set.of("n3"));
    assertEquals(
        List.of(RolloutState.REALIZED, RolloutState.REALIZED, RolloutState.UNREACHABLE),
        states(rollout));
    assertTrue(rollout.getSettled());
  }
}
