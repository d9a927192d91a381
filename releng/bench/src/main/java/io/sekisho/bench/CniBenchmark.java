package io.sekisho.bench;

import com.google.gson.JsonObject;
import io.sekisho.lab.Lab;
import io.sekisho.lab.LabException;
import io.sekisho.lab.Pod;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** One run of the CNI plugin as a runtime executes it: process start, ADD, answer. */
final class CniBenchmark implements Benchmark {
  private static final int RUNS = 20;

  @Override
  public String name() {
    return "cni";
  }

  @Override
  public void run(Consumer<Result> told) {
    try (LabOfBench own = new LabOfBench(1)) {
      Lab lab = own.lab();
      Pod pod = lab.addPod("bench", "p", "n1", Map.of("app", "a"));
      double[] millis = new double[RUNS];
      for (int i = -3; i < RUNS; i++) {
        delete(lab, pod);
        long start = System.nanoTime();
        lab.cni().add(lab.agent("n1"), pod);
        if (i >= 0) {
          millis[i] = (System.nanoTime() - start) / 1e6;
        }
      }
      Series series = new Series(millis);
      List.of(
              Result.atMost(
                  "CNI plugin, ADD, whole process, p50",
                  series.median(),
                  "ms",
                  150,
                  series.spread(1, "ms")))
          .forEach(told);
    }
  }

  private static void delete(Lab lab, Pod pod) {
    var outcome = lab.cni().call("DEL", lab.agent("n1"), pod, new JsonObject());
    if (outcome.status() != 0) {
      throw new LabException(LabException.Code.AGENT, "CNI DEL: " + outcome.printed());
    }
  }
}
