package io.sekisho.lab;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Names in the kernel, all with the lab's name in front, so that several labs can be up at once.
 *
 * @param lab the lab's name, {@code sekisho} for the demo's
 */
public record LabNames(String lab) {
  private static final Pattern LAB = Pattern.compile("[a-z][a-z0-9]{0,8}");
  private static final Path NETNS = Path.of("/run/netns");

  /** The name of the lab that the script runs. */
  public static final LabNames DEFAULT = new LabNames("sekisho");

  /** Refuses what cannot be part of an interface's name. */
  public LabNames {
    if (!LAB.matcher(lab).matches()) {
      throw new LabException(
          LabException.Code.UNKNOWN, "\"" + lab + "\" cannot name a lab: up to 9 letters, digits");
    }
  }

  /** Namespace with the bridge that joins the nodes, and etcd. */
  public String underlay() {
    return lab + "-underlay";
  }

  /** Namespace of a node. */
  public String node(String node) {
    return lab + "-" + node;
  }

  /** Namespace of a pod. */
  public String pod(String namespace, String pod) {
    return lab + "-" + namespace + "-" + pod;
  }

  /** Namespace of a machine outside the cluster. */
  public String world(String name) {
    return lab + "-world-" + name;
  }

  /** The bridge. */
  public String bridge() {
    return lab + "-br";
  }

  /** The interface by which the machine itself reaches the underlay. */
  public String hostLink() {
    return lab + "-host";
  }

  /** The file that stands for a namespace. */
  public static Path file(String namespace) {
    return NETNS.resolve(namespace);
  }

  /** Folder of the agents' pins. */
  public Path pins() {
    return Path.of("/sys/fs/bpf").resolve(lab);
  }
}
