package io.sekisho.policy.compile;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.Entity;
import io.sekisho.policy.Peer;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.Rule;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one document says, as far as a compiler asks it of all documents; found once in the
 * document's life, for of a thousand documents one changes at a time.
 *
 * @param rules its rules
 * @param hashes the numbers that they want, see {@link RuleIds}
 * @param cidrs the prefixes that they name
 * @param blocks those of them by which pods and nodes may be meant, exceptions included
 * @param nodeLabels the names of labels by which they tell nodes apart
 * @param entities those that they name
 * @param nodes whether a spec speaks of nodes' own traffic
 */
record DocumentFacts(
    List<Rule> rules,
    List<Integer> hashes,
    Set<Cidr> cidrs,
    Set<Cidr> blocks,
    Set<String> nodeLabels,
    Set<Entity> entities,
    boolean nodes) {

  /** Those of documents, by the document as an object. */
  static Map<PolicyDocument, DocumentFacts> of(
      Collection<PolicyDocument> documents, Map<PolicyDocument, DocumentFacts> before) {
    var out = new IdentityHashMap<PolicyDocument, DocumentFacts>(documents.size());
    for (PolicyDocument document : documents) {
      DocumentFacts known = before.get(document);
      out.put(document, known != null ? known : of(document));
    }
    return out;
  }

  private static DocumentFacts of(PolicyDocument document) {
    List<Rule> rules = document.rules().toList();
    List<Peer> peers = rules.stream().flatMap(r -> r.peers().stream()).toList();
    return new DocumentFacts(
        rules,
        rules.stream().map(RuleIds::firstHash).toList(),
        peers.stream().flatMap(Peer::cidrs).collect(Collectors.toUnmodifiableSet()),
        peers.stream()
            .filter(Peer.Block.class::isInstance)
            .flatMap(Peer::cidrs)
            .collect(Collectors.toUnmodifiableSet()),
        peers.stream()
            .filter(Peer.Nodes.class::isInstance)
            .flatMap(p -> ((Peer.Nodes) p).selector().requirements().stream())
            .map(r -> r.key().substring(r.key().indexOf(':') + 1))
            .collect(Collectors.toUnmodifiableSet()),
        peers.stream()
            .filter(Peer.Group.class::isInstance)
            .map(p -> ((Peer.Group) p).entity())
            .collect(Collectors.toUnmodifiableSet()),
        document.selectsNodes());
  }
}
