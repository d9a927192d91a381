package io.sekisho.agent.datapath;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Settings of the calling thread's network namespace, below {@code /proc/sys/net}. */
final class Sysctl {
  private static final Path NET = Path.of("/proc/sys/net");

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
      if (!Files.readString(file).strip().equals(value)) {
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
      return Optional.of(Files.readString(file(name)).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** A setting's value. */
  static Optional<Integer> get(String name) {
    try {
      return Optional.of(Integer.parseInt(Files.readString(file(name)).strip()));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
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
