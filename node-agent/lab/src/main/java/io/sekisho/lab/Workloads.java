package io.sekisho.lab;

import io.sekisho.lab.shop.Call;
import io.sekisho.lab.shop.Listener;
import io.sekisho.lab.shop.Workload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts the processes inside pods and on outside machines. */
final class Workloads {
  private final LabFolder folder;
  private final Programs programs;

  Workloads(LabFolder folder, Programs programs) {
    this.folder = folder;
    this.programs = programs;
  }

  /** Starts one in a network namespace; `name` names its log, its counters and its process. */
  void start(String netns, String name, List<Listener> listeners, List<Call> calls) {
    List<String> words = new ArrayList<>(Command.entering(netns));
    words.addAll(
        List.of(
            programs.java().toString(),
            "-Xms8m",
            "-Xmx32m",
            "-Xss256k",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:ReservedCodeCacheSize=16m",
            "-XX:-UsePerfData",
            "-Xshare:auto",
            "-Djdk.virtualThreadScheduler.parallelism=1",
            "-Djava.net.preferIPv6Addresses=system",
            "-cp",
            programs.shop().toString(),
            Workload.class.getName(),
            "--counters",
            counters(name).toString()));
    for (Listener listener : listeners) {
      words.addAll(List.of("--listen", listener.toString()));
    }
    for (Call call : calls) {
      words.addAll(List.of("--call", call.toString()));
    }
    daemon(name).start(words, folder.logs().resolve("pod-" + name + ".log"));
  }

  /** The process of a workload. */
  Daemon daemon(String name) {
    return new Daemon(folder.processes(), "pod-" + name);
  }

  /** Its counters' file. */
  Path counters(String name) {
    return folder.counters().resolve(name);
  }
}
