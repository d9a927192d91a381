package io.sekisho.lab;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An agent's state folder: a file system in memory, small enough to be filled. */
final class SmallDisk {
  private static final String SIZE = "16m";
  private static final String FILLER = "filler";

  private SmallDisk() {}

  /** Mounts it on a folder. */
  static void mount(Path folder) throws IOException {
    Files.createDirectories(folder);
    Command.of("mount", "-t", "tmpfs", "-o", "mode=700,size=" + SIZE, "sekisho", folder.toString())
        .run();
  }

  /** Unmounts all that is mounted below a folder. */
  static void unmountBelow(Path folder) {
    try {
      // second field of proc_pid_mounts(5)
      List<String> places =
          Files.readAllLines(Path.of("/proc/self/mounts")).stream()
              .map(line -> line.split(" ")[1])
              .filter(place -> place.startsWith(folder + "/"))
              .toList();
      for (String place : places) {
        Command.of("umount", place).run();
      }
    } catch (IOException e) {
      throw new LabException(LabException.Code.IO, "cannot read the mounts", e);
    }
  }

  /** Writes until there is no room left. */
  static void fill(Path folder) {
    byte[] block = new byte[4096];
    try (OutputStream out = Files.newOutputStream(folder.resolve(FILLER))) {
      while (Files.getFileStore(folder).getUsableSpace() > 0) {
        out.write(block);
      }
    } catch (IOException e) {
      // the last block did not fit: that is what was wanted
    }
  }

  /** Gives the room back. */
  static void empty(Path folder) {
    try {
      Files.deleteIfExists(folder.resolve(FILLER));
    } catch (IOException e) {
      throw new LabException(LabException.Code.IO, "cannot empty " + folder, e);
    }
  }
}
