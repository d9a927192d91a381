package io.sekisho.agent.apiserver;

import io.fabric8.kubernetes.api.model.APIGroup;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.GroupVersionForDiscovery;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.sekisho.agent.apiserver.ApiException.Code;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the Kubernetes API server. All calls block, on any thread, no longer than the
 * time-out; they fail with {@link ApiException}. Nothing is tried twice here: who calls knows what
 * can wait. Opening needs no server.
 */
public final class ApiServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ApiServer.class.getName());

  /** A failure with an answer is the server's trouble only if nothing went well for so long. */
  private static final Duration QUIET = Duration.ofSeconds(5);

  private final Credentials credentials;
  private final Duration timeout;
  private final RequestBudget budget;
  private final Answers answers;
  private final Clock clock;
  private final ReentrantLock renewing = new ReentrantLock();
  private volatile KubernetesClient client;
  private volatile Health health;
  private volatile long answeredNanos = System.nanoTime();
  private volatile boolean closed;

  /**
   * How to reach it.
   *
   * @param kubeconfig a file; empty inside of a pod, whose service account is used
   * @param timeout how long a call waits
   * @param requestsPerSecond at most so many on the average
   */
  public record Settings(Optional<Path> kubeconfig, Duration timeout, int requestsPerSecond) {}

  /**
   * Whether it answers.
   *
   * @param message what is wrong, empty if nothing is
   * @param since since when that holds
   */
  public record Health(String message, Instant since) {
    /** Whether the last call was answered. */
    public boolean available() {
      return message.isEmpty();
    }
  }

  private ApiServer(Credentials credentials, Settings settings, Clock clock) {
    this.credentials = credentials;
    this.timeout = settings.timeout();
    this.clock = clock;
    budget = new RequestBudget(settings.requestsPerSecond());
    answers = new Answers(budget, clock);
    health = new Health("not connected yet", clock.instant());
    client = connect();
  }

  /**
   * A client by its settings.
   *
   * @throws ApiException with INVALID if the kubeconfig cannot be read
   */
  public static ApiServer open(Settings settings, Clock clock) {
    return open(Credentials.of(settings.kubeconfig()), settings, clock);
  }

  /** A client with other credentials than those of the settings. */
  static ApiServer open(Credentials credentials, Settings settings, Clock clock) {
    try {
      return new ApiServer(credentials, settings, clock);
    } catch (KubernetesClientException | IllegalArgumentException e) {
      throw new ApiException(Code.INVALID, "the kubeconfig cannot be used: " + e.getMessage(), e);
    }
  }

  private KubernetesClient connect() {
    Config config = credentials.read();
    int millis = Math.toIntExact(timeout.toMillis());
    config.setRequestTimeout(millis);
    config.setConnectionTimeout(millis);
    config.setRequestRetryBackoffLimit(0);
    config.setWatchReconnectLimit(0);
    config.setOnlyHttpWatches(true);
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withHttpClientBuilderConsumer(b -> b.addOrReplaceInterceptor("SEKISHO", answers))
        .build();
  }

  /** A new connection, if the files that the old one was made of are others now. */
  private void renew() {
    if (!closed && credentials.changed() && renewing.tryLock()) {
      try {
        KubernetesClient old = client;
        client = connect();
        old.close();
        LOG.log(System.Logger.Level.INFO, "the credentials for the API server were renewed");
      } catch (ApiException | KubernetesClientException | IllegalArgumentException e) {
        LOG.log(System.Logger.Level.WARNING, "credentials not usable yet: {0}", e.getMessage());
      } finally {
        renewing.unlock();
      }
    }
  }

  /** One object, if it is there. */
  public Optional<GenericKubernetesResource> get(ResourceKind kind, String namespace, String name) {
    return Optional.ofNullable(run(() -> named(kind, namespace, name).get()));
  }

  /**
   * Makes an object; as the server has it then.
   *
   * @throws ApiException with CONFLICT if it is there
   */
  public GenericKubernetesResource create(ResourceKind kind, GenericKubernetesResource object) {
    return run(() -> resource(kind, object).create());
  }

  /**
   * Replaces an object whose {@code resourceVersion} is the one that it carries.
   *
   * @throws ApiException with CONFLICT or NOT_FOUND; nothing changed then
   */
  public GenericKubernetesResource replace(ResourceKind kind, GenericKubernetesResource object) {
    String version = object.getMetadata().getResourceVersion();
    return run(() -> resource(kind, object).lockResourceVersion(version).update());
  }

  /** How an object is patched. */
  public enum Patch {
    /** The fields that a JSON merge patch (RFC 7396) names. */
    MERGE,
    /** The same of its status. */
    MERGE_STATUS,
    /**
     * Of its status, where elements of known lists are told apart by their key: core kinds only.
     */
    STRATEGIC_STATUS
  }

  /**
   * Changes fields of an object, by one request.
   *
   * @throws ApiException with NOT_FOUND
   */
  public void patch(ResourceKind kind, String namespace, String name, Patch how, String patch) {
    var context =
        PatchContext.of(
            how == Patch.STRATEGIC_STATUS ? PatchType.STRATEGIC_MERGE : PatchType.JSON_MERGE);
    GenericKubernetesResource done =
        run(
            () -> {
              // by a name alone the client library reads the object before it patches it
              Resource<GenericKubernetesResource> resource =
                  resource(kind, kind.named(namespace, name));
              return how == Patch.MERGE
                  ? resource.patch(context, patch)
                  : resource.subresource("status").patch(context, patch);
            });
    assert done != null;
  }

  /**
   * Removes an object; whether it was there.
   *
   * @param version only if it has this {@code resourceVersion}
   * @throws ApiException with CONFLICT if it has another one
   */
  public boolean delete(
      ResourceKind kind, String namespace, String name, Optional<String> version) {
    try {
      return run(
          () -> {
            Resource<GenericKubernetesResource> resource = named(kind, namespace, name);
            return !(version.isPresent()
                    ? resource.lockResourceVersion(version.get()).delete()
                    : resource.delete())
                .isEmpty();
          });
    } catch (ApiException e) {
      if (e.code() == Code.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  /** Some objects of a kind; of all namespaces if the namespace is empty. */
  public GenericKubernetesResourceList list(
      ResourceKind kind, String namespace, ListOptions options) {
    return run(() -> scope(kind, namespace).list(options));
  }

  /** The versions in which a kind is served; empty if it is not, or nothing is known. */
  List<String> versions(ResourceKind kind) {
    try {
      return Optional.ofNullable(run(() -> client.getApiGroup(kind.group())))
          .map(APIGroup::getVersions)
          .orElse(List.of())
          .stream()
          .filter(version -> serves(version, kind))
          .map(GroupVersionForDiscovery::getVersion)
          .toList();
    } catch (ApiException e) {
      return List.of();
    }
  }

  private boolean serves(GroupVersionForDiscovery version, ResourceKind kind) {
    return Optional.ofNullable(run(() -> client.getApiResources(version.getGroupVersion())))
        .map(APIResourceList::getResources)
        .orElse(List.of())
        .stream()
        .anyMatch(resource -> resource.getName().equals(kind.plural()));
  }

  Watch watch(
      ResourceKind kind,
      String namespace,
      ListOptions options,
      Watcher<GenericKubernetesResource> watcher) {
    return run(() -> scope(kind, namespace).watch(options, watcher));
  }

  private FilterWatchListDeletable<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      scope(ResourceKind kind, String namespace) {
    if (!kind.namespaced()) {
      return all(kind);
    }
    return namespace.isEmpty() ? all(kind).inAnyNamespace() : all(kind).inNamespace(namespace);
  }

  private Resource<GenericKubernetesResource> named(
      ResourceKind kind, String namespace, String name) {
    return kind.namespaced()
        ? all(kind).inNamespace(namespace).withName(name)
        : all(kind).withName(name);
  }

  private Resource<GenericKubernetesResource> resource(
      ResourceKind kind, GenericKubernetesResource object) {
    return kind.namespaced()
        ? all(kind).inNamespace(object.getMetadata().getNamespace()).resource(object)
        : all(kind).resource(object);
  }

  private MixedOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      all(ResourceKind kind) {
    return client.genericKubernetesResources(kind.context());
  }

  private <T extends @Nullable Object> T run(Supplier<T> call) {
    if (closed) {
      throw new ApiException(Code.CLOSED, "the client of the API server was closed");
    }
    try {
      if (!budget.take(timeout)) {
        throw new ApiException(Code.UNAVAILABLE, "the API server is busy" + asked());
      }
      T result = call.get();
      answered();
      return result;
    } catch (KubernetesClientException e) {
      throw failed(e);
    } catch (IllegalStateException e) {
      // so the client library says that it was closed, by us or for one with newer credentials
      throw new ApiException(
          closed ? Code.CLOSED : Code.UNAVAILABLE, "the client was closed meanwhile", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiException(Code.UNAVAILABLE, "interrupted", e);
    }
  }

  void answered() {
    answeredNanos = System.nanoTime();
    if (!health.available()) {
      health = new Health("", clock.instant());
    }
  }

  /** The error of a call, or of a watch that ended. */
  ApiException failed(KubernetesClientException e) {
    if (closed) {
      return new ApiException(Code.CLOSED, "the client of the API server was closed", e);
    }
    Code code = ApiErrors.code(e);
    String sentence = ApiErrors.sentence(e, credentials, asked(), clock.instant());
    if (ApiErrors.isUnknown(e) || ApiErrors.isTls(e)) {
      renew();
    }
    boolean answered = ApiErrors.isAnswered(e) && code != Code.UNAVAILABLE;
    if (answered && !ApiErrors.isUnknown(e)) {
      answered();
    } else if (!ApiErrors.isAnswered(e)
        || ApiErrors.isUnknown(e)
        || System.nanoTime() - answeredNanos > QUIET.toNanos()) {
      unanswered(sentence);
    }
    return new ApiException(code, sentence, e);
  }

  private String asked() {
    Duration hold = budget.hold(System.nanoTime());
    return hold.isZero() ? "" : "; it asks to wait " + (hold.toSeconds() + 1) + " s";
  }

  private void unanswered(String message) {
    Health before = health;
    Instant since = before.available() ? clock.instant() : before.since();
    health = new Health(message, since);
  }

  /** How far this node's clock is ahead of the server's; empty before the first answer. */
  public Optional<Duration> skew() {
    return answers.skew();
  }

  /**
   * Makes an object, or changes those of its fields that are others than before, by a server-side
   * apply that takes fields from whoever had them.
   *
   * @param manager whose the fields are from then on
   */
  void apply(ResourceKind kind, GenericKubernetesResource object, String manager) {
    GenericKubernetesResource done =
        run(() -> resource(kind, object).fieldManager(manager).forceConflicts().serverSideApply());
    assert done != null;
  }

  /** Its URL. */
  String url() {
    return client.getMasterUrl().toString();
  }

  /** The server's version, {@code v1.37.2}. */
  String version() {
    return run(() -> client.getKubernetesVersion().getGitVersion());
  }

  /** Whether it answers, and since when that holds. */
  public Health health() {
    return health;
  }

  /** Requests since the start; a watch counts once. */
  public long requests() {
    return budget.made();
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
    client.close();
  }
}
