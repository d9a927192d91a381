package io.sekisho.bench;

import io.sekisho.cni.wire.CniCommand;
import io.sekisho.lab.LabException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Pods are replaced at a steady rate all over the cluster, and a thread looks in the kernel's map
 * of the one real node when each new address has its identity.
 */
final class KubernetesChurn {
  private static final long LOOK_NANOS = 1_000_000;
  private static final Duration LOST = Duration.ofSeconds(20);

  /** Coprime to the number of pods: each comes once in a round, and neighbours are far apart. */
  private static final int STEP = 1_237;

  /** Pods that are being replaced: the API server has room for 100 requests on a connection. */
  private static final int AT_A_TIME = 32;

  private final Semaphore slots = new Semaphore(AT_A_TIME);
  private final KubernetesNode node;
  private final KubernetesContent content;
  private final int perSecond;
  private final Queue<Awaited> awaited = new ConcurrentLinkedQueue<>();
  private final List<Double> remote = new ArrayList<>();
  private final List<Double> served = new ArrayList<>();
  private final Queue<Double> own = new ConcurrentLinkedQueue<>();
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicReference<String> failure = new AtomicReference<>("");
  private volatile boolean ending;

  /**
   * Something that the kernel shall know.
   *
   * @param into takes how long that took, ms
   */
  private record Awaited(String what, Predicate<NodeMaps> known, List<Double> into, long since) {}

  KubernetesChurn(KubernetesNode node, KubernetesContent content, int perSecond) {
    this.node = node;
    this.content = content;
    this.perSecond = perSecond;
  }

  void run(Duration time, Consumer<Result> told) {
    double processor = node.processorSeconds();
    double requests = node.metric("sekisho_apiserver_requests_total");
    Thread watcher = Thread.ofPlatform().name("watcher").start(this::watch);
    long begun = System.nanoTime();
    int count = Math.toIntExact(time.toSeconds() * perSecond);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count && failure.get().isEmpty(); i++) {
        long due = begun + i * TimeUnit.SECONDS.toNanos(1) / perSecond;
        while (System.nanoTime() < due) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
        int pod = i * STEP % KubernetesObjects.PODS;
        slots.acquireUninterruptibly();
        threads.execute(() -> guarded(pod));
      }
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    double used = node.processorSeconds() - processor;
    double asked = node.metric("sekisho_apiserver_requests_total") - requests;
    ending = true;
    join(watcher);
    if (!failure.get().isEmpty()) {
      throw new LabException(LabException.Code.AGENT, failure.get());
    }
    tell(seconds, used, asked, told);
  }

  private static void join(Thread watcher) {
    try {
      watcher.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException(LabException.Code.TIMEOUT, "interrupted", e);
    }
  }

  private void tell(double seconds, double used, double asked, Consumer<Result> told) {
    var far = new Series(remote.stream().mapToDouble(d -> d).toArray());
    told.accept(
        Result.atLeast(
            "Kubernetes: pods replaced",
            done.get() / seconds,
            "1/s",
            perSecond * 0.95,
            "%d in %.0f s".formatted(done.get(), seconds)));
    told.accept(
        Result.plain(
            "Kubernetes: pod of another node to the kernel, p50",
            far.median(),
            "ms",
            "from before its agent's write; " + far.spread(1, "ms")));
    told.accept(
        Result.atMost(
            "Kubernetes: pod of another node to the kernel, p99",
            far.at(0.99),
            "ms",
            1000,
            "worst %.4g ms".formatted(far.at(1))));
    var ready = new Series(served.stream().mapToDouble(d -> d).toArray());
    told.accept(
        Result.plain(
            "Kubernetes: ready pod to its service, p50",
            ready.median(),
            "ms",
            "from before its slice is written until the kernel lists it; "
                + ready.spread(1, "ms")));
    told.accept(
        Result.atMost(
            "Kubernetes: ready pod to its service, p99",
            ready.at(0.99),
            "ms",
            1000,
            "worst %.4g ms".formatted(ready.at(1))));
    var near = new Series(own.stream().mapToDouble(d -> d).toArray());
    told.accept(
        Result.plain(
            "Kubernetes: own pod to its policy, p50",
            near.median(),
            "ms",
            "from before its object is made until ADD answers, p99 %.4g ms, %d pods"
                .formatted(near.at(0.99), own.size())));
    told.accept(
        Result.plain(
            "Kubernetes: processor of the agent in the churn",
            used / seconds * 100,
            "%",
            "of one processor"));
    told.accept(
        Result.plain(
            "Kubernetes: requests of the agent in the churn", asked / seconds, "1/s", "mean"));
  }

  private void guarded(int pod) {
    try {
      replace(pod);
      done.incrementAndGet();
    } catch (RuntimeException e) {
      failure.compareAndSet("", "pod " + pod + " is not replaced: " + e.getMessage());
    } finally {
      slots.release();
    }
  }

  private void replace(int pod) {
    long begun = System.nanoTime();
    int generation = content.create(pod);
    String address = KubernetesObjects.address(pod, generation);
    if (KubernetesObjects.nodeOf(pod) == 1) {
      node.cni(CniCommand.DEL, pod, generation - 1);
      node.cni(CniCommand.ADD, pod, generation);
      own.add((System.nanoTime() - begun) / 1e6);
    } else {
      int identity = content.identityOf(pod).number();
      await("pod " + address, maps -> maps.identity(address) == identity, remote);
      content.wired(pod);
    }
    String service = content.serviceOf(pod);
    await(
        "backend " + address + " of " + service,
        maps -> maps.serves(service, KubernetesObjects.PORT, address),
        served);
    content.ready(pod);
    content.delete(pod);
  }

  private void await(String what, Predicate<NodeMaps> known, List<Double> into) {
    awaited.add(new Awaited(what, known, into, System.nanoTime()));
  }

  private void watch() {
    try (NodeMaps maps = KubernetesNode.maps()) {
      while (!ending || !awaited.isEmpty()) {
        for (Iterator<Awaited> all = awaited.iterator(); all.hasNext(); ) {
          Awaited one = all.next();
          long waited = System.nanoTime() - one.since();
          if (one.known().test(maps)) {
            one.into().add(waited / 1e6);
            all.remove();
          } else if (waited > LOST.toNanos()) {
            failure.compareAndSet("", "the kernel never knew of " + one.what());
            all.remove();
          }
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
    } catch (RuntimeException e) {
      failure.compareAndSet("", "the kernel's map cannot be read: " + e.getMessage());
    }
  }
}
