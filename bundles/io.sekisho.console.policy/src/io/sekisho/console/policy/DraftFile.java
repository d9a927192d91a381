package io.sekisho.console.policy;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import io.sekisho.api.v1.PushRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.core.runtime.ILog;

/**
 * Where the local changes of one cluster are kept: a {@code PushRequest} that was not sent, written
 * whole and renamed, so that a crash leaves the old or the new one. One thread does all of it, in
 * order; of changes that come faster than the disk only the newest are written.
 */
final class DraftFile {
  private static final ILog LOG = ILog.of(DraftFile.class);
  private static final ExecutorService DISK =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("drafts").factory());

  private final Path path;
  private final AtomicReference<Optional<PushRequest>> next =
      new AtomicReference<>(Optional.empty());

  DraftFile(Path folder, String cluster) {
    String name = HexFormat.of().formatHex(cluster.getBytes(StandardCharsets.UTF_8));
    path = folder.resolve(name + ".draft");
  }

  /** The changes kept, none if there are none; a broken file is set aside. */
  CompletableFuture<PushRequest> read() {
    return CompletableFuture.supplyAsync(this::load, DISK);
  }

  /** Keeps the changes; nothing to keep removes the file. Returns at once. */
  void write(PushRequest changes) {
    if (next.getAndSet(Optional.of(changes)).isEmpty()) {
      DISK.execute(() -> next.getAndSet(Optional.empty()).ifPresent(this::keep));
    }
  }

  /** Waits until all that was given to drafts so far is on the disk. */
  static void flush() {
    CompletableFuture.runAsync(() -> {}, DISK).join();
  }

  private PushRequest load() {
    if (!Files.exists(path)) {
      return PushRequest.getDefaultInstance();
    }
    try {
      return PushRequest.parseFrom(Files.readAllBytes(path));
    } catch (IOException e) {
      LOG.error("The draft " + path + " can't be read; it is kept beside as .broken", e);
      try {
        Files.move(
            path,
            path.resolveSibling(path.getFileName() + ".broken"),
            StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException second) {
        LOG.error("and it can't be renamed", second);
      }
      return PushRequest.getDefaultInstance();
    }
  }

  private void keep(PushRequest changes) {
    try {
      if (changes.getUpsertCount() == 0 && changes.getRemoveCount() == 0) {
        Files.deleteIfExists(path);
        return;
      }
      Files.createDirectories(path.getParent());
      Path whole = path.resolveSibling(path.getFileName() + ".next");
      try (FileChannel out = FileChannel.open(whole, CREATE, WRITE, TRUNCATE_EXISTING)) {
        ByteBuffer bytes = changes.toByteString().asReadOnlyByteBuffer();
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      Files.move(whole, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.error("The draft can't be kept in " + path, e);
    }
  }
}
