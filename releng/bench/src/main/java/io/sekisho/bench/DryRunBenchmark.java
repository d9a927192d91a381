package io.sekisho.bench;

import com.sun.management.OperatingSystemMXBean;
import io.sekisho.api.flow.Flow;
import io.sekisho.impact.Progress;
import io.sekisho.impact.run.Asking;
import io.sekisho.impact.run.DryRun;
import io.sekisho.impact.run.Outcome;
import io.sekisho.impact.seen.Gathering;
import io.sekisho.impact.seen.Traffic;
import io.sekisho.policy.Direction;
import io.sekisho.policy.PolicyDocument;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A dry run: a million recorded flows against 1,000 policies of which 50 are changed, next to
 * asking the evaluator about each flow by itself. Both must come to the same numbers.
 */
final class DryRunBenchmark implements Benchmark {
  private static final int FLOWS = 1_000_000;
  private static final int DISTINCT = 100_000;
  private static final int ALONE = 20_000;
  private static final int POLICIES = 1_000;
  private static final int CHANGED = 50;
  private static final int ROUNDS = 3;

  private final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  /** How long something took, s: by the clock, and of processors. */
  private record Took(double wall, double cpu) {}

  @Override
  public String name() {
    return "dryrun";
  }

  @Override
  public void run(Consumer<Result> told) {
    var made = new SeenTraffic();
    List<Flow> flows = made.flows(DISTINCT);
    List<PolicyDocument> before = made.policies(POLICIES);
    List<PolicyDocument> after = new ArrayList<>(made.policies(CHANGED));
    after.addAll(before.subList(CHANGED, POLICIES));
    check(flows.subList(0, ALONE), before, after);
    double[] rates = new double[ROUNDS];
    double[] seconds = new double[ROUNDS];
    double[] naive = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      Took whole = took(() -> together(flows, FLOWS, before, after));
      Took single = took(() -> alone(flows.subList(0, ALONE), before, after));
      seconds[i] = whole.cpu();
      rates[i] = FLOWS / whole.wall();
      naive[i] = ALONE / single.wall();
    }
    var rate = new Series(rates);
    var one = new Series(naive);
    told.accept(
        Result.plain("dry run, by question", rate.median(), "flows/s", rate.spread(1, "flows/s")));
    told.accept(
        Result.plain("dry run, flow by flow", one.median(), "flows/s", one.spread(1, "flows/s")));
    told.accept(
        Result.atLeast(
            "dry run, by question over flow by flow", rate.median() / one.median(), "", 10, ""));
    var cpu = new Series(seconds);
    told.accept(
        Result.atMost(
            String.format(Locale.ROOT, "dry run of %,d flows", FLOWS),
            cpu.median(),
            "s",
            5,
            "time of processors; " + cpu.spread(1, "s")));
  }

  private Took took(Runnable work) {
    long wall = System.nanoTime();
    long cpu = system.getProcessCpuTime();
    work.run();
    return new Took((System.nanoTime() - wall) / 1e9, (system.getProcessCpuTime() - cpu) / 1e9);
  }

  private static DryRun together(
      List<Flow> flows, int count, List<PolicyDocument> before, List<PolicyDocument> after) {
    var gathering = new Gathering(n -> Optional.empty());
    for (int i = 0; i < count; i++) {
      gathering.add(flows.get(i % flows.size()));
    }
    Traffic traffic = gathering.traffic();
    return DryRun.of(before, after, traffic, Progress.NONE);
  }

  /** How many would newly be denied, each flow asked by itself at both ends. */
  private static long alone(
      List<Flow> flows, List<PolicyDocument> before, List<PolicyDocument> after) {
    var old = new Asking(before);
    var next = new Asking(after);
    long denied = 0;
    for (Flow flow : flows) {
      var gathering = new Gathering(n -> Optional.empty());
      gathering.add(flow);
      var asked = Asking.Connection.of(gathering.traffic().talks().getFirst()).orElseThrow();
      denied += passes(old, asked) && !passes(next, asked) ? 1 : 0;
    }
    return denied;
  }

  private static boolean passes(Asking documents, Asking.Connection connection) {
    return documents.evaluate(connection, Direction.EGRESS).allowed()
        && documents.evaluate(connection, Direction.INGRESS).allowed();
  }

  private static void check(
      List<Flow> flows, List<PolicyDocument> before, List<PolicyDocument> after) {
    long grouped = together(flows, flows.size(), before, after).flows(Outcome.NEWLY_DENIED);
    long single = alone(flows, before, after);
    if (grouped != single || grouped == 0) {
      throw new IllegalStateException(
          "newly denied are " + grouped + " together and " + single + " alone");
    }
  }
}
