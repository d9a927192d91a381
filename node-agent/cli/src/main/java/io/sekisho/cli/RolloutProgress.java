package io.sekisho.cli;

import io.sekisho.api.v1.NodeRollout;
import io.sekisho.api.v1.Problem;
import io.sekisho.api.v1.PushResponse;
import io.sekisho.api.v1.Revision;
import io.sekisho.api.v1.RevisionState;
import io.sekisho.api.v1.Rollout;
import io.sekisho.api.v1.RolloutState;
import io.sekisho.api.v1.WatchRolloutRequest;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells how a new revision gets to the nodes. */
final class RolloutProgress {
  private final AgentClient client;
  private final Output output;
  private final PrintWriter out;
  private final PrintWriter err;

  RolloutProgress(AgentClient client, Output output, PrintWriter out, PrintWriter err) {
    this.client = client;
    this.output = output;
    this.out = out;
    this.err = err;
  }

  /** Says what was made, and with {@code wait} what becomes of it on each node. */
  void tell(PushResponse response, List<String> files, boolean wait) {
    for (Problem problem : response.getProblemsList()) {
      err.println(Texts.problem(problem, files));
    }
    Expectations.lines(response.getExpectationsList()).forEach(err::println);
    Revision revision = response.getRevision();
    if (output.isJson()) {
      out.println(Output.json(response));
    } else {
      out.printf(
          "revision %d: %d added, %d changed, %d removed%n",
          revision.getNumber(), revision.getAdded(), revision.getChanged(), revision.getRemoved());
    }
    if (wait) {
      watch(revision);
    }
    if (revision.getState() == RevisionState.PENDING && !output.isJson()) {
      out.printf(
          "confirm until %s: sekisho-agent policy confirm %d%n",
          Texts.time(revision.getConfirmDeadline()), revision.getNumber());
    }
    out.flush();
  }

  private void watch(Revision revision) {
    var request = WatchRolloutRequest.newBuilder().setRevision(revision.getNumber()).build();
    var told = new HashMap<String, RolloutState>();
    var failed = new HashMap<String, String>();
    var rollouts = client.rollouts().watchRollout(request);
    while (rollouts.hasNext()) {
      Rollout rollout = rollouts.next();
      for (NodeRollout node : rollout.getNodesList()) {
        if (node.getState() != told.put(node.getNode(), node.getState())) {
          say(node, failed);
        }
      }
      if (rollout.getSettled() || arrived(rollout)) {
        break;
      }
    }
    if (!failed.isEmpty()) {
      throw new CliException(
          CliException.Code.NOT_REALIZED,
          "not realized on " + String.join(", ", failed.keySet().stream().sorted().toList()));
    }
  }

  private void say(NodeRollout node, Map<String, String> failed) {
    boolean bad =
        node.getState() == RolloutState.FAILED || node.getState() == RolloutState.UNREACHABLE;
    if (bad) {
      failed.put(node.getNode(), node.getMessage());
    } else {
      failed.remove(node.getNode());
    }
    if (!output.isJson() && node.getState() != RolloutState.WAITING) {
      long millis = node.getTook().getSeconds() * 1000 + node.getTook().getNanos() / 1_000_000;
      String how = node.hasTook() ? " in " + millis + " ms" : "";
      String why = node.getMessage().isEmpty() ? "" : ": " + node.getMessage();
      out.printf("  %s %s%s%s%n", node.getNode(), Texts.word(node.getState()), how, why);
      out.flush();
    }
  }

  /** Whether every node has it or has failed, though it may still wait for its confirmation. */
  private static boolean arrived(Rollout rollout) {
    return rollout.getNodesList().stream()
        .noneMatch(node -> node.getState() == RolloutState.WAITING);
  }
}
