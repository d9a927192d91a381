package io.sekisho.policy.parse;

import io.sekisho.policy.Action;
import io.sekisho.policy.Direction;
import io.sekisho.policy.DocumentName;
import io.sekisho.policy.Entity;
import io.sekisho.policy.Peer;
import io.sekisho.policy.PolicySpec;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.Requirement;
import io.sekisho.policy.Rule;
import io.sekisho.policy.RuleReference;
import io.sekisho.policy.Section;
import io.sekisho.policy.Selector;
import io.sekisho.policy.Standing;
import io.sekisho.policy.grammar.Selectors;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Kubernetes' NetworkPolicy to a {@link PolicySpec}. Empty means other things than in Cilium's
 * kinds: {@code from: []} and an absent {@code from} mean everybody, an empty list of rules allows
 * nothing, and which directions are isolated says {@code policyTypes}.
 */
final class NetworkPolicyReader {
  private static final Set<String> FIELDS =
      Set.of("podSelector", "policyTypes", "ingress", "egress");
  private static final Set<String> PEER_FIELDS =
      Set.of("podSelector", "namespaceSelector", "ipBlock");
  private static final Set<String> PORT_FIELDS = Set.of("protocol", "port", "endPort");
  private static final List<String> TYPES = List.of("Ingress", "Egress");

  private final DocumentName document;
  private final Standing standing;
  private final Findings findings;
  private final PodSelectorReader selectors;
  private final CidrReader cidrs;
  private final PortNumbers numbers;

  NetworkPolicyReader(DocumentName document, Standing standing, Findings findings) {
    this.document = document;
    this.standing = standing;
    this.findings = findings;
    this.selectors = new PodSelectorReader(findings);
    this.cidrs = new CidrReader(findings);
    this.numbers = new PortNumbers(findings);
  }

  /** The spec; empty, with findings, if the node is no map. */
  Optional<PolicySpec> read(Node node) {
    return Fields.of(node, "the spec", FIELDS, Set.of(), findings).map(this::read);
  }

  private PolicySpec read(Fields fields) {
    if (!fields.has("podSelector")) {
      findings.warn(
          fields.node(), "without 'podSelector' every pod of the namespace is selected; write {}");
    }
    List<Requirement> subject =
        new ArrayList<>(fields.value("podSelector").map(selectors::pods).orElse(List.of()));
    subject.add(PodSelectorReader.namespace(document.namespace()));
    Set<Direction> isolated = isolated(fields);
    var sections = EnumSet.noneOf(Section.class);
    var rules = new ArrayList<Rule>();
    for (Section section : List.of(Section.INGRESS, Section.EGRESS)) {
      if (fields.has(section.text())) {
        sections.add(section);
        rules.addAll(rules(fields, section, isolated.contains(section.direction())));
      }
    }
    return new PolicySpec(
        Selector.of(subject),
        standing,
        isolated,
        sections,
        rules,
        List.of(),
        "",
        DocumentReader.line(fields.node()));
  }

  /** As {@code policyTypes} says; without, ingress, and egress if there is a rule for it. */
  private Set<Direction> isolated(Fields fields) {
    var out = EnumSet.noneOf(Direction.class);
    List<Node> types = fields.list("policyTypes").orElse(List.of());
    for (Node item : types) {
      Optional<String> text = Fields.text(item, "an item of 'policyTypes'", findings);
      text.filter(TYPES::contains)
          .ifPresent(t -> out.add(t.equals("Ingress") ? Direction.INGRESS : Direction.EGRESS));
      text.filter(t -> !TYPES.contains(t))
          .ifPresent(
              t ->
                  findings.error(
                      item,
                      "there is no policy type '" + t + "', only " + String.join(", ", TYPES),
                      DidYouMean.nearest(t, TYPES)));
    }
    if (!types.isEmpty()) {
      return out;
    }
    out.add(Direction.INGRESS);
    Optional<List<Node>> egress = fields.list("egress");
    if (egress.filter(l -> !l.isEmpty()).isPresent()) {
      out.add(Direction.EGRESS);
    } else if (egress.isPresent()) {
      findings.warn(
          fields.key("egress"),
          "an empty 'egress' without 'policyTypes' restricts nothing that goes out; write"
              + " policyTypes: [Egress] to allow nothing");
    }
    return out;
  }

  private List<Rule> rules(Fields fields, Section section, boolean applies) {
    List<Node> items = fields.list(section.text()).orElse(List.of());
    if (!applies && !items.isEmpty()) {
      findings.warn(
          fields.key(section.text()),
          "'policyTypes' leaves this direction out: the rules of '"
              + section.text()
              + "' have no effect");
    }
    var out = new ArrayList<Rule>();
    int index = 0;
    for (Node item : items) {
      var reference =
          new RuleReference(
              document.kind(),
              document.namespace(),
              document.name(),
              section,
              ++index,
              DocumentReader.line(item));
      String side = section == Section.INGRESS ? "from" : "to";
      Fields.of(
              item, "a rule of '" + section.text() + "'", Set.of(side, "ports"), Set.of(), findings)
          .map(f -> rule(f, side, reference))
          .filter(r -> applies)
          .ifPresent(out::add);
    }
    return out;
  }

  private Rule rule(Fields fields, String side, RuleReference reference) {
    var peers = new ArrayList<Peer>();
    List<Node> items = fields.list(side).orElse(List.of());
    items.forEach(i -> peer(i, side).ifPresent(peers::add));
    if (items.isEmpty()) {
      peers.add(new Peer.Group(Entity.ALL));
    }
    List<Node> ports = fields.list("ports").orElse(List.of());
    PortList list = ports.isEmpty() ? PortList.all() : new PortList();
    for (Node port : ports) {
      Fields.of(port, "a port", PORT_FIELDS, Set.of(), findings).ifPresent(f -> port(f, list));
    }
    return new Rule(reference, standing, Action.ALLOW, peers, list.ranges(), list.named());
  }

  private Optional<Peer> peer(Node node, String side) {
    String what = "an item of '" + side + "'";
    Optional<Fields> read = Fields.of(node, what, PEER_FIELDS, Set.of(), findings);
    if (read.isEmpty()) {
      return Optional.empty();
    }
    Fields fields = read.get();
    boolean selects = fields.has("podSelector") || fields.has("namespaceSelector");
    if (fields.has("ipBlock")) {
      if (selects) {
        findings.error(
            fields.key("ipBlock"), "'ipBlock' stands alone: make a peer of its own for selectors");
      }
      return fields
          .value("ipBlock")
          .flatMap(b -> cidrs.readBlock(b, "'ipBlock'", Selectors.PREFIX));
    }
    if (!selects) {
      findings.error(
          node, what + " names nobody: give one of podSelector, namespaceSelector, ipBlock");
      return Optional.empty();
    }
    var requirements = new ArrayList<Requirement>();
    fields.value("podSelector").map(selectors::pods).ifPresent(requirements::addAll);
    if (fields.has("namespaceSelector")) {
      fields.value("namespaceSelector").map(selectors::namespaces).ifPresent(requirements::addAll);
    } else {
      requirements.add(PodSelectorReader.namespace(document.namespace()));
    }
    return Optional.of(new Peer.Endpoints(Selector.of(requirements)));
  }

  private void port(Fields fields, PortList out) {
    OptionalInt protocol = numbers.protocolOrTcp(fields);
    if (protocol.isEmpty()) {
      return;
    }
    if (!fields.has("port")) {
      if (fields.has("endPort")) {
        findings.error(fields.key("endPort"), "'endPort' needs a 'port' to begin at");
      }
      out.ranges().add(new PortRange(protocol.getAsInt(), 0, 65535));
      return;
    }
    Optional<Node> node = fields.value("port");
    Optional<String> name =
        node.filter(n -> n.getTag().equals(Tag.STR)).flatMap(PortNumbers::scalar);
    if (name.isEmpty()) {
      numbers.range(fields, protocol.getAsInt()).ifPresent(out.ranges()::add);
      return;
    }
    if (fields.has("endPort")) {
      findings.error(fields.key("endPort"), "a port with a name takes no 'endPort'");
    }
    if (name.get().matches("[0-9]+")) {
      findings.error(
          node.get(), "in quotes '" + name.get() + "' is a name: write a number", name.get());
      return;
    }
    numbers.named(node.get(), name.get(), protocol.getAsInt(), false).ifPresent(out.named()::add);
  }
}
