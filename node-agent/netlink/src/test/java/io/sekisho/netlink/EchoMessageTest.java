package io.sekisho.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Echo messages as they are on the wire, and what is no reply of ours. */
final class EchoMessageTest {
  private static final EchoMessage MESSAGE = new EchoMessage(0x1234, 0xfffe, 0x0102030405060708L);

  /** The reply to a request, as a raw socket gives it. */
  private static byte[] reply(EchoMessage message, boolean ipv4) {
    byte[] echo = message.request(ipv4);
    echo[0] = (byte) (ipv4 ? EchoMessage.REPLY_V4 : EchoMessage.REPLY_V6);
    if (!ipv4) {
      return echo;
    }
    echo[2] = 0;
    echo[3] = 0;
    short sum = EchoMessage.checksum(echo, 0, echo.length);
    echo[2] = (byte) (sum >> 8);
    echo[3] = (byte) sum;
    byte[] packet = new byte[20 + echo.length];
    packet[0] = 0x45;
    packet[9] = 1;
    System.arraycopy(echo, 0, packet, 20, echo.length);
    return packet;
  }

  private static Optional<EchoMessage> read(byte[] packet, boolean ipv4) {
    return EchoMessage.reply(packet, packet.length, ipv4);
  }

  @Test
  void request_ipv4_isAsOnTheWire() {
    byte[] expected = {8, 0, 0, 0, 0x12, 0x34, (byte) 0xff, (byte) 0xfe, 1, 2, 3, 4, 5, 6, 7, 8};
    byte[] request = MESSAGE.request(true);
    assertEquals(0, EchoMessage.checksum(request, 0, request.length));
    request[2] = 0;
    request[3] = 0;
    assertEquals(Arrays.toString(expected), Arrays.toString(request));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void reply_anyMessage_isReadBack(boolean ipv4) {
    var random = new Random(7);
    for (int i = 0; i < 1000; i++) {
      var message =
          new EchoMessage(random.nextInt(0x10000), random.nextInt(0x10000), random.nextLong());
      assertEquals(Optional.of(message), read(reply(message, ipv4), ipv4));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void reply_tornAnywhere_isNone(boolean ipv4) {
    byte[] whole = reply(MESSAGE, ipv4);
    for (int length = 0; length < whole.length; length++) {
      assertEquals(Optional.empty(), EchoMessage.reply(whole, length, ipv4));
    }
    assertEquals(Optional.empty(), read(Arrays.copyOf(whole, whole.length + 4), ipv4));
  }

  @Test
  void reply_anyBitFlipped_isNoOtherMessage() {
    byte[] whole = reply(MESSAGE, true);
    for (int bit = 20 * 8; bit < whole.length * 8; bit++) {
      byte[] broken = whole.clone();
      broken[bit / 8] ^= (byte) (1 << bit % 8);
      assertEquals(Optional.empty(), read(broken, true), "bit " + bit);
    }
  }

  @Test
  void reply_requestsAndOtherPackets_areNone() {
    byte[] request = reply(MESSAGE, false);
    request[0] = (byte) 128;
    assertEquals(Optional.empty(), read(request, false));
    byte[] code = reply(MESSAGE, false);
    code[1] = 1;
    assertEquals(Optional.empty(), read(code, false));
    byte[] tcp = reply(MESSAGE, true);
    tcp[9] = 6;
    assertEquals(Optional.empty(), read(tcp, true));
    byte[] header = reply(MESSAGE, true);
    header[0] = 0x44;
    assertEquals(Optional.empty(), read(header, true));
    header[0] = 0x4f;
    assertEquals(Optional.empty(), read(header, true));
  }
}
