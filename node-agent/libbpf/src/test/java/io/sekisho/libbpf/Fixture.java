package io.sekisho.libbpf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The compiled objects that the tests of this module load. */
final class Fixture {
  private Fixture() {}

  static BpfObject open(String name) {
    return BpfObject.open(name, bytes(name));
  }

  static byte[] bytes(String name) {
    try (var in = Fixture.class.getResourceAsStream("/" + name + ".bpf.o")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] u32(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array();
  }

  /** An Ethernet frame without content: the least that a test run takes. */
  static byte[] frame() {
    return new byte[64];
  }
}
