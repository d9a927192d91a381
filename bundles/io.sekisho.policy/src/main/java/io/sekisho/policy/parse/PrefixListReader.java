package io.sekisho.policy.parse;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.NodeLabels;
import io.sekisho.policy.PrefixList;
import io.sekisho.policy.Requirement;
import io.sekisho.policy.Selector;
import io.sekisho.policy.grammar.OwnGrammar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/** The spec of a {@code PrefixList} document. */
final class PrefixListReader {
  private static final Selector ALL_NODES =
      Selector.of(List.of(Requirement.exists(NodeLabels.HOST)));

  private final Findings findings;
  private final CidrReader cidrs;

  PrefixListReader(Findings findings) {
    this.findings = findings;
    this.cidrs = new CidrReader(findings);
  }

  /** The list; empty, with findings, if the node is no map. */
  Optional<PrefixList> read(Node node) {
    return Fields.of(node, "the spec", OwnGrammar.PREFIX_LIST, findings).map(this::read);
  }

  private PrefixList read(Fields fields) {
    fields.text("description");
    if (!fields.has("deny")) {
      findings.error(fields.node(), "the spec has no list of prefixes in 'deny'");
    }
    var deny = new ArrayList<Cidr>();
    for (Node item : fields.list("deny").orElse(List.of())) {
      cidrs.read(item, "an item of 'deny'").filter(cidr -> isPart(item, cidr)).ifPresent(deny::add);
    }
    Selector nodes =
        fields.value("nodeSelector").map(new SelectorReader("", findings)::nodes).orElse(ALL_NODES);
    return new PrefixList(nodes, deny);
  }

  private boolean isPart(Node item, Cidr cidr) {
    int least = cidr.isV4() ? 97 : 1;
    if (cidr.length128() < least) {
      findings.error(
          item, "'" + cidr + "' would deny everybody; write prefixes of length 1 or more");
    }
    return cidr.length128() >= least;
  }
}
