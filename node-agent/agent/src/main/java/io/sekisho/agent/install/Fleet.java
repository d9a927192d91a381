package io.sekisho.agent.install;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.sekisho.agent.apiserver.Administration;
import io.sekisho.agent.apiserver.ResourceKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The pods of one DaemonSet on their nodes, as the API server tells them. */
public final class Fleet {
  private static final String NAME = "app.kubernetes.io/name";
  private static final String READY = "ready";

  /** Set on a node by its agent where another network's configuration comes before ours. */
  static final String OTHER_FIRST = "OtherNetworkFirst";

  /** Which version of the DaemonSet's template a pod was made from. */
  private static final String GENERATION = "pod-template-generation";

  private final Administration api;
  private final String namespace;
  private final String name;

  /**
   * One node's part.
   *
   * @param node its name
   * @param nodeReady whether the node is ready
   * @param state {@code ready}, or why not, in a few words
   * @param restarts how often the pod's containers were started again
   * @param otherFirst of a network that the node's pods get instead of ours; empty if there is none
   */
  public record Member(
      String node, boolean nodeReady, String state, int restarts, String otherFirst) {
    /** Whether the pod does its work. */
    public boolean ready() {
      return state.equals(READY);
    }
  }

  /** The pods of a DaemonSet of a namespace. */
  public Fleet(Administration api, String namespace, String name) {
    this.api = api;
    this.namespace = namespace;
    this.name = name;
  }

  Optional<GenericKubernetesResource> daemonSet() {
    return api.get(Kinds.DAEMON_SET, namespace, name);
  }

  /** The nodes that shall have a pod, by name; of a rollout, the newest pods. */
  public List<Member> members() {
    GenericKubernetesResource set =
        daemonSet()
            .orElseThrow(
                () ->
                    new InstallException(
                        InstallException.Code.MISSING,
                        "there is no DaemonSet " + namespace + "/" + name));
    Map<String, GenericKubernetesResource> nodes = new HashMap<>();
    api.list(ResourceKind.NODE, "", "")
        .forEach(node -> nodes.put(node.getMetadata().getName(), node));
    var out = new HashMap<String, Member>();
    for (GenericKubernetesResource pod : pods()) {
      String node = text(pod.get("spec", "nodeName"));
      String revision = pod.getMetadata().getLabels().getOrDefault(GENERATION, "");
      String state = revision.equals(generation(set)) ? state(pod) : "of an earlier version";
      out.merge(
          node,
          member(node, Optional.ofNullable(nodes.get(node)), state, restarts(pod)),
          (a, b) -> a.state().equals("ends") ? b : a);
    }
    int desired = number(set.get("status", "desiredNumberScheduled"));
    boolean observed =
        number(set.get("status", "observedGeneration")) == set.getMetadata().getGeneration();
    for (int missing = out.size(); missing < desired || !observed; missing++) {
      out.put("?" + missing, new Member("?", true, "has no pod yet", 0, ""));
      observed = true;
    }
    return out.values().stream().sorted((a, b) -> a.node().compareTo(b.node())).toList();
  }

  private static Member member(
      String name, Optional<GenericKubernetesResource> node, String state, int restarts) {
    String other =
        node.filter(n -> condition(n, OTHER_FIRST)).map(n -> message(n, OTHER_FIRST)).orElse("");
    boolean ready = node.filter(n -> condition(n, "Ready")).isPresent();
    return new Member(name, ready, state, restarts, other);
  }

  private static String generation(GenericKubernetesResource set) {
    Map<String, String> notes = set.getMetadata().getAnnotations();
    return notes == null ? "" : notes.getOrDefault("deprecated.daemonset.template.generation", "");
  }

  /** Its pods, also those that end. */
  List<GenericKubernetesResource> pods() {
    return api.list(ResourceKind.POD, namespace, NAME + "=" + name);
  }

  private static String state(GenericKubernetesResource pod) {
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      return "ends";
    }
    if (condition(pod, "Ready")) {
      return READY;
    }
    for (String list : List.of("initContainerStatuses", "containerStatuses")) {
      for (Map<?, ?> container : maps(pod.get("status", list))) {
        Optional<String> reason = reason(container);
        if (reason.isPresent()) {
          return container.get("name") + ": " + reason.get();
        }
      }
    }
    String phase = text(pod.get("status", "phase"));
    return phase.equals("Running") ? "starts" : phase.toLowerCase(java.util.Locale.ROOT);
  }

  /** Why a container waits, or how it ended if it did badly. */
  private static Optional<String> reason(Map<?, ?> container) {
    if (!(container.get("state") instanceof Map<?, ?> state)) {
      return Optional.empty();
    }
    if (state.get("waiting") instanceof Map<?, ?> waiting
        && !text(waiting.get("reason")).equals("PodInitializing")) {
      String last = last(container);
      return Optional.of(text(waiting.get("reason")) + (last.isEmpty() ? "" : " (" + last + ")"));
    }
    if (state.get("terminated") instanceof Map<?, ?> ended && number(ended.get("exitCode")) != 0) {
      return Optional.of("ended with status " + number(ended.get("exitCode")));
    }
    return state.get("running") != null && Boolean.FALSE.equals(container.get("ready"))
        ? Optional.of("not ready yet")
        : Optional.empty();
  }

  private static String last(Map<?, ?> container) {
    return container.get("lastState") instanceof Map<?, ?> before
            && before.get("terminated") instanceof Map<?, ?> ended
        ? "last ended with status " + number(ended.get("exitCode"))
        : "";
  }

  private static int restarts(GenericKubernetesResource pod) {
    int sum = 0;
    for (Map<?, ?> container : maps(pod.get("status", "containerStatuses"))) {
      sum += number(container.get("restartCount"));
    }
    return sum;
  }

  static boolean condition(GenericKubernetesResource object, String type) {
    return maps(object.get("status", "conditions")).stream()
        .anyMatch(c -> text(c.get("type")).equals(type) && text(c.get("status")).equals("True"));
  }

  private static String message(GenericKubernetesResource object, String type) {
    return maps(object.get("status", "conditions")).stream()
        .filter(c -> text(c.get("type")).equals(type))
        .map(c -> text(c.get("message")))
        .findFirst()
        .orElse("");
  }

  static List<Map<?, ?>> maps(@Nullable Object list) {
    var out = new ArrayList<Map<?, ?>>();
    if (list instanceof List<?> all) {
      all.forEach(
          one -> {
            if (one instanceof Map<?, ?> map) {
              out.add(map);
            }
          });
    }
    return out;
  }

  static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }

  static int number(@Nullable Object value) {
    return value instanceof Number number ? number.intValue() : 0;
  }
}
