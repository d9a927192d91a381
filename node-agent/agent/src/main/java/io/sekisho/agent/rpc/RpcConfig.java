package io.sekisho.agent.rpc;

import io.sekisho.agent.pki.TlsFiles;
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
   */
  public record Tcp(InetSocketAddress listen, TlsFiles tls, Optional<String> serverName) {}

  /** Largest message in either direction: a revision's documents and its names. */
  public static final int MAX_MESSAGE_BYTES = 16 << 20;

  /** Calls that one connection may have open. */
  static final int MAX_CALLS = 128;
}
