package io.sekisho.console.policy;

import io.sekisho.console.core.ClusterInventory;
import io.sekisho.impact.Progress;
import io.sekisho.impact.run.BlastRadius;
import io.sekisho.impact.run.DryRun;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.Labels;
import io.sekisho.policy.PolicyDocument;
import java.util.List;

/** Holds documents against flows and endpoints; takes a while. */
final class Compared {
  private Compared() {}

  /**
   * The dry run of what can be read: a document with errors counts as not there, and can't be
   * pushed anyway.
   *
   * @param enforcement how the cluster obeys them
   */
  static DryRuns.Result of(
      DryRuns.Sides sides,
      DryRuns.Fetched flows,
      Enforcement enforcement,
      ClusterInventory inventory,
      Progress progress) {
    List<PolicyDocument> before = Reading.documents(sides.before());
    List<PolicyDocument> after = Reading.documents(sides.after());
    BlastRadius radius =
        BlastRadius.of(
            before, after, enforcement, placed(inventory), inventory.named().all(), progress);
    DryRun run = DryRun.of(before, after, enforcement, flows.recorded().traffic(), progress);
    return new DryRuns.Result(sides, run, radius, flows);
  }

  private static List<BlastRadius.Placed> placed(ClusterInventory inventory) {
    return inventory.endpoints().values().stream()
        .map(
            e ->
                new BlastRadius.Placed(
                    e.getNode(),
                    e.getNamespace() + "/" + e.getWorkload(),
                    e.getPod(),
                    Labels.of(e.getLabelsList())))
        .toList();
  }
}
