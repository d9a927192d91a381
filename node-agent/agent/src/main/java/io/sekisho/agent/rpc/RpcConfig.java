package io.sekisho.agent.rpc;

import io.sekisho.agent.pki.TlsFiles;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * Where the agent is served.
 *
 * @param listen TCP address; port 0 takes a free one
 * @param tls certificate and key of the node and the authority whose certificates are let in
 * @param socket Unix socket for root of this node
 */
public record RpcConfig(InetSocketAddress listen, TlsFiles tls, Path socket) {
  /** Largest message in either direction: a revision's documents and its names. */
  public static final int MAX_MESSAGE_BYTES = 4 << 20;

  /** Calls that one connection may have open. */
  static final int MAX_CALLS = 128;
}
