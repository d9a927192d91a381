package io.sekisho.policy.compile;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.Peer;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.PolicySpec;
import io.sekisho.policy.Rule;
import io.sekisho.policy.RuleReference;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Turns documents into policy tables, one for each set of labels. Immutable and safe for several
 * threads; make a new one for new documents.
 */
public final class PolicyCompiler {
  private static final Cidr ALL_V4 = Cidr.parse("0.0.0.0/0");

  private final List<PolicyDocument> documents;
  private final SubjectIndex subjects;
  private final RuleIds ids;

  /** A compiler of the documents of one revision. */
  public PolicyCompiler(List<PolicyDocument> documents) {
    this.documents = List.copyOf(documents);
    this.subjects = new SubjectIndex(documents);
    this.ids = RuleIds.of(documents);
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
    List<PolicySpec> specs = subjects.selecting(endpoint);
    boolean ingress = specs.stream().anyMatch(s -> s.enforces(Direction.INGRESS));
    boolean egress = specs.stream().anyMatch(s -> s.enforces(Direction.EGRESS));
    if (!ingress && !egress) {
      return PolicyTable.OPEN;
    }
    var entries = new EntryBuilder();
    specs.stream()
        .flatMap(s -> s.rules().stream())
        .sorted(Comparator.comparing(Rule::reference))
        .forEach(rule -> add(rule, peers, entries));
    return new PolicyTable(ingress, egress, entries.build());
  }

  private void add(Rule rule, PeerIndex peers, EntryBuilder entries) {
    var identities = new LinkedHashSet<Integer>();
    for (Peer peer : rule.peers()) {
      if (peer.matchesAll()) {
        identities.add(0);
      } else {
        peers.matching(peer).forEach(identity -> identities.add(identity.number()));
      }
    }
    entries.add(rule, ids.id(rule.reference()), identities);
  }

  /**
   * Every prefix that needs an identity of its own: those that rules speak of, exceptions included,
   * and all of IPv4 where an IPv6 prefix would else hold it in the 128-bit form ({@code ::/0}).
   */
  public Set<Cidr> cidrs() {
    Set<Cidr> named = named();
    if (named.stream().anyMatch(c -> !c.isV4() && c.contains(ALL_V4))) {
      return Stream.concat(named.stream(), Stream.of(ALL_V4))
          .collect(Collectors.toUnmodifiableSet());
    }
    return named;
  }

  private Set<Cidr> named() {
    return documents.stream()
        .flatMap(PolicyDocument::rules)
        .flatMap(r -> r.peers().stream())
        .flatMap(Peer::cidrs)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The rule of an id; empty for reserved ids and for rules that are gone. */
  public Optional<RuleReference> rule(int id) {
    return ids.rule(id);
  }
}
