package io.sekisho.console.tests;

import io.sekisho.console.core.ConsoleException;
import io.sekisho.console.core.kubernetes.Access;
import io.sekisho.console.core.kubernetes.ApiState;
import io.sekisho.console.core.kubernetes.KubernetesCluster;
import io.sekisho.console.core.kubernetes.KubernetesContext;
import io.sekisho.console.core.kubernetes.KubernetesObjects;
import io.sekisho.console.core.kubernetes.ObjectRef;
import io.sekisho.console.core.kubernetes.Plan;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** An API server whose objects a test sets; it applies nothing. */
final class FakeKubernetes implements KubernetesCluster {
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final KubernetesContext.Target target;
  private final Map<ObjectRef, String> kept = new ConcurrentHashMap<>();
  private volatile Access access = Access.UNKNOWN;
  private volatile KubernetesObjects objects = KubernetesObjects.EMPTY;

  /** Policies of the cluster go to its agents. */
  FakeKubernetes() {
    this(KubernetesContext.Target.AGENTS);
  }

  /** Policies of the cluster go there. */
  FakeKubernetes(KubernetesContext.Target target) {
    this.target = target;
  }

  /** Sets what is there. */
  void objects(KubernetesObjects next) {
    objects = next;
    listeners.forEach(Runnable::run);
  }

  /** Sets what we may do. */
  void access(Access next) {
    access = next;
    listeners.forEach(Runnable::run);
  }

  @Override
  public KubernetesContext context() {
    return KubernetesContext.usual(List.of(Path.of("config")), "shop-prod").with(target);
  }

  @Override
  public ApiState state() {
    return new ApiState.Connected("v1.36.0");
  }

  @Override
  public KubernetesObjects objects() {
    return objects;
  }

  @Override
  public Access access() {
    return access;
  }

  @Override
  public CompletableFuture<Plan> plan(List<String> texts, List<ObjectRef> removed) {
    return refused();
  }

  /** An object may not be deleted. */
  void keep(ObjectRef ref, String why) {
    kept.put(ref, why);
  }

  /** Of objects that shall go only, as {@link #keep} says. */
  @Override
  public CompletableFuture<Optional<String>> refusal(List<String> texts, List<ObjectRef> removed) {
    return CompletableFuture.completedFuture(
        removed.stream().flatMap(r -> Optional.ofNullable(kept.get(r)).stream()).findFirst());
  }

  @Override
  public CompletableFuture<List<Plan.Step>> apply(
      Plan plan, boolean force, Consumer<Plan.Step> done) {
    return refused();
  }

  private static <T> CompletableFuture<T> refused() {
    return CompletableFuture.failedFuture(
        new ConsoleException(ConsoleException.Code.INTERNAL, "Nothing can be applied here.", null));
  }

  @Override
  public void retry() {}

  @Override
  public void addListener(Runnable listener) {
    listeners.add(listener);
  }

  @Override
  public void removeListener(Runnable listener) {
    listeners.remove(listener);
  }

  @Override
  public void close() {}
}
