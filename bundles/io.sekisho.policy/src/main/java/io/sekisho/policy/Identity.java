package io.sekisho.policy;

import java.util.List;

/**
 * A number for a set of security labels. Numbers below {@link #FIRST_CLUSTER} are reserved and mean
 * the same on every node; cluster-wide numbers have at most 24 bits, so that they fit the tunnel
 * key; from {@link #FIRST_LOCAL} on a number is local to its node and stands for a CIDR, from
 * {@link #FIRST_NODE} on for other nodes that policies tell apart by their labels, from {@link
 * #FIRST_BLOCK} on for prefixes by which pods are meant.
 *
 * @param number the number, 1 to 2^32 - 1
 * @param labels what it stands for
 */
public record Identity(int number, Labels labels) {
  /**
   * Stands for every pod in keys of policy tables (IDENTITY_EVERY_POD of bpf/types.h); nobody has
   * it.
   */
  public static final int EVERY_POD = 255;

  /** First number that the cluster store gives out. */
  public static final int FIRST_CLUSTER = 256;

  /** First number for CIDRs of one node: 2^24. */
  public static final int FIRST_LOCAL = 1 << 24;

  /** First number for other nodes, as one node numbers them: 2^25 (REMOTE_NODES of bpf/types.h). */
  public static final int FIRST_NODE = 1 << 25;

  /**
   * First number for prefixes by which addresses of pods and nodes are meant, too: 2^25 more than
   * the prefix's number as a CIDR.
   */
  public static final int FIRST_BLOCK = FIRST_LOCAL + FIRST_NODE;

  /** The node itself. */
  public static final Identity HOST = reserved(1, "host");

  /** Everything outside the cluster. */
  public static final Identity WORLD = reserved(2, "world");

  /** Pods of the cluster that Sekisho has not wired. */
  public static final Identity UNMANAGED = reserved(3, "unmanaged");

  /** Health endpoints. */
  public static final Identity HEALTH = reserved(4, "health");

  /** Endpoints whose labels are not known yet. */
  public static final Identity INIT = reserved(5, "init");

  /** Other nodes of the cluster. */
  public static final Identity REMOTE_NODE = reserved(6, "remote-node");

  /** The servers of Kubernetes' API, where no document tells their addresses apart. */
  public static final Identity KUBE_APISERVER =
      new Identity(7, Labels.of("reserved:kube-apiserver", "reserved:world"));

  /** Every reserved identity. */
  public static final List<Identity> RESERVED =
      List.of(HOST, WORLD, UNMANAGED, HEALTH, INIT, REMOTE_NODE, KUBE_APISERVER);

  private static Identity reserved(int number, String name) {
    return new Identity(number, Labels.of("reserved:" + name));
  }

  /** Whether policies decide for who has it: pods, and endpoints whose labels are not known yet. */
  public boolean isEndpoint() {
    return !labels.namespace().isEmpty()
        || labels.get("reserved:health").isPresent()
        || labels.get("reserved:init").isPresent();
  }

  /** Whether a number is one that pods have: the cluster store gives it out. */
  public static boolean isPod(int number) {
    return number >= FIRST_CLUSTER && number < FIRST_LOCAL;
  }

  /** Whether a number is one of {@link BlockLabels}. */
  public static boolean isBlock(int number) {
    return number >= FIRST_BLOCK && number < FIRST_BLOCK + FIRST_LOCAL;
  }

  /** Whether the number is local to its node. */
  public boolean isLocal() {
    return number >= FIRST_LOCAL;
  }
}
