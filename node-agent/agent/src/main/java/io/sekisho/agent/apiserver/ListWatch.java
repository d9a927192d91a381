package io.sekisho.agent.apiserver;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.sekisho.agent.apiserver.ApiException.Code;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Follows the objects of a kind: reads them page by page, then watches from that version on.
 * Bookmarks keep the version young; a watch that ends goes on from it, and only if the server has
 * forgotten it (410, or the watch ends at once) all is read again. Whatever fails is tried again,
 * after 100 ms, 200 ms … 5 s, never at the same moment by all nodes. A kind that the server does
 * not know is asked for again after 10 s, 20 s … 60 s.
 */
public final class ListWatch implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ListWatch.class.getName());
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration FIRST_MISSING = Duration.ofSeconds(10);
  private static final Duration LONGEST_MISSING = Duration.ofSeconds(60);
  private static final long PAGE = 500;

  /** The server ends a watch then; a connection that died in silence is noticed soon after. */
  private static final long WATCH_SECONDS = 240;

  private static final long SILENCE_SECONDS = WATCH_SECONDS + 30;

  /** No server that goes on from a version ends its watch so soon. */
  private static final Duration AT_ONCE = Duration.ofSeconds(1);

  /** How a watch was that ended without an error. */
  private enum Ended {
    /** The server said something. */
    SPOKEN,
    /** It said nothing. */
    SILENT,
    /**
     * It ended at once. A server that has forgotten the version, as it does by a restart, says so
     * (410) and ends the watch; the client loses what is said right before the end most of the
     * time.
     */
    REFUSED
  }

  private final ApiServer api;
  private final List<ResourceKind> kinds;
  private final Scope scope;
  private final Handler handler;
  private final Thread thread;
  private int kind;
  private volatile Optional<String> version = Optional.empty();
  private volatile Duration pause = FIRST_PAUSE;
  private Duration missing = FIRST_MISSING;
  private volatile Optional<ApiException> trouble = Optional.empty();
  private volatile boolean closed;

  /**
   * Which objects.
   *
   * @param namespace empty for those of all
   * @param fields field selector, empty for all
   * @param labels label selector, empty for all
   */
  public record Scope(String namespace, String fields, String labels) {
    /** All of the cluster. */
    public static final Scope ALL = new Scope("", "", "");

    /** Those of a namespace. */
    public static Scope of(String namespace) {
      return new Scope(namespace, "", "");
    }

    /** Those of the cluster that a field selector takes. */
    public static Scope fields(String selector) {
      return new Scope("", selector, "");
    }

    /** Those of the cluster that a label selector takes. */
    public static Scope labels(String selector) {
      return new Scope("", "", selector);
    }
  }

  /** Takes what is and what changes, one call at a time; must not block. */
  public interface Handler {
    /** What follows until {@link #synced} is the whole state; forget what it does not name. */
    void reset();

    /** An object is new or changed. */
    void put(GenericKubernetesResource object);

    /** An object is gone; as it was last. */
    void deleted(GenericKubernetesResource object);

    /** The present state has been told. */
    void synced();

    /** It could not be read or watched; it is tried again. */
    default void failed(ApiException error) {}
  }

  /**
   * Follows one kind of objects from {@link #start} on.
   *
   * @param kinds the same kind in its versions, the preferred one first: the first that the server
   *     knows is followed
   */
  public ListWatch(ApiServer api, List<ResourceKind> kinds, Scope scope, Handler handler) {
    this.api = api;
    this.kinds = List.copyOf(kinds);
    this.scope = scope;
    this.handler = handler;
    thread = Thread.ofVirtual().name("watch " + kinds.getFirst()).unstarted(this::run);
  }

  /** Begins. */
  public ListWatch start() {
    thread.start();
    return this;
  }

  private void run() {
    try {
      while (!closed && !api.isClosed()) {
        try {
          if (version.isEmpty()) {
            version = Optional.of(read());
          }
          switch (follow(version.get())) {
            case SPOKEN -> {}
            case SILENT -> ask();
            case REFUSED -> {
              lengthen();
              version = Optional.empty();
            }
          }
          Thread.sleep(jittered(pause));
        } catch (ApiException e) {
          failed(e);
        } catch (RuntimeException e) {
          // A fault of ours, or an object that no API server should hold: the watch must not die.
          LOG.log(System.Logger.Level.ERROR, "following " + kinds.get(kind) + " failed", e);
          version = Optional.empty();
          failed(new ApiException(Code.INVALID, "cannot be followed: " + e, e));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Why the objects are not followed at this moment; empty if they are. */
  public Optional<ApiException> trouble() {
    return trouble;
  }

  private void failed(ApiException e) throws InterruptedException {
    if (closed || e.code() == Code.CLOSED) {
      return;
    }
    if (e.code() == Code.EXPIRED) {
      version = Optional.empty();
      Thread.sleep(jittered(pause));
      lengthen();
      return;
    }
    if (e.code() == Code.NOT_FOUND) {
      version = Optional.empty();
      kind = (kind + 1) % kinds.size();
      if (kind > 0) {
        return;
      }
    }
    trouble = Optional.of(explained(e));
    handler.failed(e);
    if (e.code() == Code.NOT_FOUND) {
      Thread.sleep(jittered(missing));
      missing = twice(missing, LONGEST_MISSING);
    } else {
      Thread.sleep(jittered(pause));
      lengthen();
    }
  }

  /** The error with the kind's name, and what would help. */
  private ApiException explained(ApiException e) {
    ResourceKind asked = kinds.get(kind);
    String help =
        switch (e.code()) {
          case DENIED -> "; the agent's ClusterRole needs the rule " + asked.followRule();
          case NOT_FOUND -> otherVersions(asked);
          default -> "";
        };
    Code code = e.code() == Code.NOT_FOUND && !help.isEmpty() ? Code.OTHER_VERSION : e.code();
    return new ApiException(code, asked + ": " + e.getMessage() + help, e);
  }

  /** Says so if the kind is there, but in none of our versions. */
  private String otherVersions(ResourceKind asked) {
    List<String> served = asked.group().isEmpty() ? List.of() : api.versions(asked);
    List<String> ours = kinds.stream().map(ResourceKind::version).toList();
    return served.isEmpty() || served.stream().anyMatch(ours::contains)
        ? ""
        : "; "
            + asked
            + " is served there in "
            + String.join(", ", served)
            + ", not in "
            + String.join(", ", ours);
  }

  private void lengthen() {
    pause = twice(pause, LONGEST_PAUSE);
  }

  private static Duration twice(Duration pause, Duration longest) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(longest) < 0 ? twice : longest;
  }

  /** A watch ended without a word, and does not say why: a plain call does. */
  private void ask() {
    lengthen();
    api.list(kinds.get(kind), scope.namespace(), options().withLimit(1L).build());
  }

  /** Between the pause and half as much again. */
  private static Duration jittered(Duration pause) {
    return pause.plusMillis(ThreadLocalRandom.current().nextLong(pause.toMillis() / 2 + 1));
  }

  /** Tells the whole state, page by page; its version. */
  private String read() {
    @Nullable String next = null;
    boolean begun = false;
    while (true) {
      var options = options().withLimit(PAGE).withContinue(next).build();
      var page = api.list(kinds.get(kind), scope.namespace(), options);
      if (!begun) {
        handler.reset();
        begun = true;
      }
      page.getItems().forEach(handler::put);
      next = page.getMetadata().getContinue();
      if (next == null || next.isEmpty()) {
        handler.synced();
        missing = FIRST_MISSING;
        return page.getMetadata().getResourceVersion();
      }
    }
  }

  private ListOptionsBuilder options() {
    var options = new ListOptionsBuilder();
    if (!scope.fields().isEmpty()) {
      options.withFieldSelector(scope.fields());
    }
    return scope.labels().isEmpty() ? options : options.withLabelSelector(scope.labels());
  }

  /** Tells changes until the watch ends; how it was. */
  private Ended follow(String from) throws InterruptedException {
    ListOptions options =
        options()
            .withResourceVersion(from)
            .withAllowWatchBookmarks(true)
            .withTimeoutSeconds(WATCH_SECONDS)
            .build();
    var events = new Events();
    Watch watch = api.watch(kinds.get(kind), scope.namespace(), options, events);
    trouble = Optional.empty();
    long begun = System.nanoTime();
    try (watch) {
      Optional<ApiException> end = events.end.get(SILENCE_SECONDS, TimeUnit.SECONDS);
      if (end.isPresent()) {
        throw end.get();
      }
      if (events.any) {
        return Ended.SPOKEN;
      }
      return System.nanoTime() - begun < AT_ONCE.toNanos() ? Ended.REFUSED : Ended.SILENT;
    } catch (TimeoutException e) {
      throw new ApiException(Code.UNAVAILABLE, "the watch of " + kinds.get(kind) + " is silent", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the end of a watch is never exceptional", e);
    } finally {
      if (System.nanoTime() - begun > LONGEST_PAUSE.toNanos()) {
        pause = FIRST_PAUSE;
      }
    }
  }

  /** Hands changes on as they come; the end of the watch is a future. */
  private final class Events implements Watcher<GenericKubernetesResource> {
    private final CompletableFuture<Optional<ApiException>> end = new CompletableFuture<>();
    private volatile boolean any;

    @Override
    public void eventReceived(Action action, GenericKubernetesResource object) {
      if (closed || end.isDone()) {
        return;
      }
      api.answered();
      any = true;
      pause = FIRST_PAUSE;
      try {
        if (!take(action, object)) {
          return;
        }
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "a change of " + kinds.get(kind) + " failed", e);
        end.complete(Optional.of(new ApiException(Code.EXPIRED, "a change failed: " + e, e)));
        return;
      }
      version = Optional.of(object.getMetadata().getResourceVersion());
    }

    private boolean take(Action action, GenericKubernetesResource object) {
      switch (action) {
        case ADDED, MODIFIED -> handler.put(object);
        case DELETED -> handler.deleted(object);
        case BOOKMARK -> {}
        case ERROR -> {
          return false;
        }
      }
      return true;
    }

    @Override
    public void onClose() {
      end.complete(Optional.empty());
    }

    @Override
    public void onClose(WatcherException cause) {
      if (cause.isHttpGone()) {
        end.complete(
            Optional.of(new ApiException(Code.EXPIRED, "the version is not known any more")));
        return;
      }
      // The usual end of a watch that the server closed carries no error of the connection.
      Optional<KubernetesClientException> error =
          Optional.ofNullable(cause.getCause())
              .filter(KubernetesClientException.class::isInstance)
              .map(KubernetesClientException.class::cast);
      end.complete(error.map(api::failed));
    }
  }

  /** Ends; what the handler is being told at this moment may still come. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
