package io.sekisho.console.kubernetes.objects;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.sekisho.console.core.ConsoleException;
import io.sekisho.console.core.kubernetes.KubernetesObjects;
import io.sekisho.console.kubernetes.client.ApiClient;
import io.sekisho.console.kubernetes.client.ObjectKind;
import io.sekisho.console.kubernetes.client.Refusals;
import io.sekisho.console.kubernetes.client.Reviews;
import io.sekisho.policy.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * Follows the objects of a cluster. What we may not see in all namespaces is followed in the
 * context's own, and that is said; what the API server does not have is left out.
 */
public final class ObjectWatches implements AutoCloseable {
  /** Objects of one answer: a list of thousands comes in parts. */
  private static final long PART = 500;

  private final ApiClient api;
  private final Reviews reviews;
  private final Optional<String> namespace;
  private final Runnable changed;
  private final ObjectBook book = new ObjectBook();
  private final List<String> missing = new CopyOnWriteArrayList<>();
  private final List<Followed> followed = new ArrayList<>();

  /** Kinds that were allowed and no longer are, with what the API server says. */
  private final Map<ObjectKind, String> refused = new ConcurrentHashMap<>();

  private volatile boolean begun;

  private record Followed(
      ObjectKind kind, SharedIndexInformer<GenericKubernetesResource> informer) {}

  /**
   * Nothing is followed yet.
   *
   * @param namespace the only one that is looked at where we may not see all
   * @param changed called on any thread when something is new
   */
  public ObjectWatches(
      ApiClient api, Reviews reviews, Optional<String> namespace, Runnable changed) {
    this.api = api;
    this.reviews = reviews;
    this.namespace = namespace;
    this.changed = changed;
  }

  /**
   * Begins; returns before all is told.
   *
   * @throws ConsoleException if the API server does not answer
   */
  public synchronized void begin() {
    follow(ObjectKind.POD);
    follow(ObjectKind.SERVICE);
    follow(ObjectKind.EVENT);
    follow(ObjectKind.NODE);
    follow(ObjectKind.NAMESPACE);
    for (ObjectKind kind :
        List.of(ObjectKind.DEPLOYMENT, ObjectKind.STATEFUL_SET, ObjectKind.DAEMON_SET)) {
      follow(kind);
    }
    for (Kind kind : ObjectKind.policies()) {
      ObjectKind.of(kind).stream().filter(api::has).findFirst().ifPresent(k -> follow(k));
    }
    begun = true;
    changed.run();
  }

  private void follow(ObjectKind kind) {
    boolean all = reviews.mayFollow(kind, "");
    if (!all) {
      missing.add(refusal(kind));
      if (!kind.namespaced() || namespace.isEmpty() || !reviews.mayFollow(kind, namespace.get())) {
        return;
      }
    }
    Informable<GenericKubernetesResource> scope =
        !kind.namespaced()
            ? api.objects(kind)
            : all
                ? api.objects(kind).inAnyNamespace()
                : api.objects(kind).inNamespace(namespace.get());
    SharedIndexInformer<GenericKubernetesResource> informer =
        scope.withLimit(PART).runnableInformer(0);
    informer.itemStore(new ThinStore()).addEventHandler(new Handler());
    informer.exceptionHandler((started, thrown) -> again(kind, thrown));
    followed.add(new Followed(kind, informer));
    informer
        .start()
        .whenComplete(
            (done, thrown) -> {
              if (thrown != null) {
                missing.add("The " + kind.plural() + " can't be followed.");
              }
              changed.run();
            });
  }

  /** It is tried for ever; a refusal is told, an API server that is gone tells itself. */
  private boolean again(ObjectKind kind, Throwable thrown) {
    ConsoleException why = Refusals.of("Following " + kind.plural(), thrown);
    if (why.code() == ConsoleException.Code.REFUSED) {
      refused.put(kind, why.getMessage());
      changed.run();
    }
    return true;
  }

  /** Whether something can no longer be followed; what was told of it stays, and is old. */
  public boolean refused() {
    return !refused.isEmpty();
  }

  private static String refusal(ObjectKind kind) {
    String group = kind.group().isEmpty() ? "" : " (" + kind.group() + ")";
    String where = kind.namespaced() ? " in all namespaces." : ".";
    return "You may not list " + kind.plural() + group + where;
  }

  /** What is there now. */
  public KubernetesObjects snapshot() {
    boolean synced = begun;
    synchronized (this) {
      for (Followed each : followed) {
        synced &= each.informer().hasSynced() || !each.informer().isRunning();
        if (each.informer().isWatching()) {
          refused.remove(each.kind());
        }
      }
    }
    return book.snapshot(
        synced, Stream.concat(missing.stream(), refused.values().stream()).distinct().toList());
  }

  @Override
  public synchronized void close() {
    followed.forEach(f -> f.informer().stop());
  }

  private final class Handler implements ResourceEventHandler<GenericKubernetesResource> {
    @Override
    public void onAdd(GenericKubernetesResource object) {
      book.put(object);
      changed.run();
    }

    @Override
    public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource object) {
      book.put(object);
      changed.run();
    }

    @Override
    public void onDelete(GenericKubernetesResource object, boolean unknown) {
      book.remove(object);
      changed.run();
    }
  }
}
