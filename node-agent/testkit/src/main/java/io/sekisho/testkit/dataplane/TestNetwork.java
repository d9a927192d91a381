package io.sekisho.testkit.dataplane;

import io.sekisho.libbpf.system.SystemCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A thread in a network namespace of its own: devices whose numbers programs look up, and routes to
 * the outside. The namespace ends with the thread.
 */
final class TestNetwork implements AutoCloseable {
  /**
   * What `ip -batch` makes: an underlay with a route to the world, another device with one to a
   * part.
   */
  private static final String SETUP =
      """
      link set lo up
      link add underlay address 02:cc:00:00:00:01 type veth peer name underlay-end
      link set underlay up
      link set underlay-end up
      address add 198.18.0.1/24 dev underlay
      address add fd18::1/64 dev underlay nodad
      route add default via 198.18.0.254 dev underlay
      route add default via fd18::fe dev underlay
      link add uplink address 02:cc:00:00:00:02 type veth peer name uplink-end
      link set uplink up
      link set uplink-end up
      address add 198.19.0.1/24 dev uplink
      address add fd19::1/64 dev uplink nodad
      route add 198.19.100.0/24 via 198.19.0.254 dev uplink
      route add 2001:db8:77::/48 via fd19::fe dev uplink
      link add overlay type veth peer name overlay-end
      link set overlay up
      route add unreachable 10.244.1.0/24
      route add unreachable fd00:10:244:1::/64
      route add prohibit 192.0.2.33
      route add blackhole 192.0.2.34
      route add 192.0.2.64/26 via 198.18.0.254 dev underlay mtu lock 600
      """;

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("test-network").factory());

  /** Makes the namespace and what is in it. */
  TestNetwork() {
    run(
        () -> {
          int error = SystemCalls.unshare(SystemCalls.CLONE_NEWNET);
          if (error < 0) {
            throw new IOException("no network namespace, error " + error);
          }
          Files.writeString(Path.of("/proc/sys/net/ipv4/conf/all/forwarding"), "1");
          Files.writeString(Path.of("/proc/sys/net/ipv6/conf/all/forwarding"), "1");
          ip(SETUP);
          return true;
        });
  }

  /** Makes a device that stands for the host's end of a pod's interface; its index. */
  int pod(int id) {
    return run(
        () -> {
          ip("link add lxc%x type veth peer name eth%x\nlink set lxc%x up\n".formatted(id, id, id));
          return SystemCalls.interfaceIndex("lxc%x".formatted(id));
        });
  }

  /** Index of a device. */
  int index(String device) {
    return run(() -> SystemCalls.interfaceIndex(device));
  }

  /** Does something inside the namespace and waits for it. */
  <T> T run(Callable<T> task) {
    try {
      return thread.submit(task).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Does several things inside the namespace at the same time, and waits for all. */
  void runAtOnce(List<Runnable> tasks) {
    run(
        () -> {
          var begin = new CyclicBarrier(tasks.size());
          // begun by the namespace's thread, its threads are in the namespace, too
          try (var threads = Executors.newFixedThreadPool(tasks.size())) {
            var running = new ArrayList<Future<?>>();
            for (Runnable task : tasks) {
              running.add(
                  threads.submit(
                      () -> {
                        begin.await();
                        task.run();
                        return true;
                      }));
            }
            for (Future<?> each : running) {
              each.get();
            }
          }
          return true;
        });
  }

  /** Runs `ip -batch` in the calling thread's namespace. */
  static void ip(String commands) throws IOException, InterruptedException {
    Process process = new ProcessBuilder("ip", "-batch", "-").redirectErrorStream(true).start();
    try (var in = process.getOutputStream()) {
      in.write(commands.getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("ip: " + said);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
