package io.sekisho.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A clock that can be set: a small library between a process and the kernel adds the seconds that a
 * file holds. Only the time of day changes, as when somebody sets the machine's clock.
 */
final class FakeClock {
  private static final Pattern OFFSET = Pattern.compile("0|([+-][0-9]{1,6})([smhd])");

  private FakeClock() {}

  /** Environment of a process whose clock follows a file. */
  static List<String> environment(Path library, Path file) {
    if (!Files.exists(library)) {
      throw new LabException(
          LabException.Code.PROGRAM_MISSING, library + " is missing: is the build complete?");
    }
    return List.of("LD_PRELOAD=" + library, "SEKISHO_CLOCK=" + file);
  }

  /**
   * Sets it.
   *
   * @param offset from the machine's time: 0, or as {@code +1d}, {@code -90s}
   */
  static void set(Path file, String offset) {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
    bytes.putLong(0, seconds(offset));
    // in place: the process has the file mapped
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(bytes, 0);
    } catch (IOException e) {
      throw new LabException(LabException.Code.IO, "cannot set the clock " + file, e);
    }
  }

  /** Seconds of an offset in words. */
  static long seconds(String offset) {
    Matcher matcher = OFFSET.matcher(offset);
    if (!matcher.matches()) {
      throw new LabException(
          LabException.Code.UNKNOWN, "\"" + offset + "\" is neither 0 nor like +1d, -90s");
    }
    if (matcher.group(1) == null) {
      return 0;
    }
    long unit =
        switch (matcher.group(2)) {
          case "m" -> 60;
          case "h" -> 3_600;
          case "d" -> 86_400;
          default -> 1;
        };
    return Long.parseLong(matcher.group(1)) * unit;
  }
}
