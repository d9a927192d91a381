package io.sekisho.policy.compile;

import io.sekisho.policy.Action;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.CidrLabels;
import io.sekisho.policy.Direction;
import io.sekisho.policy.EnforcementMode;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.NamedPort;
import io.sekisho.policy.Peer;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.PolicySpec;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.Requires;
import io.sekisho.policy.Rule;
import io.sekisho.policy.ServiceCatalog;
import io.sekisho.policy.ServiceReference;
import io.sekisho.policy.Tier;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The reference: asks every rule of every document, and knows nothing of tables or indexes.
 *
 * @param mode where the documents are enforced
 */
public record NaivePolicy(List<PolicyDocument> documents, EnforcementMode mode) {
  /** Enforced where documents select. */
  public NaivePolicy(List<PolicyDocument> documents) {
    this(documents, EnforcementMode.DEFAULT);
  }

  /** What becomes of a connection. */
  public enum Verdict {
    PASSES,
    DROPPED,
    AUDITED
  }

  /**
   * A connection as one side sees it.
   *
   * @param at whether a peer means the other end by its address
   */
  record Connection(
      Labels subject,
      Predicate<Peer> peer,
      Predicate<Peer> at,
      Labels server,
      int protocol,
      int port,
      Direction way) {
    Connection withoutAddress() {
      return new Connection(subject, peer, p -> false, server, protocol, port, way);
    }

    Connection addressOnly() {
      return new Connection(subject, p -> false, at, server, protocol, port, way);
    }
  }

  /** What becomes of the connection, with the peer as an identity. */
  public Verdict decide(
      Labels subject, Identity peer, int protocol, int port, Direction direction) {
    return decide(subject, peer, Optional.empty(), protocol, port, direction);
  }

  /** What becomes of the connection, with the peer as an identity that has an address. */
  public Verdict decide(
      Labels subject,
      Identity peer,
      Optional<Cidr> address,
      int protocol,
      int port,
      Direction direction) {
    Labels server = direction == Direction.EGRESS ? peer.labels() : subject;
    return decide(
        new Connection(
            subject,
            p -> means(p, peer),
            p -> p instanceof Peer.Block b && address.filter(a -> holds(b, a)).isPresent(),
            server,
            protocol,
            port,
            direction));
  }

  private static boolean holds(Peer.Block block, Cidr address) {
    return covers(block.cidr(), address)
        && block.except().stream().noneMatch(e -> covers(e, address));
  }

  private static boolean means(Peer peer, Identity identity) {
    Labels labels = identity.labels();
    return peer instanceof Peer.Services services
        ? CidrLabels.cidr(labels)
            .map(c -> of(services.wanted()).anyMatch(s -> has(s, c)))
            .orElseGet(() -> of(services.wanted()).anyMatch(s -> has(s, labels)))
        : peer.matches(identity);
  }

  private static Stream<ServiceCatalog.Service> of(ServiceReference wanted) {
    return RandomPolicies.SERVICES.stream()
        .filter(s -> wanted.namespace().isEmpty() || s.namespace().equals(wanted.namespace()))
        .filter(s -> wanted.name().isEmpty() || s.name().equals(wanted.name()))
        .filter(s -> wanted.labels().map(l -> l.matches(s.labels())).orElse(true));
  }

  private static boolean has(ServiceCatalog.Service service, Cidr address) {
    return service.addresses().stream().anyMatch(a -> covers(a, address));
  }

  private static boolean has(ServiceCatalog.Service service, Labels pod) {
    return pod.namespace().equals(service.namespace())
        && service.pods().filter(p -> p.matches(pod)).isPresent();
  }

  /** What becomes of the connection, with the peer as an address outside of the cluster. */
  Verdict decideOutside(Labels subject, Cidr address, int protocol, int port, Direction direction) {
    Labels world = Identity.WORLD.labels();
    return decide(
        new Connection(
            subject, p -> outside(p, address), p -> false, world, protocol, port, direction));
  }

  private static boolean outside(Peer peer, Cidr address) {
    return switch (peer) {
      case Peer.Endpoints endpoints -> endpoints.selector().matches(CidrLabels.of(address));
      case Peer.Nodes nodes -> false;
      case Peer.Group group ->
          switch (group.entity()) {
            case WORLD_IPV4 -> address.isV4();
            case WORLD_IPV6 -> !address.isV4();
            default -> group.entity().matches(Identity.WORLD.labels());
          };
      case Peer.Services services -> of(services.wanted()).anyMatch(s -> has(s, address));
      case Peer.Prefix prefix ->
          covers(prefix.cidr(), address)
              && prefix.except().stream().noneMatch(e -> covers(e, address));
      case Peer.Block block -> holds(block, address);
    };
  }

  private static boolean covers(Cidr prefix, Cidr address) {
    return prefix.isV4() == address.isV4() && prefix.contains(address);
  }

  private Verdict decide(Connection connection) {
    if (mode == EnforcementMode.NEVER) {
      return Verdict.PASSES;
    }
    List<PolicySpec> all =
        documents.stream()
            .flatMap(d -> d.specs().stream())
            .filter(s -> s.subject().matches(connection.subject()))
            .filter(
                s ->
                    s.subject().toString().contains("reserved:host")
                        == connection.subject().equals(PolicyCompilerPropertyTest.OWN_NODE))
            .toList();
    List<PolicySpec> inForce = all.stream().filter(s -> !s.standing().audit()).toList();
    boolean byAddress = byAddress(all, connection);
    if (isolates(inForce, connection)) {
      byAddress &= byAddress(inForce, connection); // one under audit alone lifts nothing there
    }
    if (!passes(inForce, connection.withoutAddress())) {
      Verdict lifted = byAddress ? Verdict.PASSES : Verdict.AUDITED;
      return passes(inForce, connection) ? lifted : Verdict.DROPPED;
    }
    boolean wanted = passes(all, byAddress ? connection : connection.withoutAddress());
    return wanted ? Verdict.PASSES : Verdict.AUDITED;
  }

  private boolean byAddress(List<PolicySpec> specs, Connection c) {
    return matching(specs, Tier.NORMAL, c.addressOnly()).findAny().isPresent();
  }

  private boolean isolates(List<PolicySpec> specs, Connection c) {
    boolean always =
        mode == EnforcementMode.ALWAYS && !c.subject().equals(PolicyCompilerPropertyTest.OWN_NODE);
    return always || specs.stream().anyMatch(s -> s.enforces(c.way()));
  }

  private boolean passes(List<PolicySpec> specs, Connection c) {
    Action admin = first(specs, Tier.ADMIN, c);
    if (admin != Action.PASS) {
      return admin == Action.ALLOW;
    }
    List<Rule> normal = matching(specs, Tier.NORMAL, c).toList();
    if (!normal.isEmpty()) {
      return normal.stream().noneMatch(Rule::deny);
    }
    if (isolates(specs, c)) {
      return false;
    }
    return first(specs, Tier.BASELINE, c) != Action.DENY;
  }

  /** What the first matching rule of an ordered tier says, to pass on if there is none. */
  private static Action first(List<PolicySpec> specs, Tier tier, Connection c) {
    return matching(specs, tier, c)
        .min(
            Comparator.<Rule>comparingInt(r -> r.standing().priority())
                .thenComparingInt(r -> r.reference().index())
                .thenComparingInt(r -> r.deny() ? 0 : 1)
                .thenComparingInt(
                    r ->
                        r.peers().stream().anyMatch(p -> !p.matchesAll() && c.peer().test(p))
                            ? 0
                            : 1)
                .thenComparing(Rule::reference))
        .map(Rule::action)
        .orElse(Action.PASS);
  }

  private static Stream<Rule> matching(List<PolicySpec> specs, Tier tier, Connection c) {
    return specs.stream()
        .flatMap(s -> s.rules().stream())
        .filter(r -> r.standing().tier() == tier && r.direction() == c.way())
        .filter(r -> r.peers().stream().anyMatch(p -> meant(p, r, specs, c)))
        .filter(
            r ->
                r.ports().stream().anyMatch(p -> p.contains(c.protocol(), c.port()))
                    || r.named().stream().anyMatch(n -> names(n, r.deny(), c)));
  }

  private static boolean meant(Peer peer, Rule rule, List<PolicySpec> specs, Connection c) {
    if (c.at().test(peer) && required(rule, specs).findAny().isEmpty() && unnamed(rule, c)) {
      return true;
    }
    return c.peer().test(peer)
        && (!(peer instanceof Peer.Endpoints)
            || required(rule, specs)
                .allMatch(q -> c.peer().test(new Peer.Endpoints(q.selector()))));
  }

  private static Stream<Requires> required(Rule rule, List<PolicySpec> specs) {
    return specs.stream()
        .flatMap(s -> s.requires().stream())
        .filter(q -> q.section() == rule.reference().section());
  }

  /** Whom an address means has no names of ports: only a number can match what he serves. */
  private static boolean unnamed(Rule rule, Connection c) {
    return c.way() == Direction.INGRESS
        || rule.ports().stream().anyMatch(p -> p.contains(c.protocol(), c.port()));
  }

  private static boolean names(NamedPort named, boolean deny, Connection c) {
    boolean protocol = named.protocol() == 0 || named.protocol() == c.protocol();
    boolean told = c.server().texts().stream().anyMatch(t -> t.startsWith("port:"));
    if (deny && !told && !c.server().namespace().isEmpty()) {
      return protocol;
    }
    String written = c.port() + "/" + PortRange.protocolName(c.protocol());
    return protocol && c.server().get("port:" + named.name()).equals(Optional.of(written));
  }

  /**
   * The lookup of the datapath: the longest match for the peer, else for every pod if it is one,
   * the longest for any peer, and of both the one with the higher precedence.
   */
  public static Optional<PolicyEntry> lookup(
      PolicyTable table, int identity, int protocol, int port, boolean egress) {
    Optional<PolicyEntry> named = longest(table, identity, protocol, port, egress);
    if (named.isEmpty() && Identity.isPod(identity)) {
      named = longest(table, Identity.EVERY_POD, protocol, port, egress);
    }
    Optional<PolicyEntry> any = longest(table, 0, protocol, port, egress);
    if (named.isEmpty() || any.isEmpty()) {
      return named.or(() -> any);
    }
    return named.get().precedence() >= any.get().precedence() ? named : any;
  }

  /**
   * The same for a peer that has an address: where the default would drop, what is allowed for the
   * block that holds the address goes before it.
   *
   * @param block the block's number, 0 for none
   */
  public static Optional<PolicyEntry> lookup(
      PolicyTable table, int identity, int block, int protocol, int port, boolean egress) {
    Optional<PolicyEntry> entry = lookup(table, identity, protocol, port, egress);
    if (block == 0) {
      return entry;
    }
    boolean enforced = egress ? table.egressEnforced() : table.ingressEnforced();
    boolean dropped =
        entry.map(e -> e.deny() && e.ruleId() == RuleIds.DEFAULT_DENY).orElse(enforced);
    return dropped
        ? longest(table, block, protocol, port, egress)
            .filter(e -> !e.deny() || e.audit())
            .or(() -> entry)
        : entry;
  }

  /** What the datapath does with the entry that it found. */
  public static Verdict verdict(Optional<PolicyEntry> entry, boolean enforced) {
    if (entry.isEmpty()) {
      return enforced ? Verdict.DROPPED : Verdict.PASSES;
    }
    if (!entry.get().deny()) {
      return Verdict.PASSES;
    }
    return entry.get().audit() ? Verdict.AUDITED : Verdict.DROPPED;
  }

  private static Optional<PolicyEntry> longest(
      PolicyTable table, int identity, int protocol, int port, boolean egress) {
    PolicyEntry best = null;
    int longest = -1;
    for (var entry : table.entries().entrySet()) {
      PolicyKey key = entry.getKey();
      if (key.identity() != identity || key.egress() != egress) {
        continue;
      }
      boolean l4 =
          key.protocol() == 0
              || (key.protocol() == protocol
                  && new PortRange.Prefix(key.port(), key.portPrefixLength()).contains(port));
      int length = key.protocol() == 0 ? 0 : 8 + key.portPrefixLength();
      if (l4 && length > longest) {
        longest = length;
        best = entry.getValue();
      }
    }
    return Optional.ofNullable(best);
  }
}
