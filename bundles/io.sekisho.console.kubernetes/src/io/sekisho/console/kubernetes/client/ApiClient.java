package io.sekisho.console.kubernetes.client;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import io.fabric8.kubernetes.client.utils.TokenRefreshInterceptor;
import io.sekisho.console.core.ConsoleException;
import io.sekisho.console.core.ConsoleException.Code;
import io.sekisho.console.core.kubernetes.KubernetesContext;
import io.sekisho.console.kubernetes.config.KubeContext;
import io.sekisho.console.kubernetes.config.Kubeconfigs;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A client of one API server. Calls block; a plugin of the kubeconfig may run, so none belongs on
 * the UI thread. What fabric8 throws becomes {@link ConsoleException}.
 */
public final class ApiClient implements AutoCloseable {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int REQUEST_MILLIS = 15_000;
  private static final long BEFORE_END_SECONDS = 10;

  private final KubernetesClient client;
  private final String server;
  private final Optional<Instant> ends;

  private ApiClient(KubernetesClient client, String server, Optional<Instant> ends) {
    this.client = client;
    this.server = server;
    this.ends = ends;
  }

  /**
   * Reads the kubeconfigs and signs in: runs the plugin if the user has one, has a token renewed
   * that has ended. Nothing is sent to the API server yet.
   *
   * @throws ConsoleException {@code BAD_PROFILE} with what is wrong with the files or the plugin,
   *     else why the issuer did not renew
   */
  public static ApiClient open(KubernetesContext context) {
    return open(context, SignIn.AT_ONCE);
  }

  /**
   * The same.
   *
   * @param how a plugin or an issuer is asked, now and whenever a token has ended
   */
  public static ApiClient open(KubernetesContext context, SignIn how) {
    Kubeconfigs kubeconfigs = Kubeconfigs.read(context.files());
    var found =
        kubeconfigs.contexts().stream()
            .filter(c -> c.name().equals(context.context()))
            .findFirst()
            .orElseThrow(() -> missing(context, kubeconfigs));
    if (!found.usable()) {
      throw new ConsoleException(Code.BAD_PROFILE, found.problem(), null);
    }
    try {
      SignedIn signedIn =
          kubeconfigs
              .user(found.user())
              .map(
                  user ->
                      SignedIn.as(
                          found.user(),
                          user,
                          kubeconfigs.userFile(found.user()).orElse(found.file()),
                          kubeconfigs.cluster(found.cluster()),
                          how))
              .orElse(SignedIn.BY_FILE);
      Config config = config(kubeconfigs, found, signedIn);
      kubeconfigs.user(found.user()).ifPresent(user -> impersonate(config, user));
      KubernetesClientBuilder builder = new KubernetesClientBuilder().withConfig(config);
      signedIn
          .tokens()
          .map(TokenInterceptor::new)
          .ifPresent(
              own ->
                  builder.withHttpClientBuilderConsumer(
                      http -> http.addOrReplaceInterceptor(TokenRefreshInterceptor.NAME, own)));
      return new ApiClient(builder.build(), found.server(), signedIn.ends());
    } catch (RuntimeException e) {
      throw Refusals.of("Signing in as " + found.user(), e);
    }
  }

  private static Config config(Kubeconfigs kubeconfigs, KubeContext context, SignedIn signedIn) {
    Config config = Config.empty();
    // where a token has another source fabric8 runs no plugin
    config.setOauthTokenProvider(() -> "");
    KubeConfigUtils.merge(
        config,
        context.name(),
        kubeconfigs
            .configs()
            .toArray(new io.fabric8.kubernetes.api.model.Config[kubeconfigs.configs().size()]));
    config.setOauthTokenProvider(null);
    signedIn
        .certificate()
        .ifPresent(
            given -> {
              config.setClientCertData(base64(given.certificate()));
              config.setClientKeyData(base64(given.key()));
            });
    kubeconfigs.cluster(context.cluster()).ifPresent(cluster -> proxy(config, cluster));
    config.setConnectionTimeout(CONNECT_MILLIS);
    config.setRequestTimeout(REQUEST_MILLIS);
    config.setRequestRetryBackoffLimit(1);
    config.setOnlyHttpWatches(true);
    config.setUserAgent("sekisho-console");
    return config;
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static ConsoleException missing(KubernetesContext context, Kubeconfigs read) {
    String broken = read.broken().values().stream().findFirst().map(b -> " " + b).orElse("");
    return new ConsoleException(
        Code.BAD_PROFILE,
        "No kubeconfig has the context " + context.context() + "." + broken,
        null);
  }

  /** What fabric8 leaves out of a user. */
  private static void impersonate(Config config, AuthInfo user) {
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

  /**
   * The kubeconfig's proxy, which fabric8 takes for servers of its own scheme; else that around.
   */
  private static void proxy(Config config, Cluster cluster) {
    String given = cluster.getProxyUrl();
    if (given != null && !given.isEmpty()) {
      config.setHttpProxy(given);
      config.setHttpsProxy(given);
    } else {
      variable("HTTPS_PROXY").or(() -> variable("https_proxy")).ifPresent(config::setHttpsProxy);
      variable("NO_PROXY")
          .or(() -> variable("no_proxy"))
          .ifPresent(names -> config.setNoProxy(names.split(",")));
    }
  }

  private static Optional<String> variable(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(v -> !v.isBlank());
  }

  /** Whether the certificate that a plugin gave has ended: another client is needed. */
  public boolean ended() {
    return ends.filter(end -> !end.isAfter(Instant.now().plusSeconds(BEFORE_END_SECONDS)))
        .isPresent();
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
