package io.sekisho.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Parsers of the kernel's answers, fed with what no kernel should say. */
final class AnswerTest {
  private static final List<Parse> PARSERS =
      List.of(
          Links::parse,
          Addresses::parse,
          Routes::parse,
          Neighbours::parse,
          NamespaceIds::parse,
          Qdiscs::parse,
          body -> Rules.parse(Rules.Family.IPV4, body));

  private interface Parse {
    Object parse(ByteBuffer body);
  }

  private static ByteBuffer buffer(byte... bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }

  private static ByteBuffer message(int type, byte[] body) {
    return ByteBuffer.allocate(16 + body.length)
        .order(ByteOrder.nativeOrder())
        .putInt(16 + body.length)
        .putShort((short) type)
        .putShort((short) 0)
        .putInt(7)
        .putInt(0)
        .put(body)
        .flip();
  }

  @Test
  void readAll_shorterThanAHeader_isMalformed() {
    assertMalformed(() -> Answer.readAll(buffer((byte) 1, (byte) 2)));
  }

  @Test
  void readAll_lengthBeyondTheDatagram_isMalformed() {
    ByteBuffer message = message(2, new byte[4]).putInt(0, 1000);
    assertMalformed(() -> Answer.readAll(message));
  }

  @Test
  void readAll_lengthZero_isMalformedAndEnds() {
    ByteBuffer message = message(2, new byte[4]).putInt(0, 0);
    assertMalformed(() -> Answer.readAll(message));
  }

  @Test
  void readAll_negativeLength_isMalformed() {
    ByteBuffer message = message(2, new byte[4]).putInt(0, Integer.MIN_VALUE);
    assertMalformed(() -> Answer.readAll(message));
  }

  @Test
  void errno_acknowledgementWithoutNumber_isMalformed() {
    var answer = Answer.readAll(message(Answer.ERROR, new byte[0])).getFirst();
    assertMalformed(answer::errno);
  }

  @Test
  void attributes_lengthBelowHeader_isMalformed() {
    byte[] body = new byte[20];
    body[16] = 3;
    assertMalformed(() -> Links.parse(buffer(body)));
  }

  @Test
  void parse_emptyBody_isMalformed() {
    for (var parser : PARSERS) {
      assertMalformed(() -> parser.parse(buffer()));
    }
  }

  @Test
  void parse_addressOfFiveBytes_isMalformed() {
    byte[] body = new Body().u8(2).u8(32).u8(0).u8(0).u32(1).attribute(2, new byte[5]).bytes();
    assertMalformed(() -> Addresses.parse(buffer(body)));
  }

  @Test
  void parse_randomBytes_neverCrashes() {
    var random = new Random(42);
    int readable = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] body = new byte[random.nextInt(96)];
      random.nextBytes(body);
      if (i % 2 == 0) {
        // Attribute lengths that fit more often than by chance.
        for (int at = 12; at + 4 <= body.length; at += 8) {
          body[at] = 8;
          body[at + 1] = 0;
        }
      }
      for (var parser : PARSERS) {
        try {
          parser.parse(buffer(body));
          readable++;
        } catch (NetlinkException e) {
          assertEquals(NetlinkException.Code.MALFORMED, e.code());
        }
      }
    }
    assertTrue(readable > 1000, "the bytes should not all be refused at the first length");
  }

  @Test
  void parse_ownAddress_isReadBack() {
    byte[] body =
        new Body()
            .u8(2)
            .u8(24)
            .u8(0)
            .u8(0)
            .u32(9)
            .attribute(2, InetAddress.ofLiteral("192.0.2.1"))
            .bytes();

    assertEquals(
        new Addresses.Assigned(9, InetAddress.ofLiteral("192.0.2.1"), 24, 0),
        Addresses.parse(buffer(body)).orElseThrow());
  }

  private static void assertMalformed(org.junit.jupiter.api.function.Executable parse) {
    var error = assertThrows(NetlinkException.class, parse);
    assertEquals(NetlinkException.Code.MALFORMED, error.code());
  }
}
