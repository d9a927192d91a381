package io.sekisho.agent.apiserver;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.sekisho.agent.apiserver.ApiException.Code;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The API server as a person uses it who may change the cluster: by a context of a kubeconfig, with
 * whole manifests. Calls block and fail as those of {@link ApiServer} do.
 */
public final class Administration implements AutoCloseable {
  /** Whose the applied fields are. */
  private static final String MANAGER = "sekisho-install";

  private static final int REQUESTS_PER_SECOND = 100;
  private static final Pattern SEPARATOR = Pattern.compile("(?m)^---.*$");

  private final ApiServer api;
  private final String server;

  private Administration(ApiServer api, String server) {
    this.api = api;
    this.server = server;
  }

  /**
   * Opening needs no server.
   *
   * @param kubeconfig a file; empty for those of KUBECONFIG, else {@code ~/.kube/config}, else the
   *     service account of this pod
   * @param context one of its contexts; empty for the current one
   * @throws ApiException with INVALID if there is no such file or context
   */
  public static Administration open(
      Optional<Path> kubeconfig, Optional<String> context, Duration timeout, Clock clock) {
    var settings = new ApiServer.Settings(kubeconfig, timeout, REQUESTS_PER_SECOND);
    Credentials credentials = Credentials.of(() -> config(kubeconfig, context), kubeconfig);
    ApiServer api = ApiServer.open(credentials, settings, clock);
    return new Administration(api, api.url());
  }

  private static Config config(Optional<Path> kubeconfig, Optional<String> context) {
    Config config =
        kubeconfig
            .map(file -> read(file, context))
            .orElseGet(() -> Config.autoConfigure(context.orElse(null)));
    String current = config.getCurrentContext() == null ? "" : config.getCurrentContext().getName();
    if (context.isPresent() && !current.equals(context.get())) {
      throw new ApiException(Code.INVALID, "there is no context '" + context.get() + "'");
    }
    return config;
  }

  private static Config read(Path file, Optional<String> context) {
    if (!Files.isReadable(file)) {
      throw new ApiException(Code.INVALID, "the kubeconfig " + file + " cannot be read");
    }
    return context
        .map(name -> Config.fromKubeconfig(name, file.toFile()))
        .orElseGet(() -> Config.fromKubeconfig(file.toFile()));
  }

  /** The objects of a manifest, in its order. */
  public static List<GenericKubernetesResource> parse(String yaml) {
    var out = new ArrayList<GenericKubernetesResource>();
    for (String document : SEPARATOR.split(yaml)) {
      if (document.lines().anyMatch(l -> !l.isBlank() && !l.startsWith("#"))) {
        try {
          out.add(Serialization.unmarshal(document, GenericKubernetesResource.class));
        } catch (RuntimeException e) {
          throw new ApiException(Code.INVALID, "a manifest is broken: " + e.getMessage(), e);
        }
      }
    }
    return List.copyOf(out);
  }

  /** What kind of object it is; the plural follows English, as Kubernetes' own kinds do. */
  public static ResourceKind kind(GenericKubernetesResource object) {
    String version = object.getApiVersion();
    int slash = version.indexOf('/');
    String lower = object.getKind().toLowerCase(Locale.ROOT);
    String plural =
        lower.endsWith("y")
            ? lower.substring(0, lower.length() - 1) + "ies"
            : lower.endsWith("s") ? lower + "es" : lower + "s";
    return new ResourceKind(
        slash < 0 ? "" : version.substring(0, slash),
        version.substring(slash + 1),
        object.getKind(),
        plural,
        object.getMetadata().getNamespace() != null);
  }

  /** URL of the server. */
  public String server() {
    return server;
  }

  /** The server's version, {@code v1.37.2}. */
  public String version() {
    return api.version();
  }

  /** Makes an object, or makes it what the manifest says. */
  public void apply(GenericKubernetesResource object) {
    api.apply(kind(object), object, MANAGER);
  }

  /** One object, if it is there. */
  public Optional<GenericKubernetesResource> get(ResourceKind kind, String namespace, String name) {
    return api.get(kind, namespace, name);
  }

  /**
   * Objects of a kind; none if the server does not know the kind.
   *
   * @param namespace empty for all
   * @param labels a selector, {@code key=value,...}; empty for all
   */
  public List<GenericKubernetesResource> list(ResourceKind kind, String namespace, String labels) {
    try {
      var options = new ListOptionsBuilder();
      return api.list(
              kind,
              namespace,
              labels.isEmpty() ? options.build() : options.withLabelSelector(labels).build())
          .getItems();
    } catch (ApiException e) {
      if (e.code() == Code.NOT_FOUND) {
        return List.of();
      }
      throw e;
    }
  }

  /** Removes an object; whether it was there. */
  public boolean delete(ResourceKind kind, String namespace, String name) {
    return api.delete(kind, namespace, name, Optional.empty());
  }

  /** Changes fields of an object as a merge patch says. */
  public void patch(
      ResourceKind kind, String namespace, String name, ApiServer.Patch how, String patch) {
    api.patch(kind, namespace, name, how, patch);
  }

  /**
   * Whether we may do something to all objects of a kind (SelfSubjectAccessReview).
   *
   * @param kind its plural may name a part of its objects: {@code nodes/status}
   */
  public boolean may(String verb, ResourceKind kind, String namespace) {
    int slash = kind.plural().indexOf('/');
    var review = new GenericKubernetesResource();
    review.setApiVersion("authorization.k8s.io/v1");
    review.setKind("SelfSubjectAccessReview");
    review.setMetadata(new ObjectMeta());
    review.setAdditionalProperty(
        "spec",
        Map.of(
            "resourceAttributes",
            Map.of(
                "verb",
                verb,
                "group",
                kind.group(),
                "resource",
                slash < 0 ? kind.plural() : kind.plural().substring(0, slash),
                "subresource",
                slash < 0 ? "" : kind.plural().substring(slash + 1),
                "namespace",
                kind.namespaced() ? namespace : "")));
    return Boolean.TRUE.equals(api.create(kind(review), review).<Object>get("status", "allowed"));
  }

  @Override
  public void close() {
    api.close();
  }
}
