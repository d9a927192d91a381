package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.libbpf.BpfMap;
import io.sekisho.libbpf.Codec;
import io.sekisho.testkit.Await;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Routing rules and settings that look at ports, and what the programs are told of them. */
final class RoutePortsTest {
  private TestCluster cluster;
  private TestNode node;

  @BeforeEach
  void create() {
    cluster = new TestCluster(Routing.NATIVE, false);
    node = cluster.node(1);
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private int told() {
    var pins = new PinFolder(node.config().pinRoot(), node.config().node());
    try (var map = BpfMap.openPinned(pins.map("route_ports")).as(Codec.u32(), Codec.u32())) {
      return map.get(0).orElseThrow();
    }
  }

  private void await(int wanted) {
    Await.until(() -> "told " + told(), () -> told() == wanted);
  }

  private void rule(String family, String verb, String what) {
    var words = new ArrayList<>(List.of("ip", family, "rule", verb, "priority", "99"));
    words.addAll(List.of(what.split(" ")));
    words.addAll(List.of("lookup", "main"));
    run(words);
  }

  private void run(List<String> words) {
    int status = node.on(() -> new ProcessBuilder(words).inheritIO().start().waitFor());
    assertEquals(0, status, words::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-4", "-6"})
  void ruleByPorts_comesAndGoes_programsAreTold(String family) {
    await(RoutePorts.IGNORED);
    rule(family, "add", "ipproto tcp dport 80");
    await(RoutePorts.COUNT);
    rule(family, "del", "ipproto tcp dport 80");
    await(RoutePorts.IGNORED);
  }

  @Test
  void ruleByPorts_writtenWhileNoAgentRuns_isSeenByTheNext() {
    await(RoutePorts.IGNORED);
    node.datapath().close();
    rule("-4", "add", "sport 1024-2048");
    assertEquals(RoutePorts.IGNORED, told());
    node.reopen();
    assertEquals(RoutePorts.COUNT, told());
  }

  @Test
  void ipsecPolicy_comesAndGoes_programsAreTold() {
    await(RoutePorts.IGNORED);
    run(List.of("ip xfrm policy add src 198.18.0.1 dst 198.18.0.2 dir out".split(" ")));
    await(RoutePorts.COUNT);
    run(List.of("ip xfrm policy flush".split(" ")));
    await(RoutePorts.IGNORED);
  }

  @Test
  void otherRule_changesNothing() {
    await(RoutePorts.IGNORED);
    rule("-4", "add", "from 10.244.1.7 fwmark 7");
    rule("-6", "add", "to fd00:10:244:2::/64 ipproto udp");
    node.reopen();
    assertEquals(RoutePorts.IGNORED, told());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ipv4", "ipv6"})
  void severalWays_chosenByPorts_areSeenByTheNextAgent(String family) {
    await(RoutePorts.IGNORED);
    node.on(() -> Sysctl.set(family + "/fib_multipath_hash_policy", 1));
    node.reopen();
    assertEquals(RoutePorts.COUNT, told());
  }
}
