package io.sekisho.agent.endpoint;

import io.sekisho.agent.datapath.Wiring;
import io.sekisho.policy.Labels;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;

/**
 * What an endpoint shall be; does not change during its life and is kept in its state file.
 *
 * @param id unique on the node, 1 to 65534; 65535 is the health endpoint's
 * @param request what was asked for
 * @param addresses at most one of each family
 */
public record EndpointSpec(int id, Request request, List<InetAddress> addresses) {
  /** Highest number of a pod's endpoint. */
  public static final int MAX_ID = 65_534;

  /** Keeps an immutable copy. */
  public EndpointSpec {
    addresses = List.copyOf(addresses);
  }

  /**
   * What a runtime asks for.
   *
   * @param attachment container and interface
   * @param networkNamespace file that stands for the pod's network namespace
   * @param network name of the network configuration
   * @param namespace the pod's namespace
   * @param pod the pod's name
   * @param workload what the pod belongs to; the pod's name where unknown
   * @param labels security labels
   */
  public record Request(
      Attachment attachment,
      Path networkNamespace,
      String network,
      String namespace,
      String pod,
      String workload,
      Labels labels) {}

  /** The interface that it needs. */
  public Wiring wiring() {
    return new Wiring(
        id, request.networkNamespace(), request.attachment().interfaceName(), addresses, 0);
  }
}
