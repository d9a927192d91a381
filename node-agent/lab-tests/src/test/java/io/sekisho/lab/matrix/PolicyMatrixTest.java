package io.sekisho.lab.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sekisho.api.v1.Rollout;
import io.sekisho.api.v1.RolloutState;
import io.sekisho.policy.Identity;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Policies against real connections: each case's documents go through the agents of a real lab, and
 * then every pod tries every other one, and machines outside, at both ports by TCP, UDP and SCTP,
 * IPv4 and IPv6; nodes too, where documents speak of them. What passes must be what is written by
 * hand with the case, and what the evaluator says; and the agents' flows must tell of each end that
 * drops or audits something, by which rule. The table of all cases is left in {@code
 * target/policy-matrix.txt}; {@code -Dmatrix.case=TEXT} tries those only that have the text in
 * their names.
 */
final class PolicyMatrixTest {
  private static final int LINES = 12;

  /** So many wrong cases are enough: each may wait a minute for what does not come. */
  private static final int MOST_WRONG = 5;

  /** How often is tried what no flow has told of, and how long each time is waited for it. */
  private static final int ROUNDS = 4;

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final List<Link> LINKS =
      Stream.concat(Plan.links().stream(), Plan.nodeLinks().stream()).toList();
  private static final Report REPORT = new Report();

  private static Grid grid;
  private static Salvo salvo;
  private static FlowWatch watch;
  private static Map<String, Identity> identities;

  @BeforeAll
  static void up() throws IOException {
    grid = new Grid();
    salvo = new Salvo(grid);
    Set<Link> silent = new HashSet<>(LINKS);
    silent.removeAll(salvo.answered(LINKS, Links.ALL));
    assertEquals(Set.of(), silent, "without policies nothing is silent");
    // it does not wait for what must not come: so much of it must be seen all the same, but for a
    // moment when the machine did something else
    int seen = 0;
    for (int round = 0; round < ROUNDS && seen <= LINKS.size() / 2; round++) {
      seen = salvo.answered(LINKS, Links.NONE).size();
    }
    REPORT.note("%d of %d are seen where none is expected".formatted(seen, LINKS.size()));
    assertTrue(seen > LINKS.size() / 2, seen + " seen where none is expected");
    identities = grid.identities();
    assertEquals(Plan.pods().keySet(), identities.keySet());
    watch = grid.watch();
  }

  @AfterAll
  static void down() throws IOException {
    if (watch != null) {
      watch.close();
    }
    if (grid != null) {
      REPORT.write();
      grid.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> connections_eachCase_passAsWritten() {
    Pattern wanted = Pattern.compile(System.getProperty("matrix.case", ""));
    return Cases.all().stream()
        .filter(each -> wanted.matcher(each.name()).find())
        .map(each -> DynamicTest.dynamicTest(each.name(), () -> tryOut(each)));
  }

  private static void tryOut(Case each) throws IOException {
    assumeTrue(REPORT.wrong() < MOST_WRONG, "not tried: too many cases are wrong already");
    long start = System.nanoTime();
    Rollout rollout = grid.push(each);
    assertTrue(isRealized(rollout), rollout.toString());
    long pushed = System.nanoTime();
    watch.begin();
    Set<Link> answered = salvo.answered(each.links(), each.allowed());
    long tried = System.nanoTime();
    Trace trace = new Trace(each, identities, grid::address);
    List<String> wrong = new ArrayList<>();
    each.links().stream()
        .filter(link -> !agree(each, link, answered, trace))
        .forEach(link -> wrong.add(line(each, link, answered, trace)));
    if (wrong.isEmpty()) {
      wrong.addAll(toldWrong(each, trace));
    }
    REPORT.add(
        each,
        each.links(),
        answered,
        wrong.size(),
        (pushed - start) / 1_000_000,
        (tried - pushed) / 1_000_000);
    if (!wrong.isEmpty()) {
      String shown = String.join("\n", wrong.subList(0, Math.min(LINES, wrong.size())));
      fail(wrong.size() + " connections, among them\n" + shown + "\n" + each.documents());
    }
  }

  private static boolean isRealized(Rollout rollout) {
    return rollout.getNodesCount() == 2
        && rollout.getNodesList().stream()
            .allMatch(node -> node.getState() == RolloutState.REALIZED);
  }

  private static boolean agree(Case each, Link link, Set<Link> answered, Trace trace) {
    boolean expected = each.allowed().has(link);
    return answered.contains(link) == expected
        && trace.allows(link) == expected
        && trace.audits(link) == each.audited().has(link);
  }

  /**
   * What the flows do not tell as the evaluator does. What was lost on the way, which agents count,
   * is tried again.
   */
  private static List<String> toldWrong(Case each, Trace trace) throws IOException {
    Set<Judged> expected =
        each.links().stream().flatMap(l -> trace.judged(l).stream()).collect(Collectors.toSet());
    Set<Judged> untold = expected;
    for (int round = 0; round < ROUNDS && !untold.isEmpty(); round++) {
      if (round > 0) {
        salvo.answered(untold.stream().map(Judged::link).distinct().toList(), Links.NONE);
      }
      untold = watch.untold(untold, PATIENCE);
    }
    REPORT.told(expected.size());
    Set<Link> tried = Set.copyOf(each.links());
    List<String> wrong = new ArrayList<>();
    untold.forEach(judged -> wrong.add("no flow says " + judged));
    watch.beside(expected).stream()
        .filter(judged -> tried.contains(judged.link()))
        .forEach(judged -> wrong.add("a flow says " + judged));
    return wrong;
  }

  private static String line(Case each, Link link, Set<Link> answered, Trace trace) {
    return "%s: expected %s, seen %s, trace %s: %s"
        .formatted(
            link,
            word(each.allowed().has(link)),
            word(answered.contains(link)),
            word(trace.allows(link)),
            trace.why(link));
  }

  private static String word(boolean allowed) {
    return allowed ? "allow" : "deny";
  }
}
