package io.sekisho.policy.compile;

import io.sekisho.policy.Identity;

/**
 * Key of a policy entry: which peer, direction, protocol and ports it speaks of. The datapath finds
 * the entry with the longest match of (identity, direction, protocol, port), or if a pod has none
 * the one for every pod, and the one for any identity, and obeys the one with the higher
 * precedence.
 *
 * @param identity the peer's number, {@link Identity#EVERY_POD}, or 0 for any
 * @param egress whether the endpoint opens the connection
 * @param protocol IP protocol number, 0 for any (then the port is 0 with length 0)
 * @param port first port of the prefix, host byte order, 0 for any
 * @param portPrefixLength how many leading bits of the port count: 16 for one port, 0 for all
 */
public record PolicyKey(
    int identity, boolean egress, int protocol, int port, int portPrefixLength) {
  /** Rejects what the map could not hold. */
  public PolicyKey {
    if (protocol < 0 || protocol > 255 || port < 0 || port > 65535) {
      throw new IllegalArgumentException("protocol or port out of range: " + protocol + "/" + port);
    }
    if (portPrefixLength < 0 || portPrefixLength > 16 || (protocol == 0 && portPrefixLength > 0)) {
      throw new IllegalArgumentException("port prefix length out of range: " + portPrefixLength);
    }
  }
}
