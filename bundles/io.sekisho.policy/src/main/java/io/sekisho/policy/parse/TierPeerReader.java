package io.sekisho.policy.parse;

import io.sekisho.policy.Action;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Entity;
import io.sekisho.policy.Kind;
import io.sekisho.policy.Peer;
import io.sekisho.policy.Requirement;
import io.sekisho.policy.Selector;
import io.sekisho.policy.grammar.MapShape;
import io.sekisho.policy.grammar.TierGrammar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;

/** Subjects and peers of the administrators' policies. */
final class TierPeerReader {
  private final Kind kind;
  private final Findings findings;
  private final PodSelectorReader selectors;
  private final EntityReader entities;
  private final CidrReader cidrs;

  TierPeerReader(Kind kind, Findings findings) {
    this.kind = kind;
    this.findings = findings;
    this.selectors = new PodSelectorReader(findings);
    this.entities = new EntityReader(findings);
    this.cidrs = new CidrReader(findings);
  }

  /** A subject: the pods that it selects. */
  List<Requirement> pods(Node node, String what) {
    return Fields.of(node, what, TierGrammar.SOURCE, findings)
        .filter(f -> isOne(f, what, TierGrammar.SOURCE.names()))
        .map(this::pods)
        .orElse(List.of());
  }

  private boolean isOne(Fields fields, String what, Set<String> known) {
    boolean named = known.containsAll(fields.names());
    if (named && fields.names().size() == 1) {
      return true;
    }
    if (named) {
      findings.error(
          fields.node(),
          what + " has exactly one of " + String.join(", ", known.stream().sorted().toList()));
    }
    return false;
  }

  /** Pods by namespaces, or by namespaces and their own labels. */
  private List<Requirement> pods(Fields fields) {
    if (fields.has("namespaces")) {
      return fields.value("namespaces").map(selectors::namespaces).orElse(List.of());
    }
    var out = new ArrayList<Requirement>();
    out.add(PodSelectorReader.anyNamespace());
    fields
        .value("pods")
        .flatMap(n -> Fields.of(n, "'pods'", TierGrammar.PODS, findings))
        .ifPresent(
            f -> {
              require(f, "podSelector");
              if (kind != Kind.CLUSTER_NETWORK_POLICY) {
                require(f, "namespaceSelector");
              }
              f.value("namespaceSelector").map(selectors::namespaces).ifPresent(out::addAll);
              f.value("podSelector").map(selectors::pods).ifPresent(out::addAll);
            });
    return out;
  }

  private void require(Fields fields, String name) {
    if (!fields.has(name)) {
      findings.error(fields.node(), "'pods' has no '" + name + "'; write {} for all");
    }
  }

  /** The peers of a rule, of which there must be one. */
  List<Peer> read(Fields rule, String side, Action action) {
    List<Node> items = rule.list(side).orElse(List.of());
    if (items.isEmpty()) {
      findings.error(
          rule.has(side) ? rule.key(side) : rule.node(), "the rule has no peer in '" + side + "'");
    }
    MapShape shape = side.equals("to") ? TierGrammar.DESTINATION : TierGrammar.SOURCE;
    String what = "an item of '" + side + "'";
    var out = new ArrayList<Peer>();
    var networks = new ArrayList<Node>();
    for (Node item : items) {
      Fields.of(item, what, shape, findings)
          .filter(f -> isOne(f, what, shape.names()))
          .ifPresent(f -> readPeer(f, out, networks));
    }
    out.addAll(networks(networks, action));
    return out;
  }

  private void readPeer(Fields fields, List<Peer> out, List<Node> networks) {
    if (fields.has("nodes")) {
      fields.value("nodes").map(n -> entities.nodes(n, "'nodes'")).ifPresent(out::addAll);
    } else if (fields.has("networks")) {
      List<Node> list = fields.list("networks").orElse(List.of());
      if (list.isEmpty()) {
        findings.error(fields.key("networks"), "'networks' names no prefix");
      }
      networks.addAll(list);
    } else {
      out.add(new Peer.Endpoints(Selector.of(pods(fields))));
    }
  }

  /**
   * Prefixes. The API means pods and nodes with addresses inside too; here only a rule that names
   * all addresses of both families can mean them, for others are told by identity, not by address.
   */
  private List<Peer> networks(List<Node> nodes, Action action) {
    var read = new ArrayList<Cidr>();
    nodes.forEach(n -> cidrs.read(n, "an item of 'networks'").ifPresent(read::add));
    long all = read.stream().filter(CidrReader::isAll).distinct().count();
    if (all == 2) {
      return List.of(new Peer.Group(Entity.ALL));
    }
    for (Node node : nodes) {
      Optional<Cidr> cidr = cidrs.read(node, "an item of 'networks'");
      cidr.ifPresent(c -> warn(node, c, action));
    }
    return read.stream().<Peer>map(c -> new Peer.Prefix(c, List.of())).toList();
  }

  private void warn(Node node, Cidr cidr, Action action) {
    if (action == Action.ALLOW) {
      cidrs.hintAll(node, cidr);
    } else if (CidrReader.isAll(cidr)) {
      findings.error(
          node,
          cidr
              + " means pods too, of which only those of both families can be meant: name"
              + " 0.0.0.0/0 and ::/0 in one rule");
    } else {
      findings.warn(
          node,
          cidr
              + " means addresses outside of the cluster only: pods and nodes inside of it need a"
              + " rule of their own");
    }
  }
}
