package io.sekisho.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.config.AgentConfig;
import io.sekisho.agent.config.ConfigReader;
import io.sekisho.agent.datapath.Routing;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ClusterNetworkTest {
  private static AgentConfig read(ClusterNetwork network) {
    String text =
        "node: {name: n2}\nunderlay: {device: eth0}\n" + network.configuration(new LabNode(2));
    return ConfigReader.parse(text, "test", Path.of("/"));
  }

  @ParameterizedTest
  @EnumSource(Routing.class)
  void configuration_eachWay_isReadBack(Routing routing) {
    assertEquals(routing, read(ClusterNetwork.USUAL.withRouting(routing.word())).routing());
  }

  @Test
  void configuration_usual_hasRangesOfTheNode() {
    AgentConfig config = read(ClusterNetwork.USUAL);
    assertEquals("[10.244.2.0/24, fd00:10:244:2::/64]", config.pods().cidrs().toString());
    assertTrue(config.masquerade().enabled());
    assertTrue(config.health().probes());
  }

  @ParameterizedTest
  @EnumSource(Families.class)
  void configuration_families_limitRangesAndPools(Families families) {
    int expected = families == Families.BOTH ? 2 : 1;
    ClusterNetwork own = ClusterNetwork.USUAL.withFamilies(families);
    assertEquals(expected, read(own).pods().cidrs().size());
    AgentConfig pooled = read(own.withPools(ClusterNetwork.USUAL_POOLS));
    assertEquals(0, pooled.pods().cidrs().size());
    assertEquals(expected, pooled.pods().pools().size());
    if (families != Families.BOTH) {
      boolean ipv4 = families == Families.V4;
      assertEquals(ipv4, read(own).pods().cidrs().getFirst().isV4());
      assertEquals(ipv4, pooled.pods().pools().getFirst().cidr().isV4());
    }
  }

  @Test
  void configuration_withoutMasqueradeAndProbes_saysSo() {
    AgentConfig config =
        read(
            ClusterNetwork.USUAL
                .withExclude(List.of("203.0.113.0/24"))
                .withoutMasquerade()
                .withProbes(0));
    assertFalse(config.masquerade().enabled());
    assertEquals("[203.0.113.0/24]", config.masquerade().exclude().toString());
    assertFalse(config.health().probes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "VXLAN", "ipip", "vxlan "})
  void routing_unknown_isRefused(String word) {
    assertThrows(LabException.class, () -> ClusterNetwork.USUAL.withRouting(word));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "v4", "4,6"})
  void families_unknown_isRefused(String word) {
    assertThrows(LabException.class, () -> Families.of(word));
  }

  @Test
  void moved_twice_isBackWithItsRanges() {
    LabNode node = new LabNode(3);
    assertEquals(List.of("198.18.0.103", "fd18::67"), node.moved().addresses());
    assertEquals(node.podCidrs(), node.moved().podCidrs());
    assertEquals(node, node.moved().moved());
  }
}
