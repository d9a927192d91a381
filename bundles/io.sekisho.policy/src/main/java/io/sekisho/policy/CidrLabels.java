package io.sekisho.policy;

import java.util.Optional;

/** The labels of an identity that stands for a CIDR: the prefix, and that it is of the world. */
public final class CidrLabels {
  static final String SOURCE = "cidr:";

  private CidrLabels() {}

  /**
   * The labels of the identity for a prefix: {@code cidr:10.0.0.0/8} and {@code reserved:world}.
   */
  public static Labels of(Cidr cidr) {
    return Labels.of(SOURCE + cidr, "reserved:world");
  }

  /** The prefix that labels speak of; empty if they are not those of a CIDR. */
  public static Optional<Cidr> cidr(Labels labels) {
    var tail = labels.asMap().tailMap(SOURCE);
    if (tail.isEmpty() || !tail.firstKey().startsWith(SOURCE)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Cidr.parse(tail.firstKey().substring(SOURCE.length())));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
