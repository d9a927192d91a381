package io.sekisho.lab.shop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** How often each call went well or failed, and how often the workload served; thread-safe. */
final class Counters {
  private final Map<String, LongAdder> values = new ConcurrentSkipListMap<>();

  /** Counts a request that was served. */
  void served() {
    add("served");
  }

  /** Counts a call to a peer. */
  void called(String target, boolean well) {
    add(target + (well ? " ok" : " failed"));
  }

  private void add(String name) {
    values.computeIfAbsent(name, key -> new LongAdder()).increment();
  }

  /** One line for each counter: its name, a space, its value. */
  String text() {
    StringBuilder text = new StringBuilder();
    values.forEach((name, value) -> text.append(name).append(' ').append(value).append('\n'));
    return text.toString();
  }

  /** Writes the counters so that a reader sees the old file or the new one. */
  void write(Path file) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.writeString(part, text());
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
