package io.sekisho.agent.cni;

import io.sekisho.agent.endpoint.EndpointSpec;

/** Knows more of the pods of ADD than the container runtime tells. */
@FunctionalInterface
public interface PodSource {
  /** What the runtime tells is all. */
  PodSource NONE = request -> request;

  /**
   * The request with the pod's labels and workload; may wait for the pod to be known.
   *
   * @throws io.sekisho.agent.endpoint.EndpointException with POD_UNKNOWN
   */
  EndpointSpec.Request complete(EndpointSpec.Request request);
}
