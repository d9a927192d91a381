package io.sekisho.agent.install;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.sekisho.agent.apiserver.Administration;
import io.sekisho.agent.apiserver.ApiException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Applies the manifests, and waits until every node has its agent. Can be repeated: an update. */
public final class Installation {
  /** What all objects of ours bear. */
  static final String PART = "app.kubernetes.io/part-of=sekisho";

  /** The agents' DaemonSet. */
  public static final String AGENT = "sekisho-agent";

  /** Kinds that others need, in Kubernetes' order; the rest follows as it stands. */
  private static final List<String> FIRST =
      List.of("Namespace", "CustomResourceDefinition", "ServiceAccount", "ConfigMap");

  private final Administration api;
  private final Consumer<String> progress;
  private final Waiting waiting;

  /**
   * An installation.
   *
   * @param patience how long each step may take
   * @param progress takes sentences
   */
  public Installation(Administration api, Duration patience, Consumer<String> progress) {
    this.api = api;
    this.progress = progress;
    this.waiting = new Waiting(patience, progress);
  }

  /** Applies all objects. */
  public void apply(List<GenericKubernetesResource> manifests) {
    var ordered = new ArrayList<>(manifests);
    ordered.sort((a, b) -> Integer.compare(rank(a), rank(b)));
    String kind = "";
    for (GenericKubernetesResource object : ordered) {
      if (!kind.isEmpty() && rank(object) > 1 && kind.equals(FIRST.get(1))) {
        awaitDefinitions(manifests);
      }
      kind = object.getKind();
      apply(object);
    }
    progress.accept("applied " + ordered.size() + " objects");
  }

  /** A job never changes; ours can be repeated. Servers before 1.30 have no admission policies. */
  private void apply(GenericKubernetesResource object) {
    try {
      api.apply(object);
    } catch (ApiException e) {
      if (e.code() == ApiException.Code.NOT_FOUND && isAdmission(object)) {
        progress.accept("the API server is too old for " + object.getKind() + ": left out");
        return;
      }
      if (e.code() != ApiException.Code.INVALID || !object.getKind().equals(Kinds.JOB.kind())) {
        throw e;
      }
      String name = object.getMetadata().getName();
      String namespace = String.valueOf(object.getMetadata().getNamespace());
      api.delete(Kinds.JOB, namespace, name);
      waiting.until(
          () ->
              api.get(Kinds.JOB, namespace, name).isPresent()
                  ? List.of("the earlier job " + name + " goes")
                  : List.of());
      api.apply(object);
    }
  }

  private static boolean isAdmission(GenericKubernetesResource object) {
    String kind = object.getKind();
    return kind.equals(Kinds.ADMISSION_POLICY.kind())
        || kind.equals(Kinds.ADMISSION_BINDING.kind());
  }

  private static int rank(GenericKubernetesResource object) {
    int rank = FIRST.indexOf(object.getKind());
    return rank < 0 ? FIRST.size() : rank;
  }

  private void awaitDefinitions(List<GenericKubernetesResource> manifests) {
    List<String> names =
        manifests.stream()
            .filter(o -> o.getKind().equals(Kinds.DEFINITION.kind()))
            .map(o -> o.getMetadata().getName())
            .toList();
    waiting.until(
        () -> {
          var missing = new ArrayList<String>();
          for (String name : names) {
            if (api.get(Kinds.DEFINITION, "", name)
                .filter(d -> Fleet.condition(d, "Established"))
                .isEmpty()) {
              missing.add("the kind " + name + " is not served yet");
            }
          }
          return missing;
        });
  }

  /** Waits until the certificates are there and the agents of all nodes serve. */
  public void await(String namespace) {
    waiting.until(() -> missing(api, namespace));
    progress.accept("every node has its agent");
  }

  /** What is missing until all agents serve; empty if nothing. */
  static List<String> missing(Administration api, String namespace) {
    var out = new ArrayList<String>();
    for (GenericKubernetesResource job : api.list(Kinds.JOB, namespace, PART)) {
      boolean done = Fleet.number(job.get("status", "succeeded")) > 0;
      if (!done && !hasSecret(api, namespace)) {
        int failed = Fleet.number(job.get("status", "failed"));
        out.add("certificates: not made yet" + (failed > 0 ? ", failed " + failed + " times" : ""));
      }
    }
    for (Fleet.Member member : new Fleet(api, namespace, AGENT).members()) {
      if (!member.ready()) {
        out.add("node " + member.node() + ": " + member.state());
      } else if (!member.otherFirst().isEmpty()) {
        out.add("node " + member.node() + ": " + member.otherFirst());
      }
    }
    return out;
  }

  private static boolean hasSecret(Administration api, String namespace) {
    return api.get(Kinds.SECRET, namespace, "sekisho-agent-tls").isPresent();
  }

  /** The namespace that the agents of some manifests live in. */
  public static String namespace(List<GenericKubernetesResource> manifests) {
    return manifests.stream()
        .filter(o -> o.getKind().equals(Kinds.DAEMON_SET.kind()))
        .map(o -> String.valueOf(o.getMetadata().getNamespace()))
        .findFirst()
        .orElseThrow(
            () ->
                new InstallException(
                    InstallException.Code.MISSING, "the manifest has no DaemonSet " + AGENT));
  }

  /** Whether a configuration, as the ConfigMap has it, gives ranges of pods to the agents. */
  public static boolean ownRanges(List<GenericKubernetesResource> manifests) {
    return manifests.stream()
        .filter(o -> o.getKind().equals(Kinds.CONFIG_MAP.kind()))
        .map(o -> o.<Object>get("data") instanceof Map<?, ?> data ? data : Map.of())
        .anyMatch(data -> String.valueOf(data.get("agent.yaml")).lines().anyMatch("pods:"::equals));
  }
}
