package io.sekisho.policy.compile;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.Direction;
import io.sekisho.policy.EnforcementMode;
import io.sekisho.policy.Entity;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.NodeLabels;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.PolicySpec;
import io.sekisho.policy.Rule;
import io.sekisho.policy.RuleReference;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Turns documents into policy tables, one for each set of labels. Immutable and safe for several
 * threads; make a new one for new documents.
 */
public final class PolicyCompiler {
  private static final Cidr ALL_V4 = Cidr.parse("0.0.0.0/0");

  private final List<PolicyDocument> documents;
  private final EnforcementMode mode;
  private final SubjectIndex subjects;
  private final RuleIds ids;
  private final FailSafe failSafe;
  private final Supplier<Map<RuleReference, Rule>> rules;
  private final Map<PolicyDocument, DocumentFacts> facts;
  private final Set<Cidr> cidrs;
  private final Set<Cidr> blocks;
  private final Set<String> nodeLabels;
  private final Set<Entity> entities;

  /**
   * A compiler of the documents of one revision, enforced where they select endpoints, with the
   * usual fail-safe ports of nodes.
   */
  public PolicyCompiler(List<PolicyDocument> documents) {
    this(documents, EnforcementMode.DEFAULT);
  }

  /** A compiler of the documents of one revision, with the usual fail-safe ports of nodes. */
  public PolicyCompiler(List<PolicyDocument> documents, EnforcementMode mode) {
    this(documents, mode, FailSafe.USUAL);
  }

  /**
   * A compiler of the documents of one revision.
   *
   * @param failSafe what of the node's own traffic passes whatever documents say
   */
  public PolicyCompiler(List<PolicyDocument> documents, EnforcementMode mode, FailSafe failSafe) {
    this(documents, mode, failSafe, DocumentFacts.of(documents, Map.of()));
  }

  /** The same compiler, made sooner where documents are the same objects as before. */
  public PolicyCompiler(
      List<PolicyDocument> documents,
      EnforcementMode mode,
      FailSafe failSafe,
      PolicyCompiler before) {
    this(documents, mode, failSafe, DocumentFacts.of(documents, before.facts));
  }

  private PolicyCompiler(
      List<PolicyDocument> documents,
      EnforcementMode mode,
      FailSafe failSafe,
      Map<PolicyDocument, DocumentFacts> facts) {
    this.documents = List.copyOf(documents);
    this.mode = mode;
    this.failSafe = failSafe;
    this.facts = facts;
    this.subjects = new SubjectIndex(documents);
    this.ids = RuleIds.of(facts);
    this.rules = new Once<>(this::byReference);
    this.nodeLabels = union(DocumentFacts::nodeLabels);
    this.entities = union(DocumentFacts::entities);
    this.cidrs = withAllOfIpv4(union(DocumentFacts::cidrs));
    this.blocks = withAllOfIpv4(union(DocumentFacts::blocks));
  }

  private <T> Set<T> union(Function<DocumentFacts, Set<T>> part) {
    var out = new HashSet<T>();
    facts.values().forEach(f -> out.addAll(part.apply(f)));
    return Set.copyOf(out);
  }

  /**
   * The table of an endpoint; for one alone. For several endpoints against the same peers make one
   * {@link PeerIndex} and use it for all.
   *
   * @param endpoint the endpoint's labels
   * @param peers every identity that can be at the other end: reserved, of the cluster, and local
   *     ones of CIDRs
   */
  public PolicyTable compile(Labels endpoint, Collection<Identity> peers) {
    return compile(endpoint, PeerIndex.of(peers));
  }

  /**
   * The table of an endpoint.
   *
   * @param endpoint the endpoint's labels
   * @param peers every identity that can be at the other end
   */
  public PolicyTable compile(Labels endpoint, PeerIndex peers) {
    Rulings ingress = rulings(endpoint, Direction.INGRESS);
    Rulings egress = rulings(endpoint, Direction.EGRESS);
    if (ingress.open() && egress.open()) {
      return PolicyTable.OPEN;
    }
    var entries = new HashMap<PolicyKey, PolicyEntry>();
    if (!ingress.open()) {
      add(ingress, endpoint, peers, false, entries);
    }
    if (!egress.open()) {
      add(egress, endpoint, peers, true, entries);
    }
    return new PolicyTable(ingress.inForce().isolated(), egress.inForce().isolated(), entries);
  }

  private void add(
      Rulings rulings,
      Labels endpoint,
      PeerIndex peers,
      boolean egress,
      Map<PolicyKey, PolicyEntry> entries) {
    table(rulings, endpoint, peers, !rulings.audits()).addTo(egress, entries);
    if (NodeLabels.isHost(endpoint)) {
      failSafe.addTo(egress, peers, entries);
    }
  }

  /** What of the node's own traffic passes whatever documents say. */
  public FailSafe failSafe() {
    return failSafe;
  }

  private DirectionTable table(
      Rulings rulings, Labels endpoint, PeerIndex peers, boolean podsTogether) {
    var inForce = new Scopes(rulings.inForce(), peers, endpoint, podsTogether);
    return new DirectionTable(
        inForce,
        rulings.audits() ? new Scopes(rulings.withAudit(), peers, endpoint, false) : inForce,
        match -> ids.id(match.rule().reference()));
  }

  /** What an endpoint lets pass in one direction, for each of the peers. */
  public PeerVerdicts verdicts(Labels endpoint, Direction direction, PeerIndex peers) {
    Rulings rulings = rulings(endpoint, direction);
    if (rulings.open()) {
      return PeerVerdicts.OPEN;
    }
    PeerVerdicts verdicts = table(rulings, endpoint, peers, false).verdicts();
    return NodeLabels.isHost(endpoint) ? failSafe.over(verdicts, peers) : verdicts;
  }

  /** Whether a spec speaks of nodes' own traffic. */
  public boolean selectsNodes() {
    return facts.values().stream().anyMatch(DocumentFacts::nodes);
  }

  /** Where the documents are enforced. */
  public EnforcementMode mode() {
    return mode;
  }

  /** The specs that select an endpoint. */
  public List<PolicySpec> selecting(Labels endpoint) {
    return subjects.selecting(endpoint);
  }

  /** All that the documents and the mode say about an endpoint in one direction. */
  public Rulings rulings(Labels endpoint, Direction direction) {
    if (mode == EnforcementMode.NEVER) {
      return Rulings.NONE;
    }
    Rulings said = Rulings.of(subjects.selecting(endpoint), direction);
    return mode == EnforcementMode.ALWAYS && !isNode(endpoint) ? said.isolated() : said;
  }

  /** Nodes and their health endpoints would cut themselves off. */
  private static boolean isNode(Labels endpoint) {
    return Stream.of(Identity.HOST, Identity.REMOTE_NODE, Identity.HEALTH)
        .flatMap(i -> i.labels().asMap().keySet().stream())
        .anyMatch(key -> endpoint.get(key).isPresent());
  }

  /**
   * Every prefix that needs an identity of its own: those that rules speak of, exceptions included,
   * and all of IPv4 where an IPv6 prefix would else hold it in the 128-bit form ({@code ::/0}).
   */
  public Set<Cidr> cidrs() {
    return cidrs;
  }

  /**
   * The prefixes of the documents' blocks, exceptions included: whose addresses lie in one is meant
   * by what the longest of them is meant by. All are among {@link #cidrs}.
   */
  public Set<Cidr> blocks() {
    return blocks;
  }

  private static Set<Cidr> withAllOfIpv4(Set<Cidr> named) {
    if (named.stream().anyMatch(c -> !c.isV4() && c.contains(ALL_V4))) {
      return Stream.concat(named.stream(), Stream.of(ALL_V4))
          .collect(Collectors.toUnmodifiableSet());
    }
    return named;
  }

  /** The names of labels, without source, by which rules tell nodes apart. */
  public Set<String> nodeLabels() {
    return nodeLabels;
  }

  /** Whether a rule speaks of an entity. */
  public boolean names(Entity entity) {
    return entities.contains(entity);
  }

  private Map<RuleReference, Rule> byReference() {
    return facts.values().stream()
        .flatMap(f -> f.rules().stream())
        .collect(Collectors.toUnmodifiableMap(Rule::reference, r -> r, (a, b) -> a));
  }

  /** Whether the rule of an id denies; an unknown rule does not. */
  public boolean denies(int id) {
    return ids.rule(id).map(r -> rules.get().get(r)).map(Rule::deny).orElse(false);
  }

  /** The rule of an id; empty for reserved ids and for rules that are gone. */
  public Optional<RuleReference> rule(int id) {
    return ids.rule(id);
  }

  /** The rules that the documents of others do not have, by number. */
  public Map<Integer, Rule> rulesWithout(PolicyCompiler others) {
    return ids.without(others.ids);
  }

  /** The specs of documents that others do not have as the same objects. */
  public List<PolicySpec> specsWithout(PolicyCompiler others) {
    return documents.stream()
        .filter(d -> !others.facts.containsKey(d))
        .flatMap(d -> d.specs().stream())
        .toList();
  }
}
