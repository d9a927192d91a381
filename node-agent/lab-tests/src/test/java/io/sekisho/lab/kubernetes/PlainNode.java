package io.sekisho.lab.kubernetes;

import io.sekisho.lab.Await;
import io.sekisho.lab.Command;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A real node as an administrator finds one: containerd and kubelet, with /opt, /etc/cni,
 * /run/netns and the bpf file system to itself, and no network for pods.
 */
final class PlainNode {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ControlPlane cluster;
  private final String namespace;
  private final String name;
  private final String address;
  private Process mounts;

  PlainNode(ControlPlane cluster, String namespace, String name, String address) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.name = name;
    this.address = address;
  }

  /** Joins the cluster; it is not ready: there is no network. */
  void join() {
    Path ready = cluster.folder().resolve("mounts-" + name);
    try {
      var words = new ArrayList<>(Command.entering(namespace));
      words.addAll(List.of("unshare", "--mount", "--"));
      words.add(ControlPlane.scripts().resolve("own-mounts.bash").toString());
      words.add(ready.toString());
      Path log = cluster.folder().resolve("mounts-" + name + ".log");
      mounts =
          new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile()).start();
      Await.until(PATIENCE, () -> read(log), () -> Files.exists(ready));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cluster.scriptInside(
        entering("env", "K8S_PLAIN=yes"), "node.bash", cluster.folder().toString(), name, address);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private List<String> entering(String... more) {
    var words =
        new ArrayList<>(
            List.of("nsenter", "--target", Long.toString(mounts.pid()), "--mount", "--net", "--"));
    words.addAll(List.of(more));
    return words;
  }

  /** A command on the node, among its own mounts and interfaces; what it printed. */
  String inside(String... words) {
    return new Command(entering(words), "", Map.of()).run().output();
  }

  /** After the control plane has ended the node's processes. */
  void close() {
    if (mounts == null) {
      return;
    }
    mounts.destroy();
    try {
      if (!mounts.waitFor(10, TimeUnit.SECONDS)) {
        mounts.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
