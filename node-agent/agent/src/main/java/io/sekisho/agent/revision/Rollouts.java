package io.sekisho.agent.revision;

import com.google.protobuf.util.Timestamps;
import io.sekisho.agent.cluster.Inventory;
import io.sekisho.api.v1.NodeRollout;
import io.sekisho.api.v1.Realized;
import io.sekisho.api.v1.Revision;
import io.sekisho.api.v1.RevisionState;
import io.sekisho.api.v1.Rollout;
import io.sekisho.api.v1.RolloutState;
import java.util.Set;
import java.util.TreeSet;

/** How far a revision has come, from what every node says that it realizes. */
public final class Rollouts {
  private Rollouts() {}

  /**
   * The rollout of a revision.
   *
   * @param seen nodes that were there when the caller began to watch; those that are gone count as
   *     unreachable
   */
  public static Rollout of(Revision revision, Inventory inventory, Set<String> seen) {
    var rollout =
        Rollout.newBuilder().setRevision(revision.getNumber()).setState(revision.getState());
    boolean settled = revision.getState() != RevisionState.PENDING;
    if (!settled) {
      rollout.setConfirmDeadline(revision.getConfirmDeadline());
    }
    var names = new TreeSet<>(seen);
    names.addAll(inventory.nodes().keySet());
    for (String name : names) {
      var node = node(revision, inventory, name);
      settled &= node.getState() != RolloutState.WAITING;
      rollout.addNodes(node);
    }
    return rollout.setSettled(settled).build();
  }

  private static NodeRollout node(Revision revision, Inventory inventory, String name) {
    var node = NodeRollout.newBuilder().setNode(name);
    Realized realized = inventory.realized().get(name);
    if (!inventory.nodes().containsKey(name)) {
      return node.setState(RolloutState.UNREACHABLE)
          .setMessage("the node is gone: its lease ended")
          .build();
    }
    if (realized == null) {
      return node.setState(RolloutState.WAITING).build();
    }
    if (realized.getRevision() == revision.getNumber()) {
      return own(node, revision, realized);
    }
    if (realized.getRevision() > revision.getNumber()) {
      return node.setState(RolloutState.REALIZED)
          .setMessage("now at revision " + realized.getRevision())
          .setEndpoints(realized.getEndpoints())
          .build();
    }
    boolean back =
        revision.getState() == RevisionState.REVERTED
            || realized.getState() == RolloutState.REVERTED_ON_NODE;
    return node.setState(back ? RolloutState.REVERTED_ON_NODE : RolloutState.WAITING)
        .setMessage("at revision " + realized.getRevision())
        .setEndpoints(realized.getEndpoints())
        .build();
  }

  /** The node realizes this very revision; while it is reverted, that is about to end. */
  private static NodeRollout own(NodeRollout.Builder node, Revision revision, Realized realized) {
    node.setMessage(realized.getMessage()).setEndpoints(realized.getEndpoints());
    if (revision.getState() == RevisionState.REVERTED) {
      return node.setState(RolloutState.WAITING).setMessage("goes back").build();
    }
    return node.setState(realized.getState())
        .setTook(Timestamps.between(revision.getCreated(), realized.getTime()))
        .build();
  }
}
