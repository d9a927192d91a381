package io.sekisho.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class TunnelEchoTest {
  /** VXLAN with VNI 0x000102; MACs; IPv4 10.128.1.2 to 10.128.7.9; UDP 4242 to 8080, "hi". */
  private static final String SENT = "0800000000010200" + "020000000001" + "020000000002" + "0800";

  private static final String BODY = "4500001e00004000" + "3f11abcd";

  private static ByteBuffer packet(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
  }

  private static int identity(int node, int host) {
    assertEquals(7, node);
    assertEquals(9, host);
    return 0x00abcdef;
  }

  @Test
  void turn_datagram_goesBackAsFromThePod() {
    ByteBuffer packet =
        packet(SENT + BODY + "0a800102" + "0a800709" + "10921f90" + "000a" + "1234" + "6869");
    assertTrue(TunnelEcho.turn(packet, TunnelEchoTest::identity));
    assertArrayEquals(
        HexFormat.of()
            .parseHex(
                "08000000abcdef00"
                    + "020000000002"
                    + "020000000001"
                    + "0800"
                    + BODY
                    + "0a800709"
                    + "0a800102"
                    + "1f901092"
                    + "000a"
                    + "0000"
                    + "6869"),
        packet.array());
  }

  @Test
  void turn_cutPacket_isNoDatagram() {
    ByteBuffer whole = packet(SENT + BODY + "0a800102" + "0a800709" + "10921f90" + "000a" + "1234");
    for (int length = 0; length < whole.capacity(); length++) {
      assertFalse(TunnelEcho.turn(whole.duplicate().limit(length), TunnelEchoTest::identity));
    }
  }

  @Test
  void turn_tcp_isNoDatagram() {
    ByteBuffer packet =
        packet(
            SENT
                + BODY.replace("3f11", "3f06")
                + "0a800102"
                + "0a800709"
                + "10921f90"
                + "000a1234");
    assertFalse(TunnelEcho.turn(packet, TunnelEchoTest::identity));
  }
}
