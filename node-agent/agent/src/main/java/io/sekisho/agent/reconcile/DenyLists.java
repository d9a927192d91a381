package io.sekisho.agent.reconcile;

import io.sekisho.agent.datapath.DesiredState.PrefixFilter;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Labels;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.PrefixList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * From the deny lists of documents to those of this node. Some addresses are spared whatever the
 * lists say: those where nodes are or were, and ranges of the configuration. The lists are long, so
 * what was made last is given again while nothing changed. Belongs to the event loop.
 */
final class DenyLists {
  private record Input(List<PrefixList> lists, Set<Cidr> spared) {}

  private Input last = new Input(List.of(), Set.of());
  private PrefixFilter made = PrefixFilter.NONE;

  /**
   * Who may send nothing to this node.
   *
   * @param host labels of this node
   * @param spared addresses and ranges that are never denied
   */
  PrefixFilter of(List<PolicyDocument> documents, Labels host, Set<Cidr> spared) {
    List<PrefixList> lists =
        documents.stream()
            .flatMap(d -> d.prefixes().stream())
            .filter(l -> l.nodes().matches(host))
            .toList();
    var input = new Input(lists, spared);
    if (!isSame(input)) {
      last = input;
      made = make(input);
    }
    return made;
  }

  @SuppressWarnings("ReferenceEquality") // long lists: those of the same documents are the same
  private boolean isSame(Input input) {
    if (input.lists().size() != last.lists().size() || !input.spared().equals(last.spared())) {
      return false;
    }
    for (int i = 0; i < input.lists().size(); i++) {
      if (input.lists().get(i) != last.lists().get(i)) {
        return false;
      }
    }
    return true;
  }

  private static PrefixFilter make(Input input) {
    var denied = new HashSet<Cidr>();
    input.lists().forEach(list -> denied.addAll(list.deny()));
    int[] lengths = denied.stream().mapToInt(Cidr::length128).distinct().toArray();
    var spared = new HashSet<Cidr>();
    for (Cidr one : input.spared()) {
      byte[] address = one.bytes();
      for (int length : lengths) {
        Cidr around = Cidr.of(address, length);
        if (denied.contains(around) && one.inside(around)) {
          spared.add(one);
        }
      }
    }
    removeInside(denied, input.spared());
    return new PrefixFilter(denied, spared);
  }

  /** What is denied inside of a spared range would be found before the range. */
  private static void removeInside(Set<Cidr> denied, Set<Cidr> spared) {
    int[] lengths = spared.stream().mapToInt(Cidr::length128).distinct().toArray();
    denied.removeIf(
        prefix -> {
          for (int length : lengths) {
            if (length <= prefix.length128()) {
              Cidr around = Cidr.of(prefix.bytes(), length);
              if (spared.contains(around) && prefix.inside(around)) {
                return true;
              }
            }
          }
          return false;
        });
  }
}
