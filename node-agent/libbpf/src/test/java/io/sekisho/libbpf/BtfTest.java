package io.sekisho.libbpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** BTF: the kernel's own, and what no compiler writes. */
final class BtfTest {
  @Test
  void parse_kernelsOwn_knowsItsStructs() throws IOException {
    byte[] raw = Files.readAllBytes(Path.of("/sys/kernel/btf/vmlinux"));

    var ethernet = Btf.parse(raw).struct("ethhdr").orElseThrow();

    assertEquals(14, ethernet.size());
    assertEquals(12, ethernet.member("h_proto").orElseThrow().offset());
  }

  @Test
  void parse_wrongMagic_isInvalid() {
    assertInvalid(new byte[64]);
  }

  @Test
  void parse_empty_isInvalid() {
    assertInvalid(new byte[0]);
  }

  /** A struct whose member is itself, without a name: it would nest without end. */
  @Test
  void parse_structInItself_isInvalid() {
    byte[] strings = {0, 's', 0};
    var raw = ByteBuffer.allocate(24 + 24 + strings.length).order(ByteOrder.nativeOrder());
    raw.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(24);
    raw.putInt(0).putInt(24).putInt(24).putInt(strings.length);
    raw.putInt(1).putInt(4 << 24 | 1).putInt(8);
    raw.putInt(0).putInt(1).putInt(0);
    raw.put(strings);

    assertInvalid(raw.array());
  }

  @Test
  void parse_damagedBytes_isReadOrInvalidButNeverCrashes() {
    byte[] whole;
    try (var object = Fixture.open("fixture")) {
      whole = object.btfBytes();
    }
    var random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 3000; i++) {
      byte[] damaged = whole.clone();
      for (int hits = 0; hits < 4; hits++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        Btf.parse(damaged);
      } catch (BpfException e) {
        assertEquals(BpfException.Code.INVALID, e.code());
        refused++;
      }
    }
    assertTrue(refused > 0);
  }

  private static void assertInvalid(byte[] raw) {
    var error = assertThrows(BpfException.class, () -> Btf.parse(raw));
    assertEquals(BpfException.Code.INVALID, error.code());
  }
}
