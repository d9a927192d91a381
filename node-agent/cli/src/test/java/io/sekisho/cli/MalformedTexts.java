package io.sekisho.cli;

import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Texts that are no documents, however they come in. */
final class MalformedTexts {
  private static final String HEAD =
      """
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata: {name: p, namespace: shop}
      """;

  private MalformedTexts() {}

  /** Each with its name. */
  static Stream<Arguments> all() {
    return Stream.of(
        Arguments.of("torn", HEAD + "spec: {endpointSelector: ["),
        Arguments.of("wrong type", HEAD + "spec: {endpointSelector: {}, ingress: yes}"),
        Arguments.of(
            "key twice", HEAD + "spec: {endpointSelector: {}, ingress: [], ingress: [{}]}"),
        Arguments.of("unknown field", HEAD + "spec: {endpointSelector: {}, ingres: []}"),
        Arguments.of("lists in lists", "a: " + "[".repeat(200_000)),
        Arguments.of("maps in maps", "a: " + "{b: ".repeat(100_000)),
        Arguments.of("ten megabytes", "# " + "x".repeat(10 << 20) + "\n" + HEAD),
        Arguments.of("aliases of aliases", bomb()),
        Arguments.of("an alias in itself", "kind: &a [*a]"),
        Arguments.of("zero", HEAD + "spec: \u0000"),
        Arguments.of("a class", "--- !!java.lang.Runtime {}"));
  }

  private static String bomb() {
    var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 20; i++) {
      text.append("a").append(i).append(": &a").append(i).append(" [");
      text.append(("*a" + (i - 1) + ", ").repeat(9)).append("]\n");
    }
    return text.toString();
  }
}
