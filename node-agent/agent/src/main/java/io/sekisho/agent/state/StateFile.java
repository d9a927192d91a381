package io.sekisho.agent.state;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * Small text files that are either the old or the new text after a crash, never torn: a temporary
 * file beside the target is written, synced, and renamed over it.
 */
public final class StateFile {
  /** Ending of a file that was found broken and set aside. */
  public static final String BROKEN = ".broken";

  private static final String TEMPORARY = ".tmp";

  private StateFile() {}

  /**
   * Replaces the file's text; readable by its owner only.
   *
   * @throws UncheckedIOException if it could not be written; the old text is kept then
   */
  public static void write(Path file, String text) {
    Path temporary = file.resolveSibling(file.getFileName() + TEMPORARY);
    try {
      Files.deleteIfExists(temporary);
      var owner =
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
      var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      try (FileChannel channel = FileChannel.open(temporary, options, owner)) {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      deleteQuietly(temporary, e);
      throw new UncheckedIOException("cannot write " + file + ": " + e, e);
    }
  }

  private static void deleteQuietly(Path temporary, IOException cause) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** The file's text; empty if there is no file. */
  public static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e, e);
    }
  }

  /** Removes the file; does nothing if it is not there. */
  public static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + file + ": " + e, e);
    }
  }

  /** Renames a broken file, so that it can be looked at and does not come back; its new name. */
  public static Path setAside(Path file) {
    Path aside = file.resolveSibling(file.getFileName() + BROKEN);
    try {
      return Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot set " + file + " aside: " + e, e);
    }
  }
}
