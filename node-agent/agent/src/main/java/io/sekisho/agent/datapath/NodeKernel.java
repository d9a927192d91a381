package io.sekisho.agent.datapath;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the agent asks of the node's kernel beside its dataplane. One implementation on the kernel,
 * one fake for tests. Calls block; any thread may make them.
 */
public interface NodeKernel {
  /** What the kernel can do of what we need or want; tries all, which takes about 0.1 s. */
  List<NodeFeature> features();

  /**
   * Pings from the network namespace of the agent.
   *
   * @throws DatapathException PERMISSION_DENIED without CAP_NET_RAW
   */
  Pinger pinger();

  /**
   * Pings from another network namespace.
   *
   * @param networkNamespace the file that stands for it
   * @throws DatapathException WIRING_FAILED if there is no such namespace, PERMISSION_DENIED
   */
  Pinger pinger(Path networkNamespace);

  /**
   * Makes a named network namespace, or keeps the one that is there.
   *
   * @return the file that stands for it
   * @throws DatapathException WIRING_FAILED, PERMISSION_DENIED
   */
  Path keepNamespace(String name);

  /**
   * Where the kernel asks for an address in vain: it is not resolved on the link. Packets to it are
   * dropped by the kernel then, behind our programs.
   *
   * @return the interface's name; empty if the address is resolved, or nobody has asked for it
   * @throws DatapathException WIRING_FAILED if the neighbours cannot be read
   */
  Optional<String> unresolved(InetAddress address);

  /**
   * By which interface the kernel's routes send on what comes in from an address.
   *
   * @param device name of the interface that it comes in by
   * @return the name of the one that it leaves by; empty if there is no route, or it cannot be told
   */
  Optional<String> exit(String device, InetAddress from, InetAddress to);

  /** Removes a named network namespace with all that is in it; does nothing if it is not there. */
  void deleteNamespace(String name);
}
