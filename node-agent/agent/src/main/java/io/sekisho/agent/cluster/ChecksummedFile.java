package io.sekisho.agent.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A small file that is replaced whole: eight bytes that name its format, the content, CRC32C of all
 * before (RFC 3720, appendix B.4). A reader sees the old or the new content, never a part; a file
 * that is torn or of another format is set aside beside its name.
 */
public final class ChecksummedFile {
  private static final int MAGIC = 8;
  private static final int CHECKSUM = 4;

  private final Path path;
  private final byte[] magic;

  /**
   * A file of one format; it need not exist.
   *
   * @param format eight ASCII characters
   */
  public ChecksummedFile(Path path, String format) {
    this.path = path;
    this.magic = format.getBytes(StandardCharsets.US_ASCII);
    if (magic.length != MAGIC) {
      throw new IllegalArgumentException("a format has eight characters: " + format);
    }
  }

  /**
   * The content; empty if there is no file.
   *
   * @throws Damaged if the file is not what was once written; it has been set aside
   * @throws IOException if the file cannot be read
   */
  public Optional<byte[]> read() throws IOException {
    if (Files.notExists(path)) {
      return Optional.empty();
    }
    byte[] all = Files.readAllBytes(path);
    if (all.length < MAGIC + CHECKSUM || !Arrays.equals(all, 0, MAGIC, magic, 0, MAGIC)) {
      throw setAside("has another format");
    }
    int end = all.length - CHECKSUM;
    if (ByteBuffer.wrap(all).getInt(end) != checksum(ByteBuffer.wrap(all, 0, end))) {
      throw setAside("is torn: its checksum is wrong");
    }
    return Optional.of(Arrays.copyOfRange(all, MAGIC, end));
  }

  /** Puts the file beside its name, as {@code <name>.broken}, and says so. */
  public Damaged setAside(String why) throws IOException {
    Path aside = path.resolveSibling(path.getFileName() + ".broken");
    Files.move(path, aside, StandardCopyOption.REPLACE_EXISTING);
    return new Damaged(path + " " + why + "; it was set aside as " + aside.getFileName());
  }

  /** Replaces the content: written beside, synced, renamed, the folder synced. */
  public void write(byte[] content) throws IOException {
    var buffer = ByteBuffer.allocate(MAGIC + content.length + CHECKSUM);
    buffer.put(magic).put(content);
    buffer.putInt(checksum(buffer.duplicate().flip())).flip();
    Path folder = path.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Path next = path.resolveSibling(path.getFileName() + ".next");
    Files.deleteIfExists(next);
    Files.createFile(
        next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (var channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static int checksum(ByteBuffer bytes) {
    var crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /** The file was not what had been written; its message says where it is now. */
  public static final class Damaged extends IOException {
    private static final long serialVersionUID = 1L;

    private Damaged(String message) {
      super(message);
    }
  }
}
