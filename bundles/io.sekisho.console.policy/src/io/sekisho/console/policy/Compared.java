package io.sekisho.console.policy;

import io.sekisho.console.core.ClusterInventory;
import io.sekisho.impact.Progress;
import io.sekisho.impact.run.BlastRadius;
import io.sekisho.impact.run.DryRun;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.PolicyDocument;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Holds documents against flows and endpoints; takes a while. */
final class Compared {
  private Compared() {}

  /**
   * The dry run of what can be read: a document with errors counts as not there, and can't be
   * pushed anyway.
   */
  static DryRuns.Result of(
      DryRuns.Sides sides, DryRuns.Fetched flows, ClusterInventory inventory, Progress progress) {
    List<PolicyDocument> before = Documents.parse(sides.before()).documents();
    List<PolicyDocument> after = Documents.parse(sides.after()).documents();
    BlastRadius radius =
        BlastRadius.of(before, after, placed(inventory), identities(inventory), progress);
    DryRun run = DryRun.of(before, after, flows.recorded().traffic(), progress);
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

  /** Every identity of the cluster: as told, and of endpoints whose identity was not told. */
  static Collection<Identity> identities(ClusterInventory inventory) {
    Map<Integer, Identity> out = new HashMap<>();
    inventory
        .endpoints()
        .values()
        .forEach(
            e ->
                out.put(
                    e.getIdentity(), new Identity(e.getIdentity(), Labels.of(e.getLabelsList()))));
    inventory
        .identities()
        .forEach((n, i) -> out.put(n, new Identity(n, Labels.of(i.getLabelsList()))));
    return out.values();
  }
}
