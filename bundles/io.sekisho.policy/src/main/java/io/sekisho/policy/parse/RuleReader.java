package io.sekisho.policy.parse;

import io.sekisho.policy.Action;
import io.sekisho.policy.Entity;
import io.sekisho.policy.Peer;
import io.sekisho.policy.Requires;
import io.sekisho.policy.Rule;
import io.sekisho.policy.RuleReference;
import io.sekisho.policy.Section;
import io.sekisho.policy.Standing;
import io.sekisho.policy.grammar.CiliumGrammar;
import io.sekisho.policy.grammar.MapShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.Node;

/** One item of ingress, egress, ingressDeny or egressDeny to a {@link Rule}. */
final class RuleReader {
  private final SelectorReader selectors;
  private final EntityReader entities;
  private final CidrReader cidrs;
  private final ServiceReader services;
  private final Findings findings;
  private final Standing standing;

  RuleReader(SelectorReader selectors, Standing standing, Findings findings) {
    this.selectors = selectors;
    this.entities = new EntityReader(findings);
    this.cidrs = new CidrReader(findings);
    this.services = new ServiceReader(selectors, findings);
    this.standing = standing;
    this.findings = findings;
  }

  /**
   * The rule; empty, with findings, if the node is no map.
   *
   * @param requires gets the conditions that the rule lays on others
   */
  Optional<Rule> read(Node node, RuleReference reference, List<Requires> requires) {
    Section section = reference.section();
    String side = CiliumGrammar.side(section.direction());
    MapShape shape = CiliumGrammar.rule(section.direction());
    return Fields.of(node, "a rule of '" + section.text() + "'", shape, findings)
        .map(fields -> read(fields, side, reference, requires));
  }

  private Rule read(Fields fields, String side, RuleReference reference, List<Requires> requires) {
    boolean deny = reference.section().deny();
    boolean hasPorts = restricts(fields, "toPorts") || restricts(fields, "icmps");
    PortList ports = hasPorts ? ports(fields, deny) : PortList.all();
    List<String> members =
        CiliumGrammar.peers(reference.section().direction()).names().stream()
            .filter(fields::has)
            .toList();
    if (members.size() > 1) {
      findings.error(
          fields.key(members.get(1)),
          "a rule has one of " + String.join(", ", members) + ": make a rule for each");
    }
    var peers = new ArrayList<Peer>();
    members.forEach(m -> peers.addAll(peers(fields, m, m.substring(side.length()), deny)));
    boolean conditions = fields.has(side + "Requires");
    if (members.isEmpty() && hasPorts && !conditions) {
      peers.add(new Peer.Group(Entity.ALL));
    }
    for (Node item : fields.list(side + "Requires").orElse(List.of())) {
      requires.add(new Requires(reference.section(), selectors.peer(item)));
    }
    if (!conditions) {
      warnIfNothing(fields, members, peers, reference.section());
    }
    Action action = deny ? Action.DENY : Action.ALLOW;
    return new Rule(reference, standing, action, peers, ports.ranges(), ports.named());
  }

  private boolean restricts(Fields fields, String field) {
    return fields.list(field).filter(l -> !l.isEmpty()).isPresent();
  }

  private PortList ports(Fields fields, boolean deny) {
    List<Node> toPorts = fields.list("toPorts").orElse(List.of());
    List<Node> icmps = fields.list("icmps").orElse(List.of());
    if (!toPorts.isEmpty() && !icmps.isEmpty()) {
      findings.error(fields.key("icmps"), "a rule has one of toPorts, icmps: make a rule for each");
    }
    PortList out = new PortReader(deny, findings).read(toPorts);
    out.ranges().addAll(new IcmpReader(findings).read(icmps).ranges());
    return out;
  }

  private void warnIfNothing(
      Fields fields, List<String> members, List<Peer> peers, Section section) {
    if (!peers.isEmpty() || findings.hasErrors()) {
      return;
    }
    String effect = section.deny() ? "denies nothing" : "allows nothing";
    String why =
        members.isEmpty() ? "a rule without fields" : "the empty list of '" + members.get(0) + "'";
    findings.warn(fields.node(), why + " selects no peer, so the rule " + effect);
  }

  private List<Peer> peers(Fields fields, String member, String kind, boolean deny) {
    List<Node> items = fields.list(member).orElse(List.of());
    String what = "an item of '" + member + "'";
    var out = new ArrayList<Peer>();
    for (Node item : items) {
      Stream<? extends Peer> read =
          switch (kind) {
            case "Endpoints" -> Stream.of(new Peer.Endpoints(selectors.peer(item)));
            case "Entities" -> entities.read(item, what).stream();
            case "Services" -> services.read(item, what).stream();
            case "Nodes" -> entities.nodes(item, what).stream();
            case "CIDR" -> cidrs.read(item, what).map(c -> prefix(item, c)).stream();
            default -> cidrs.readSet(item, what, CiliumGrammar.PREFIX_SET).stream();
          };
      read.forEach(out::add);
    }
    return out;
  }

  private Peer prefix(Node item, io.sekisho.policy.Cidr cidr) {
    cidrs.hintAll(item, cidr);
    return new Peer.Prefix(cidr, List.of());
  }
}
