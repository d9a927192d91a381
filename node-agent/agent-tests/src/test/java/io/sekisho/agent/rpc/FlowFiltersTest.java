package io.sekisho.agent.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.api.flow.CiliumEventType;
import io.sekisho.api.flow.Endpoint;
import io.sekisho.api.flow.EventTypeFilter;
import io.sekisho.api.flow.Flow;
import io.sekisho.api.flow.FlowFilter;
import io.sekisho.api.flow.HTTP;
import io.sekisho.api.flow.IP;
import io.sekisho.api.flow.IPVersion;
import io.sekisho.api.flow.Layer4;
import io.sekisho.api.flow.Layer7;
import io.sekisho.api.flow.TCP;
import io.sekisho.api.flow.TCPFlags;
import io.sekisho.api.flow.Verdict;
import io.sekisho.api.flow.Workload;
import io.sekisho.policy.Labels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hubble's filters, as its API documents them. */
final class FlowFiltersTest {
  private static final Flow FLOW =
      Flow.newBuilder()
          .setNodeName("n1")
          .setVerdict(Verdict.DROPPED)
          .setEventType(CiliumEventType.newBuilder().setType(1).setSubType(133))
          .setIP(
              IP.newBuilder()
                  .setSource("10.244.1.5")
                  .setDestination("fd00::7")
                  .setIpVersion(IPVersion.IPv6))
          .setL4(
              Layer4.newBuilder()
                  .setTCP(
                      TCP.newBuilder()
                          .setSourcePort(40000)
                          .setDestinationPort(8080)
                          .setFlags(TCPFlags.newBuilder().setSYN(true))))
          .setSource(
              Endpoint.newBuilder()
                  .setNamespace("shop")
                  .setPodName("cart-7f")
                  .setIdentity(300)
                  .addLabels("k8s:app=cart")
                  .addWorkloads(Workload.newBuilder().setName("cart").setKind("Deployment")))
          .setDestination(Endpoint.newBuilder().addLabels("reserved:world").setIdentity(2))
          .addDestinationNames("api.example.org")
          .setL7(
              Layer7.newBuilder()
                  .setHttp(
                      HTTP.newBuilder()
                          .setCode(503)
                          .setMethod("GET")
                          .setUrl("http://x/items/1?q=2")))
          .build();

  private static boolean matches(FlowFilter.Builder filter) {
    return FlowFilters.of(filter.build()).test(FLOW);
  }

  private static FlowFilter.Builder filter() {
    return FlowFilter.newBuilder();
  }

  @ParameterizedTest
  @CsvSource({
    "shop/cart, true",
    "shop/, true",
    "/cart, true",
    "cart, false",
    "shop/pay, false",
    "other/cart, false",
    "shop/cart-7f, true"
  })
  void sourcePod_prefixes(String text, boolean expected) {
    assertEquals(expected, matches(filter().addSourcePod(text)));
  }

  @ParameterizedTest
  @CsvSource({
    "10.244.1.5, true",
    "10.244.0.0/16, true",
    "10.245.0.0/16, false",
    "fd00::/16, false"
  })
  void sourceIp_prefixes(String text, boolean expected) {
    assertEquals(expected, matches(filter().addSourceIp(text)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "app=cart|true", "app==cart|true", "app!=cart|false", "k8s:app=cart|true",
        "any:app=cart|true", "reserved:app=cart|false", "app|true", "!app|false",
        "tier|false", "!tier|true", "app in (pay, cart)|true", "app notin (pay, cart)|false",
        "app=cart,tier=db|false", "app in (cart),!tier|true"
      })
  void sourceLabel_selectors(String text, boolean expected) {
    assertEquals(expected, matches(filter().addSourceLabel(text)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a=b=c", "a in b", "=x", "a b", "(", "a in (b"})
  void labelSelector_broken_isRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> new LabelSelector(text));
  }

  @Test
  void labelSelector_world_matches() {
    assertTrue(new LabelSelector("reserved:world").test(Labels.of("reserved:world")));
  }

  @ParameterizedTest
  @CsvSource({"503, true", "5+, true", "50+, true", "4+, false", "500, false"})
  void httpStatus_patterns(String text, boolean expected) {
    assertEquals(expected, matches(filter().addHttpStatusCode(text)));
  }

  @ParameterizedTest
  @CsvSource({"*.example.org, true", "API.example.org, true", "*.org, true", "example.org, false"})
  void destinationFqdn_patterns(String text, boolean expected) {
    assertEquals(expected, matches(filter().addDestinationFqdn(text)));
  }

  @Test
  void everyOtherField_matchesAndDoesNot() {
    assertTrue(matches(filter().addVerdict(Verdict.DROPPED)));
    assertFalse(matches(filter().addVerdict(Verdict.FORWARDED)));
    assertTrue(matches(filter().addDestinationPort("8080")));
    assertFalse(matches(filter().addDestinationPort("80")));
    assertTrue(matches(filter().addSourcePort("40000")));
    assertTrue(matches(filter().addProtocol("TCP")));
    assertFalse(matches(filter().addProtocol("icmp")));
    assertTrue(matches(filter().addIpVersion(IPVersion.IPv6)));
    assertTrue(matches(filter().addSourceIdentity(300)));
    assertFalse(matches(filter().addDestinationIdentity(300)));
    assertTrue(matches(filter().addTcpFlags(TCPFlags.newBuilder().setSYN(true))));
    assertFalse(matches(filter().addTcpFlags(TCPFlags.newBuilder().setSYN(true).setACK(true))));
    assertTrue(matches(filter().addSourceWorkload(Workload.newBuilder().setName("cart"))));
    assertFalse(matches(filter().addSourceWorkload(Workload.newBuilder().setKind("Job"))));
    assertTrue(matches(filter().addEventType(EventTypeFilter.newBuilder().setType(1))));
    assertFalse(
        matches(
            filter()
                .addEventType(
                    EventTypeFilter.newBuilder().setType(1).setMatchSubType(true).setSubType(2))));
    assertTrue(matches(filter().addHttpMethod("get").addHttpPath("^/items/[0-9]+$")));
    assertTrue(matches(filter().addNodeName("n*")));
    assertTrue(matches(filter().addNodeName("default/n1")));
    assertFalse(matches(filter().addReply(false)));
    assertFalse(matches(filter().addTraceId("x")));
  }

  @Test
  void fields_allMustMatchValuesAnyMay() {
    assertTrue(matches(filter().addVerdict(Verdict.AUDIT).addVerdict(Verdict.DROPPED)));
    assertFalse(matches(filter().addVerdict(Verdict.DROPPED).addProtocol("udp")));
    assertTrue(matches(filter()));
  }

  @Test
  void patterns_broken_areRefusedByName() {
    for (var bad :
        new FlowFilter.Builder[] {
          filter().addHttpPath("("),
          filter().addDnsQuery("["),
          filter().addHttpStatusCode("abc"),
          filter().addSourcePort("99999"),
          filter().addProtocol("ipx"),
          filter().addDestinationIp("10.0.0.0/33")
        }) {
      var error = assertThrows(IllegalArgumentException.class, () -> FlowFilters.of(bad.build()));
      assertTrue(error.getMessage().contains("'"), error.getMessage());
    }
  }
}
