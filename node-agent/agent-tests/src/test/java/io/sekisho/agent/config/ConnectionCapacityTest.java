package io.sekisho.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Tables' capacity by what is configured, else by the machine's memory. */
final class ConnectionCapacityTest {
  private static final long GIB = 1L << 30;
  private static final String USUAL =
      """
      node: {name: n1}
      underlay: {device: eth0}
      pods: {cidrs: [10.244.1.0/24]}
      """;

  private static ConnectionCapacity of(String more, long memory) {
    return ConnectionCapacity.of(ConfigReader.parse(USUAL + more, "test", Path.of("/abs")), memory);
  }

  @Test
  void of_memory_isItsFourHundredthWithinBounds() {
    assertEquals(new ConnectionCapacity(65_536, 131_072), of("", -1));
    assertEquals(new ConnectionCapacity(65_536, 131_072), of("", 4 * GIB));
    assertEquals(new ConnectionCapacity(80_530, 161_060), of("", 24 * GIB));
    assertEquals(new ConnectionCapacity(262_144, 524_288), of("", 512 * GIB));
  }

  @Test
  void of_configured_isWhatIsConfigured() {
    assertEquals(new ConnectionCapacity(2048, 4096), of("conntrack: {entries: 2048}\n", 512 * GIB));
    assertEquals(
        new ConnectionCapacity(2048, 1024),
        of("conntrack: {entries: 2048}\nnat: {entries: 1024}\n", 512 * GIB));
    assertEquals(new ConnectionCapacity(65_536, 8192), of("nat: {entries: 8192}\n", 4 * GIB));
  }
}
