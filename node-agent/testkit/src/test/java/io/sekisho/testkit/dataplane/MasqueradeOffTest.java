package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes that masquerade nothing, or only one family. */
class MasqueradeOffTest extends NetdevTestBase {
  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void off_packetsKeepThePodsAddress(String world) {
    reload(NodeSettings.USUAL.masquerade("", ""));
    begin();
    Outcome sent = sends(CLIENT, CLIENT.sends(world).udp(1, 2).build());
    assertEquals(Outcome.REDIRECT, sent.action());
    assertEquals(0, sent.mark());
    staysWithTheNode(incoming(world, own(world)).udp(53, 50_000).build());
  }

  @ParameterizedTest
  @CsvSource({"198.18.0.1, '', 2001:db8::9, 203.0.113.9", "'', fd18::1, 203.0.113.9, 2001:db8::9"})
  void familyWithoutAddress_doesNotGetOut(String ipv4, String ipv6, String cut, String open) {
    reload(NodeSettings.USUAL.masquerade(ipv4, ipv6));
    begin();
    Outcome dropped = sends(CLIENT, CLIENT.sends(cut).udp(1, 2).build());
    assertDropped(NO_MAPPING, dropped);
    assertEquals(CLIENT.id(), dropped.event(DatapathEvent.DROP).endpoint());
    masqueraded(masquerades(CLIENT, CLIENT.sends(open).udp(1, 2).build()));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "50000, 49999"})
  void noPorts_isADrop(int first, int last) {
    reload(NodeSettings.USUAL.ports(first, last));
    begin();
    Outcome sent = sends(CLIENT, CLIENT.sends(WORLD_IPV4).udp(1, 2).build());
    assertDropped(NO_MAPPING, leaves(sent.mark(), sent.packet()));
    assertTrue(node.mappings().isEmpty());
  }

  @Test
  void onePort_isEnoughForOne() {
    reload(NodeSettings.USUAL.ports(65_535, 65_535));
    begin();
    byte[] packet = CLIENT.sends(WORLD_IPV4).udp(1, 2).build();
    assertEquals(65_535, masqueraded(masquerades(CLIENT, packet)).sourcePort());
  }
}
