package io.sekisho.console.kubernetes.client;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import io.sekisho.console.core.ConsoleException;
import io.sekisho.console.core.ConsoleException.Code;
import io.sekisho.console.core.kubernetes.KubernetesContext;
import io.sekisho.console.kubernetes.config.Kubeconfigs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A client of one API server. Calls block; a plugin of the kubeconfig may run, so none belongs on
 * the UI thread. What fabric8 throws becomes {@link ConsoleException}.
 */
public final class ApiClient implements AutoCloseable {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int REQUEST_MILLIS = 15_000;

  private final KubernetesClient client;
  private final String server;

  private ApiClient(KubernetesClient client, String server) {
    this.client = client;
    this.server = server;
  }

  /**
   * Reads the kubeconfigs and runs the plugin if the user has one; nothing is sent yet.
   *
   * @throws ConsoleException {@code BAD_PROFILE} with what is wrong with the files
   */
  public static ApiClient open(KubernetesContext context) {
    Kubeconfigs kubeconfigs = Kubeconfigs.read(context.files());
    var found =
        kubeconfigs.contexts().stream()
            .filter(c -> c.name().equals(context.context()))
            .findFirst()
            .orElseThrow(() -> missing(context, kubeconfigs));
    if (!found.usable()) {
      throw new ConsoleException(Code.BAD_PROFILE, found.problem(), null);
    }
    Config config = Config.empty();
    try {
      KubeConfigUtils.merge(
          config,
          context.context(),
          kubeconfigs
              .configs()
              .toArray(new io.fabric8.kubernetes.api.model.Config[kubeconfigs.configs().size()]));
      kubeconfigs.user(found.user()).ifPresent(user -> complete(config, user, found.file()));
      proxy(config);
      config.setConnectionTimeout(CONNECT_MILLIS);
      config.setRequestTimeout(REQUEST_MILLIS);
      config.setRequestRetryBackoffLimit(1);
      config.setOnlyHttpWatches(true);
      config.setUserAgent("sekisho-console");
      return new ApiClient(
          new KubernetesClientBuilder().withConfig(config).build(), found.server());
    } catch (RuntimeException e) {
      throw Refusals.of("Signing in as " + found.user(), e);
    }
  }

  private static ConsoleException missing(KubernetesContext context, Kubeconfigs read) {
    String broken = read.broken().values().stream().findFirst().map(b -> " " + b).orElse("");
    return new ConsoleException(
        Code.BAD_PROFILE,
        "No kubeconfig has the context " + context.context() + "." + broken,
        null);
  }

  /** What fabric8 leaves out of a user: a token in a file, which may change, and impersonation. */
  private static void complete(Config config, AuthInfo user, Path kubeconfig) {
    String file = user.getTokenFile();
    boolean token = user.getToken() != null && !user.getToken().isEmpty();
    if (file != null && !file.isEmpty() && !token) {
      Path path = kubeconfig.resolveSibling(file);
      config.setOauthTokenProvider(() -> token(path));
    }
    if (user.getAs() != null && !user.getAs().isEmpty()) {
      config.setImpersonateUsername(user.getAs());
      if (user.getAsGroups() != null) {
        config.setImpersonateGroups(user.getAsGroups().toArray(String[]::new));
      }
      if (user.getAsUserExtra() != null) {
        config.setImpersonateExtras(user.getAsUserExtra());
      }
    }
  }

  private static String token(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new ConsoleException(Code.BAD_PROFILE, "The token file " + file + " can't be read.", e);
    }
  }

  /** The proxy of the environment, where the kubeconfig names none. */
  private static void proxy(Config config) {
    if (config.getHttpsProxy() == null) {
      variable("HTTPS_PROXY").or(() -> variable("https_proxy")).ifPresent(config::setHttpsProxy);
      variable("NO_PROXY")
          .or(() -> variable("no_proxy"))
          .ifPresent(names -> config.setNoProxy(names.split(",")));
    }
  }

  private static Optional<String> variable(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(v -> !v.isBlank());
  }

  /** URL of the API server. */
  public String server() {
    return server;
  }

  /** The client of fabric8; what it throws is to be given to {@link Refusals}. */
  public KubernetesClient fabric8() {
    return client;
  }

  /**
   * Runs a call.
   *
   * @param asked what is asked, as the begin of a sentence: {@code "The list of pods"}
   */
  public <T> T call(String asked, Supplier<T> call) {
    try {
      return call.get();
    } catch (RuntimeException e) {
      throw Refusals.of(asked, e);
    }
  }

  /** Version of the API server; the first call that shows whether it lets us in. */
  public String version() {
    return call("The API server " + server, () -> client.getKubernetesVersion().getGitVersion());
  }

  /** All objects of a kind. */
  public MixedOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      objects(ObjectKind kind) {
    return client.genericKubernetesResources(kind.definition());
  }

  /** One object, there or not. */
  public Resource<GenericKubernetesResource> object(
      ObjectKind kind, String namespace, String name) {
    return kind.namespaced()
        ? objects(kind).inNamespace(namespace).withName(name)
        : objects(kind).withName(name);
  }

  /** The object that shall be. */
  public Resource<GenericKubernetesResource> given(
      ObjectKind kind, String namespace, GenericKubernetesResource object) {
    return kind.namespaced()
        ? objects(kind).inNamespace(namespace).resource(object)
        : objects(kind).resource(object);
  }

  /** Whether the API server has a kind. */
  public boolean has(ObjectKind kind) {
    return call(
        "The kinds of the API server",
        () -> {
          var resources = client.getApiResources(kind.apiVersion());
          return resources != null
              && resources.getResources().stream().anyMatch(r -> r.getName().equals(kind.plural()));
        });
  }

  @Override
  public void close() {
    client.close();
  }
}
