package io.sekisho.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of ports are labels of the pods that have them. */
class NamedPortTest {
  private static final NamedPort WEB = new NamedPort(PortRange.TCP, "web");

  private static Labels pod(String... labels) {
    var texts = new java.util.ArrayList<>(List.of(labels));
    texts.add("k8s:" + Labels.NAMESPACE + "=shop");
    return Labels.of(texts);
  }

  @Test
  void parse_list_givesLabels() {
    assertEquals(
        List.of("port:web=80/TCP", "port:dns=53/UDP"), PortLabels.parse("web=80, dns=53/UDP"));
    assertTrue(PortLabels.told(pod(PortLabels.parse("").get(0))));
    assertFalse(PortLabels.told(pod("app=x")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "web",
        "=80",
        "web=",
        "web=0",
        "web=65536",
        "web=80/ICMP",
        "WEB=80",
        "web=80,web=81",
        "web=80,",
        "a-name-that-is-too-long=80",
        "80=80",
        "we--b=80",
        "-=80"
      })
  void parse_brokenList_isRefused(String list) {
    assertThrows(IllegalArgumentException.class, () -> PortLabels.parse(list));
  }

  @Test
  void at_podThatToldItsPorts_isThatPort() {
    Labels server = pod("port:web=80/TCP", "port:dns=53/UDP");
    List<PortRange> port = List.of(new PortRange(6, 80, 80));
    assertEquals(port, WEB.at(server, Action.ALLOW));
    assertEquals(port, WEB.at(server, Action.DENY));
    assertEquals(List.of(), new NamedPort(PortRange.UDP, "web").at(server, Action.DENY));
    assertEquals(
        List.of(new PortRange(17, 53, 53)), new NamedPort(0, "dns").at(server, Action.ALLOW));
  }

  @Test
  void at_podThatToldNothing_allowsNoneAndDeniesEvery() {
    assertEquals(List.of(), WEB.at(pod("app=x"), Action.ALLOW));
    assertEquals(List.of(new PortRange(6, 0, 65535)), WEB.at(pod("app=x"), Action.DENY));
    assertEquals(List.of(PortRange.ALL), new NamedPort(0, "web").at(pod("app=x"), Action.DENY));
    assertEquals(List.of(), WEB.at(pod("port:-"), Action.DENY), "it has none");
    assertEquals(List.of(), WEB.at(Identity.WORLD.labels(), Action.DENY), "it is no pod");
  }

  @Test
  void labels_anySource_leavesPortsOut() {
    assertEquals(java.util.Optional.empty(), pod("port:web=80/TCP").get("any:web"));
  }
}
