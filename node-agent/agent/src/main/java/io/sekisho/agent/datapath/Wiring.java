package io.sekisho.agent.datapath;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * An interface of a pod: to make, or to take over from another plugin that made it.
 *
 * @param endpointId unique on the node, 1 to 65535
 * @param networkNamespace file that stands for the pod's namespace, for example {@code
 *     /run/netns/x}
 * @param interfaceName name inside the pod, usually {@code eth0}
 * @param addresses the pod's addresses, at most one of each family
 * @param mtu bytes, 0 to derive it from the underlay minus the encapsulation
 * @param adopted set if the pair exists and belongs to another plugin
 */
public record Wiring(
    int endpointId,
    Path networkNamespace,
    String interfaceName,
    List<InetAddress> addresses,
    int mtu,
    Optional<Adopted> adopted) {

  /** A pair to make. */
  public Wiring(
      int endpointId,
      Path networkNamespace,
      String interfaceName,
      List<InetAddress> addresses,
      int mtu) {
    this(endpointId, networkNamespace, interfaceName, addresses, mtu, Optional.empty());
  }

  /**
   * A pair that another plugin made and will delete.
   *
   * @param hostInterface name of its host end; empty where the plugin did not say
   */
  public record Adopted(String hostInterface) {}
}
