package io.sekisho.agent.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whole folders: copied, deleted, and told apart by what is in them. Links are not followed. */
public final class FileTree {
  private static final int DIGITS = 12;
  private static final int BUFFER = 1 << 16;

  private FileTree() {}

  /**
   * Copies a folder with rights and times, onto the disk itself, so that a machine which loses its
   * power has no empty files under a good name; its target must not be there.
   */
  static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copied = to.resolve(from.relativize(file).toString());
        Files.copy(file, copied, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES);
        if (Files.isRegularFile(copied, LinkOption.NOFOLLOW_LINKS)) {
          try (FileChannel channel = FileChannel.open(copied, StandardOpenOption.READ)) {
            channel.force(true);
          }
        }
      }
    }
  }

  /** Deletes a folder with all that is in it, or a file; one that is not there is no error. */
  public static void delete(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException error)
              throws IOException {
            if (error != null) {
              throw error;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Deletes a folder if it is there, empty, and no mount. */
  public static void deleteEmpty(Path folder) {
    try {
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      // somebody else's things are in it, or it is mounted here
    }
  }

  /** Twelve hex digits that change with any name or content below the folders. */
  static String digest(List<Path> roots) throws IOException {
    MessageDigest digest = sha256();
    for (Path root : roots) {
      try (var files = Files.walk(root)) {
        for (Path file : files.sorted().toList()) {
          String name = root.getFileName() + "/" + root.relativize(file);
          digest.update(name.getBytes(StandardCharsets.UTF_8));
          digest.update((byte) 0);
          if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            update(digest, file);
          }
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
  }

  private static void update(MessageDigest digest, Path file) throws IOException {
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
