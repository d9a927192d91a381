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
 * From the deny lists of documents to those of this node. The addresses of the cluster's nodes are
 * spared whatever the lists say. The lists are long, so what was made last is given again while
 * nothing changed. Belongs to the event loop.
 */
final class DenyLists {
  private record Input(List<PrefixList> lists, Set<Cidr> nodes) {}

  private Input last = new Input(List.of(), Set.of());
  private PrefixFilter made = PrefixFilter.NONE;

  /**
   * Who may send nothing to this node.
   *
   * @param host labels of this node
   * @param nodes addresses of all nodes
   */
  PrefixFilter of(List<PolicyDocument> documents, Labels host, Set<Cidr> nodes) {
    List<PrefixList> lists =
        documents.stream()
            .flatMap(d -> d.prefixes().stream())
            .filter(l -> l.nodes().matches(host))
            .toList();
    var input = new Input(lists, nodes);
    if (!isSame(input)) {
      last = input;
      made = make(input);
    }
    return made;
  }

  @SuppressWarnings("ReferenceEquality") // long lists: those of the same documents are the same
  private boolean isSame(Input input) {
    if (input.lists().size() != last.lists().size() || !input.nodes().equals(last.nodes())) {
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
    for (Cidr node : input.nodes()) {
      byte[] address = node.bytes();
      for (int length : lengths) {
        Cidr around = Cidr.of(address, length);
        if (denied.contains(around) && node.inside(around)) {
          spared.add(node);
        }
      }
    }
    denied.removeAll(spared);
    return new PrefixFilter(denied, spared);
  }
}
