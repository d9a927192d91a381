package io.sekisho.flow.recording;

import io.sekisho.api.flow.Flow;
import io.sekisho.flow.recording.RecordingException.Code;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/**
 * Writes flows behind those of a folder and keeps the folder bounded: a full file is closed, a new
 * one begun, the oldest deleted. Belongs to one thread. After a crash the torn end of the last file
 * is cut off; what was flushed before stays. Files are for the owner's eyes only (0600) where the
 * file system knows that.
 */
public final class RecordingWriter implements Closeable {
  private static final int BUFFER = 1 << 16;
  private static final Set<StandardOpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  private final Path folder;
  private final long maxFileBytes;
  private final int maxFiles;
  private final Deque<Path> files = new ArrayDeque<>();
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
  private FileChannel channel;
  private long written;

  private RecordingWriter(Path folder, long maxFileBytes, int maxFiles) throws RecordingException {
    this.folder = folder;
    this.maxFileBytes = maxFileBytes;
    this.maxFiles = maxFiles;
    try {
      Files.createDirectories(folder);
      files.addAll(Recording.files(folder));
      channel = files.isEmpty() ? begin(1) : resume(files.getLast());
    } catch (IOException e) {
      throw new RecordingException("can't record into " + folder, e);
    }
  }

  /**
   * Opens a folder to write behind what is there; makes it if it is missing.
   *
   * @param folder where the files are
   * @param maxFileBytes size at which a new file begins, at least 4096
   * @param maxFiles most files that are kept, at least 1
   */
  public static RecordingWriter open(Path folder, long maxFileBytes, int maxFiles)
      throws RecordingException {
    if (maxFileBytes < 4096 || maxFiles < 1) {
      throw new IllegalArgumentException("files of at least 4096 bytes, and at least one");
    }
    return new RecordingWriter(folder, maxFileBytes, maxFiles);
  }

  private FileChannel begin(long number) throws IOException {
    Path file = folder.resolve(Recording.name(number));
    FileChannel out = FileChannel.open(file, NEW, ownerOnly(folder));
    ByteBuffer header = Frames.header();
    while (header.hasRemaining()) {
      out.write(header);
    }
    written = Frames.HEADER;
    files.add(file);
    return out;
  }

  private static FileAttribute<?>[] ownerOnly(Path folder) {
    return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private FileChannel resume(Path file) throws IOException, RecordingException {
    Recording.Scan scan = Recording.scan(file, flow -> {});
    FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE);
    out.truncate(scan.wholeBytes()).position(scan.wholeBytes());
    written = scan.wholeBytes();
    if (written < Frames.HEADER) {
      ByteBuffer header = Frames.header();
      while (header.hasRemaining()) {
        out.write(header);
      }
      written = Frames.HEADER;
    }
    return out;
  }

  /**
   * Writes a flow; it is in the file after the next {@link #flush}.
   *
   * @throws RecordingException if the flow is too large or the disk refuses
   */
  public void append(Flow flow) throws RecordingException {
    byte[] content = flow.toByteArray();
    int length = Frames.OVERHEAD + content.length;
    if (content.length > Frames.MAX_FLOW || length > maxFileBytes - Frames.HEADER) {
      throw new RecordingException(
          Code.TOO_LARGE, "a flow of " + content.length + " bytes is too large to record");
    }
    try {
      if (written + length > maxFileBytes) {
        rotate();
      }
      if (length > buffer.remaining()) {
        drain();
      }
      if (length > buffer.remaining()) {
        writeWhole(content, length);
      } else {
        Frames.put(buffer, content);
      }
      written += length;
    } catch (IOException e) {
      throw new RecordingException("can't write to " + files.getLast(), e);
    }
  }

  private void writeWhole(byte[] content, int length) throws IOException {
    ByteBuffer large = ByteBuffer.allocate(length);
    Frames.put(large, content);
    large.flip();
    while (large.hasRemaining()) {
      channel.write(large);
    }
  }

  private void rotate() throws IOException {
    drain();
    channel.close();
    channel = begin(Recording.number(files.getLast()) + 1);
    while (files.size() > maxFiles) {
      Files.deleteIfExists(files.removeFirst());
    }
  }

  private void drain() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  /** Hands everything to the operating system, so that readers see it. */
  public void flush() throws RecordingException {
    try {
      drain();
    } catch (IOException e) {
      throw new RecordingException("can't write to " + files.getLast(), e);
    }
  }

  /** Flushes and closes the file. */
  @Override
  public void close() throws IOException {
    try {
      drain();
    } finally {
      channel.close();
    }
  }
}
