package io.sekisho.bench;

import io.sekisho.lab.Lab;
import io.sekisho.lab.LabException;
import io.sekisho.lab.NodeAgent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Start of the agent to its first healthy answer, and its resident memory. */
final class AgentBenchmark implements Benchmark {
  private static final int STARTS = 5;
  private static final int PODS = 20;

  @Override
  public String name() {
    return "agent";
  }

  @Override
  public void run(Consumer<Result> told) {
    try (LabOfBench own = new LabOfBench(1)) {
      Lab lab = own.lab();
      for (int i = 0; i < PODS; i++) {
        lab.addPod("bench", "p" + i, "n1", Map.of("app", "a" + i % 4));
      }
      double[] millis = new double[STARTS];
      NodeAgent agent = lab.agent("n1");
      for (int i = 0; i < STARTS; i++) {
        agent.stop();
        long start = System.nanoTime();
        agent.start();
        agent.awaitHealthy();
        millis[i] = (System.nanoTime() - start) / 1e6;
      }
      Series starts = new Series(millis);
      List.of(
              Result.atMost(
                  "agent start to healthy, " + PODS + " pods",
                  starts.median(),
                  "ms",
                  1000,
                  starts.spread(1, "ms")),
              Result.atMost(
                  "agent resident memory, " + PODS + " pods",
                  residentKilobytes(agent.pid()) / 1024.0,
                  "MB",
                  120,
                  "VmRSS after start"))
          .forEach(told);
    }
  }

  /** VmRSS of proc_pid_status(5). */
  static long residentKilobytes(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", ""));
        }
      }
      throw new LabException(LabException.Code.NOT_UP, "the agent has no memory");
    } catch (IOException e) {
      throw new LabException(LabException.Code.NOT_UP, "the agent ended", e);
    }
  }
}
