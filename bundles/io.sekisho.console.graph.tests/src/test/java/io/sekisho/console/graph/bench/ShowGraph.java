package io.sekisho.console.graph.bench;

import io.sekisho.console.graph.fixtures.Clusters;
import io.sekisho.console.graph.fixtures.Window;
import io.sekisho.console.ui.Theme;
import java.nio.file.Path;

/**
 * Shows a made-up cluster in a plain window and takes a picture of it: {@code light|dark|folded
 * FILE}.
 */
public final class ShowGraph {
  private ShowGraph() {}

  public static void main(String[] args) {
    String scene = args[0];
    int width = Integer.getInteger("width", 950);
    int height = Integer.getInteger("height", 540);
    try (Window window =
        new Window(scene.contains("dark") ? Theme.DARK : Theme.LIGHT, width, height)) {
      window.show(scene.contains("folded") ? Clusters.synthetic(200, 420, 25, 5) : Clusters.shop());
      window.picture(Path.of(args[1]));
    }
  }
}
