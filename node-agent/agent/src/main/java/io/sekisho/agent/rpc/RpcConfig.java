package io.sekisho.agent.rpc;

import io.sekisho.agent.pki.TlsFiles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the agent is served.
 *
 * @param tcp for consoles and other agents; without it only the Unix socket is served
 * @param socket Unix socket for root of this node
 */
public record RpcConfig(Optional<Tcp> tcp, Path socket) {
  /**
   * The TCP server.
   *
   * @param listen address; port 0 takes a free one
   * @param tls certificate and key of the node, and the authority whose certificates are let in
   * @param serverName what the other agents' certificates must name; empty for their addresses
   * @param loopback whether the same port of 127.0.0.1 is served too
   */
  public record Tcp(
      InetSocketAddress listen, TlsFiles tls, Optional<String> serverName, boolean loopback) {
    /** Where the second server listens; empty if none is wanted, or the first one is there too. */
    Optional<InetSocketAddress> second(int port) {
      boolean there = listen.getAddress().isAnyLocalAddress() || listen.getAddress().equals(LOCAL);
      return loopback && !there
          ? Optional.of(new InetSocketAddress(LOCAL, port))
          : Optional.empty();
    }
  }

  /** Where a port-forward into a pod ends. */
  private static final InetAddress LOCAL = InetAddress.ofLiteral("127.0.0.1");

  /** Largest message in either direction: a revision's documents and its names. */
  public static final int MAX_MESSAGE_BYTES = 16 << 20;

  /** Calls that one connection may have open. */
  static final int MAX_CALLS = 128;
}
