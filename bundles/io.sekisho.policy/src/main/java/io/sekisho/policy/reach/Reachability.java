package io.sekisho.policy.reach;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.Expectation;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.NamedPort;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.PolicySpec;
import io.sekisho.policy.PortLabels;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.Rule;
import io.sekisho.policy.compile.PeerVerdicts;
import io.sekisho.policy.compile.PolicyCompiler;
import io.sekisho.policy.evaluate.Evaluator;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Answers who can talk to whom on which ports, over all identities and all ports: identities that
 * documents treat alike are decided once, and so are ports. What passes under audit passes. A pod
 * may be on any node, so its node's traffic passes as that of its own node does.
 *
 * <p>For one thread; make a new one for other documents or identities.
 */
public final class Reachability {
  private final PolicyCompiler compiler;
  private final boolean audit;
  private final Evaluator evaluator;
  private final Population population;
  private final PortClasses classes;
  private final BitSet everything;
  private final @Nullable Side[] egress;
  private final @Nullable Side[] ingress;
  private final Map<Key, Side> sides = new HashMap<>();
  private final Map<PolicySpec, Integer> numbers = new IdentityHashMap<>();

  /**
   * What an endpoint's side depends on: the specs that select it, the names of its ports, and
   * whether it is a pod, for modes speak of pods.
   */
  private record Key(Direction direction, boolean pod, List<Integer> specs, List<String> ports) {}

  /**
   * The ports on which somebody can be reached, or can reach.
   *
   * @param peer who is at the other end
   * @param ports on which ports, of the server
   */
  public record Reach(Identity peer, List<PortRange> ports) {
    /** Keeps an immutable copy. */
    public Reach {
      ports = List.copyOf(ports);
    }
  }

  /**
   * Reachability by the documents.
   *
   * @param documents those of one revision
   * @param identities of the pods; reserved ones and those of prefixes are known
   */
  public Reachability(List<PolicyDocument> documents, Collection<Identity> identities) {
    this(documents, Cluster.of(identities), Enforcement.USUAL);
  }

  /**
   * Reachability by the documents, obeyed as a cluster does.
   *
   * @param documents those of one revision
   * @param cluster the pods; reserved identities and those of prefixes are known
   */
  public Reachability(List<PolicyDocument> documents, Cluster cluster, Enforcement enforcement) {
    this(documents, cluster, List.of(), enforcement);
  }

  /**
   * Reachability whose ports can be compared with that by other documents.
   *
   * @param others the documents of the other revision
   */
  Reachability(
      List<PolicyDocument> documents,
      Cluster cluster,
      List<PolicyDocument> others,
      Enforcement enforcement) {
    List<PolicyDocument> all = Stream.concat(documents.stream(), others.stream()).toList();
    this.compiler = new PolicyCompiler(documents, enforcement.mode(), enforcement.failSafe());
    this.evaluator = new Evaluator(compiler, enforcement.audit());
    this.audit = enforcement.audit();
    boolean nodes = all.stream().anyMatch(PolicyDocument::selectsNodes);
    PolicyCompiler both = others.isEmpty() ? compiler : new PolicyCompiler(all);
    this.population = new Population(cluster, cidrs(both, all), both.blocks(), nodes);
    Set<PortRange> ranges = ranges(all, cluster.identities());
    if (nodes) {
      ranges.addAll(compiler.failSafe().everybody());
      ranges.addAll(compiler.failSafe().nodes());
    }
    this.classes = new PortClasses(ranges);
    this.egress = new Side[population.size()];
    this.ingress = new Side[population.size()];
    this.everything = classes.of(List.of(PortRange.ALL));
  }

  private static Set<Cidr> cidrs(PolicyCompiler compiler, List<PolicyDocument> documents) {
    var out = new TreeSet<>(compiler.cidrs());
    documents.stream()
        .flatMap(d -> d.expectations().stream())
        .flatMap(e -> Stream.concat(e.from().stream(), e.to().stream()))
        .flatMap(p -> p.cidrs())
        .forEach(out::add);
    Cidr all = Cidr.parse("0.0.0.0/0");
    if (out.stream().anyMatch(c -> !c.isV4() && c.contains(all))) {
      out.add(all);
    }
    return out;
  }

  private static Set<PortRange> ranges(
      List<PolicyDocument> documents, Collection<Identity> identities) {
    var out = new HashSet<PortRange>();
    documents.stream().flatMap(PolicyDocument::rules).map(Rule::ports).forEach(out::addAll);
    documents.stream()
        .flatMap(d -> d.expectations().stream())
        .map(Expectation::ports)
        .forEach(out::addAll);
    Set<NamedPort> named =
        documents.stream()
            .flatMap(
                d ->
                    Stream.concat(
                        d.rules().flatMap(r -> r.named().stream()),
                        d.expectations().stream().flatMap(e -> e.named().stream())))
            .collect(Collectors.toSet());
    for (Identity identity : identities) {
      named.forEach(n -> PortLabels.port(identity.labels(), n.name()).ifPresent(out::add));
    }
    return out;
  }

  Population population() {
    return population;
  }

  PortClasses classes() {
    return classes;
  }

  Evaluator evaluator() {
    return evaluator;
  }

  /** The ports on which one place can open connections to another; a new set. */
  BitSet ports(int source, int destination) {
    var out = (BitSet) egress(source, destination).clone();
    out.and(ingress(source, destination));
    return out;
  }

  /** The ports that the source's side lets pass; not to be changed. */
  BitSet egress(int source, int destination) {
    return population.isEndpoint(source)
        ? side(source, Direction.EGRESS).ports(destination)
        : everything;
  }

  /** The ports that the destination's side lets pass; not to be changed. */
  BitSet ingress(int source, int destination) {
    boolean ownNode = population.get(source).number() == Identity.HOST.number();
    return population.isEndpoint(destination) && !ownNode
        ? side(destination, Direction.INGRESS).ports(source)
        : everything;
  }

  /** Whether policies have a say about the connection: one of its ends is an endpoint. */
  boolean isDecided(int source, int destination) {
    return population.isEndpoint(source) || population.isEndpoint(destination);
  }

  /** What an endpoint's side lets pass. */
  Side side(int place, Direction direction) {
    Side[] known = direction == Direction.EGRESS ? egress : ingress;
    Side side = known[place];
    if (side == null) {
      side = find(place, direction);
      known[place] = side;
    }
    return side;
  }

  private PeerVerdicts verdicts(Labels labels, Direction direction) {
    return audit ? PeerVerdicts.OPEN : compiler.verdicts(labels, direction, population.index());
  }

  private Side find(int place, Direction direction) {
    Labels labels = population.get(place).labels();
    List<Integer> specs =
        compiler.selecting(labels).stream()
            .map(s -> numbers.computeIfAbsent(s, n -> numbers.size()))
            .toList();
    List<String> ports =
        direction == Direction.INGRESS
            ? labels.texts().stream().filter(t -> t.startsWith("port:")).toList()
            : List.of();
    return sides.computeIfAbsent(
        new Key(direction, !labels.namespace().isEmpty(), specs, ports),
        k -> new Side(verdicts(labels, direction), population, classes));
  }

  /**
   * Who can reach an identity, on which ports; without those who cannot. Of an identity whose
   * addresses are not treated alike there is one answer for each set of ports.
   *
   * @param address that of who is meant; if empty, what any of the identity's addresses can
   * @throws IllegalArgumentException if nobody has its labels
   */
  public List<Reach> whoReaches(Identity destination, Optional<Cidr> address) {
    return reach(known(destination, address), this::ports);
  }

  /** The same for everybody who has the identity. */
  public List<Reach> whoReaches(Identity destination) {
    return whoReaches(destination, Optional.empty());
  }

  /**
   * Whom an identity can reach, on which ports; without those whom it cannot.
   *
   * @param address that of who is meant; if empty, what any of the identity's addresses can
   * @throws IllegalArgumentException if nobody has its labels
   */
  public List<Reach> whomReaches(Identity source, Optional<Cidr> address) {
    return reach(known(source, address), (peer, who) -> ports(who, peer));
  }

  /** The same for everybody who has the identity. */
  public List<Reach> whomReaches(Identity source) {
    return whomReaches(source, Optional.empty());
  }

  private List<Reach> reach(BitSet who, BiFunction<Integer, Integer, BitSet> between) {
    var out = new LinkedHashSet<Reach>();
    for (int peer = 0; peer < population.size(); peer++) {
      var ports = new BitSet();
      for (int w = who.nextSetBit(0); w >= 0; w = who.nextSetBit(w + 1)) {
        if (isDecided(peer, w)) {
          ports.or(between.apply(peer, w));
        }
      }
      if (!ports.isEmpty()) {
        out.add(new Reach(population.get(peer), classes.ranges(ports)));
      }
    }
    return List.copyOf(out);
  }

  private BitSet known(Identity identity, Optional<Cidr> address) {
    BitSet places = population.places(identity);
    if (places.isEmpty()) {
      throw new IllegalArgumentException("there is no identity of " + identity.labels());
    }
    return address.map(a -> population.at(places, a)).orElse(places);
  }
}
