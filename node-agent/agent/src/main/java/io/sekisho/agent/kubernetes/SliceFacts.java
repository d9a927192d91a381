package io.sekisho.agent.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.sekisho.policy.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What is used of an EndpointSlice; the rest of the object is let go.
 *
 * @param service the service's name, in the slice's namespace; empty for a slice of none
 * @param addresses of all its endpoints, ready or not: whether one is asked is not for policy to
 *     say
 */
record SliceFacts(String namespace, String service, List<Cidr> addresses) {
  private static final String SERVICE = "kubernetes.io/service-name";

  /**
   * Selects slices that no controller made of a service's pods: those pods are known by labels. So
   * an agent hears nothing of the cluster's pods coming and going.
   */
  static final String NOT_OF_PODS =
      "endpointslice.kubernetes.io/managed-by!=endpointslice-controller.k8s.io";

  static SliceFacts of(GenericKubernetesResource slice) {
    var meta = slice.getMetadata();
    var texts = new ArrayList<Object>();
    Map<?, ?> fields = slice.getAdditionalProperties();
    Fields.maps(fields, "endpoints").forEach(e -> texts.addAll(Fields.list(e, "addresses")));
    return new SliceFacts(
        meta.getNamespace(),
        Fields.copy(meta.getLabels()).getOrDefault(SERVICE, ""),
        ServiceFacts.addresses(texts));
  }
}
