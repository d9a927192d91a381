package io.sekisho.impact.run;

import io.sekisho.flow.FlowRecord;
import io.sekisho.impact.seen.End;
import io.sekisho.impact.seen.Talk;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.Identity;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.compile.PolicyCompiler;
import io.sekisho.policy.evaluate.Decided;
import io.sekisho.policy.evaluate.Decider;
import io.sekisho.policy.evaluate.Evaluation;
import io.sekisho.policy.evaluate.Evaluator;
import io.sekisho.policy.evaluate.Question;
import io.sekisho.policy.reach.Cluster;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Asks one set of documents about connections, both ends. Safe for several threads. */
public final class Asking {
  private final PolicyCompiler compiler;
  private final Decider decider;
  private final Evaluator evaluator;
  private final Map<InetAddress, Identity> outside = new ConcurrentHashMap<>();

  /**
   * A connection to ask about; neither end is unknown.
   *
   * @param clientAddress by which a rule may mean a pod; empty if not known
   * @param serverAddress the same of the server
   */
  public record Connection(
      End client,
      End server,
      int protocol,
      int port,
      Optional<Cidr> clientAddress,
      Optional<Cidr> serverAddress) {
    /** Between ends whose addresses are not known. */
    public Connection(End client, End server, int protocol, int port) {
      this(client, server, protocol, port, Optional.empty(), Optional.empty());
    }

    /** What a talk's newest flow asks; empty where nobody can say. */
    public static Optional<Connection> of(Talk talk) {
      List<Connection> all = all(talk);
      return talk.isClear() ? Optional.of(all.getLast()) : Optional.empty();
    }

    /** What a talk asks, once for each pair of addresses that its newest flows tell. */
    static List<Connection> all(Talk talk) {
      var plain = new Connection(talk.client(), talk.server(), talk.protocol(), talk.port());
      var out = new LinkedHashSet<Connection>();
      for (FlowRecord flow : talk.newest()) {
        out.remove(plain.at(flow));
        out.add(plain.at(flow));
      }
      return out.isEmpty() ? List.of(plain) : List.copyOf(out);
    }

    private Connection at(FlowRecord flow) {
      return new Connection(
          client,
          server,
          protocol,
          port,
          Cluster.address(flow.client().address()),
          Cluster.address(flow.server().address()));
    }
  }

  /** Asks the documents of one revision, in force as is usual. */
  public Asking(List<PolicyDocument> documents) {
    this(documents, Enforcement.USUAL);
  }

  /** Asks the documents of one revision, obeyed as the cluster does. */
  public Asking(List<PolicyDocument> documents, Enforcement enforcement) {
    this.compiler = new PolicyCompiler(documents, enforcement.mode(), enforcement.failSafe());
    this.decider = new Decider(compiler, enforcement.audit());
    this.evaluator = new Evaluator(compiler, enforcement.audit());
  }

  /** What both ends decide. */
  public Answer of(Connection connection) {
    var sides = new ArrayList<Side>(2);
    if (decides(connection.client())) {
      sides.add(side(connection, Direction.EGRESS));
    }
    if (decides(connection.server())) {
      sides.add(side(connection, Direction.INGRESS));
    }
    return new Answer(sides);
  }

  /** What one end decides, with every rule that was considered. */
  public Evaluation evaluate(Connection connection, Direction direction) {
    return evaluator.evaluate(question(connection, direction));
  }

  /** Whether these documents decide at an end: a pod, or a node if they speak of nodes. */
  private boolean decides(End end) {
    return isEndpoint(end)
        || (end instanceof End.Known known && known.isOwnNode() && compiler.selectsNodes());
  }

  /** Whether policies decide at an end that is a pod. */
  public static boolean isEndpoint(End end) {
    return end instanceof End.Known known && known.isEndpoint();
  }

  private Side side(Connection connection, Direction direction) {
    Decided decided = decider.decide(question(connection, direction));
    return new Side(direction, decided.decision(), decided.rule());
  }

  private Question question(Connection c, Direction direction) {
    return new Question(
            identity(c.client()), identity(c.server()), c.protocol(), c.port(), direction)
        .between(c.clientAddress(), c.serverAddress());
  }

  /** Whether rules mean pods by their addresses, so that pods of one workload may differ. */
  boolean asksAddresses() {
    return !compiler.blocks().isEmpty();
  }

  /** Outside, these documents' own prefixes count; numbers are no matter to policies. */
  private Identity identity(End end) {
    return switch (end) {
      case End.Known known -> known.identity();
      case End.Outside o -> outside.computeIfAbsent(o.address(), evaluator::outside);
      case End.Unknown unknown ->
          throw new IllegalArgumentException("an unknown end can't be asked about");
    };
  }

  /** Whether other documents say exactly the same about an end of connections. */
  boolean sameAs(Asking other, End end, Direction direction) {
    if (!(end instanceof End.Known known) || (!decides(end) && !other.decides(end))) {
      return true;
    }
    return decider
        .rulings(known.labels(), direction)
        .equals(other.decider.rulings(known.labels(), direction));
  }
}
