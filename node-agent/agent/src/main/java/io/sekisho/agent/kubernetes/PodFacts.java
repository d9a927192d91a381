package io.sekisho.agent.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is used of a pod; the rest of the object is let go.
 *
 * @param uid as the kubelet tells it to the CNI plugin: a static pod's own, not its mirror's
 * @param labels the pod's labels
 * @param ports named ports of its containers as {@code name=port/protocol}
 * @param workload what the pod belongs to: a Deployment's name rather than its ReplicaSet's
 * @param limits by its annotations
 */
record PodFacts(
    String namespace,
    String name,
    String uid,
    Map<String, String> labels,
    String serviceAccount,
    List<String> ports,
    String workload,
    BandwidthAnnotations limits) {
  /** Holds the uid of the static pod that a mirror pod stands for. */
  private static final String MIRROR = "kubernetes.io/config.mirror";

  private static final String TEMPLATE_HASH = "pod-template-hash";

  static PodFacts of(GenericKubernetesResource pod) {
    ObjectMeta meta = pod.getMetadata();
    Map<?, ?> spec = Fields.map(pod, "spec");
    Map<String, String> labels = Fields.copy(meta.getLabels());
    Map<String, String> annotations = Fields.copy(meta.getAnnotations());
    return new PodFacts(
        meta.getNamespace(),
        meta.getName(),
        annotations.getOrDefault(MIRROR, meta.getUid()),
        labels,
        Fields.text(spec, "serviceAccountName"),
        ports(spec),
        workload(meta, labels),
        BandwidthAnnotations.of(annotations));
  }

  /** Init containers count too: those that go on beside the others may have ports. */
  private static List<String> ports(Map<?, ?> spec) {
    var byName = new LinkedHashMap<String, String>();
    var containers = new ArrayList<Map<?, ?>>(Fields.maps(spec, "containers"));
    containers.addAll(Fields.maps(spec, "initContainers"));
    for (Map<?, ?> container : containers) {
      for (Map<?, ?> port : Fields.maps(container, "ports")) {
        String name = Fields.text(port, "name");
        String protocol = Fields.text(port, "protocol");
        if (!name.isEmpty()) {
          byName.putIfAbsent(
              name,
              name
                  + "="
                  + Fields.text(port, "containerPort")
                  + "/"
                  + (protocol.isEmpty() ? "TCP" : protocol));
        }
      }
    }
    return List.copyOf(byName.values());
  }

  private static String workload(ObjectMeta meta, Map<String, String> labels) {
    var owner =
        Optional.ofNullable(meta.getOwnerReferences()).orElse(List.of()).stream()
            .filter(o -> Boolean.TRUE.equals(o.getController()))
            .findFirst();
    if (owner.isEmpty() || owner.get().getKind().equals("Node")) {
      return meta.getName();
    }
    String name = owner.get().getName();
    String hash = "-" + labels.getOrDefault(TEMPLATE_HASH, "");
    return owner.get().getKind().equals("ReplicaSet") && hash.length() > 1 && name.endsWith(hash)
        ? name.substring(0, name.length() - hash.length())
        : name;
  }
}
