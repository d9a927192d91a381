package io.sekisho.bench;

import io.sekisho.cni.wire.CniCommand;
import io.sekisho.lab.Await;
import io.sekisho.lab.LabException;
import java.time.Duration;
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
import java.util.function.Supplier;

/**
 * Pods are replaced at a steady rate all over the cluster: made, wired, ready at once, serving, and
 * the one before deleted. A thread looks in the kernel's maps of the one real node when each new
 * address is known, and its pods send to it.
 */
final class KubernetesChurn {
  private static final long LOOK_NANOS = 1_000_000;

  /** What has been waited for so long is looked for again after a part of that: 3 %. */
  private static final long LOOK_PART = 32;

  private static final Duration LOST = Duration.ofSeconds(20);

  /** Coprime to the number of pods: each comes once in a round, and neighbours are far apart. */
  private static final int STEP = 1_237;

  /** Pods that are being replaced: the API server has room for 100 requests on a connection. */
  private static final int AT_A_TIME = 32;

  private final Semaphore slots = new Semaphore(AT_A_TIME);
  private final KubernetesNode node;
  private final KubernetesContent content;
  private final KubernetesReach reach;
  private final Supplier<KubernetesLoad> load;
  private final int perSecond;
  private final Queue<Awaited> awaited = new ConcurrentLinkedQueue<>();
  private final Queue<Double> written = new ConcurrentLinkedQueue<>();
  private final Queue<Double> known = new ConcurrentLinkedQueue<>();
  private final Queue<Double> served = new ConcurrentLinkedQueue<>();
  private final Queue<Double> own = new ConcurrentLinkedQueue<>();
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicReference<String> failure = new AtomicReference<>("");
  private volatile boolean ending;

  /** Something that the kernel shall know; one thread looks for it. */
  private static final class Awaited {
    private final String what;
    private final Predicate<NodeMaps> known;
    private final Queue<Double> into;
    private final long since = System.nanoTime();
    private long next = since;

    /**
     * Waits from now on.
     *
     * @param into takes how long it took, ms
     */
    private Awaited(String what, Predicate<NodeMaps> known, Queue<Double> into) {
      this.what = what;
      this.known = known;
      this.into = into;
    }

    /** Whether it is over, since the kernel knows it or never will. */
    private boolean isOver(NodeMaps maps, Consumer<String> lost) {
      long now = System.nanoTime();
      if (now < next) {
        return false;
      }
      next = now + Math.max(LOOK_NANOS, (now - since) / LOOK_PART);
      if (known.test(maps)) {
        into.add((now - since) / 1e6);
        return true;
      }
      if (now - since > LOST.toNanos()) {
        lost.accept("the kernel never knew of " + what);
        return true;
      }
      return false;
    }
  }

  KubernetesChurn(
      KubernetesNode node,
      KubernetesContent content,
      KubernetesReach reach,
      Supplier<KubernetesLoad> load,
      int perSecond) {
    this.load = load;
    this.node = node;
    this.content = content;
    this.reach = reach;
    this.perSecond = perSecond;
  }

  void run(Duration time, Consumer<Result> told) {
    KubernetesLoad before = load.get();
    double requests = node.metric("sekisho_apiserver_requests_total");
    long reports = content.reports();
    Thread watcher = Thread.ofPlatform().name("watcher").start(this::watch);
    long begun = System.nanoTime();
    var minutes = new KubernetesMinutes(node, load, done::get, told);
    try (minutes) {
      replaceAll(time, begun);
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    KubernetesLoad after = load.get();
    end(watcher);
    minutes.tellGrowth();
    tellRates(
        seconds,
        content.reports() - reports,
        node.metric("sekisho_apiserver_requests_total") - requests,
        told);
    told.accept(
        Result.plain(
            "Kubernetes: processors of all parts in the churn",
            after.processorsSince(before),
            "",
            after.tellSince(before, done.get())));
    tellTimes(told);
  }

  /** As many as are due, or as the time and the API server allow. */
  private void replaceAll(Duration time, long begun) {
    long count = time.toSeconds() * perSecond;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (long i = 0; i < count && failed().isEmpty(); i++) {
        long due = begun + i * TimeUnit.SECONDS.toNanos(1) / perSecond;
        while (System.nanoTime() < due) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
        slots.acquireUninterruptibly();
        if (System.nanoTime() - begun > time.toNanos()) {
          return;
        }
        int pod = Math.toIntExact(i * STEP % KubernetesObjects.PODS);
        threads.execute(() -> guarded(pod));
      }
    }
  }

  /** What went wrong first, empty if nothing did. */
  private String failed() {
    return failure.get().isEmpty() ? reach.failure() : failure.get();
  }

  private void end(Thread watcher) {
    Await.until(
        LOST.multipliedBy(2),
        () -> "datagrams are still on their way",
        () -> reach.isIdle() || !failed().isEmpty());
    ending = true;
    try {
      watcher.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException(LabException.Code.TIMEOUT, "interrupted", e);
    }
    if (!failed().isEmpty()) {
      throw new LabException(
          LabException.Code.AGENT,
          failed()
              + "; "
              + done.get()
              + " pods were replaced before; the agent's log ends:\n"
              + node.tail());
    }
  }

  private void tellRates(double seconds, long reports, double asked, Consumer<Result> told) {
    told.accept(
        Result.atLeast(
            "Kubernetes: pods made and deleted",
            done.get() / seconds,
            "1/s",
            perSecond * 0.95,
            "each; %d in %.0f s, and %d reports of other nodes"
                .formatted(done.get(), seconds, reports)));
    told.accept(
        Result.plain(
            "Kubernetes: requests of the agent in the churn", asked / seconds, "1/s", "mean"));
  }

  private void tellTimes(Consumer<Result> told) {
    tell(
        "pod of another node to the kernel",
        series(written),
        "from before its agent writes it until its address has its identity here",
        told);
    tell(
        "Ready to known here",
        series(known),
        "from the API server's answer to the pod's status, which follows its agent's write at once",
        told);
    tell(
        "Ready to reached",
        reach.reached(),
        "likewise, until a datagram of a pod of this node to it has come back; %d left out, whose"
                .formatted(reach.leftOut())
            + " sender was replaced itself",
        told);
    tell(
        "Ready to its service",
        series(served),
        "likewise, until the kernel lists it; its slice is written at once",
        told);
    tell(
        "own pod to its policy",
        series(own),
        "from before its object is made until DEL of the one before and ADD have answered",
        told);
  }

  private static void tell(String what, Series times, String how, Consumer<Result> told) {
    told.accept(
        Result.plain(
            "Kubernetes: " + what + ", p50",
            times.median(),
            "ms",
            how + "; " + times.spread(1, "ms")));
    told.accept(
        Result.atMost(
            "Kubernetes: " + what + ", p99",
            times.at(0.99),
            "ms",
            1000,
            "worst %.4g ms".formatted(times.at(1))));
  }

  private static Series series(Queue<Double> values) {
    return new Series(values.stream().mapToDouble(d -> d).toArray());
  }

  private void guarded(int pod) {
    try {
      replace(pod);
      done.incrementAndGet();
    } catch (RuntimeException e) {
      failure.compareAndSet("", "pod " + pod + " is not replaced: " + e);
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
      content.ready(pod);
    } else {
      int identity = content.identityOf(pod).number();
      Predicate<NodeMaps> isKnown = maps -> maps.identity(address) == identity;
      await("pod " + address, isKnown, written);
      content.wired(pod);
      content.ready(pod);
      await("pod " + address, isKnown, known);
      reach.begin(pod, address);
    }
    String service = content.serviceOf(pod);
    await(
        "backend " + address + " of " + service,
        maps -> maps.serves(service, KubernetesObjects.PORT, address),
        served);
    content.serve(pod);
    content.delete(pod);
  }

  private void await(String what, Predicate<NodeMaps> known, Queue<Double> into) {
    awaited.add(new Awaited(what, known, into));
  }

  private void watch() {
    try (NodeMaps maps = KubernetesNode.maps()) {
      while (!ending || !awaited.isEmpty()) {
        awaited.removeIf(one -> one.isOver(maps, lost -> failure.compareAndSet("", lost)));
        LockSupport.parkNanos(LOOK_NANOS);
      }
    } catch (RuntimeException e) {
      failure.compareAndSet("", "the kernel's map cannot be read: " + e.getMessage());
    }
  }
}
