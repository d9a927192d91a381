package io.sekisho.impact.run;

import io.sekisho.impact.seen.End;
import io.sekisho.impact.seen.Talk;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Identity;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.compile.PolicyCompiler;
import io.sekisho.policy.evaluate.Decided;
import io.sekisho.policy.evaluate.Decider;
import io.sekisho.policy.evaluate.Evaluation;
import io.sekisho.policy.evaluate.Evaluator;
import io.sekisho.policy.evaluate.Question;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Asks one set of documents about connections, both ends. Safe for several threads. */
public final class Asking {
  private final Decider decider;
  private final Evaluator evaluator;
  private final Map<InetAddress, Identity> outside = new ConcurrentHashMap<>();

  /** A connection to ask about; neither end is unknown. */
  public record Connection(End client, End server, int protocol, int port) {
    /** What a talk asks; empty where nobody can say. */
    public static Optional<Connection> of(Talk talk) {
      return talk.isClear()
          ? Optional.of(new Connection(talk.client(), talk.server(), talk.protocol(), talk.port()))
          : Optional.empty();
    }
  }

  /** Asks the documents of one revision. */
  public Asking(List<PolicyDocument> documents) {
    var compiler = new PolicyCompiler(documents);
    this.decider = new Decider(compiler, false);
    this.evaluator = new Evaluator(compiler, false);
  }

  /** What both ends decide. */
  public Answer of(Connection connection) {
    var sides = new ArrayList<Side>(2);
    if (isEndpoint(connection.client())) {
      sides.add(side(connection, Direction.EGRESS));
    }
    if (isEndpoint(connection.server())) {
      sides.add(side(connection, Direction.INGRESS));
    }
    return new Answer(sides);
  }

  /** What one end decides, with every rule that was considered. */
  public Evaluation evaluate(Connection connection, Direction direction) {
    return evaluator.evaluate(question(connection, direction));
  }

  /** Whether policies decide at an end. */
  public static boolean isEndpoint(End end) {
    return end instanceof End.Known known && known.isEndpoint();
  }

  private Side side(Connection connection, Direction direction) {
    Decided decided = decider.decide(question(connection, direction));
    return new Side(direction, decided.decision(), decided.rule());
  }

  private Question question(Connection c, Direction direction) {
    return new Question(
        identity(c.client()), identity(c.server()), c.protocol(), c.port(), direction);
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
    if (!(end instanceof End.Known known) || !known.isEndpoint()) {
      return true;
    }
    return decider
        .rulings(known.labels(), direction)
        .equals(other.decider.rulings(known.labels(), direction));
  }
}
