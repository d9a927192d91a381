package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.packet.PacketBuilder;
import io.sekisho.testkit.packet.Tcp;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A pod and its gateway, by their addresses on the link that both are on. */
class GatewayTest extends DataplaneTestBase {
  private static final int SOURCE_IP = 132;
  private static final int DEFAULT_DENY = 133;
  private static final int NO_LOCAL_ENDPOINT = 152;
  private static final int TO_HOST = 2;
  private static final int HOST = 1;
  private static final int ICMPV6 = 58;
  private static final int ECHO = 128;
  private static final int ECHO_REPLY = 129;
  private static final int RULE = 4711;

  /** Made of the MACs 02:bb:00:00:00:0b and 02:bb:00:00:00:0c. */
  private static final String CLIENT_LINK = "fe80::bb:ff:fe00:b";

  private static final String SERVER_LINK = "fe80::bb:ff:fe00:c";

  @AfterEach
  void release() {
    node.releaseHost();
  }

  private static PacketBuilder from(String source, String destination) {
    return PacketBuilder.packet(source, destination).macs(CLIENT.podMac(), CLIENT.hostMac());
  }

  private static byte[] ping() {
    return from(CLIENT_LINK, Dataplane.GATEWAY_IPV6).icmp(ECHO, 0, 7).build();
  }

  private static byte[] answer(Pod pod, String to) {
    return PacketBuilder.packet(Dataplane.GATEWAY_IPV6, to)
        .macs(pod.hostMac(), pod.podMac())
        .icmp(ECHO_REPLY, 0, 7)
        .build();
  }

  @Test
  void ping_fromTheLinksAddress_goesToTheHostAndIsAnswered() {
    Outcome out = sends(CLIENT, ping());
    assertPasses(out);
    assertEquals(Outcome.OK, out.action());
    DatapathEvent told = out.event(DatapathEvent.TRACE);
    assertEquals(TO_HOST, told.subtype());
    assertEquals(CLIENT.identity(), told.sourceIdentity());
    assertEquals(HOST, told.destinationIdentity());
    Outcome back = getsFromHost(CLIENT, answer(CLIENT, CLIENT_LINK));
    assertPasses(back);
    assertTrue(back.event(DatapathEvent.TRACE).reply());
  }

  @ParameterizedTest
  @CsvSource({
    "fd00:10:244:1::11, fe80::1",
    "10.244.1.11, 169.254.1.1",
    "fe80::bb:ff:fe00:b, fe80::1",
  })
  void otherTraffic_toTheGateway_isTheHosts(String source, String gateway) {
    Outcome out = sends(CLIENT, from(source, gateway).tcp(40_000, 80, Tcp.SYN).build());
    assertPasses(out);
    assertEquals(TO_HOST, out.event(DatapathEvent.TRACE).subtype());
  }

  @ParameterizedTest
  @CsvSource({
    SERVER_LINK + ", fe80::1", // another pod's
    "fe80::b, fe80::1", // made of no MAC
    "fe80::1, fe80::1", // the gateway's own
    "fe80:1::bb:ff:fe00:b, fe80::1", // not of the link's network
    CLIENT_LINK + ", fe80::2", // nobody's
    CLIENT_LINK + ", " + SERVER_LINK,
    CLIENT_LINK + ", ff02::1",
    CLIENT_LINK + ", fd18::1", // the node's, beyond the link
    CLIENT_LINK + ", fd00:10:244:1::12"
  })
  void linksAddress_ofOthersOrToOthers_isDropped(String source, String destination) {
    assertDropped(SOURCE_IP, sends(CLIENT, from(source, destination).udp(1, 2).build()));
  }

  @Test
  void linksAddress_ofAPodWithoutIpv6_isDropped() {
    Pod single = new Pod(21, 1021, "10.244.1.21", "", 0, 1);
    node.wire(single);
    byte[] packet =
        PacketBuilder.packet("fe80::bb:ff:fe00:15", Dataplane.GATEWAY_IPV6)
            .macs(single.podMac(), single.hostMac())
            .icmp(ECHO, 0, 7)
            .build();
    assertDropped(SOURCE_IP, sends(single, packet));
    assertDropped(NO_LOCAL_ENDPOINT, getsFromHost(single, answer(single, "fe80::bb:ff:fe00:15")));
    node.unwire(single);
  }

  @ParameterizedTest
  @ValueSource(strings = {SERVER_LINK, "fe80::b"})
  void answer_toAnotherAddressOfALink_isDropped(String to) {
    assertDropped(NO_LOCAL_ENDPOINT, getsFromHost(CLIENT, answer(CLIENT, to)));
  }

  @Test
  void linksAddress_toldByOthersThanTheGateway_isDropped() {
    byte[] packet =
        PacketBuilder.packet("fe80::2", CLIENT_LINK)
            .macs(CLIENT.hostMac(), CLIENT.podMac())
            .icmp(ECHO_REPLY, 0, 7)
            .build();
    assertDropped(NO_LOCAL_ENDPOINT, getsFromHost(CLIENT, packet));
  }

  @Test
  void ping_policyOfThePod_decides() {
    enforced(CLIENT, Pod.ENFORCE_EGRESS);
    assertDropped(DEFAULT_DENY, sends(CLIENT, ping()));
    enforced(CLIENT, Pod.ENFORCE_EGRESS, PolicyRow.egress(HOST, RULE).port(ICMPV6, ECHO));
    Outcome out = sends(CLIENT, ping());
    assertPasses(out);
    assertEquals(RULE, out.event(DatapathEvent.VERDICT).ruleId());
  }

  @Test
  void ping_policyOfTheNode_decides() {
    node.enforceHost(Pod.ENFORCE_INGRESS, 1, List.of());
    assertDropped(DEFAULT_DENY, sends(CLIENT, ping()));
    node.enforceHost(
        Pod.ENFORCE_INGRESS | Pod.ENFORCE_EGRESS,
        2,
        List.of(PolicyRow.ingress(CLIENT.identity(), RULE).port(ICMPV6, ECHO)));
    assertPasses(sends(CLIENT, ping()));
    assertPasses(getsFromHost(CLIENT, answer(CLIENT, CLIENT_LINK)));
  }
}
