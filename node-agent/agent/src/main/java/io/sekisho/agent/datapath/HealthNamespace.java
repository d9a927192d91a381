package io.sekisho.agent.datapath;

import java.nio.file.Path;

/** The name of a node's health endpoint's network namespace, under {@code /run/netns}. */
public final class HealthNamespace {
  private HealthNamespace() {}

  /**
   * The name: unique on a machine that carries several nodes, as in a lab, since the pin folders
   * are.
   *
   * @param pinRoot folder that holds the node's pin folder, usually {@code /sys/fs/bpf/sekisho}
   * @return for example {@code sekisho-health-n1}
   */
  public static String name(Path pinRoot, String node) {
    return pinRoot.getFileName() + "-health-" + node;
  }
}
