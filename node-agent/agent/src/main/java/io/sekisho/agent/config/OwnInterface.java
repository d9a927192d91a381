package io.sekisho.agent.config;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;

/** Which of this machine's interfaces has an address. */
final class OwnInterface {
  private OwnInterface() {}

  /**
   * The interface's name.
   *
   * @throws IllegalArgumentException if none has the address
   */
  static String named(InetAddress address) {
    try {
      NetworkInterface found = NetworkInterface.getByInetAddress(address);
      if (found == null) {
        throw new IllegalArgumentException(
            "no network interface has the address " + address.getHostAddress());
      }
      return found.getName();
    } catch (SocketException e) {
      throw new IllegalArgumentException("the network interfaces cannot be read", e);
    }
  }
}
