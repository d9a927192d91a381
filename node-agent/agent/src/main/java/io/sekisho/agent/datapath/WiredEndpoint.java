package io.sekisho.agent.datapath;

import java.net.InetAddress;
import java.util.List;

/**
 * An interface pair that exists in the kernel.
 *
 * @param endpointId unique on the node
 * @param hostInterface name of the host end: {@code lxc} and the id in hexadecimal, another one if
 *     the pair is adopted
 * @param hostIndex its index
 * @param podMac MAC of the pod's end, {@code 02:..} form
 * @param hostMac MAC of the host end: the pod's gateway
 * @param addresses the pod's addresses
 * @param mtu bytes
 */
public record WiredEndpoint(
    int endpointId,
    String hostInterface,
    int hostIndex,
    String podMac,
    String hostMac,
    List<InetAddress> addresses,
    int mtu) {
  /** Whether another plugin made the pair, and will delete it. */
  public boolean adopted() {
    return !hostInterface.equals(EndpointDevices.name(endpointId));
  }
}
