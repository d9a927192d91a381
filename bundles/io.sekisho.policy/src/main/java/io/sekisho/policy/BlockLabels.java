package io.sekisho.policy;

import java.util.Optional;

/**
 * The labels of a prefix of a {@link Peer.Block}: it stands for whoever has an address in it, where
 * no rule speaks of him by his labels. Nobody's identity, only a number in policy tables.
 */
public final class BlockLabels {
  private static final String SOURCE = "block:";

  private BlockLabels() {}

  /** The labels for a prefix: {@code block:10.0.0.0/8}. */
  public static Labels of(Cidr cidr) {
    return Labels.of(SOURCE + cidr);
  }

  /** The prefix that labels speak of; empty if they are not those of a block. */
  public static Optional<Cidr> block(Labels labels) {
    var tail = labels.asMap().tailMap(SOURCE);
    if (tail.isEmpty() || !tail.firstKey().startsWith(SOURCE)) {
      return Optional.empty();
    }
    return Optional.of(Cidr.parse(tail.firstKey().substring(SOURCE.length())));
  }

  /**
   * What stands for the prefix of a CIDR as a block: the number is the CIDR's with one more bit, so
   * it lasts as long.
   *
   * @param number that of the CIDR, from {@link Identity#FIRST_LOCAL} on
   */
  public static Identity identity(int number, Cidr cidr) {
    return new Identity(number - Identity.FIRST_LOCAL + Identity.FIRST_BLOCK, of(cidr));
  }
}
