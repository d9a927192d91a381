package io.sekisho.lab.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few of Kubernetes' own tests; all of them are {@code ./sekisho conformance}. */
final class NetpolTest {
  /** Both directions, ports by name, blocks of addresses, and a policy that changes. */
  private static final String SELECTION =
      "Netpol NetworkPolicy between server and client should "
          + "(support a 'default-deny-all' policy"
          + "|allow egress access on one named port"
          + "|allow egress access to server in CIDR block"
          + "|ensure an IP overlapping both IPBlock.CIDR and IPBlock.Except is allowed"
          + "|enforce updated policy)";

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final RealCluster CLUSTER = new RealCluster("sknp-");

  @TempDir Path folder;

  @BeforeAll
  static void bringUp() {
    assumeTrue(EndToEnd.missing().isEmpty(), EndToEnd.missing()::toString);
    CLUSTER.bringUp(2, EndToEnd::makeImages);
    CLUSTER.routeToPods();
  }

  @AfterAll
  static void takeDown() {
    if (EndToEnd.missing().isEmpty()) {
      CLUSTER.close();
      assertEquals(List.of(), CLUSTER.residue());
    }
  }

  @Test
  void selection_ofNetpol_passes() {
    try (var tests = new EndToEnd(CLUSTER)) {
      List<String> names = tests.names(SELECTION);
      assertEquals(5, names.size(), names::toString);
      List<Spec> specs = names.stream().map(n -> tests.run(n, PATIENCE, folder)).toList();
      assertEquals(
          names.stream().map(n -> n + ": PASSED").collect(Collectors.joining("\n")),
          specs.stream()
              .map(s -> s.name() + ": " + s.result() + s.reason().map(r -> ", " + r).orElse(""))
              .collect(Collectors.joining("\n")));
    }
  }
}
