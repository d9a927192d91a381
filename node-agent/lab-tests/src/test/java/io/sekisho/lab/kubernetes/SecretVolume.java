package io.sekisho.lab.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;

/**
 * A folder with a secret's content as a kubelet keeps it: the files are links into {@code ..data},
 * which is a link itself and moves from one version's folder to the next in one step.
 */
final class SecretVolume {
  private static final String DATA = "..data";

  private final Path folder;
  private Map<String, byte[]> content = Map.of();
  private int version;

  /** Nothing is there yet. */
  SecretVolume(Path folder) {
    this.folder = folder;
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  /** Shows what the secret holds now; a version that is shown already stays. */
  void show(Map<String, byte[]> now) {
    if (isShown(now)) {
      return;
    }
    try {
      Path fresh = Files.createDirectories(folder.resolve("..version-" + ++version));
      for (var entry : now.entrySet()) {
        Files.write(fresh.resolve(entry.getKey()), entry.getValue());
      }
      Path link = folder.resolve(DATA + "_tmp");
      Files.createSymbolicLink(link, fresh.getFileName());
      Files.move(link, folder.resolve(DATA), StandardCopyOption.ATOMIC_MOVE);
      for (String name : now.keySet()) {
        if (!Files.exists(file(name))) {
          Files.createSymbolicLink(file(name), Path.of(DATA, name));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    content = Map.copyOf(now);
  }

  private boolean isShown(Map<String, byte[]> now) {
    return now.keySet().equals(content.keySet())
        && now.keySet().stream().allMatch(n -> Arrays.equals(now.get(n), content.get(n)));
  }
}
