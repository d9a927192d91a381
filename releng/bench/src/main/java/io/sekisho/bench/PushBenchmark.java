package io.sekisho.bench;

import io.sekisho.api.v1.NodeRollout;
import io.sekisho.api.v1.Rollout;
import io.sekisho.api.v1.RolloutState;
import io.sekisho.lab.AgentClient;
import io.sekisho.lab.Lab;
import io.sekisho.lab.LabException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** From the push of a revision until all three nodes have realized it. */
final class PushBenchmark implements Benchmark {
  private static final int PUSHES = 30;
  private static final int PODS_PER_NODE = 4;
  private static final String POLICY =
      """
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata: {name: bench, namespace: bench}
      spec:
        endpointSelector: {}
        ingress:
          - fromEndpoints: [{matchLabels: {app: a}}]
            toPorts: [{ports: [{port: "%d", protocol: TCP}]}]
      """;

  @Override
  public String name() {
    return "push";
  }

  @Override
  public void run(Consumer<Result> told) {
    try (LabOfBench own = new LabOfBench(3)) {
      Lab lab = own.lab();
      for (int i = 0; i < 3 * PODS_PER_NODE; i++) {
        lab.addPod("bench", "p" + i, "n" + (i % 3 + 1), Map.of("app", i % 2 == 0 ? "a" : "b"));
      }
      double[] wall = new double[PUSHES];
      List<Double> times = new ArrayList<>();
      try (AgentClient agent = lab.client("n1")) {
        for (int i = -5; i < PUSHES; i++) {
          long start = System.nanoTime();
          Rollout rollout = agent.push("bench", List.of(POLICY.formatted(1000 + i)), List.of());
          double millis = (System.nanoTime() - start) / 1e6;
          double slowest = slowest(rollout);
          if (i >= 0) {
            wall[i] = millis;
            times.add(slowest);
          }
        }
      }
      Series seen = new Series(wall);
      Series nodes = new Series(times.stream().mapToDouble(Double::doubleValue).toArray());
      List.of(
              Result.atMost(
                  "push to realized on 3 nodes, p50",
                  seen.median(),
                  "ms",
                  200,
                  seen.spread(1, "ms")),
              Result.plain(
                  "the same by the nodes' clocks, p50",
                  nodes.median(),
                  "ms",
                  nodes.spread(1, "ms")))
          .forEach(told);
    }
  }

  private static double slowest(Rollout rollout) {
    double most = 0;
    for (NodeRollout node : rollout.getNodesList()) {
      if (node.getState() != RolloutState.REALIZED) {
        throw new LabException(LabException.Code.AGENT, "not realized: " + node);
      }
      most = Math.max(most, node.getTook().getSeconds() * 1e3 + node.getTook().getNanos() / 1e6);
    }
    return most;
  }
}
