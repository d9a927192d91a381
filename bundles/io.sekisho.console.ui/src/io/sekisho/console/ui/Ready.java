package io.sekisho.console.ui;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.core.runtime.ILog;

/**
 * Tells the one who started the console that its picture is worth a look: the file named by the
 * system property {@code sekisho.ready} is written when the traffic graph has drawn an edge.
 */
public final class Ready {
  /** System property that names the file. */
  public static final String PROPERTY = "sekisho.ready";

  private static boolean told;

  private Ready() {}

  /** Called by the traffic graph whenever it has painted at least one edge; UI thread only. */
  public static void graphDrawn() {
    String file = System.getProperty(PROPERTY, "");
    if (told || file.isEmpty()) {
      return;
    }
    told = true;
    try {
      Files.writeString(Path.of(file), "graph drawn\n");
    } catch (IOException e) {
      ILog.of(Ready.class).error("The file " + file + " of " + PROPERTY + " was not written.", e);
    }
  }
}
