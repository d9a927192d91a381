package io.sekisho.lab.kubernetes;

import io.sekisho.lab.Await;
import io.sekisho.lab.traffic.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Where a pod of a real node is: the network namespace of its processes. */
final class PodPlace {
  private PodPlace() {}

  /**
   * The place of a pod that runs.
   *
   * @param uid the pod's, which its processes have in the name of their cgroup
   */
  static Place of(String uid) {
    var found = new AtomicReference<>(find(uid));
    Await.until(
        RealNode.PATIENCE,
        () -> "no process of a pod " + uid,
        () -> found.updateAndGet(f -> f.isPresent() ? f : find(uid)).isPresent());
    return found.get().orElseThrow();
  }

  private static Optional<Place> find(String uid) {
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(pid -> cgroups(pid).contains("/pod" + uid + "/"))
        .findFirst()
        .map(pid -> new Place("/proc/" + pid + "/ns/net"));
  }

  private static String cgroups(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cgroup"));
    } catch (IOException e) {
      return ""; // it has ended
    }
  }
}
