package io.sekisho.policy.parse;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Entity;
import io.sekisho.policy.Peer;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.Rule;
import io.sekisho.policy.RuleReference;
import io.sekisho.policy.Section;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;

/** One item of ingress, egress, ingressDeny or egressDeny to a {@link Rule}. */
final class RuleReader {
  private static final Set<String> CIDR_SET_FIELDS = Set.of("cidr", "except");
  private static final Set<String> CIDR_SET_NOT_YET = Set.of("cidrGroupRef", "cidrGroupSelector");
  private static final Set<String> INGRESS_NOT_YET =
      Set.of("fromRequires", "fromNodes", "fromGroups", "icmps", "authentication");
  private static final Set<String> EGRESS_NOT_YET =
      Set.of(
          "toRequires", "toNodes", "toGroups", "toServices", "toFQDNs", "icmps", "authentication");

  private final SelectorReader selectors;
  private final Findings findings;

  RuleReader(SelectorReader selectors, Findings findings) {
    this.selectors = selectors;
    this.findings = findings;
  }

  /** The rule; empty, with findings, if the node is no map. */
  Optional<Rule> read(Node node, RuleReference reference) {
    Section section = reference.section();
    String side = section.direction() == Direction.INGRESS ? "from" : "to";
    var known =
        Set.of(side + "Endpoints", side + "Entities", side + "CIDR", side + "CIDRSet", "toPorts");
    var notYet = section.direction() == Direction.INGRESS ? INGRESS_NOT_YET : EGRESS_NOT_YET;
    return Fields.of(node, "a rule of '" + section.text() + "'", known, notYet, findings)
        .map(fields -> read(fields, side, reference));
  }

  private Rule read(Fields fields, String side, RuleReference reference) {
    Optional<List<Node>> toPorts = fields.list("toPorts");
    boolean hasPorts = toPorts.isPresent() && !toPorts.get().isEmpty();
    List<PortRange> ports =
        hasPorts ? new PortReader(findings).read(toPorts.get()) : List.of(PortRange.ALL);
    List<String> members =
        List.of(side + "Endpoints", side + "Entities", side + "CIDR", side + "CIDRSet").stream()
            .filter(fields::has)
            .toList();
    if (members.size() > 1) {
      findings.error(
          fields.key(members.get(1)),
          "a rule has one of " + String.join(", ", members) + ": make a rule for each");
    }
    var peers = new ArrayList<Peer>();
    members.forEach(m -> peers.addAll(peers(fields, m, m.substring(side.length()))));
    if (members.isEmpty() && hasPorts) {
      peers.add(new Peer.Group(Entity.ALL));
    }
    warnIfNothing(fields, members, peers, reference.section());
    return new Rule(reference, peers, ports);
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

  private List<Peer> peers(Fields fields, String member, String kind) {
    List<Node> items = fields.list(member).orElse(List.of());
    var out = new ArrayList<Peer>();
    for (Node item : items) {
      switch (kind) {
        case "Endpoints" -> out.add(new Peer.Endpoints(selectors.peer(item)));
        case "Entities" -> entity(item, member).ifPresent(out::add);
        case "CIDR" ->
            cidr(item, member).map(c -> new Peer.Prefix(c, List.of())).ifPresent(out::add);
        default -> cidrSet(item, member).ifPresent(out::add);
      }
    }
    return out;
  }

  private Optional<Peer> entity(Node node, String member) {
    Optional<String> text = Fields.text(node, "an item of '" + member + "'", findings);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<Entity> entity = Entity.of(text.get());
    if (entity.isEmpty()) {
      findings.error(
          node,
          "there is no entity '" + text.get() + "', only " + String.join(", ", Entity.words()),
          DidYouMean.nearest(text.get(), Entity.words()));
    }
    return entity.map(Peer.Group::new);
  }

  private Optional<Peer> cidrSet(Node node, String member) {
    Optional<Fields> fields =
        Fields.of(node, "an item of '" + member + "'", CIDR_SET_FIELDS, CIDR_SET_NOT_YET, findings);
    if (fields.isEmpty()) {
      return Optional.empty();
    }
    if (!fields.get().has("cidr")) {
      findings.error(node, "an item of '" + member + "' has no 'cidr'");
    }
    Optional<Cidr> cidr = fields.get().value("cidr").flatMap(n -> cidr(n, "cidr"));
    var except = new ArrayList<Cidr>();
    for (Node item : fields.get().list("except").orElse(List.of())) {
      cidr(item, "except").filter(e -> isInside(item, e, cidr)).ifPresent(except::add);
    }
    return cidr.map(c -> new Peer.Prefix(c, except));
  }

  private boolean isInside(Node node, Cidr except, Optional<Cidr> cidr) {
    boolean inside = cidr.isEmpty() || cidr.get().contains(except);
    if (!inside) {
      findings.error(node, "the exception " + except + " is not inside " + cidr.get());
    }
    return inside;
  }

  private Optional<Cidr> cidr(Node node, String member) {
    Optional<String> text = Fields.text(node, "an item of '" + member + "'", findings);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      Cidr cidr = Cidr.parse(text.get());
      hint(node, text.get(), cidr, member);
      return Optional.of(cidr);
    } catch (IllegalArgumentException e) {
      findings.error(node, e.getMessage());
      return Optional.empty();
    }
  }

  private void hint(Node node, String text, Cidr cidr, String member) {
    int slash = text.indexOf('/');
    boolean hostBits =
        slash >= 0 && !Arrays.equals(Cidr.parse(text.substring(0, slash)).bytes(), cidr.bytes());
    if (hostBits) {
      findings.warn(node, text + " has bits set behind the prefix and means " + cidr, "" + cidr);
    }
    boolean all = cidr.length128() == (cidr.isV4() ? 96 : 0);
    if (all && !member.equals("except")) {
      findings.warn(
          node,
          text
              + " means every "
              + (cidr.isV4() ? "IPv4" : "IPv6")
              + " address outside of the cluster, but no pod and no node; the entity 'world' says"
              + " it for both families");
    }
  }
}
