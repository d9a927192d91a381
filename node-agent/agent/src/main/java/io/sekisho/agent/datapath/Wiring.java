package io.sekisho.agent.datapath;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;

/**
 * An interface to make for a pod.
 *
 * @param endpointId unique on the node, 1 to 65535
 * @param networkNamespace file that stands for the pod's namespace, for example {@code
 *     /run/netns/x}
 * @param interfaceName name inside the pod, usually {@code eth0}
 * @param addresses the pod's addresses, at most one of each family
 * @param mtu bytes, 0 to derive it from the underlay minus the encapsulation
 */
public record Wiring(
    int endpointId,
    Path networkNamespace,
    String interfaceName,
    List<InetAddress> addresses,
    int mtu) {}
