package io.sekisho.agent.datapath;

import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;

/**
 * Who answers for a service.
 *
 * @param backends sorted; with none connections are refused
 * @param affinitySeconds so long a client keeps its backend; 0 if each connection has any
 */
public record ServiceBackends(List<InetSocketAddress> backends, int affinitySeconds) {
  private static final Comparator<InetSocketAddress> ORDER =
      Comparator.comparing((InetSocketAddress b) -> b.getAddress().getHostAddress())
          .thenComparing(InetSocketAddress::getPort);

  /** Keeps an immutable copy, in one order. */
  public ServiceBackends {
    backends = backends.stream().distinct().sorted(ORDER).toList();
  }
}
