package io.sekisho.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.bench.KernelPolicy.Counter;
import io.sekisho.lab.Await;
import io.sekisho.lab.Ip;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelPolicyTest {
  private static final String NAME = "skbp";

  private static long seen(Map<Counter, Long> packets, Counter counter) {
    return packets.getOrDefault(counter, 0L);
  }

  /** Addresses are ready a moment after they are there. */
  private static void awaitPing(String from, String to) {
    Await.until(Duration.ofSeconds(20), () -> to + " is silent", () -> Exchange.pings(from, to));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void install_pings_passWithoutAndAreDroppedWith(boolean overlay) {
    try (KernelNetwork network = new KernelNetwork(overlay, NAME)) {
      var policy = new KernelPolicy(network, overlay);
      for (int family = 0; family < 2; family++) {
        for (int server = 1; server <= 2; server++) {
          awaitPing(network.pod(0), KernelNetwork.address(server, family));
        }
      }
      policy.install(true);
      for (int family = 0; family < 2; family++) {
        for (int server = 1; server <= 2; server++) {
          assertFalse(Exchange.pings(network.pod(0), KernelNetwork.address(server, family)));
        }
        assertFalse(Exchange.pings(network.pod(2), KernelNetwork.address(0, family)));
      }
      assertEquals(4, seen(policy.packets(0), Counter.DROPPED));
      assertEquals(2, seen(policy.packets(1), Counter.DROPPED));
    }
  }

  @Test
  void install_whatLeavesTheRangeOfPods_isMasqueraded() {
    try (KernelNetwork network = new KernelNetwork(false, NAME)) {
      new Ip()
          .add("addr add 10.99.1.200/32 dev lo")
          .add("route add 198.19.0.2/32 dev eth0 src 10.99.1.200")
          .runIn(network.node(0));
      var policy = new KernelPolicy(network, false);
      policy.install(true);
      awaitPing(network.node(0), "198.19.0.2");
      assertTrue(seen(policy.packets(0), Counter.MASQUERADED) > 0);
      assertEquals(0, seen(policy.packets(1), Counter.MASQUERADED));
    }
  }
}
