package io.sekisho.cli;

import io.sekisho.api.v1.GroupEnd;
import io.sekisho.api.v1.PolicyEnd;
import io.sekisho.api.v1.Ports;
import io.sekisho.api.v1.ReachGroup;
import io.sekisho.api.v1.ReachResponse;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.Manifests;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.reach.Reachability;
import java.util.Comparator;
import java.util.List;

/** Who can reach whom by the documents of a folder, over the pods of its manifests. */
final class FolderReach {
  private final Manifests manifests;

  FolderReach(Manifests manifests) {
    this.manifests = manifests;
  }

  /**
   * One answer for each identity that has the labels.
   *
   * @param incoming whether it is asked who reaches them, else whom they reach
   * @param limit groups of an answer that are told at most
   */
  List<ReachResponse> ask(List<String> wanted, boolean incoming, int limit) {
    List<Identity> meant =
        manifests.identities().stream().filter(i -> has(i.labels(), wanted)).toList();
    if (meant.isEmpty()) {
      throw new CliException(
          CliException.Code.REFUSED, "no pod has the labels " + String.join(", ", wanted));
    }
    var reachability = new Reachability(manifests.parsed().documents(), manifests.identities());
    return meant.stream()
        .map(
            who ->
                answer(
                    who,
                    incoming ? reachability.whoReaches(who) : reachability.whomReaches(who),
                    Math.max(limit, 1)))
        .toList();
  }

  private static boolean has(Labels labels, List<String> wanted) {
    return wanted.stream()
        .map(w -> w.split("=", 2))
        .allMatch(w -> w.length == 2 && labels.get("any:" + w[0]).filter(w[1]::equals).isPresent());
  }

  private static ReachResponse answer(Identity who, List<Reachability.Reach> reached, int limit) {
    List<ReachGroup> groups =
        reached.stream()
            .map(FolderReach::group)
            .sorted(Comparator.comparing(g -> g.getPeer().getName()))
            .toList();
    return ReachResponse.newBuilder()
        .setWho(
            PolicyEnd.newBuilder()
                .setName(who.labels().toString())
                .addAllLabels(who.labels().texts()))
        .addAllGroups(groups.stream().limit(limit).toList())
        .setTotalGroups(groups.size())
        .setIdentities(groups.size())
        .build();
  }

  private static ReachGroup group(Reachability.Reach reach) {
    Labels labels = reach.peer().labels();
    return ReachGroup.newBuilder()
        .setPeer(
            GroupEnd.newBuilder()
                .setName(labels.toString())
                .setNamespace(labels.namespace())
                .addAllLabels(labels.texts())
                .setIdentities(1))
        .addAllPorts(reach.ports().stream().map(FolderReach::ports).toList())
        .build();
  }

  private static Ports ports(PortRange range) {
    return Ports.newBuilder()
        .setProtocol(range.protocol())
        .setFirst(range.first())
        .setLast(range.last())
        .build();
  }
}
