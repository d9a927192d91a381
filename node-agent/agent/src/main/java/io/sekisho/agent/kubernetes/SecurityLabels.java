package io.sekisho.agent.kubernetes;

import io.sekisho.policy.Labels;
import io.sekisho.policy.PortLabels;
import java.util.ArrayList;
import java.util.Map;

/** From what Kubernetes knows of a pod to its security labels: a pure function. */
final class SecurityLabels {
  /** Key of the label with the pod's service account (as Cilium has it). */
  static final String SERVICE_ACCOUNT = "io.cilium.k8s.policy.serviceaccount";

  /** What only we may set: a pod must not say that it is of another namespace or account. */
  private static final String OURS = "io.cilium.k8s.";

  private SecurityLabels() {}

  /** The labels of a pod in a namespace. */
  static Labels of(PodFacts pod, Map<String, String> namespaceLabels, LabelFilter filter) {
    var texts = new ArrayList<String>();
    pod.labels()
        .forEach(
            (key, value) -> {
              if (!key.startsWith(OURS) && !key.equals(Labels.NAMESPACE) && filter.takes(key)) {
                texts.add(text(key, value));
              }
            });
    namespaceLabels.forEach(
        (key, value) -> {
          if (filter.takes(key)) {
            texts.add(text(Labels.NAMESPACE_LABELS + key, value));
          }
        });
    texts.add(text(Labels.NAMESPACE, pod.namespace()));
    if (!pod.serviceAccount().isEmpty()) {
      texts.add(text(SERVICE_ACCOUNT, pod.serviceAccount()));
    }
    texts.addAll(PortLabels.parse(String.join(",", pod.ports())));
    return Labels.of(texts);
  }

  private static String text(String key, String value) {
    return "k8s:" + key + "=" + value;
  }
}
