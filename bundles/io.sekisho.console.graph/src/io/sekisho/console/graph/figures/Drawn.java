package io.sekisho.console.graph.figures;

import io.sekisho.console.graph.layout.Box;
import org.eclipse.draw2d.Graphics;

/**
 * Something painted in the world of the picture. It sets every part of the graphics state that it
 * needs and expects none, so that no state is saved for each.
 */
interface Drawn {
  /** What it may paint on, in world pixels. */
  Box bounds();

  /** Paints shapes at once; texts are handed to {@link TextPass}. */
  void draw(Graphics g, Seen seen);
}
