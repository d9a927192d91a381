package io.sekisho.agent.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/** Objects of the API from YAML, for tests. */
final class ApiObjects {
  private static final KubernetesSerialization YAML = new KubernetesSerialization();

  private ApiObjects() {}

  static GenericKubernetesResource of(String yaml) {
    return YAML.unmarshal(yaml, GenericKubernetesResource.class);
  }
}
