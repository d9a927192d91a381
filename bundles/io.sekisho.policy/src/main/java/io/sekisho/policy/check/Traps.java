package io.sekisho.policy.check;

import io.sekisho.policy.Action;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Identity;
import io.sekisho.policy.NamedPort;
import io.sekisho.policy.Peer;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.PolicySpec;
import io.sekisho.policy.PortLabels;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.Problem;
import io.sekisho.policy.Rule;
import io.sekisho.policy.Severity;
import io.sekisho.policy.compile.PeerIndex;
import io.sekisho.policy.compile.PolicyCompiler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds what is well-formed and probably not meant: selectors that select nobody, prefixes that
 * cover pods and never match them, endpoints that may send but not ask DNS.
 */
public final class Traps {
  private static final int DNS = 53;

  private final Surroundings surroundings;
  private final PolicyCompiler compiler;
  private final PeerIndex peers;
  private final List<Problem> problems = new ArrayList<>();
  private int text;
  private String document = "";

  private Traps(List<PolicyDocument> documents, Surroundings surroundings) {
    this.surroundings = surroundings;
    this.compiler = new PolicyCompiler(documents);
    this.peers = PeerIndex.of(surroundings.endpoints());
  }

  /**
   * Warnings by document and line; the problems' text is the place of the document in the list, and
   * lines count in the document's own text.
   *
   * @param documents those of one revision
   * @param surroundings the cluster that they are for
   */
  public static List<Problem> find(List<PolicyDocument> documents, Surroundings surroundings) {
    return find(documents, documents, surroundings);
  }

  /**
   * Warnings of some documents among others.
   *
   * @param documents those of one revision
   * @param asked those of them that are looked at; the problems' text is the place in this list
   * @param surroundings the cluster that they are for
   */
  public static List<Problem> find(
      List<PolicyDocument> documents, List<PolicyDocument> asked, Surroundings surroundings) {
    var traps = new Traps(documents, surroundings);
    for (int i = 0; i < asked.size(); i++) {
      traps.text = i;
      traps.document = asked.get(i).documentName().toString();
      asked.get(i).specs().forEach(traps::check);
    }
    return List.copyOf(traps.problems);
  }

  private void warn(int line, String message) {
    problems.add(new Problem(Severity.WARNING, text, document, line, 1, message, ""));
  }

  private void check(PolicySpec spec) {
    if (spec.selectsNodes()) {
      spec.rules().forEach(this::check);
      return; // of nodes NodeTraps knows more
    }
    Optional<Identity> one =
        surroundings.endpoints().stream().filter(e -> spec.selects(e.labels())).findFirst();
    if (one.isEmpty()) {
      warn(spec.line(), "no endpoint is selected by " + spec.subject());
    }
    spec.rules().forEach(this::check);
    one.filter(e -> spec.enforces(Direction.EGRESS)).ifPresent(e -> checkDns(spec, e));
  }

  private void check(Rule rule) {
    int line = rule.reference().line();
    for (Peer peer : rule.peers()) {
      if (peer instanceof Peer.Endpoints endpoints
          && speaksOfPods(endpoints)
          && peers.matching(peer).isEmpty()) {
        warn(line, "no endpoint is meant by " + endpoints.selector());
      }
      if (peer instanceof Peer.Services services && services.backends().isEmpty()) {
        warn(line, "nothing is known to be behind the service " + services.wanted());
      }
      if (peer instanceof Peer.Prefix prefix) {
        checkPods(prefix, line);
      }
    }
    for (NamedPort port : rule.named()) {
      if (surroundings.endpoints().stream()
          .noneMatch(e -> PortLabels.port(e.labels(), port.name()).isPresent())) {
        warn(line, "no endpoint has a port with the name '" + port.name() + "'");
      }
    }
  }

  /** Reserved and prefix labels speak of others than endpoints. */
  private static boolean speaksOfPods(Peer.Endpoints endpoints) {
    return endpoints.selector().requirements().stream()
        .noneMatch(r -> r.key().startsWith("reserved:") || r.key().startsWith("cidr:"));
  }

  private void checkPods(Peer.Prefix prefix, int line) {
    for (Cidr pods : surroundings.podCidrs()) {
      boolean meets = pods.inside(prefix.cidr()) || prefix.cidr().inside(pods);
      if (meets && prefix.except().stream().noneMatch(pods::inside)) {
        warn(
            line,
            prefix.cidr()
                + " holds addresses of pods ("
                + pods
                + "), but never means pods: select them by labels");
      }
    }
  }

  private void checkDns(PolicySpec spec, Identity endpoint) {
    List<Rule> sends =
        compiler.rulings(endpoint.labels(), Direction.EGRESS).inForce().rules().stream()
            .filter(r -> r.action() == Action.ALLOW && !r.peers().isEmpty())
            .toList();
    boolean asks =
        sends.stream()
            .anyMatch(
                r ->
                    r.ports().stream().anyMatch(p -> p.contains(PortRange.UDP, DNS))
                        || r.named().stream().anyMatch(n -> n.name().startsWith("dns")));
    if (!sends.isEmpty() && !asks) {
      warn(
          spec.line(),
          "who is selected may send, but not ask DNS: no document allows 53/UDP to go out");
    }
  }
}
