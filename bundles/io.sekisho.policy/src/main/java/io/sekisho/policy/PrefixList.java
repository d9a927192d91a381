package io.sekisho.policy;

import java.util.List;

/**
 * Addresses that may send nothing to some nodes; what comes from there is dropped before anything
 * else is looked at.
 *
 * @param nodes the nodes that it is for, see {@link PolicySpec#subject}
 * @param deny the prefixes
 */
public record PrefixList(Selector nodes, List<Cidr> deny) {
  /** Keeps an immutable copy. */
  public PrefixList {
    deny = List.copyOf(deny);
  }
}
