package io.sekisho.agent.endpoint;

import io.sekisho.agent.datapath.Wiring;
import io.sekisho.policy.Labels;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What an endpoint shall be, kept in its state file. Only its labels may change during its life.
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
   * @param uid tells the pod from others that had its name; empty where unknown
   * @param workload what the pod belongs to; the pod's name where unknown
   * @param labels security labels
   * @param bandwidth how much it may send and receive
   * @param adopted set if another plugin made the interface
   */
  public record Request(
      Attachment attachment,
      Path networkNamespace,
      String network,
      String namespace,
      String pod,
      String uid,
      String workload,
      Labels labels,
      Bandwidth bandwidth,
      Optional<Adopted> adopted) {

    /** One of a pod without limits. */
    public Request(
        Attachment attachment,
        Path networkNamespace,
        String network,
        String namespace,
        String pod,
        String uid,
        String workload,
        Labels labels,
        Optional<Adopted> adopted) {
      this(
          attachment,
          networkNamespace,
          network,
          namespace,
          pod,
          uid,
          workload,
          labels,
          Bandwidth.UNLIMITED,
          adopted);
    }

    /** One of a pod without limits whose uid is not known. */
    public Request(
        Attachment attachment,
        Path networkNamespace,
        String network,
        String namespace,
        String pod,
        String workload,
        Labels labels,
        Optional<Adopted> adopted) {
      this(attachment, networkNamespace, network, namespace, pod, "", workload, labels, adopted);
    }

    /** The same with other labels and workload. */
    public Request named(Labels newLabels, String newWorkload) {
      return new Request(
          attachment,
          networkNamespace,
          network,
          namespace,
          pod,
          uid,
          newWorkload,
          newLabels,
          bandwidth,
          adopted);
    }

    /** The same with other limits. */
    public Request limited(Bandwidth limits) {
      return new Request(
          attachment,
          networkNamespace,
          network,
          namespace,
          pod,
          uid,
          workload,
          labels,
          limits,
          adopted);
    }
  }

  /**
   * An interface that another plugin of the chain made and will delete.
   *
   * @param hostInterface name of its host end; empty where the plugin did not say
   * @param addresses what that plugin gave it, at most one of each family
   */
  public record Adopted(String hostInterface, List<InetAddress> addresses) {
    /** Keeps an immutable copy. */
    public Adopted {
      addresses = List.copyOf(addresses);
    }
  }

  /** The same endpoint with other labels. */
  EndpointSpec labelled(Labels labels) {
    return new EndpointSpec(id, request.named(labels, request.workload()), addresses);
  }

  /** The interface that it needs. */
  public Wiring wiring() {
    return new Wiring(
        id,
        request.networkNamespace(),
        request.attachment().interfaceName(),
        addresses,
        0,
        request.adopted().map(a -> new Wiring.Adopted(a.hostInterface())));
  }
}
