package io.sekisho.agent.datapath;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Settings of the calling thread's network namespace, below {@code /proc/sys/net}. */
final class Sysctl {
  private static final Path NET = Path.of("/proc/sys/net");

  /** Far beyond what any list of ports takes in practice. */
  private static final int LONGEST = 1 << 16;

  private Sysctl() {}

  /** Writes a setting, if it has another value; false if the kernel does not have it. */
  static boolean set(String name, int value) {
    return setText(name, Integer.toString(value));
  }

  /** Writes a setting that is text, if it has another value; false if the kernel has it not. */
  static boolean setText(String name, String value) {
    Path file = file(name);
    try {
      if (!Files.exists(file)) {
        return false;
      }
      if (!read(file).equals(value)) {
        // The kernel takes an empty line for an empty list, but not an empty write.
        Files.writeString(file, value + "\n");
      }
      return true;
    } catch (IOException e) {
      throw new DatapathException(
          DatapathException.Code.PERMISSION_DENIED, "setting " + file + ": " + e, e);
    }
  }

  /** A setting's value as text; empty if the kernel does not have it. */
  static Optional<String> text(String name) {
    try {
      return Optional.of(read(file(name)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** A setting's value. */
  static Optional<Integer> get(String name) {
    try {
      return Optional.of(Integer.parseInt(read(file(name))));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** All by one system call: the kernel answers a second one with nothing. */
  private static String read(Path file) throws IOException {
    byte[] text = new byte[LONGEST];
    try (var in = new FileInputStream(file.toFile())) {
      int length = Math.max(0, in.read(text));
      return new String(text, 0, length, StandardCharsets.US_ASCII).strip();
    }
  }

  /** Of an interface; names may have dots, therefore the parts are given apart. */
  static boolean setInterface(String family, String device, String setting, int value) {
    return set(family + "/conf/" + device + "/" + setting, value);
  }

  private static Path file(String name) {
    return NET.resolve(name);
  }
}
