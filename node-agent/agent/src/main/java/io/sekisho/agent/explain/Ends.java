package io.sekisho.agent.explain;

import io.sekisho.agent.explain.ExplainException.Code;
import io.sekisho.api.v1.EndQuery;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.PolicyEnd;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.CidrLabels;
import io.sekisho.policy.Entity;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.NodeLabels;
import io.sekisho.policy.evaluate.Evaluator;
import io.sekisho.policy.reach.Cluster;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds who is meant by a question. */
final class Ends {
  private final Census census;
  private final Evaluator evaluator;

  Ends(Census census, Evaluator evaluator) {
    this.census = census;
    this.evaluator = evaluator;
  }

  /**
   * Somebody who is meant.
   *
   * @param identity whose labels are asked
   * @param told how he is told
   * @param node as a node that has policies of its own; empty if it is none
   * @param addresses those that he is known to have, by which a rule may mean him
   */
  record Found(Identity identity, PolicyEnd told, Optional<Identity> node, List<Cidr> addresses) {
    Found(Identity identity, PolicyEnd told) {
      this(identity, told, Optional.empty(), List.of());
    }

    /** The address by which somebody speaks to him: of a family that both have. */
    Optional<Cidr> address(Found other) {
      return addresses.stream()
          .filter(a -> other.addresses.isEmpty() || other.hasFamilyOf(a))
          .findFirst();
    }

    private boolean hasFamilyOf(Cidr address) {
      return addresses.stream().anyMatch(a -> a.isV4() == address.isV4());
    }

    /** As the one who decides. */
    Identity subject() {
      return node.orElse(identity);
    }
  }

  /** A pod with labels that nobody has; its number is the last of the cluster's. */
  static Identity imagined(Labels labels) {
    return new Identity(Identity.FIRST_LOCAL - 1, labels);
  }

  /**
   * Everybody who is meant; never empty.
   *
   * @param query who
   * @param other who is at the other end, by which the own node is told from others
   * @throws ExplainException if nobody is
   */
  List<Found> find(EndQuery query, EndQuery other) {
    return switch (query.getWhoCase()) {
      case POD -> pod(query.getPod());
      case LABELS -> labels(query.getLabels().getLabelsList());
      case ADDRESS -> List.of(address(query.getAddress(), other));
      case ENTITY -> entity(query.getEntity(), other);
      case IDENTITY -> List.of(number(query.getIdentity()));
      case WHO_NOT_SET -> throw new ExplainException(Code.INVALID, "the question names no end");
    };
  }

  /** The one who is meant. */
  Found one(EndQuery query) {
    List<Found> found = find(query, EndQuery.getDefaultInstance());
    if (found.size() > 1) {
      throw new ExplainException(
          Code.SEVERAL_ENDS,
          found.size()
              + " identities are meant, among them "
              + found.get(0).told().getName()
              + " and "
              + found.get(1).told().getName()
              + "; name one");
    }
    return found.getFirst();
  }

  private Found told(Identity identity) {
    return new Found(identity, census.end(identity));
  }

  private List<Found> pod(String name) {
    List<Endpoint> found = census.endpoints().stream().filter(e -> isCalled(e, name)).toList();
    if (found.stream().map(Census::name).distinct().count() > 1) {
      throw new ExplainException(
          Code.SEVERAL_ENDS, "several namespaces have a pod " + name + "; write namespace/pod");
    }
    if (found.isEmpty()) {
      throw new ExplainException(Code.UNKNOWN_END, "there is no pod " + name);
    }
    return found.stream().map(this::endpoint).distinct().toList();
  }

  private Found endpoint(Endpoint endpoint) {
    Identity identity =
        census
            .identity(endpoint.getIdentity())
            .or(() -> reserved(endpoint.getIdentity()))
            .orElseThrow(
                () ->
                    new ExplainException(
                        Code.UNKNOWN_END,
                        "the labels of " + Census.name(endpoint) + " are not known yet"));
    PolicyEnd told =
        census.end(identity).toBuilder()
            .setName(Census.name(endpoint))
            .clearPods()
            .addPods(Census.name(endpoint))
            .build();
    return new Found(identity, told, Optional.empty(), addresses(endpoint.getAddressesList()));
  }

  private static List<Cidr> addresses(List<String> texts) {
    return texts.stream().flatMap(t -> Cluster.address(t).stream()).toList();
  }

  private List<Found> labels(List<String> texts) {
    Labels wanted = parse(texts);
    List<Found> found =
        census.identities().stream()
            .filter(i -> hasAll(i.labels(), wanted))
            .map(this::told)
            .toList();
    if (!found.isEmpty()) {
      return found;
    }
    if (wanted.namespace().isEmpty()) {
      throw new ExplainException(
          Code.UNKNOWN_END,
          "nobody has the labels " + wanted + "; with a namespace they would be those of a pod");
    }
    return List.of(told(imagined(wanted)));
  }

  private static Labels parse(List<String> texts) {
    try {
      Labels labels = Labels.of(texts);
      if (!labels.asMap().isEmpty()) {
        return labels;
      }
    } catch (IllegalArgumentException e) {
      throw new ExplainException(Code.INVALID, String.valueOf(e.getMessage()));
    }
    throw new ExplainException(Code.INVALID, "the question names no label");
  }

  private static boolean hasAll(Labels labels, Labels wanted) {
    return wanted.asMap().entrySet().stream()
        .allMatch(e -> labels.get(e.getKey()).filter(e.getValue()::equals).isPresent());
  }

  private Found address(String text, EndQuery other) {
    InetAddress address = parse(text);
    Found found =
        census.endpoints().stream()
            .filter(e -> is(address, e.getAddressesList()))
            .findFirst()
            .map(this::endpoint)
            .orElseGet(() -> elsewhere(address, other));
    PolicyEnd told = found.told().toBuilder().setAddress(text).build();
    return new Found(found.identity(), told, found.node(), List.of(Cidr.of(address)));
  }

  private static InetAddress parse(String text) {
    try {
      if (!text.contains("/")) {
        Cidr.parse(text); // Java also takes 10.1 for an address
        return InetAddress.ofLiteral(text);
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw new ExplainException(Code.INVALID, "'" + text + "' is no address");
  }

  /** A node's own address, else one outside of the cluster. */
  private Found elsewhere(InetAddress address, EndQuery other) {
    for (Node node : census.nodes()) {
      if (is(address, node.getHealthAddressesList())) {
        return told(Identity.HEALTH);
      }
      if (is(address, node.getAddressesList())) {
        return node(node, isOn(other, node.getName()));
      }
    }
    return told(evaluator.outside(address));
  }

  /**
   * A node: with all of its labels as others see it, and as it sees itself.
   *
   * @param own whether the other end is one of its pods
   */
  private Found node(Node node, boolean own) {
    var self =
        new Identity(
            Identity.HOST.number(),
            NodeLabels.of(NodeLabels.HOST, node.getLabelsList(), name -> true));
    var other =
        new Identity(
            Identity.REMOTE_NODE.number(),
            NodeLabels.of(NodeLabels.REMOTE, node.getLabelsList(), name -> true));
    Identity seen = own ? self : other;
    PolicyEnd told = census.end(own ? Identity.HOST : Identity.REMOTE_NODE);
    return new Found(
        seen,
        told.toBuilder().clearLabels().addAllLabels(seen.labels().texts()).build(),
        Optional.of(self),
        addresses(node.getAddressesList()));
  }

  /** The node on which the other end lives. */
  private Optional<Found> ownNode(EndQuery other) {
    return census.nodes().stream()
        .filter(node -> isOn(other, node.getName()))
        .findFirst()
        .map(node -> node(node, true));
  }

  private boolean isOn(EndQuery query, String node) {
    return query.hasPod()
        && census.endpoints().stream()
            .anyMatch(e -> isCalled(e, query.getPod()) && e.getNode().equals(node));
  }

  /** Names of pods may leave out the namespace. */
  private static boolean isCalled(Endpoint endpoint, String pod) {
    return pod.equals(pod.contains("/") ? Census.name(endpoint) : endpoint.getPod());
  }

  private static boolean is(InetAddress address, List<String> texts) {
    return texts.stream().anyMatch(t -> InetAddress.ofLiteral(t).equals(address));
  }

  private List<Found> entity(String word, EndQuery other) {
    Entity entity =
        Entity.of(word)
            .orElseThrow(
                () ->
                    new ExplainException(
                        Code.INVALID,
                        "'"
                            + word
                            + "' is no entity; there are "
                            + String.join(", ", Entity.words())));
    Optional<Identity> prefix =
        switch (entity) {
          case WORLD -> Optional.of(Identity.WORLD);
          case WORLD_IPV4 -> Optional.of(prefix("0.0.0.0/0"));
          case WORLD_IPV6 -> Optional.of(prefix("::/0"));
          default -> Optional.empty();
        };
    if (prefix.isPresent()) {
      return List.of(told(prefix.get()));
    }
    if (entity == Entity.HOST) {
      Identity any = Identity.HOST;
      return List.of(
          ownNode(other)
              .orElseGet(() -> new Found(any, census.end(any), Optional.of(any), List.of())));
    }
    List<Found> found =
        Stream.concat(Identity.RESERVED.stream(), census.identities().stream())
            .filter(i -> entity.matches(i.labels()))
            .map(this::told)
            .toList();
    if (found.isEmpty()) {
      throw new ExplainException(Code.UNKNOWN_END, "nobody belongs to the entity " + word);
    }
    return found;
  }

  private static Identity prefix(String cidr) {
    return new Identity(Identity.FIRST_LOCAL, CidrLabels.of(Cidr.parse(cidr)));
  }

  private Found number(int number) {
    return census
        .identity(number)
        .or(() -> reserved(number))
        .map(this::told)
        .orElseThrow(
            () -> new ExplainException(Code.UNKNOWN_END, "there is no identity " + number));
  }

  private static Optional<Identity> reserved(int number) {
    return Identity.RESERVED.stream().filter(i -> i.number() == number).findFirst();
  }
}
