package io.sekisho.bench;

import io.sekisho.cni.wire.CniCommand;
import io.sekisho.cni.wire.CniRequest;
import io.sekisho.cni.wire.CniResponse;
import io.sekisho.cni.wire.CniResult;
import io.sekisho.lab.CniSocket;
import io.sekisho.lab.Ip;
import io.sekisho.lab.LabException;
import io.sekisho.lab.LabNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** ADD and DEL of an endpoint as the agent's own socket sees them, without the plugin's process. */
final class EndpointBenchmark implements Benchmark {
  private static final int PODS = 40;
  private static final int WARM = 10;

  @Override
  public String name() {
    return "endpoint";
  }

  @Override
  public void run(Consumer<Result> told) {
    try (LabOfBench own = new LabOfBench(1)) {
      Path socket = own.lab().agent("n1").cniSocket();
      Ip namespaces = new Ip();
      for (int i = 0; i < PODS + WARM; i++) {
        namespaces.add("netns add " + own.lab().names().pod("bench", "p" + i));
      }
      namespaces.run();
      double[] add = new double[PODS];
      double[] delete = new double[PODS];
      for (int i = 0; i < PODS + WARM; i++) {
        String namespace = own.lab().names().pod("bench", "p" + i);
        double millis = ask(socket, CniCommand.ADD, i, namespace);
        if (i >= WARM) {
          add[i - WARM] = millis;
        }
      }
      for (int i = 0; i < PODS; i++) {
        delete[i] = ask(socket, CniCommand.DEL, i, own.lab().names().pod("bench", "p" + i));
      }
      Series adds = new Series(add);
      Series deletes = new Series(delete);
      List.of(
              Result.atMost(
                  "endpoint ADD in the agent, p50", adds.median(), "ms", 20, adds.spread(1, "ms")),
              Result.plain(
                  "endpoint DEL in the agent, p50",
                  deletes.median(),
                  "ms",
                  deletes.spread(1, "ms")))
          .forEach(told);
    }
  }

  private static double ask(Path socket, CniCommand command, int number, String namespace) {
    CniRequest request =
        new CniRequest(
            command,
            "1.1.0",
            "bench",
            "bench-" + number,
            LabNames.file(namespace).toString(),
            "eth0",
            Map.of(
                "K8S_POD_NAMESPACE", "bench",
                "K8S_POD_NAME", "p" + number,
                "SEKISHO_LABELS", "app=a" + number % 4),
            CniResult.NONE,
            List.of());
    long start = System.nanoTime();
    try {
      CniResponse response = CniSocket.ask(socket, request);
      double millis = (System.nanoTime() - start) / 1e6;
      response
          .failure()
          .ifPresent(
              error -> {
                throw new LabException(LabException.Code.AGENT, command + ": " + error);
              });
      return millis;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
