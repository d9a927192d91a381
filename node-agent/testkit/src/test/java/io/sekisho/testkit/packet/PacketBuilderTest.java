package io.sekisho.testkit.packet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PacketBuilderTest {
  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
  }

  @Test
  void build_udpOverIpv4_isThePacketOfTheBook() {
    byte[] frame =
        PacketBuilder.packet("192.168.0.1", "192.168.0.199")
            .macs(hex("020000000001"), hex("020000000002"))
            .payload(new byte[] {'h', 'i'})
            .udp(1000, 53)
            .build();
    assertArrayEquals(
        hex(
            "020000000002 020000000001 0800"
                + "4500001e 00070000 4011f8af c0a80001 c0a800c7"
                + "03e80035 000a113b 6869"),
        frame);
  }

  @Test
  void build_ipv4_checksumIsRight() {
    byte[] frame = PacketBuilder.packet("10.0.0.1", "10.0.0.2").tcp(1, 2, Tcp.SYN).build();
    assertTrue(Frame.of(frame).headerChecksumRight());
    assertFalse(Frame.of(Frame.with(frame, 22, 63)).headerChecksumRight());
  }

  @Test
  void build_options_lengthenTheHeader() {
    byte[] frame =
        PacketBuilder.packet("10.0.0.1", "10.0.0.2")
            .options(new byte[] {1, 1, 1, 0})
            .tcp(1, 2, Tcp.SYN)
            .build();
    assertEquals(0x46, frame[14]);
    assertEquals(44, Frame.of(frame).length());
    assertTrue(Frame.of(frame).headerChecksumRight());
  }

  @Test
  void build_extensions_formAChain() {
    byte[] frame =
        PacketBuilder.packet("fd00::1", "fd00::2")
            .extension(Protocol.HOP_BY_HOP, new byte[6])
            .extension(Protocol.DESTINATION_OPTIONS, new byte[14])
            .tcp(1, 2, Tcp.SYN)
            .build();
    assertEquals(Protocol.HOP_BY_HOP, frame[20]);
    assertEquals(Protocol.DESTINATION_OPTIONS, frame[54]);
    assertEquals(Protocol.TCP, frame[62]);
    assertEquals(1, frame[63]);
    assertEquals(40 + 8 + 16 + 20, Frame.of(frame).length());
  }

  @Test
  void unreachable_quotesHeaderAndEightBytes() {
    byte[] quoted = PacketBuilder.packet("fd00::1", "fd00::2").payload(100).udp(5, 6).build();
    byte[] frame = PacketBuilder.packet("fd00::2", "fd00::1").unreachable(quoted).build();
    assertEquals(40 + 8 + 48, Frame.of(frame).length());
    assertEquals(6, frame[14 + 40 + 8 + 40 + 3]);
  }

  @Test
  void packet_twoFamilies_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> PacketBuilder.packet("10.0.0.1", "fd00::1"));
  }
}
