package io.sekisho.lab;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Commands for iproute2, run as one batch in one namespace. The lab builds its wires with the
 * system's own tool, so that it does not trust the netlink code that it is there to test.
 */
public final class Ip {
  private final List<String> lines = new ArrayList<>();

  /** Adds a command without the word {@code ip}. */
  public Ip add(String line) {
    lines.add(line);
    return this;
  }

  /** Runs in the machine's own namespace. */
  public void run() {
    run(List.of("ip", "-batch", "-"));
  }

  /** Runs in a network namespace. */
  public void runIn(String namespace) {
    run(List.of("ip", "-netns", namespace, "-batch", "-"));
  }

  /** Deletes those network namespaces of the machine that are there. */
  public static void deleteNamespaces(Collection<String> names) {
    var ip = new Ip();
    names.stream()
        .filter(name -> Files.exists(LabNames.file(name)))
        .forEach(name -> ip.add("netns del " + name));
    if (!ip.lines.isEmpty()) {
      ip.run();
    }
  }

  private void run(List<String> words) {
    Command.of(words.toArray(String[]::new)).withInput(String.join("\n", lines) + "\n").run();
  }
}
