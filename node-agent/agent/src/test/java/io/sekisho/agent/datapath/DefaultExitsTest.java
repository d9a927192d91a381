package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.netlink.Route;
import io.sekisho.policy.Cidr;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When masquerading does not reach what leaves by the default route. */
final class DefaultExitsTest {
  private static final int UNDERLAY = 2;
  private static final int OTHER = 3;
  private static final Route OVER_UNDERLAY = route("198.18.0.254", UNDERLAY, 100);
  private static final Route OVER_OTHER = route("203.0.113.1", OTHER, 50);

  private static Route route(String gateway, int index, int metric) {
    return Route.defaultOnLink(InetAddress.ofLiteral(gateway), index).by(Route.STATIC, metric);
  }

  private static NodeConfig config(Optional<Masquerade> masquerade) {
    return new NodeConfig(
        "n1",
        Path.of("/sys/fs/bpf/none"),
        "eth0",
        List.of(InetAddress.ofLiteral("198.18.0.1")),
        List.of(Cidr.parse("10.244.1.0/24")),
        Routing.VXLAN,
        Overlay.at(Routing.VXLAN.usualPort()),
        masquerade,
        16,
        16,
        4096,
        1);
  }

  private static Map<String, Integer> others(Optional<Masquerade> masquerade, Route... routes) {
    return DefaultExits.others(List.of(routes), config(masquerade), UNDERLAY);
  }

  @Test
  void defaultOnTheUnderlay_orNone_isWell() {
    assertEquals(Map.of(), others(Optional.of(Masquerade.USUAL), OVER_UNDERLAY));
    assertEquals(Map.of(), others(Optional.of(Masquerade.USUAL)));
  }

  @Test
  void betterDefaultElsewhere_isTold_aWorseOneIsNot() {
    var masquerade = Optional.of(Masquerade.USUAL);
    assertEquals(Map.of("IPv4", OTHER), others(masquerade, OVER_UNDERLAY, OVER_OTHER));
    Route worse = OVER_OTHER.by(Route.STATIC, 200);
    assertEquals(Map.of(), others(masquerade, OVER_UNDERLAY, worse));
  }

  @Test
  void nothingMasqueraded_inThisFamilyOrAtAll_isWell() {
    assertEquals(Map.of(), others(Optional.empty(), OVER_OTHER));
    assertEquals(Map.of(), others(Optional.of(Masquerade.USUAL), route("fe80::9", OTHER, 50)));
  }
}
