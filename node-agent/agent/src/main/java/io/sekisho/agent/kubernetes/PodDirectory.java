package io.sekisho.agent.kubernetes;

import io.sekisho.agent.apiserver.ListWatch;
import io.sekisho.agent.cni.PodSource;
import io.sekisho.agent.endpoint.EndpointException;
import io.sekisho.agent.endpoint.EndpointSpec;
import io.sekisho.policy.Labels;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The pods of this node and the labels of all namespaces. While everything is told anew, and while
 * the API server is away, what was known counts on. Any thread may ask.
 */
final class PodDirectory implements PodSource {
  private final LabelFilter filter;
  private final Duration patience;
  private final Supplier<String> server;
  private final Runnable changed;
  private final ObjectTable<PodFacts> pods;
  private final ObjectTable<Map<String, String>> namespaces;

  /**
   * Nothing is known yet.
   *
   * @param patience how long ADD waits for its pod to be known
   * @param server what is wrong with the API server, empty if nothing is
   * @param changed hears that labels may have changed; must not block
   * @param nanos the ticker
   */
  PodDirectory(
      LabelFilter filter,
      Duration patience,
      Supplier<String> server,
      Runnable changed,
      LongSupplier nanos) {
    this.filter = filter;
    this.patience = patience;
    this.server = server;
    this.changed = changed;
    pods = new ObjectTable<>((object, before) -> PodFacts.of(object), this::news, nanos);
    namespaces =
        new ObjectTable<>(
            (object, before) -> Fields.copy(object.getMetadata().getLabels()), this::news, nanos);
  }

  @Override
  public synchronized EndpointSpec.Request complete(EndpointSpec.Request request) {
    long end = System.nanoTime() + patience.toNanos();
    Optional<EndpointSpec.Request> complete = known(request);
    while (complete.isEmpty()) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        throw unknown(request);
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw unknown(request);
      }
      complete = known(request);
    }
    return complete.get();
  }

  private EndpointException unknown(EndpointSpec.Request request) {
    String trouble = server.get();
    return new EndpointException(
        EndpointException.Code.POD_UNKNOWN,
        "the API server has not told of the pod "
            + request.namespace()
            + "/"
            + request.pod()
            + " within "
            + patience.toSeconds()
            + " s"
            + (trouble.isEmpty() ? "" : ": " + trouble)
            + "; it is tried again");
  }

  private Optional<EndpointSpec.Request> known(EndpointSpec.Request request) {
    return labels(request)
        .flatMap(
            labels ->
                pods.get(key(request))
                    .map(
                        pod ->
                            request
                                .named(labels, pod.workload())
                                .limited(pod.limits().bandwidth())));
  }

  /** The labels that an endpoint should have; empty if its pod is not known. */
  Optional<Labels> labels(EndpointSpec.Request request) {
    return pods.get(key(request))
        .filter(pod -> request.uid().isEmpty() || request.uid().equals(pod.uid()))
        .flatMap(
            pod ->
                namespaces
                    .get(pod.namespace())
                    .map(labels -> SecurityLabels.of(pod, labels, filter)));
  }

  private static String key(EndpointSpec.Request request) {
    return ObjectTable.key(request.namespace(), request.pod());
  }

  /** Pods whose annotations are wrong. */
  List<PodFacts> wrong() {
    return pods.all().stream().filter(pod -> !pod.limits().problem().isEmpty()).toList();
  }

  /** Whether the server itself has told of all pods and namespaces. */
  boolean told() {
    return pods.told() && namespaces.told();
  }

  /** The pods whose labels are known. */
  List<PodFile.Known> known() {
    return pods.all().stream()
        .flatMap(
            pod -> namespaces.get(pod.namespace()).map(l -> new PodFile.Known(pod, l)).stream())
        .toList();
  }

  /** Brings back what an earlier agent knew; what the server says takes its place. */
  void restore(List<PodFile.Known> earlier) {
    var before = new TreeMap<String, PodFacts>();
    var labels = new TreeMap<String, Map<String, String>>();
    for (PodFile.Known known : earlier) {
      PodFacts pod = known.pod();
      before.put(ObjectTable.key(pod.namespace(), pod.name()), pod);
      labels.put(pod.namespace(), known.namespaceLabels());
    }
    namespaces.restore(labels);
    pods.restore(before);
  }

  private void news() {
    synchronized (this) {
      notifyAll();
    }
    changed.run();
  }

  /** Takes this node's pods. */
  ListWatch.Handler podHandler() {
    return pods;
  }

  /** Takes all namespaces. */
  ListWatch.Handler namespaceHandler() {
    return namespaces;
  }
}
