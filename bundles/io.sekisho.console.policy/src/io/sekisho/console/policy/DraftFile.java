package io.sekisho.console.policy;

import io.sekisho.api.v1.PushRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import org.eclipse.core.runtime.ILog;

/**
 * Where the local changes of one cluster are kept: a {@code PushRequest} that was not sent, written
 * whole and renamed, so that a crash leaves the old or the new one.
 */
final class DraftFile {
  private static final ILog LOG = ILog.of(DraftFile.class);

  private final Path path;

  DraftFile(Path folder, String cluster) {
    String name = HexFormat.of().formatHex(cluster.getBytes(StandardCharsets.UTF_8));
    path = folder.resolve(name + ".draft");
  }

  /** The changes kept, none if there are none; a broken file is set aside. */
  PushRequest read() {
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

  /** Keeps the changes; nothing to keep removes the file. */
  void write(PushRequest changes) {
    try {
      if (changes.getUpsertCount() == 0 && changes.getRemoveCount() == 0) {
        Files.deleteIfExists(path);
        return;
      }
      Files.createDirectories(path.getParent());
      Path next = path.resolveSibling(path.getFileName() + ".next");
      Files.write(next, changes.toByteArray());
      Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.error("The draft can't be kept in " + path, e);
    }
  }
}
