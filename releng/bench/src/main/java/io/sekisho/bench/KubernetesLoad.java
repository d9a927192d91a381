package io.sekisho.bench;

import io.sekisho.lab.LabException;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/**
 * Processor time that each part has used since its start, in seconds.
 *
 * @param machine all that the machine's processors did, whoever's it was
 */
record KubernetesLoad(
    double agent, double apiServer, double etcd, double bench, double machine, long nanos) {
  /** Of proc_stat(5): user, nice, system, idle, iowait, irq, softirq, steal. */
  private static final int IDLE = 3;

  private static final int KINDS = 8;

  /** USER_HZ, a hundred on every Linux that we know. */
  private static final double TICKS = 100;

  /** As it is now. */
  static KubernetesLoad of(KubernetesNode node, ControlPlane plane) {
    return new KubernetesLoad(
        node.processorSeconds(),
        seconds(plane.process("kube-apiserver")),
        seconds(plane.process("etcd")),
        seconds(ProcessHandle.current()),
        machineSeconds(),
        System.nanoTime());
  }

  private static double seconds(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
  }

  private static double machineSeconds() {
    try {
      String all = Files.readAllLines(Path.of("/proc/stat")).getFirst();
      long[] kinds =
          Arrays.stream(all.replaceFirst("cpu +", "").split(" "))
              .limit(KINDS)
              .mapToLong(Long::parseLong)
              .toArray();
      return (Arrays.stream(kinds).sum() - kinds[IDLE] - kinds[IDLE + 1]) / TICKS;
    } catch (IOException e) {
      throw new LabException(LabException.Code.NOT_UP, "no /proc/stat", e);
    }
  }

  /** What each part has used since another look. */
  private KubernetesLoad since(KubernetesLoad before) {
    return new KubernetesLoad(
        agent - before.agent,
        apiServer - before.apiServer,
        etcd - before.etcd,
        bench - before.bench,
        machine - before.machine,
        nanos - before.nanos);
  }

  /**
   * In a sentence: processors that each part took since another look, and what that is for each of
   * some pods, ms.
   */
  String tellSince(KubernetesLoad before, long pods) {
    KubernetesLoad used = since(before);
    double seconds = used.nanos / 1e9;
    double ours = used.agent + used.apiServer + used.etcd + used.bench;
    return ("processors: API server %.2f, etcd %.2f, bench %.2f, agent %.2f, kernel and others %.2f;"
            + " for a pod: %.1f, %.1f, %.1f, %.1f ms")
        .formatted(
            used.apiServer / seconds,
            used.etcd / seconds,
            used.bench / seconds,
            used.agent / seconds,
            Math.max(0, used.machine - ours) / seconds,
            1000 * used.apiServer / Math.max(1, pods),
            1000 * used.etcd / Math.max(1, pods),
            1000 * used.bench / Math.max(1, pods),
            1000 * used.agent / Math.max(1, pods));
  }

  /** Processors that the parts of the cluster took since another look, without others' work. */
  double processorsSince(KubernetesLoad before) {
    KubernetesLoad used = since(before);
    return (used.agent + used.apiServer + used.etcd + used.bench) / (used.nanos / 1e9);
  }
}
