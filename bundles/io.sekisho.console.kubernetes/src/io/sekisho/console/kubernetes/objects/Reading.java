package io.sekisho.console.kubernetes.objects;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Event;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Node;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Pod;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Service;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Workload;
import io.sekisho.console.core.kubernetes.ObjectRef;
import io.sekisho.console.kubernetes.client.Tree;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is kept of the API server's objects; the rest is let go. */
final class Reading {
  private static final String HASH = "pod-template-hash";

  private Reading() {}

  static Pod pod(GenericKubernetesResource object) {
    ObjectMeta meta = object.getMetadata();
    Map<?, ?> all = object.getAdditionalProperties();
    Map<?, ?> status = Tree.map(all, "status");
    Map<String, String> labels = Optional.ofNullable(meta.getLabels()).orElse(Map.of());
    Owner owner = owner(meta, labels);
    List<Map<?, ?>> containers = Tree.maps(status, "containerStatuses");
    return new Pod(
        text(meta.getNamespace()),
        meta.getName(),
        owner.kind(),
        owner.name(),
        Tree.text(Tree.map(all, "spec"), "nodeName"),
        Tree.maps(status, "podIPs").stream().map(a -> Tree.text(a, "ip")).toList(),
        labels,
        Tree.text(status, "phase"),
        condition(status, "Ready"),
        why(meta, status, containers),
        containers.stream().mapToInt(c -> Tree.number(c, "restartCount", 0)).sum());
  }

  private record Owner(String kind, String name) {}

  /** A Deployment's ReplicaSet bears its name and the hash that the pod has as a label. */
  private static Owner owner(ObjectMeta meta, Map<String, String> labels) {
    Optional<OwnerReference> owner =
        Optional.ofNullable(meta.getOwnerReferences()).orElse(List.of()).stream()
            .filter(o -> Boolean.TRUE.equals(o.getController()))
            .findFirst();
    if (owner.isEmpty() || owner.get().getKind().equals("Node")) {
      return new Owner("Pod", meta.getName());
    }
    String kind = owner.get().getKind();
    String name = owner.get().getName();
    String hash = "-" + labels.getOrDefault(HASH, "");
    return kind.equals("ReplicaSet") && hash.length() > 1 && name.endsWith(hash)
        ? new Owner("Deployment", name.substring(0, name.length() - hash.length()))
        : new Owner(kind, name);
  }

  private static boolean condition(Map<?, ?> status, String type) {
    return Tree.maps(status, "conditions").stream()
        .anyMatch(c -> type.equals(Tree.text(c, "type")) && "True".equals(Tree.text(c, "status")));
  }

  /** What keeps a pod from being ready, in the kubelet's words. */
  private static String why(ObjectMeta meta, Map<?, ?> status, List<Map<?, ?>> containers) {
    if (meta.getDeletionTimestamp() != null) {
      return "is being removed";
    }
    for (Map<?, ?> container : containers) {
      String waiting = Tree.text(Tree.map(container, "state", "waiting"), "reason");
      if (!waiting.isEmpty()) {
        return waiting;
      }
    }
    for (Map<?, ?> condition : Tree.maps(status, "conditions")) {
      boolean scheduled = "PodScheduled".equals(Tree.text(condition, "type"));
      if (scheduled && "False".equals(Tree.text(condition, "status"))) {
        return Tree.text(condition, "reason");
      }
    }
    return condition(status, "Ready") ? "" : Tree.text(status, "reason");
  }

  static Service service(GenericKubernetesResource object) {
    Map<?, ?> spec = Tree.map(object.getAdditionalProperties(), "spec");
    List<String> ports = new ArrayList<>();
    for (Map<?, ?> port : Tree.maps(spec, "ports")) {
      ports.add(Tree.text(port, "port") + "/" + Tree.text(port, "protocol"));
    }
    return new Service(
        text(object.getMetadata().getNamespace()),
        object.getMetadata().getName(),
        Tree.text(spec, "type"),
        Tree.texts(spec, "clusterIPs"),
        Tree.textMap(spec, "selector"),
        List.copyOf(ports));
  }

  static Node node(GenericKubernetesResource object) {
    Map<?, ?> all = object.getAdditionalProperties();
    Map<?, ?> status = Tree.map(all, "status");
    return new Node(
        object.getMetadata().getName(),
        Tree.maps(status, "addresses").stream()
            .filter(a -> Tree.text(a, "type").equals("InternalIP"))
            .map(a -> Tree.text(a, "address"))
            .toList(),
        condition(status, "Ready"),
        Boolean.TRUE.equals(Tree.map(all, "spec").get("unschedulable")),
        Tree.text(Tree.map(status, "nodeInfo"), "kubeletVersion"));
  }

  static Workload workload(GenericKubernetesResource object) {
    Map<?, ?> all = object.getAdditionalProperties();
    int wanted =
        object.getKind().equals("DaemonSet")
            ? Tree.number(Tree.map(all, "status"), "desiredNumberScheduled", -1)
            : Tree.number(Tree.map(all, "spec"), "replicas", 1);
    return new Workload(
        object.getKind(),
        text(object.getMetadata().getNamespace()),
        object.getMetadata().getName(),
        wanted);
  }

  static Event event(GenericKubernetesResource object) {
    Map<?, ?> all = object.getAdditionalProperties();
    Map<?, ?> about = Tree.map(all, "involvedObject");
    Map<?, ?> series = Tree.map(all, "series");
    long last =
        time(Tree.text(all, "lastTimestamp"))
            .or(() -> time(Tree.text(series, "lastObservedTime")))
            .or(() -> time(Tree.text(all, "eventTime")))
            .or(() -> time(text(object.getMetadata().getCreationTimestamp())))
            .orElse(0L);
    return new Event(
        new ObjectRef(
            Tree.text(about, "kind"), Tree.text(about, "namespace"), Tree.text(about, "name")),
        Tree.text(all, "type").equals("Warning"),
        Tree.text(all, "reason"),
        Tree.text(all, "message"),
        Math.max(1, Math.max(Tree.number(all, "count", 1), Tree.number(series, "count", 1))),
        last);
  }

  private static Optional<Long> time(String text) {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text).toEpochMilli());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static String text(String text) {
    return text == null ? "" : text;
  }
}
