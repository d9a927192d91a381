package io.sekisho.policy.parse;

import io.sekisho.policy.Action;
import io.sekisho.policy.DocumentName;
import io.sekisho.policy.Kind;
import io.sekisho.policy.Peer;
import io.sekisho.policy.PolicySpec;
import io.sekisho.policy.Requirement;
import io.sekisho.policy.Rule;
import io.sekisho.policy.RuleReference;
import io.sekisho.policy.Section;
import io.sekisho.policy.Selector;
import io.sekisho.policy.Standing;
import io.sekisho.policy.Tier;
import io.sekisho.policy.grammar.MapShape;
import io.sekisho.policy.grammar.TierGrammar;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * The administrators' policies (ClusterNetworkPolicy, AdminNetworkPolicy,
 * BaselineAdminNetworkPolicy) to {@link PolicySpec}s: ordered rules that accept, deny or pass on,
 * and isolate nobody.
 */
final class TierReader {
  private static final Map<String, Tier> TIERS =
      Map.of("Admin", Tier.ADMIN, "Baseline", Tier.BASELINE);

  private final Kind kind;
  private final DocumentName document;
  private final boolean audit;
  private final Findings findings;
  private final PortNumbers numbers;
  private final TierPeerReader peers;
  private final TierPortReader ports;

  TierReader(Kind kind, DocumentName document, boolean audit, Findings findings) {
    this.kind = kind;
    this.document = document;
    this.audit = audit;
    this.findings = findings;
    this.numbers = new PortNumbers(findings);
    this.peers = new TierPeerReader(kind, findings);
    this.ports = new TierPortReader(findings);
  }

  private boolean isCluster() {
    return kind == Kind.CLUSTER_NETWORK_POLICY;
  }

  /** The spec; empty, with findings, if the node is no map. */
  Optional<PolicySpec> read(Node node) {
    if (kind == Kind.BASELINE_ADMIN_NETWORK_POLICY
        && !document.name().isEmpty()
        && !document.name().equals("default")) {
      findings.error(
          node, "there is one " + kind.text() + " only, and its name is 'default'", "default");
    }
    return Fields.of(node, "the spec", TierGrammar.spec(kind), findings).map(this::read);
  }

  private PolicySpec read(Fields fields) {
    var standing = new Standing(tier(fields), priority(fields), audit);
    if (!fields.has("subject")) {
      findings.error(fields.node(), "the spec has no 'subject'");
    }
    List<Requirement> subject =
        fields.value("subject").map(n -> peers.pods(n, "'subject'")).orElse(List.of());
    var sections = EnumSet.noneOf(Section.class);
    var rules = new ArrayList<Rule>();
    for (Section section : List.of(Section.INGRESS, Section.EGRESS)) {
      if (fields.has(section.text())) {
        sections.add(section);
        rules.addAll(rules(fields, section, standing));
      }
    }
    if (rules.isEmpty() && !findings.hasErrors()) {
      findings.warn(fields.node(), "the policy has no rule, so it has no effect");
    }
    return new PolicySpec(
        Selector.of(subject),
        standing,
        Set.of(),
        sections,
        rules,
        List.of(),
        "",
        DocumentReader.line(fields.node()));
  }

  private Tier tier(Fields fields) {
    if (!isCluster()) {
      return kind == Kind.ADMIN_NETWORK_POLICY ? Tier.ADMIN : Tier.BASELINE;
    }
    Optional<String> text = fields.requiredText("tier", "the spec");
    if (text.isPresent() && !TIERS.containsKey(text.get())) {
      findings.error(
          fields.value("tier").orElse(fields.node()),
          "there is no tier '" + text.get() + "', only Admin, Baseline",
          DidYouMean.nearest(text.get(), TIERS.keySet()));
    }
    return text.map(TIERS::get).orElse(Tier.ADMIN);
  }

  private int priority(Fields fields) {
    if (kind == Kind.BASELINE_ADMIN_NETWORK_POLICY) {
      return Standing.LAST;
    }
    if (!fields.has("priority")) {
      findings.error(fields.node(), "the spec has no 'priority'");
    }
    return numbers.number(fields, "priority", 0, Standing.LAST, "priority").orElse(0);
  }

  private Map<String, Action> actions() {
    var out = new LinkedHashMap<String, Action>();
    out.put(isCluster() ? "Accept" : "Allow", Action.ALLOW);
    out.put("Deny", Action.DENY);
    if (kind != Kind.BASELINE_ADMIN_NETWORK_POLICY) {
      out.put("Pass", Action.PASS);
    }
    return out;
  }

  private List<Rule> rules(Fields fields, Section section, Standing standing) {
    List<Node> items = fields.list(section.text()).orElse(List.of());
    int most = TierGrammar.mostRules(kind);
    if (items.size() > most) {
      findings.error(
          items.get(most), "a " + kind.text() + " has at most " + most + " rules a direction");
    }
    var out = new ArrayList<Rule>();
    for (int i = 0; i < Math.min(items.size(), most); i++) {
      Node item = items.get(i);
      var reference =
          new RuleReference(
              document.kind(),
              document.namespace(),
              document.name(),
              section,
              i + 1,
              DocumentReader.line(item));
      String side = section == Section.INGRESS ? "from" : "to";
      MapShape shape = TierGrammar.rule(kind, section.direction());
      Fields.of(item, "a rule of '" + section.text() + "'", shape, findings)
          .flatMap(f -> rule(f, side, reference, standing))
          .ifPresent(out::add);
    }
    return out;
  }

  private Optional<Rule> rule(
      Fields fields, String side, RuleReference reference, Standing standing) {
    fields
        .text("name")
        .filter(n -> n.length() > 100)
        .ifPresent(n -> findings.error(fields.key("name"), "'name' has more than 100 letters"));
    Optional<String> text = fields.requiredText("action", "the rule");
    Map<String, Action> known = actions();
    Optional<Action> action = text.flatMap(t -> Optional.ofNullable(known.get(t)));
    if (text.isPresent() && action.isEmpty()) {
      findings.error(
          fields.value("action").orElse(fields.node()),
          "there is no action '" + text.get() + "', only " + String.join(", ", known.keySet()),
          DidYouMean.nearest(text.get(), known.keySet()));
    }
    Action used = action.orElse(Action.DENY);
    List<Peer> who = peers.read(fields, side, used);
    PortList what = isCluster() ? ports.protocols(fields, used) : ports.ports(fields, used);
    if (!what.named().isEmpty() && who.stream().anyMatch(p -> !(p instanceof Peer.Endpoints))) {
      findings.error(
          fields.node(), "only pods have ports with names: networks and nodes need numbers");
    }
    return action.map(a -> new Rule(reference, standing, a, who, what.ranges(), what.named()));
  }
}
