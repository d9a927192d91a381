package io.sekisho.agent.install;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.sekisho.agent.apiserver.Administration;
import io.sekisho.agent.apiserver.ApiException;
import io.sekisho.agent.apiserver.ApiServer;
import io.sekisho.agent.apiserver.ResourceKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes Sekisho out of a cluster: the agents go, a pod on each node cleans it (CNI configuration,
 * plugin, programs, pins, interfaces, state), then everything of ours in the API server goes. What
 * people wrote, the policies, stays unless it is asked for.
 */
public final class Removal {
  private static final String CLEANER = "sekisho-uninstall";
  private static final String CONDITION =
      """
      {"status": {"conditions": [{"type": "NetworkUnavailable", "$patch": "delete"},
      {"type": "OtherNetworkFirst", "$patch": "delete"}]}}""";

  private final Administration api;
  private final String namespace;
  private final Consumer<String> progress;
  private final Waiting waiting;

  /**
   * A removal.
   *
   * @param patience how long each step may take
   * @param progress takes sentences
   */
  public Removal(
      Administration api, String namespace, Duration patience, Consumer<String> progress) {
    this.api = api;
    this.namespace = namespace;
    this.progress = progress;
    this.waiting = new Waiting(patience, progress);
  }

  /** Pods with a network of ours: those that lose it. */
  public long podsWithNetwork() {
    return api.list(ResourceKind.POD, "", "").stream()
        .filter(pod -> !Boolean.TRUE.equals(pod.<Object>get("spec", "hostNetwork")))
        .filter(pod -> Fleet.text(pod.get("status", "phase")).equals("Running"))
        .count();
  }

  /**
   * Cleans the nodes; can be repeated after a time-out.
   *
   * @throws InstallException with TIMEOUT and the nodes that are not clean
   */
  public void cleanNodes() {
    var agents = new Fleet(api, namespace, Installation.AGENT);
    var cleaners = new Fleet(api, namespace, CLEANER);
    var set = agents.daemonSet();
    if (set.isPresent()) {
      api.apply(cleaner(set.get()));
      end(agents, Installation.AGENT);
    } else if (cleaners.daemonSet().isEmpty()) {
      throw new InstallException(
          InstallException.Code.MISSING,
          "there is no DaemonSet " + namespace + "/" + Installation.AGENT);
    }
    waiting.until(
        () ->
            cleaners.members().stream()
                .filter(m -> !m.ready())
                .map(m -> "node " + m.node() + ": is being cleaned, " + m.state())
                .toList());
    progress.accept("every node is clean");
    end(cleaners, CLEANER);
    for (GenericKubernetesResource node : api.list(ResourceKind.NODE, "", "")) {
      api.patch(
          ResourceKind.NODE,
          "",
          node.getMetadata().getName(),
          ApiServer.Patch.STRATEGIC_STATUS,
          CONDITION);
    }
  }

  private void end(Fleet fleet, String name) {
    api.delete(Kinds.DAEMON_SET, namespace, name);
    waiting.until(
        () ->
            fleet.pods().stream()
                .map(pod -> "pod " + pod.getMetadata().getName() + " still runs")
                .toList());
  }

  /**
   * The agents' DaemonSet with other words: it sees the same folders of each node. It waits for the
   * agent of its node to end.
   */
  static GenericKubernetesResource cleaner(GenericKubernetesResource agents) {
    var labels = Map.of("app.kubernetes.io/part-of", "sekisho", "app.kubernetes.io/name", CLEANER);
    Map<String, Object> pod = copy(agents.get("spec", "template", "spec"));
    Map<String, Object> agent = copy(Fleet.maps(pod.get("containers")).getFirst());
    var mounts = new ArrayList<Object>(Fleet.maps(agent.get("volumeMounts")));
    var arguments =
        new ArrayList<Object>(
            List.of("uninstall", "--config", "/etc/sekisho/agent.yaml", "--purge", "--wait"));
    for (Map<?, ?> init : Fleet.maps(pod.get("initContainers"))) {
      // of a folder that both have, the one who wrote there may write
      for (Map<?, ?> mount : Fleet.maps(init.get("volumeMounts"))) {
        mounts.removeIf(m -> path(m).equals(path(mount)));
        mounts.add(mount);
      }
      List<?> words = init.get("args") instanceof List<?> list ? list : List.of();
      int programs = words.indexOf("--programs");
      if (programs >= 0) {
        arguments.addAll(words.subList(programs, programs + 2));
      }
    }
    for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      agent.remove(probe);
    }
    agent.remove("ports"); // they are the agent's as long as it runs
    agent.put("volumeMounts", mounts);
    Map<String, Object> clean = new LinkedHashMap<>(agent);
    clean.put("name", "clean");
    clean.put("args", arguments);
    Map<String, Object> rest = new LinkedHashMap<>();
    rest.put("name", "done");
    rest.put("image", agent.get("image"));
    rest.put("imagePullPolicy", agent.get("imagePullPolicy"));
    rest.put("command", List.of("/bin/sh", "-c", "trap 'exit 0' TERM; sleep 2147483647 & wait"));
    pod.put("initContainers", List.of(clean));
    pod.put("containers", List.of(rest));
    pod.put("terminationGracePeriodSeconds", 5);
    var set = new GenericKubernetesResource();
    set.setApiVersion("apps/v1");
    set.setKind("DaemonSet");
    set.setMetadata(
        new ObjectMetaBuilder()
            .withName(CLEANER)
            .withNamespace(agents.getMetadata().getNamespace())
            .withLabels(labels)
            .build());
    set.setAdditionalProperty(
        "spec",
        Map.of(
            "selector",
            Map.of("matchLabels", Map.of("app.kubernetes.io/name", CLEANER)),
            "template",
            Map.of("metadata", Map.of("labels", labels), "spec", pod)));
    return set;
  }

  private static String path(@Nullable Object mount) {
    return mount instanceof Map<?, ?> map ? Fleet.text(map.get("mountPath")) : "";
  }

  private static Map<String, Object> copy(@Nullable Object map) {
    var out = new LinkedHashMap<String, Object>();
    if (map instanceof Map<?, ?> all) {
      all.forEach((key, value) -> out.put(String.valueOf(key), value));
    }
    return out;
  }

  /**
   * Removes our objects.
   *
   * @param manifests what an installation applies
   * @param policies whether the kinds of policies go too, and with them every policy
   */
  public void removeObjects(List<GenericKubernetesResource> manifests, boolean policies) {
    int removed = 0;
    for (GenericKubernetesResource object : manifests.reversed()) {
      boolean definition = object.getKind().equals(Kinds.DEFINITION.kind());
      boolean ours = object.getMetadata().getName().endsWith(".sekisho.io");
      boolean stays = definition && !ours && !policies;
      if (!stays && delete(object)) {
        removed++;
      }
    }
    progress.accept("removed " + removed + " objects" + (policies ? "" : "; policies stay"));
  }

  private boolean delete(GenericKubernetesResource object) {
    try {
      String space = object.getMetadata().getNamespace();
      return api.delete(
          Administration.kind(object), space == null ? "" : space, object.getMetadata().getName());
    } catch (ApiException e) {
      if (e.code() == ApiException.Code.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }
}
