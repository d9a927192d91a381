package io.sekisho.lab.matrix;

import java.util.List;
import java.util.stream.Stream;

/** Every case; the last has no document, so that all is open again. */
final class Cases {
  private Cases() {}

  static List<Case> all() {
    return Stream.of(
            NetworkPolicyCases.all(),
            CiliumCases.all(),
            DenyCases.all(),
            CidrCases.all(),
            BlockCases.all(),
            NameCases.all(),
            TierCases.all(),
            TogetherCases.all(),
            ModeCases.all(),
            NodeCases.all())
        .flatMap(List::stream)
        .toList();
  }
}
