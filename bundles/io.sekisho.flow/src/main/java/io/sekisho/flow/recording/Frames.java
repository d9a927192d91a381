package io.sekisho.flow.recording;

import io.sekisho.flow.recording.RecordingException.Code;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Layout of a recording file, numbers in network byte order: 8 bytes {@code SKFLOWS} and version;
 * then for each flow its length (4 bytes), the CRC-32C (RFC 3720, B.4) of length and content (4
 * bytes) and a flow.Flow.
 */
final class Frames {
  static final int HEADER = 8;
  static final int OVERHEAD = 8;

  /** Longest flow: more than any agent makes, and little enough to trust a torn length. */
  static final int MAX_FLOW = 1 << 20;

  private static final byte VERSION = 1;
  private static final byte[] MAGIC = "SKFLOWS".getBytes(StandardCharsets.US_ASCII);

  private Frames() {}

  static ByteBuffer header() {
    return ByteBuffer.allocate(HEADER).put(MAGIC).put(VERSION).flip();
  }

  static void put(ByteBuffer to, byte[] content) {
    to.putInt(content.length).putInt(checksum(content)).put(content);
  }

  /** Reads the header; false if the file ends inside of it, as it does after a crash. */
  static boolean header(DataInputStream in, String file) throws IOException, RecordingException {
    byte[] read = in.readNBytes(HEADER);
    int magic = Math.min(read.length, MAGIC.length);
    if (!Arrays.equals(read, 0, magic, MAGIC, 0, magic)) {
      throw new RecordingException(Code.NOT_A_RECORDING, file + " is no recording of flows");
    }
    if (read.length == HEADER && read[HEADER - 1] != VERSION) {
      throw new RecordingException(
          Code.UNKNOWN_VERSION,
          file + " is a recording of version " + read[HEADER - 1] + ", known is " + VERSION);
    }
    return read.length == HEADER;
  }

  /** The next content; empty at the end, and where the file is torn or damaged. */
  static Optional<byte[]> next(DataInputStream in) throws IOException {
    try {
      int length = in.readInt();
      int checksum = in.readInt();
      if (length < 0 || length > MAX_FLOW) {
        return Optional.empty();
      }
      byte[] content = in.readNBytes(length);
      return content.length == length && checksum(content) == checksum
          ? Optional.of(content)
          : Optional.empty();
    } catch (EOFException e) {
      return Optional.empty();
    }
  }

  private static int checksum(byte[] content) {
    var crc = new CRC32C();
    crc.update(ByteBuffer.allocate(4).putInt(content.length).flip());
    crc.update(content);
    return (int) crc.getValue();
  }
}
